// The contract as a value: everything that the check and the mock know of it. They take it as an argument, so that another
// contract, such as a later revision, judges by its own facts.

import { createRequire } from "node:module";
import type { Field, Operation, Parameter, Response, SecurityScheme } from "../../generated/contract.ts";
import * as data from "../../generated/contract.ts";
import { facts } from "../../generated/facts.ts";
import { load, revisions } from "../../generated/revisions.ts";
import * as validators from "../../generated/validators.ts";

/** What the build writes of a contract: generated/contract.ts, facts.ts and validators.ts, and its OpenAPI document. */
export interface ContractParts {
  data: {
    version: string;
    operation: Operation;
    server: string;
    parameters: readonly Parameter[];
    responses: readonly Response[];
    schemas: Readonly<Record<string, Readonly<Record<string, Field>>>>;
    security: Readonly<Record<string, SecurityScheme>>;
  };
  facts: Readonly<Record<string, Fact>>;
  validators: Readonly<Record<string, unknown>>;
  /** The date of the revision of the reference page that it restates, if it is one. */
  revision?: string;
  /** The OpenAPI document, read when it is first needed. */
  document: () => OpenApiDocument;
}

/** What a fact of the contract rests on, and where the contract says it. */
export interface Fact {
  /** A place on the reference page, or a reason to go beyond the page. */
  says: string;
  /** JSON pointer into the OpenAPI document, after a `#`. */
  pointer: string;
  /** Line of that in the YAML bundle. */
  line: number;
}

export interface OpenApiDocument {
  openapi: string;
  components: {
    examples: Record<string, { value: unknown }>;
    schemas: Record<string, { properties?: Record<string, { example?: unknown }> }>;
  };
}

/** A compiled schema, in the form of Ajv (https://ajv.js.org/api.html). */
export type Validator = ((value: unknown) => boolean) & { errors: SchemaError[] | null };

/** The form of Ajv's errors (https://ajv.js.org/api.html#error-objects). */
export interface SchemaError {
  instancePath: string;
  schemaPath: string;
  keyword: string;
  params: { type?: string | string[]; format?: string; limit?: number; pattern?: string };
  message: string;
}

export interface Contract extends Omit<ContractParts["data"], "parameters" | "responses" | "schemas"> {
  revision?: string;
  facts: ContractParts["facts"];
  /** By their names. */
  parameters: ReadonlyMap<string, Parameter>;
  /** Names of those in the query. */
  queryParameters: readonly string[];
  /** By their statuses. */
  responses: ReadonlyMap<number, Response>;
  page: PageForm;
  /** The fields of a schema, by their names. */
  fieldsOf(schema: string): Readonly<Record<string, Field>>;
  /** @throws {Error} if the contract has no such schema */
  validator(schema: string): Validator;
  /** The id of the fact that rests there. */
  factAt(pointer: string): string | undefined;
  document(): OpenApiDocument;
}

/** Where a page has its records. */
export interface PageForm {
  /** Of the answer that has the page. */
  status: number;
  schema: string;
  /** The field that holds the array of records. */
  list: string;
  /** The schema of a record. */
  record: string;
}

/** @throws {Error} if the contract has no page of records, which is an answer whose body has an array of objects */
export function makeContract({ data, facts, validators, revision, document }: ContractParts): Contract {
  const byPointer = new Map(Object.entries(facts).map(([id, { pointer }]) => [pointer, id]));
  const parameters = new Map(data.parameters.map((parameter) => [parameter.name, parameter]));
  const { parameters: _, responses, schemas, ...rest } = data;
  return {
    ...rest,
    ...(revision !== undefined && { revision }),
    facts,
    parameters,
    queryParameters: data.parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name),
    responses: new Map(responses.map((response) => [response.status, response])),
    page: findPage(data),
    fieldsOf: (schema) => schemas[schema] ?? {},
    validator(schema) {
      const found = validators[schema];
      if (!found) throw new Error(`There is no validator of ${schema}`);
      return found as Validator;
    },
    factAt: (pointer) => byPointer.get(pointer),
    document,
  };
}

function findPage({ responses, schemas }: ContractParts["data"]): PageForm {
  for (const { status, schema } of responses) {
    if (status >= 300 || schema === undefined) continue;
    for (const [list, { items }] of Object.entries(schemas[schema] ?? {})) {
      if (items !== undefined) return { status, schema, list, record: items };
    }
  }
  throw new Error("The contract has no answer with an array of records");
}

/** The documented values of a field, if it has a list of them. */
export function valuesOf({ enum: values, meanings }: Field): readonly string[] | undefined {
  return values ?? (meanings && Object.keys(meanings));
}

const require = createRequire(import.meta.url);

const [base] = revisions;

/** The contract of spec/openapi.yaml. */
export const baseContract: Contract = makeContract({
  data,
  facts,
  validators,
  revision: base.date,
  document: () => require("dcs-backup-records/openapi.json"),
});

/** The newest revision of the publisher whose page the contract of spec/ restates. */
export const newest: string = revisions.findLast(({ publisher }) => publisher === base.publisher)?.date ?? base.date;

/** The dates of the revisions, in their order; the first is that of `baseContract`. */
export const revisionDates: readonly string[] = revisions.map(({ date }) => date);

/**
 * The contract of a revision, loaded when it is asked for.
 * @param revision the date of a revision, or `newest`
 * @throws {RangeError} if there is no such revision
 */
export async function contractOf(revision: string): Promise<Contract> {
  const date = revision === "newest" ? newest : revision;
  if (date === base.date) return baseContract;
  if (!Object.hasOwn(load, date)) {
    throw new RangeError(
      `There is no revision ${JSON.stringify(revision)}. Those are: ${revisionDates.join(", ")}, newest`,
    );
  }
  const [data, { facts }, validators] = await load[date as keyof typeof load]();
  const document = () => require(`dcs-backup-records/revisions/${date}/openapi.json`);
  return makeContract({ data, facts, validators, revision: date, document });
}

/** The id of a fact or an addition in spec/reference.yaml. */
export type FactId = keyof typeof facts;

/** The name under which this package exports the YAML bundle of a revision. */
export const exportedYaml = (revision = base.date): string =>
  `dcs-backup-records/${revision === base.date ? "" : `revisions/${revision}/`}openapi.yaml`;
