// The deep links: the id of each part of the contract on the page. An id is the part's name in generated code, so it stays
// the same as long as the contract's names do.

import {
  below,
  bodyOf,
  fieldsOf,
  follow,
  type OpenApiDocument,
  objectOf,
  operationsOf,
  type Part,
  parametersOf,
  type Response,
  type Schema,
  valuesOf,
} from "../../document.ts";
import { parsePointer } from "../../pointer.ts";

export interface Anchors {
  /** Id by JSON pointer into the document. */
  ids: Map<string, string>;
  /** For each schema and example, the id of the part that shows it: the first that uses it. */
  homes: Map<string, string>;
}

/** Ids of the page's sections, which do not belong to one part of the contract. */
export const sections = {
  top: "top",
  samples: "sample-code",
  provenance: "provenance",
  contradictions: "contradictions",
  facts: "facts",
  additions: "additions",
  later: "later-revisions",
  downloads: "downloads",
} as const;

export const isComponent = (pointer: string) =>
  parsePointer(pointer).length === 3 && pointer.startsWith("/components/");

export const childId = (id: string, name: string | number) => `${id}.${name}`;

export function findAnchors(document: OpenApiDocument): Anchors {
  const ids = new Map<string, string>([
    ["/info", sections.top],
    ["/openapi", sections.downloads],
    ["/info/version", sections.downloads],
    ["/info/license", sections.downloads],
    ["/info/contact", sections.downloads],
    ["/servers", "server"],
    ["/security", "authentication"],
  ]);
  const homes = new Map<string, string>();
  const add = (pointer: string, id: string) => ids.has(pointer) || ids.set(pointer, id);

  for (const name of Object.keys(document.components.securitySchemes ?? {})) {
    add(below("/components/securitySchemes", name), name);
  }
  for (const part of operationsOf(document)) {
    const { operation, pointer } = part;
    const { operationId, responses } = operation;
    add(pointer, operationId);
    add(below(pointer, "parameters"), childId(operationId, "parameters"));
    for (const parameter of parametersOf(document, part)) {
      add(parameter.pointer, childId(operationId, parameter.node.name));
    }
    for (const status of Object.keys(responses)) {
      const written = below(pointer, "responses", status);
      const response = follow<Response>(document, written);
      for (const at of [written, response.pointer]) add(at, childId(operationId, status));
      const { schema, examples } = bodyOf(document, response);
      for (const example of examples) {
        add(example.pointer, example.name);
        if (!homes.has(example.pointer)) homes.set(example.pointer, childId(operationId, status));
      }
      if (schema) addSchema(schema, childId(operationId, status));
    }
  }
  for (const [index, { name }] of (document.tags ?? []).entries()) {
    const first = operationsOf(document).find(({ operation }) => operation.tags?.includes(name));
    if (first) add(below("/tags", index), first.operation.operationId);
  }
  return { ids, homes };

  function addSchema(schema: Part<Schema>, owner: string) {
    const object = objectOf(document, schema) ?? schema;
    if (homes.has(object.pointer)) return;
    homes.set(object.pointer, owner);
    const id = isComponent(object.pointer) ? object.name : owner;
    for (const value of valuesOf(object)) add(below(object.pointer, "enum", value), childId(id, value));
    if (!object.node.properties) return add(object.pointer, owner);
    add(object.pointer, id);
    for (const field of fieldsOf(document, object)) {
      add(field.written, childId(id, field.name));
      addSchema(field.schema, childId(id, field.name));
    }
  }
}

/** The id where a reader finds the node at a pointer: its own, its parent's, or its first part's. */
export function anchorOf({ ids }: Anchors, pointer: string): string {
  for (let at = pointer; at; at = at.slice(0, at.lastIndexOf("/"))) {
    const id = ids.get(at);
    if (id !== undefined) return id;
  }
  const [, first] = [...ids].find(([at]) => at.startsWith(`${pointer}/`)) ?? [];
  return first ?? sections.top;
}
