// The contract as one document, as far as the stages look into it, and the ways through it that they share.

import type { Labels } from "./labels.ts";
import { formatPointer, parsePointer } from "./pointer.ts";

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

/** The bundle, spec/reference.yaml and the labels in one object, which an overlay translates as a whole. */
export interface DocsDocument extends OpenApiDocument {
  "x-reference"?: Reference;
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
  maxLength?: number;
  pattern?: string;
  default?: unknown;
  example?: unknown;
}

/** spec/reference.yaml */
export interface Reference {
  page: { title: string; url: string; revision: string };
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
}

/** A fact or an addition. */
export type Claim = Entry & { place?: Place; reason?: string };

export interface Place {
  section?: string;
  table?: number;
  tables?: number[];
  line?: number;
  lines?: number[];
}

export type Reffed<T> = T | { $ref: string };

/** A node of the document, and where it stands once references are followed. */
export interface Part<T> {
  pointer: string;
  /** The last name of the pointer: of a component, its own. */
  name: string;
  node: T;
}

export function follow<T extends object>(document: OpenApiDocument, pointer: string): Part<T> {
  const node = nodeAt(document, pointer) as Reffed<T> | undefined;
  if (node === undefined) throw new Error(`The bundle has nothing at ${pointer}`);
  if ("$ref" in node) return follow(document, node.$ref.slice(1));
  return { pointer, name: parsePointer(pointer).at(-1) ?? "", node };
}

/** What stands at a pointer; undefined if nothing does. */
export const nodeAt = (document: object, pointer: string) =>
  parsePointer(pointer).reduce<unknown>((parent, key) => {
    const has = typeof parent === "object" && parent !== null && Object.hasOwn(parent, key);
    return has ? (parent as Record<string, unknown>)[key] : undefined;
  }, document);

export const below = (pointer: string, ...keys: (string | number)[]) => `${pointer}${formatPointer(keys.map(String))}`;

/** The URL of the contract's server, each of its variables at the default. */
export function defaultServer({ servers: [server] }: OpenApiDocument): string {
  return (server?.url ?? "").replaceAll(/\{([^}]+)\}/g, (_, name) => server?.variables?.[name]?.default ?? "");
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Each operation with its method and path. */
export function operationsOf(document: OpenApiDocument) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([key]) => methods.includes(key)) // a path has more than methods, such as a summary
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
 * The operation to serve, for a stage that serves no other; undefined in a contract that lacks it.
 * @throws {Error} if there is another beside it, which the stage would leave out
 */
export function callOf(document: OpenApiDocument): OperationPart | undefined {
  const operations = operationsOf(document);
  const call = operations.find(({ operation }) => operation.operationId === served);
  const other = operations.find((operation) => operation !== call);
  if (call && other) {
    const { operationId } = other.operation;
    throw new Error(`the contract has a second operation, ${operationId}, and this stage serves ${served} alone.`);
  }
  return call;
}

/** The parameters of an operation, those first that its path has for all of its methods. */
export const parametersOf = (document: OpenApiDocument, { path, pointer }: OperationPart): Part<Parameter>[] =>
  [below("/paths", path), pointer].flatMap((owner) => {
    const at = below(owner, "parameters");
    const list = (nodeAt(document, at) ?? []) as unknown[];
    return list.map((_, index) => follow<Parameter>(document, below(at, index)));
  });

/** The schema and the examples of a response, where they stand in the document. */
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

/** The fields of an object, or of the objects in an array; none of anything else. */
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
