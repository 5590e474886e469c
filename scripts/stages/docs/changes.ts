// What each later revision changes, as data for the docs: the parts of the contract that differ, and only the texts that the
// followed revision does not have, so that no text is translated twice.

import { isDeepStrictEqual } from "node:util";
import {
  below,
  bodyOf,
  type DocsDocument,
  fieldsOf,
  follow,
  type LaterPart,
  type LaterRevision,
  nodeAt,
  type OpenApiDocument,
  objectOf,
  operationsOf,
  type Part,
  parametersOf,
  type Reference,
  type Response,
  type Schema,
  startsWith,
} from "../../document.ts";
import { parsePointer } from "../../pointer.ts";
import { ownEntries, type Revision } from "../revisions.ts";
import { childId, findAnchors, isComponent } from "./anchors.ts";

export function laterRevisions(base: OpenApiDocument, revisions: Revision[]): LaterRevision[] {
  const taken = new Set(findAnchors(base).ids.values());
  return revisions.map((revision) => {
    const { bundle, followed, overlay, reference } = revision;
    const { read, follows, contradictions = [] } = overlay["x-revision"];
    const facts = ownEntries(revision)
      .filter(({ list }) => list === "facts")
      .map(({ claim }) => claim as Reference["facts"][number]);
    const later = changedParts(followed.bundle, bundle).flatMap((part): LaterPart[] => {
      const about = facts.filter((fact) => part.pointers.some((at) => startsWith(String(fact?.pointer), at)));
      if (part.kind === "call" && about.length === 0) return []; // a remark of ours
      const anchor = taken.has(part.id) ? childId(part.id, reference.page.revision) : part.id;
      taken.add(anchor);
      return [{ ...part, anchor, facts: about.map(({ id, reading, breaks }) => ({ id, reading, breaks })) }];
    });
    const lists = operationsOf(bundle).map(({ pointer }) => below(pointer, "parameters")); // they lead to new parameters
    const places = [...later.flatMap(({ pointers }) => pointers), ...lists];
    return {
      date: reference.page.revision,
      page: reference.page,
      read,
      follows,
      parts: later,
      contradictions,
      update: updateOf(followed.bundle, bundle, places),
      removed: places.flatMap((at) => removedAt(nodeAt(followed.bundle, at), nodeAt(bundle, at), at)),
    };
  });
}

/** The document as a later revision has it: what it changes is put over the one that it follows. */
export function withUpdate(followed: DocsDocument, { update, removed }: LaterRevision): DocsDocument {
  const document = structuredClone(followed);
  merge(document, update);
  for (const pointer of removed) {
    const path = parsePointer(pointer);
    const owner = nodeAt(document, pointer.slice(0, pointer.lastIndexOf("/"))) as Record<string, unknown> | undefined;
    delete owner?.[path.at(-1) ?? ""];
  }
  return document;
}

type Found = Pick<LaterPart, "id" | "kind" | "name" | "change" | "pointers">;

function changedParts(before: OpenApiDocument, after: OpenApiDocument): Found[] {
  const [old, fresh] = [partsOf(before), partsOf(after)];
  const whole = new Map<string, Found>();
  return [...new Map([...old, ...fresh])].flatMap(([id, { owner = "", object, ...part }]): Found[] => {
    const change = !fresh.has(id) ? "removed" : !old.has(id) ? "added" : "changed";
    const isSame = (at: string) => isDeepStrictEqual(nodeAt(before, at), nodeAt(after, at));
    if (change === "changed") return part.pointers.every(isSame) ? [] : [{ id, ...part, change }];
    const around = whole.get(owner);
    around?.pointers.push(...part.pointers); // it is shown with that one
    const found = around ?? { id, ...part, change };
    if (object !== undefined) found.pointers.push(object);
    whole.set(id, found);
    return around ? [] : [found];
  });
}

interface Listed extends Pick<LaterPart, "kind" | "name" | "pointers"> {
  /** The id of the part that shows this one. */
  owner?: string;
  /** The object whose fields this part shows. */
  object?: string;
}

/** The parts that a reader looks up, by their ids on the page: calls, parameters, statuses and fields. */
function partsOf(document: OpenApiDocument): Map<string, Listed> {
  const parts = new Map<string, Listed>();
  const { homes } = findAnchors(document);
  for (const part of operationsOf(document)) {
    const { operationId: call, responses } = part.operation;
    parts.set(call, { kind: "call", name: call, pointers: [below(part.pointer, "description")] });
    for (const { node, pointer } of parametersOf(document, part)) {
      parts.set(childId(call, node.name), { kind: "parameter", name: node.name, pointers: [pointer] });
    }
    for (const status of Object.keys(responses)) {
      const written = below(part.pointer, "responses", status);
      const response = follow<Response>(document, written);
      const { schema } = bodyOf(document, response);
      add(childId(call, status), "status", status, [written, response.pointer], schema);
    }
  }
  return parts;

  function add(id: string, kind: Listed["kind"], name: string, at: string[], schema?: Part<Schema>, owner?: string) {
    const object = schema && objectOf(document, schema);
    const isHome = object !== undefined && homes.get(object.pointer) === id;
    const pointers = [...new Set(at)];
    parts.set(id, { kind, name, pointers, owner, object: isHome ? object.pointer : undefined });
    if (!isHome) return;
    const prefix = isComponent(object.pointer) ? object.name : id;
    for (const { name, written, schema: field } of fieldsOf(document, object)) {
      const isObject = objectOf(document, field) !== undefined; // whose fields are parts of their own
      const at = childId(prefix, name);
      add(at, "field", at, isObject ? [written] : [written, field.pointer], field, id);
    }
  }
}

type Tree = { [key: string]: unknown };

const isMap = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/** What differs at these places, nested as in the document. */
function updateOf(before: object, after: object, places: string[]): Tree {
  const update: Tree = {};
  for (const pointer of places) {
    const news = difference(nodeAt(before, pointer), nodeAt(after, pointer));
    if (news !== undefined)
      merge(
        update,
        parsePointer(pointer).reduceRight((inner, key) => ({ [key]: inner }), news),
      );
  }
  return update;
}

/** Undefined if nothing is new. */
function difference(before: unknown, after: unknown): unknown {
  if (isDeepStrictEqual(before, after)) return undefined;
  if (!isMap(before) || !isMap(after)) return after;
  const news = Object.entries(after).map(([key, child]) => [key, difference(before[key], child)] as const);
  const changed = news.filter(([, child]) => child !== undefined);
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

function removedAt(before: unknown, after: unknown, pointer: string): string[] {
  if (before !== undefined && after === undefined) return [pointer];
  if (!isMap(before) || !isMap(after)) return [];
  return Object.keys(before).flatMap((key) => removedAt(before[key], after[key], below(pointer, key)));
}

function merge(to: object, from: unknown): void {
  const node = to as Tree;
  for (const [key, child] of Object.entries(from as Tree)) {
    const present = node[key];
    if (isMap(present) && isMap(child)) merge(present, child);
    else node[key] = structuredClone(child);
  }
}
