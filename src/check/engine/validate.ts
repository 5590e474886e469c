// The contract's schemas as faults: each with its place, what was expected and what was found.

import { sources } from "../../../generated/sources.ts";
import * as validators from "../../../generated/validators.ts";
import { type Fields, isFields } from "../model/exchange.ts";
import { type Fault, recordPointer, type Source } from "../model/rule.ts";

/** The form of Ajv's errors (https://ajv.js.org/api.html#error-objects). */
interface SchemaError {
  instancePath: string;
  keyword: string;
  params: { type?: string | string[]; format?: string; limit?: number };
  message: string;
}

type Validator = ((value: unknown) => boolean) & { errors: SchemaError[] | null };
type Schema = "ListBackupRecordsResponse" | "BackupRecordResponse" | "ErrorResponse";
const compiled = validators as unknown as Record<Schema, Validator>;

/** Where the fields of each schema are listed in spec/reference.yaml. */
const facts: Record<Schema, string> = {
  ListBackupRecordsResponse: "response",
  BackupRecordResponse: "record",
  ErrorResponse: "error",
};

/** The records are looked at one by one, so that a million wrong ones need no million errors at once. */
export function* pageFaults(body: unknown): Generator<Fault> {
  const list = isFields(body) ? body.backup_record_response : undefined;
  if (!isFields(body) || !Array.isArray(list)) return yield* schemaFaults("ListBackupRecordsResponse", body);
  yield* schemaFaults("ListBackupRecordsResponse", { ...body, backup_record_response: [] });
  for (let index = 0; index < list.length; index += 1) {
    if (compiled.BackupRecordResponse(list[index])) continue; // as most are: no generator for each
    yield* schemaFaults("BackupRecordResponse", list[index], recordPointer(index));
  }
}

/**
 * Formats are asserted. A string that is not among the values of an enumeration is no fault: Huawei Cloud adds values.
 * @param at pointer of the value in the body
 */
export function* schemaFaults(schema: Schema, value: unknown, at = ""): Generator<Fault> {
  const validate = compiled[schema];
  if (validate(value)) return;
  const told = new Set<string>();
  for (const error of validate.errors ?? []) {
    if (error.keyword === "enum" || told.has(error.instancePath)) continue;
    told.add(error.instancePath); // a second error of the same value says no more
    const field = error.instancePath.slice(1);
    const actual = field === "" ? value : (value as Fields)[field];
    const expected = expectation(error);
    const fact = `${facts[schema]}${field && `.${field}`}`;
    yield {
      message: `${field || `The ${facts[schema]}`} should be ${expected}`,
      pointer: at + error.instancePath,
      expected,
      actual,
      ...(fact in sources && { source: fact as Source }),
    };
  }
}

function expectation({ keyword, params, message }: SchemaError): string {
  if (keyword === "type") return [params.type ?? []].flat().join(" or ");
  if (keyword === "format") return String(params.format);
  if (keyword === "maxLength") return `at most ${params.limit} characters`;
  return formatOf[keyword] ?? message;
}

/** Keywords that the contract does not have, and that scripts/stages/validators.ts adds to make a format stricter. */
const formatOf: Record<string, string> = { minimum: "int64", maximum: "int64", pattern: "date-time" };
