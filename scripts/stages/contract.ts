// Stage: the contract as data, for the client, the check and the mock, so that nothing in src/ repeats spec/. The source of
// each fact is in a module beside it, which the client does not load.

import { getLineColLocation, Source } from "@redocly/openapi-core";
import {
  below,
  bodyOf,
  type Claim,
  callOf,
  defaultServer,
  type EarlierPage,
  fieldsOf,
  follow,
  type OpenApiDocument,
  type Part,
  type Place,
  parametersOf,
  type Reference,
  type Response,
  type Schema,
  type SecurityScheme,
} from "../document.ts";
import type { Form, Revision } from "./revisions.ts";

const types = `/** The call. */
export interface Operation {
  id: string;
  method: string;
  /** With the names of the path parameters in braces. */
  path: string;
}

export interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: ValueSchema;
  /** A valid value. */
  example?: string | number;
  /** JSON pointer into the OpenAPI document. */
  pointer: string;
}

export interface ValueSchema {
  type?: string;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  enum?: readonly string[];
}

/** What the contract says about a response with one status code. */
export interface Response {
  status: number;
  /** Of the body; without one there is no body. */
  mediaType?: string;
  /** Name of the schema of the body. */
  schema?: string;
  /** Names of the examples of the body. */
  examples: readonly string[];
  pointer: string;
}

/** A field of a schema. */
export interface Field extends ValueSchema {
  nullable: boolean;
  /** For an array: the name of the schema of its elements. */
  items?: string;
  /** The documented values, each with its meaning. The list of an \`enum\` is complete, other lists are not. */
  meanings?: Readonly<Record<string, string>>;
}

export type Schemas = Readonly<Record<string, Readonly<Record<string, Field>>>>;

export interface SecurityScheme {
  type: string;
  /** Name of the header. */
  name: string;
}

`;

const shared = ["Operation", "Parameter", "Response", "Schemas", "SecurityScheme"].join(", ");

/**
 * `undefined` if the contract has another call: then there is no client and no check.
 * @param folder where it is written, below the base contract, whose module has the types
 */
export function generateContract(document: OpenApiDocument, folder = ""): string | undefined {
  const call = callOf(document);
  if (!call) return undefined;
  const { operation, method, path, pointer } = call;
  const parameters = parametersOf(document, call).map(({ node, pointer: at }) => {
    const schema = follow<Schema>(document, below(at, "schema")).node;
    const { name, in: place, required = false, example } = node;
    return { name, in: place, required, schema: valueSchema(schema), example, pointer: `#${at}` };
  });
  const patterns = Object.fromEntries(
    parameters.flatMap(({ name, schema: { pattern } }) => (pattern === undefined ? [] : [[name, pattern]])),
  );
  const responses = Object.keys(operation.responses).map((status) => {
    const response = follow<Response>(document, below(pointer, "responses", status));
    const [mediaType] = Object.keys(response.node.content ?? {});
    const { schema, examples } = bodyOf(document, response);
    const names = examples.map(({ name }) => name);
    return {
      status: Number(status),
      mediaType,
      schema: schema?.name,
      examples: names,
      pointer: `#${response.pointer}`,
    };
  });
  const schemas = Object.keys(document.components.schemas ?? {})
    .map((name) => follow<Schema>(document, below("/components/schemas", name)))
    .filter(({ node }) => node.properties)
    .map((schema): [string, Fields] => [schema.name, fields(document, schema)]);
  const ofErrors = responses.flatMap(({ status, schema }) => (status >= 400 && schema ? [schema] : []));
  const schemes = Object.entries((document.components.securitySchemes ?? {}) as Record<string, SecurityScheme>);
  const security = schemes.map(([id, { type, name }]) => [id, { type, name }]);
  return [
    folder ? `import type { ${shared} } from "${up(folder)}contract.ts";\n` : types,
    declare("Version of the contract.", "version", "string", document.info.version),
    declare("The call.", "operation", "Operation", { id: operation.operationId, method, path }),
    declare("URL of the server, with the default of each variable.", "server", "string", defaultServer(document)),
    declare("In the order of the contract.", "parameters", "readonly Parameter[]", parameters),
    declare("The patterns that they have, by their names.", "patterns", "Readonly<Record<string, string>>", patterns),
    declare("In the order of the contract.", "responses", "readonly Response[]", responses),
    declare("The fields of each object, by the name of its schema.", "schemas", "Schemas", Object.fromEntries(schemas)),
    declare(
      "The fields of a page and its records that may be null, by the name of their schema.",
      "nullable",
      "Readonly<Record<string, readonly string[]>>",
      Object.fromEntries(
        schemas.flatMap(([name, fields]) => {
          const names = Object.keys(fields).filter((field) => fields[field]?.nullable);
          return names.length === 0 || ofErrors.includes(name) ? [] : [[name, names]];
        }),
      ),
    ),
    declare(
      "The ways to authenticate, by their names.",
      "security",
      "Readonly<Record<string, SecurityScheme>>",
      Object.fromEntries(security),
    ),
  ].join("\n");
}

