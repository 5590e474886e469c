// The contract as one document: the parts that the stages read, and the functions to find them.

import type { Labels } from "./labels.ts";
import { formatPointer, type Path, parsePointer } from "./pointer.ts";

/** The bundle. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description?: string; license?: Named; contact?: Named };
  servers: { url: string; description?: string; variables?: Record<string, { default: string }> }[];
  tags?: { name: string; description?: string }[];
  security?: Record<string, unknown>[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
}

/** The bundle, spec/reference.yaml, the later revisions and the labels in one object, which an overlay translates as a whole. */
export interface DocsDocument extends OpenApiDocument {
  "x-reference"?: Reference;
  "x-revisions"?: LaterRevision[];
  "x-labels": Labels;
}

interface Named {
  name: string;
  url?: string;
}

export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, unknown>[];
  parameters?: Reffed<Parameter>[];
  responses: Record<string, Reffed<Response>>;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema: Schema;
  example?: unknown;
}

export interface Response {
  description: string;
  content?: Record<string, { schema?: Reffed<Schema>; examples?: Record<string, Reffed<Example>> }>;
}

export interface Example {
  summary?: string;
  description?: string;
  value: unknown;
}

export interface SecurityScheme {
  type: string;
  in?: string;
  name?: string;
  description?: string;
}

export interface Schema {
  type?: string;
  format?: string;
  description?: string;
  nullable?: boolean;
  properties?: Record<string, Reffed<Schema>>;
  required?: string[];
  items?: Reffed<Schema>;
  enum?: string[];
  "x-extensible-enum"?: string[];
  "x-enumDescriptions"?: Record<string, string>;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
  default?: unknown;
  example?: unknown;
}

/** spec/reference.yaml */
export interface Reference {
  page: { title: string; publisher: string; url: string; revision: string };
  facts: (Entry & { place: Place; reading?: string })[];
  additions: (Entry & { reason: string })[];
  contradictions: { id: string; places: Place[]; says: string; decision: string; reason: string; facts: string[] }[];
}

export interface Entry {
  id: string;
  pointer: string;
  value?: unknown;
  mentions?: string[];
  absent?: true;
  /** For a fact of a revision: what it breaks, as measured. */
  breaks?: string;
}

/** What a later revision changes in the contract of the one that it follows. */
export interface LaterRevision {
  date: string;
  page: Reference["page"];
  read: "A" | "B" | "C";
  /** The date of another revision. */
  follows: string;
  parts: LaterPart[];
  contradictions: Reference["contradictions"];
  /** What is new, nested as in the document. */
  update: object;
  /** Pointers to what is gone. */
  removed: string[];
}

export interface LaterPart {
  /** The id that the part has, or would have, among those of the base. */
  id: string;
  /** Its own id on the page. */
  anchor: string;
  kind: "call" | "parameter" | "status" | "field";
  name: string;
  change: "added" | "changed" | "removed";
  pointers: string[];
  facts: { id: string; reading?: string; breaks?: string }[];
}

/** A fact or an addition. */
export type Claim = Entry & { place?: Place; reason?: string; page?: EarlierPage };

/** For a revision's contract: the page that states it, and whether the revision's own page was not read for it. */
export interface EarlierPage {
  publisher: string;
  revision: string;
  unread: boolean;
}

export interface Place {
  section?: string;
  table?: number;
  tables?: number[];
  line?: number;
  lines?: number[];
}

export type Reffed<T> = T | { $ref: string };

/** A node of the document, and its place after references are followed. */
export interface Part<T> {
  pointer: string;
  /** The last name of the pointer: for a component, its name. */
  name: string;
  node: T;
}

export function follow<T extends object>(document: OpenApiDocument, pointer: string): Part<T> {
  const node = nodeAt(document, pointer) as Reffed<T> | undefined;
  if (node === undefined) throw new Error(`The bundle has nothing at ${pointer}`);
  if ("$ref" in node) return follow(document, node.$ref.slice(1));
  return { pointer, name: parsePointer(pointer).at(-1) ?? "", node };
}

