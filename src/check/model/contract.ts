// The contract as data: the bundle that this package exports.

import { createRequire } from "node:module";

interface Bundle {
  paths: Record<string, unknown>;
  components: {
    parameters: Record<string, Parameter>;
    schemas: Record<string, Schema>;
    examples: Record<string, { value: unknown }>;
  };
}

export interface Parameter {
  name: string;
  in: string;
  schema: { type: string };
  example: string | number;
}

interface Schema {
  properties?: Record<string, Schema>;
  enum?: string[];
  $ref?: string;
  "x-extensible-enum"?: string[];
}

export const bundleFile = createRequire(import.meta.url).resolve("dcs-backup-records/openapi.json");

export const bundle: Bundle = createRequire(import.meta.url)(bundleFile);
const { schemas } = bundle.components;

/** The path of the call, with its parameters in braces. */
export const pathTemplate = Object.keys(bundle.paths)[0] as string;

export const parameters = Object.values(bundle.components.parameters);

/** Names of the query parameters. */
export const queryParameters = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);

/** Names of the fields of a schema. */
export const fieldsOf = (schema: string): string[] => Object.keys(schemas[schema]?.properties ?? {});

/** The values that the contract has for a field of a record, if it has a list of them. */
export function valuesOf(field: string): string[] | undefined {
  const property = schemas.BackupRecordResponse?.properties?.[field];
  const named = property?.$ref ? schemas[property.$ref.split("/").at(-1) ?? ""] : property;
  return named?.enum ?? named?.["x-extensible-enum"];
}