/** A module that is the same as another, of a document in another folder. */
export const aliasOf = (name: string, folder: string, owner: string) =>
  `// The same in ${folder} as in ${owner || "the folder above"}.\nexport * from "${up(folder)}${owner}${name}.ts";\n`;

/** From a folder to the one that all are in. */
const up = (folder: string) => folder.replaceAll(/[^/]+\//g, "../");

const declare = (says: string, name: string, type: string, value: unknown) =>
  `/** ${says} */\nexport const ${name}: ${type} = ${JSON.stringify(value, null, 2)};\n`;

type Fields = Record<string, { nullable: boolean }>;

function fields(document: OpenApiDocument, schema: Part<Schema>): Fields {
  return Object.fromEntries(
    fieldsOf(document, schema).map(({ name, schema: { node, pointer } }) => {
      const { nullable = false, "x-enumDescriptions": meanings } = node;
      const items = node.items && follow<Schema>(document, below(pointer, "items")).name;
      return [name, { ...valueSchema(node), nullable, items, meanings }];
    }),
  );
}

const keywords = ["type", "format", "pattern", "minimum", "maximum", "minLength", "maxLength", "enum"];

const valueSchema = (schema: object): { pattern?: string } =>
  Object.fromEntries(Object.entries(schema).filter(([keyword]) => keywords.includes(keyword)));

/** @param yaml text of the bundle */
export function generateFacts(reference: Reference | undefined, yaml: string): string {
  const { facts = [], additions = [] } = reference ?? {};
  const claims: Claim[] = [...facts, ...additions];
  const source = new Source("openapi.yaml", yaml);
  const lines = claims
    .filter(({ absent }) => !absent)
    .map(({ id, pointer, place, reason = "", page }) => {
      const { start } = getLineColLocation({ source, pointer: `#${pointer}`, reportOnKey: true });
      const says = place ? describePage(page, describe(place)) : `not on the reference page: ${reason.trim()}`;
      return `  ${JSON.stringify(id)}: ${JSON.stringify({ says, pointer: `#${pointer}`, line: start.line })},`;
    });
  return `/** By id in spec/reference.yaml: the source of the fact, its place in the bundle, and its line in openapi.yaml. */
export const facts = {
${lines.join("\n")}
};
`;
}

function describePage(page: EarlierPage | undefined, place: string): string {
  if (!page) return `reference page, ${place}`;
  const { publisher, revision, unread } = page;
  return `${publisher}'s page of ${revision}, ${place}${unread ? "; the later page was not read for it" : ""}`;
}

function describe({ table, tables, section, line }: Place): string {
  const where = [
    section && `section ${section}`,
    table && `table ${table}`,
    tables && `tables ${tables.join(" and ")}`,
    line && `line ${line}`,
  ];
  return where.filter(Boolean).join(", ");
}

/** The revisions as data, and what loads the contract of each but the first, which is that of spec/. */
export function generateRevisions(forms: (Form | Revision)[]): string {
  const described = forms.map((form) => {
    const { publisher, revision: date } = form.reference?.page ?? {};
    const { follows, read } = "overlay" in form ? form.overlay["x-revision"] : {};
    return { date, publisher, follows, read };
  });
  const loaders = forms.slice(1).map(({ folder }, index) => {
    const imports = ["contract", "facts", "validators"].map((name) => `    import("./${folder}${name}.ts"),`);
    return `  "${described[index + 1]?.date}": () => Promise.all([
${imports.join("\n")}
  ]),`;
  });
  return `/** A revision of the reference page. */
export interface Revision {
  date: string;
  publisher: string;
  /** The date of the revision that it follows. The first one follows none: it is the contract of spec/openapi.yaml. */
  follows?: string;
  /** A, the whole page was read; B, a part of it; C, an SDK or another artefact. */
  read?: string;
}

/** In the order of their dates. */
export const revisions: readonly [Revision, ...Revision[]] = ${JSON.stringify(described, null, 2)};

/** The modules of each but the first, by their dates. */
export const load = {
${loaders.join("\n")}
};
`;
}