/** The value at a pointer; undefined if there is none. */
export const nodeAt = (document: object, pointer: string) =>
  parsePointer(pointer).reduce<unknown>((parent, key) => {
    const has = typeof parent === "object" && parent !== null && Object.hasOwn(parent, key);
    return has ? (parent as Record<string, unknown>)[key] : undefined;
  }, document);

/** The keys that lead to a node without passing a reference; as they are from where nothing is. */
export function directPath(document: object, path: Path): Path {
  let direct: Path = [];
  for (const key of path) {
    const { $ref } = (nodeAt(document, formatPointer(direct)) ?? {}) as { $ref?: unknown };
    direct = [...(typeof $ref === "string" ? parsePointer($ref) : direct), key];
  }
  return direct;
}

export const below = (pointer: string, ...keys: (string | number)[]) => `${pointer}${formatPointer(keys.map(String))}`;

/** Whether a pointer leads to a node, or to something inside it. */
export const startsWith = (pointer: string, node: string) => pointer === node || pointer.startsWith(`${node}/`);

/** The URL of the contract's server, with the default of each variable. */
export function defaultServer({ servers: [server] }: OpenApiDocument): string {
  return (server?.url ?? "").replaceAll(/\{([^}]+)\}/g, (_, name) => server?.variables?.[name]?.default ?? "");
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Each operation with its method and path. */
export function operationsOf(document: OpenApiDocument) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([key]) => methods.includes(key)) // a path also has other keys, such as a summary
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
        pointer: below("/paths", path, method),
      })),
  );
}

export type OperationPart = ReturnType<typeof operationsOf>[number];

/** The operation that the client, the samples and the contract check are made for. */
export const served = "listBackupRecords";

/**
 * The operation for a stage that can handle only this one; undefined if the contract lacks it.
 * @throws {Error} if the contract has another operation too, which the stage would leave out
 */
export function callOf(document: OpenApiDocument): OperationPart | undefined {
  const operations = operationsOf(document);
  const call = operations.find(({ operation }) => operation.operationId === served);
  const other = operations.find((operation) => operation !== call);
  if (call && other) {
    const { operationId } = other.operation;
    throw new Error(`the contract has a second operation, ${operationId}, but this stage can only handle ${served}.`);
  }
  return call;
}

/** The parameters of an operation: first those of its path, then its own. */
export const parametersOf = (document: OpenApiDocument, { path, pointer }: OperationPart): Part<Parameter>[] =>
  [below("/paths", path), pointer].flatMap((owner) => {
    const at = below(owner, "parameters");
    const list = (nodeAt(document, at) ?? []) as unknown[];
    return list.map((_, index) => follow<Parameter>(document, below(at, index)));
  });

/** The schema and the examples of a response, with their places in the document. */
export function bodyOf(document: OpenApiDocument, response: Part<Response>) {
  const [mediaType] = Object.keys(response.node.content ?? {});
  if (mediaType === undefined) return { examples: [] };
  const content = below(response.pointer, "content", mediaType);
  const { schema, examples = {} } = response.node.content?.[mediaType] ?? {};
  return {
    schema: schema && follow<Schema>(document, below(content, "schema")),
    examples: Object.keys(examples).map((name) => ({
      ...follow<Example>(document, below(content, "examples", name)),
      name,
    })),
  };
}

/** The fields of an object, or of the objects in an array; none for anything else. */
export function objectOf(document: OpenApiDocument, schema: Part<Schema>): Part<Schema> | undefined {
  if (schema.node.items) return objectOf(document, follow(document, below(schema.pointer, "items")));
  return schema.node.properties ? schema : undefined;
}

export const fieldsOf = (document: OpenApiDocument, { pointer, node }: Part<Schema>) =>
  Object.keys(node.properties ?? {}).map((name) => ({
    written: below(pointer, "properties", name),
    schema: follow<Schema>(document, below(pointer, "properties", name)),
    name,
    required: node.required?.includes(name) ?? false,
  }));

export const valuesOf = ({ node }: Part<Schema>) => node.enum ?? node["x-extensible-enum"] ?? [];
