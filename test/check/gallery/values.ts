// Servers with values of the wrong type or format, one field at a time.

import { baseContract } from "../../../src/wire/contract.ts";
import { type Broken, departs, field, pages, records, refusalBody, warns } from "../broken.ts";

/** Faults of the types and formats of single values. */
export const values: Broken[] = (
  [
    ["backup_id is a number", records((record) => ({ ...record, backup_id: Number.parseInt(record.backup_id, 16) }))],
    ["period is {}, as the reference page prints null", field("period", {})],
    ["period is a number", field("period", 22)],
    ["backup_name is an array", field("backup_name", ["backup"])],
    ["instance_id is a number", field("instance_id", 5560)],
    ["size is a string", field("size", "880232")],
    ["size is a fraction", field("size", 1.5)],
    ["size needs more than 64 bits", field("size", 1e19)],
    ["size needs more than 64 bits below zero", field("size", -1e19), { also: ["size"] }],
    ["backup_type is a number", field("backup_type", 1)],
    ["created_at is a number of milliseconds", field("created_at", 1557477076166)],
    ["created_at has no time zone", field("created_at", "2019-05-01T08:31:16.166")],
    ["created_at has a space for the T", field("created_at", "2019-05-01 08:31:16Z")],
    ["created_at has an offset without minutes", field("created_at", "2019-05-01T08:31:16+01")],
    ["created_at is on 30 February", field("created_at", "2019-02-30T08:31:16Z")],
    ["updated_at is a date without a time", field("updated_at", "2019-05-13")],
    ["updated_at is empty", field("updated_at", "")],
    ["progress is a number", field("progress", 100)],
    ["error_code of a record is {}, as the reference page prints null", field("error_code", {})],
    ["error_code of a record is an integer", field("error_code", 8)],
    ["status is a number", field("status", 3)],
    ["is_support_restore is a boolean", field("is_support_restore", true)],
    ["a record is null", records(() => null)],
    ["a record is a string", records(({ backup_id }) => backup_id)],
    ["the list is an object", pages((body) => ({ ...body, backup_record_response: {} }))],
    ["total_num is a string", pages((body) => ({ ...body, total_num: String(body.total_num) }))],
    ["total_num is a fraction", pages((body) => ({ ...body, total_num: 6.5 }))],
    ["total_num needs more than 32 bits", pages((body) => ({ ...body, total_num: 2 ** 31 }))],
    ["the body of a page is null", pages(() => null)],
    ["the body of a page is an array", pages((body) => body.backup_record_response)],
    ["the body of a page is a string", pages(() => JSON.stringify("ok"))],
  ] satisfies [string, Broken["start"], Pick<Broken, "also">?][]
).map(([name, start, more]) => departs(name, "page-schema", start, more));

/** Every field whose type has no null, of each schema. */
export const nulls: Broken[] = [
  ...withoutNull("BackupRecordResponse").map((name) => warns(`${name} is null`, "null-fields", field(name, null))),
  ...withoutNull("ListBackupRecordsResponse").map((name) =>
    warns(
      `${name} is null`,
      "null-fields",
      pages((body) => ({ ...body, [name]: null })),
    ),
  ),
  ...withoutNull("ErrorResponse").map((name) =>
    warns(
      `${name} of an error is null`,
      "null-fields",
      refusalBody((body) => ({ ...body, [name]: null })),
    ),
  ),
  departs(
    "a field is null, and another is a number",
    ["null-fields", "page-schema"],
    records((record) => ({ ...record, remark: null, backup_name: 1 })),
  ),
];

function withoutNull(schema: string): string[] {
  return Object.entries(baseContract.fieldsOf(schema)).flatMap(([name, { nullable }]) => (nullable ? [] : name));
}

export const errors: Broken[] = (
  [
    ["error_code of an error has 10 characters", "error-schema", (body) => ({ ...body, error_code: "APIGW.0301" })],
    ["error_code of an error is a number", "error-schema", (body) => ({ ...body, error_code: 4800 })],
    ["error_msg has 1025 characters", "error-schema", (body) => ({ ...body, error_msg: "x".repeat(1025) })],
    ["error_msg is an array", "error-schema", (body) => ({ ...body, error_msg: [body.error_msg] })],
    ["error_ext_msg is {}", "error-schema", (body) => ({ ...body, error_ext_msg: {} })],
    ["error_ext_msg has 1025 characters", "error-schema", (body) => ({ ...body, error_ext_msg: "x".repeat(1025) })],
    ["an error is an array", "error-schema", (body) => [body]],
    ["an error is null", "error-schema", () => null],
    [
      "an error is in the format of API v1",
      "error-fields",
      (body) => ({ error: { code: "DCS.4800", message: body.error_msg } }),
    ],
    ["an error is in the format of a web framework", "error-fields", () => ({ code: 400, message: "invalid offset" })],
    ["an error has no message", "error-fields", ({ error_code }) => ({ error_code })],
    // biome-ignore lint/suspicious/noExplicitAny: a broken value can have any form
  ] satisfies [string, string, (body: any) => unknown][]
).map(([name, rule, change]) => departs(name, rule, refusalBody(change)));
