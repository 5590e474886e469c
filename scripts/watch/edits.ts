// What a difference asks of the contract: an Overlay's actions on the newest revision, by JSON pointers into it.

import { below, callOf, follow, nodeAt, type OpenApiDocument, parametersOf, type Schema } from "../document.ts";
import { parsePointer } from "../pointer.ts";
import { type Difference, present } from "./compare.ts";
import { ofBounds, type Said } from "./statement.ts";

export interface Edit {
  /** What is updated: an object gets more, a list one element more. With `where`, the elements of a list. */
  target: string;
  where?: string;
  /** Undefined: the target is removed. */
  update?: unknown;
  /** The place of what is new as a whole; otherwise that of what changes. */
  at: string;
  isNew?: boolean;
}

/**
 * The edits; none if no overlay says this, or it asks for a decision.
 * @param others the other revisions, one of which may have a new status already
 */
export function editsFor(bundle: OpenApiDocument, difference: Difference, others: OpenApiDocument[]): Edit[] {
  const call = callOf(bundle);
  const { kind, owner = "", name, keyword, theirs, ours, value, said = {} } = difference;
  if (!call || kind === "call") return [];
  const parameter = parametersOf(bundle, call).find(({ node }) => kind === "parameter" && node.name === name);
  const object = below("/components/schemas", owner);
  const field = below(object, "properties", name);
  const list = below(call.pointer, "parameters");
  const status = below(call.pointer, "responses", name);

  if (keyword === present) return theirs ? added() : removed();
  if (keyword === "required") {
    if (parameter) return [set(parameter.pointer, keyword, theirs)];
    return theirs ? [set(object, keyword, [name])] : [];
  }
  if (kind === "status" || keyword === "in") return [];
  const { pointer, node } = follow<Schema>(bundle, parameter ? below(parameter.pointer, "schema") : field);
  if (keyword === "values") return valued();
  if (keyword === "items")
    return node.items && !("$ref" in node.items) ? [set(below(pointer, "items"), "type", theirs)] : [];
  if (keyword === "type") {
    const unfit = [...(theirs === "integer" ? [] : ["format"]), ...ofBounds].filter(
      (old) => said[old] === undefined && Object.hasOwn(node, old),
    );
    const example = { ...node, ...schemaOf(said, difference.of) }.example;
    const examples = [parameter?.pointer, pointer].filter(
      (at) => at && nodeAt(bundle, below(at, "example")) !== undefined,
    );
    return [
      set(pointer, keyword, theirs),
      ...(theirs === "integer" && said.format === undefined ? [set(pointer, "format", "int64")] : []),
      ...unfit.map((old) => remove(below(pointer, old))),
      ...examples.map((at = "") => set(at, "example", example)),
      ...inExamples(bundle, owner, name).map((at) => set(at.slice(0, at.lastIndexOf("/")), name, example)),
    ];
  }
  const isSaid = theirs !== undefined && !(keyword === "nullable" && theirs === false);
  return isSaid ? [set(pointer, keyword, theirs)] : [remove(below(pointer, keyword))];

  function added(): Edit[] {
    if (kind === "field") {
      const target = below(object, "properties");
      return [{ target, update: { [name]: schemaOf(said, difference.of) }, at: field, isNew: true }];
    }
    if (kind === "status") {
      const target = below(call?.pointer ?? "", "responses");
      const shared = others.map((other) => nodeAt(other, status)).find((response) => isReference(response));
      if (isReference(shared)) {
        const at = shared.$ref.slice(1);
        const [component = ""] = parsePointer(at).slice(-1);
        const response = others.map((other) => nodeAt(other, at)).find((found) => found !== undefined);
        return [
          { target, update: { [name]: shared }, at: status, isNew: true },
          { target: "/components/responses", update: { [component]: response }, at, isNew: true },
        ];
      }
      const description = `Not described yet: ${difference.of} has it.`;
      const schema = Number(name) >= 400 ? { $ref: "#/components/schemas/ErrorResponse" } : { type: "object" };
      const content = said.body === undefined ? {} : { content: { "application/json": { schema } } };
      return [{ target, update: { [name]: { description, ...content } }, at: status, isNew: true }];
    }
    if (said.in !== "query" && said.in !== "header") return [];
    const component = name.replaceAll(/(?:^|[^A-Za-z\d]+)([A-Za-z\d])/g, (_, letter) => letter.toUpperCase());
    const at = below("/components/parameters", component);
    const { description, example, ...schema } = schemaOf(said, difference.of);
    const written = { name, in: said.in, required: said.required === true, description, schema, example };
    return [
      { target: call?.pointer ?? "", update: { parameters: [{ $ref: `#${at}` }] }, at: list },
      { target: "/components/parameters", update: { [component]: written }, at, isNew: true },
    ];
  }

  function removed(): Edit[] {
    if (kind === "field") return [field, ...inExamples(bundle, owner, name)].map(remove);
    if (kind === "status") return [remove(status)];
    return parameter ? [{ target: list, where: `@['$ref']=='#${parameter.pointer}'`, at: list }] : [];
  }

  function valued(): Edit[] {
    const meanings = below(pointer, "x-enumDescriptions");
    const meaning = (one: unknown) => ({ [String(one)]: `Not described yet: ${difference.of} has it.` });
    if (value !== undefined && Array.isArray(theirs) && theirs.includes(value)) {
      const key = node.enum ? "enum" : "x-extensible-enum";
      return [
        { target: below(pointer, key), update: value, at: pointer },
        { target: meanings, update: meaning(value), at: pointer },
      ];
    }
    if (ours !== undefined || !Array.isArray(theirs)) return [];
    return [
      set(pointer, "enum", theirs),
      set(pointer, "x-enumDescriptions", Object.assign({}, ...theirs.map(meaning))),
    ];
  }
}

