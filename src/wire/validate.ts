// Validates values by the contract's schemas; each fault has its place, the expected and the found value.

import type { Field } from "../../generated/contract.ts";
import type { Contract, SchemaError } from "./contract.ts";
import type { Fault } from "./rule.ts";

/** A JSON object. */
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Records are validated one by one, so that a million invalid ones do not make a million errors at once. */
export function* pageFaults(contract: Contract, body: unknown): Generator<Fault> {
  const { schema, list: field, record } = contract.page;
  const list = isFields(body) ? body[field] : undefined;
  if (!isFields(body) || !Array.isArray(list)) return yield* schemaFaults(contract, schema, body);
  yield* schemaFaults(contract, schema, { ...body, [field]: [] });
  const isRecord = contract.validator(record);
  for (let index = 0; index < list.length; index += 1) {
    if (isRecord(list[index])) continue; // the usual case, without a generator for each
    yield* schemaFaults(contract, record, list[index], `/${field}/${index}`);
  }
}

/**
 * Formats are asserted. An unknown enumeration value is no fault: Huawei Cloud adds values. A field that is null is for the rule
 * null-fields.
 * @param at pointer of the value in the body
 * @param isStrict whether these two are faults all the same
 */
export function* schemaFaults(
  contract: Contract,
  schema: string,
  value: unknown,
  at = "",
  isStrict = false,
): Generator<Fault> {
  const validate = contract.validator(schema);
  if (validate(value)) return;
  const told = new Set<string>();
  for (const error of validate.errors ?? []) {
    if ((error.keyword === "enum" && !isStrict) || told.has(error.instancePath)) continue;
    told.add(error.instancePath); // a second error of the same value adds nothing
    const field = error.instancePath.slice(1);
    const found = field === "" ? value : (value as Fields)[field];
    if (field !== "" && found === null && !isStrict) continue;
    const expected = expectation(error, contract.fieldsOf(schema)[field]);
    const pointer = `#/components/schemas/${schema}${field && `/properties/${field}`}`;
    const source = contract.factAt(pointer);
    yield {
      message: `${field || nameOf(contract, schema)} should be ${expected}`,
      pointer: at + error.instancePath,
      expected,
      actual: found,
      ...(source && { source }),
    };
  }
}

function nameOf({ page }: Contract, schema: string): string {
  if (schema === page.record) return "The record";
  return schema === page.schema ? "The response" : "The error";
}

/** Words the keyword that failed. */
function expectation({ keyword, params, message, schemaPath }: SchemaError, field: Field | undefined): string {
  const isOfFormat = /\/allOf\/0\/\w+$/.test(schemaPath); // the build adds this to make a format stricter
  if (isOfFormat) return field?.format ?? "";
  if (keyword === "type") return [params.type ?? []].flat().join(" or ");
  if (keyword === "enum") return `one of ${field?.enum?.join(", ")}`;
  if (keyword === "format") return String(params.format);
  if (keyword === "maxLength") return `at most ${params.limit} characters`;
  if (keyword === "minLength") return `at least ${params.limit} characters`;
  if (keyword === "minimum") return `at least ${params.limit}`;
  if (keyword === "maximum") return `at most ${params.limit}`;
  if (keyword === "pattern") return `of the pattern ${params.pattern}`;
  return message;
}