/** Pointers to a field in the examples: in objects that have only fields of its schema. */
function inExamples(bundle: OpenApiDocument, owner: string, name: string): string[] {
  const { properties = {} } = (nodeAt(bundle, below("/components/schemas", owner)) ?? {}) as Schema;
  return Object.hasOwn(properties, name) ? visit(bundle.components.examples, "/components/examples") : [];

  function visit(node: unknown, pointer: string): string[] {
    if (typeof node !== "object" || node === null) return [];
    const isOwn = Object.hasOwn(node, name) && Object.keys(node).every((key) => Object.hasOwn(properties, key));
    const inner = Object.entries(node).flatMap(([key, child]) => visit(child, below(pointer, key)));
    return isOwn ? [below(pointer, name), ...inner] : inner;
  }
}

/** Removes the components that were referred to, but are no longer. */
export function orphans(before: OpenApiDocument, after: OpenApiDocument): Edit[] {
  const [used, still] = [before, after].map(referred);
  return [...(used ?? [])].filter((at) => !still?.has(at) && nodeAt(before, at) !== undefined).map(remove);
}

/** The pointers that references in a document lead to, from what is not in a component that none leads to. */
function referred(document: object): Set<string> {
  const found = new Set<string>();
  const { components: _, ...rest } = document as OpenApiDocument;
  visit(rest);
  return found;

  function visit(node: unknown): void {
    if (typeof node !== "object" || node === null) return;
    const { $ref } = node as { $ref?: unknown };
    if (typeof $ref === "string" && $ref.startsWith("#/") && !found.has($ref.slice(1))) {
      found.add($ref.slice(1));
      visit(nodeAt(document, $ref.slice(1)));
    }
    for (const child of Object.values(node)) visit(child);
  }
}

const isReference = (node: unknown): node is { $ref: string } =>
  typeof (node as { $ref?: unknown } | undefined)?.$ref === "string";

const set = (target: string, keyword: string, value: unknown): Edit => ({
  target,
  update: { [keyword]: value },
  at: below(target, keyword),
});

const remove = (at: string): Edit => ({ target: at, at });

/** A schema that says no more than the source, with what the linters ask of each. */
function schemaOf(said: Said, of: string): Schema & { description: string } {
  const { type, items, format, pattern, values, nullable, default: standard } = said;
  const list = Array.isArray(values) ? values.map(String) : undefined;
  const description = `Not described yet: ${of} has it.`;
  return {
    ...Object.fromEntries(
      Object.entries({
        type,
        format: format ?? (type === "integer" ? "int64" : undefined), // the linter wants a width
        description,
        nullable: nullable === true || undefined,
        items: items === undefined ? undefined : { type: items },
        pattern,
        enum: list,
        "x-enumDescriptions": list && Object.fromEntries(list.map((one) => [one, description])),
        default: standard,
        ...Object.fromEntries(ofBounds.map((bound) => [bound, said[bound]])),
        example: list ? list[0] : exampleOf(said),
      }).filter(([, value]) => value !== undefined),
    ),
    description,
  };
}

function exampleOf({ type, format, minimum }: Said): unknown {
  if (type === "integer" || type === "number") return minimum ?? 1;
  if (type === "boolean") return true;
  if (type !== "string") return undefined;
  return format === "date-time" ? "2019-05-10T08:31:16.166Z" : "1";
}
