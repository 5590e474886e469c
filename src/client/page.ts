// A page of backup records as it is read: leniently where the reference page errs, and never silently wrong.

import { nullable } from "../../generated/contract.ts";
import type { BackupRecordResponse, ListBackupRecordsResponse } from "../../generated/types.ts";
import { DcsResponseError } from "./errors.ts";

/** One page of backup records. Unlike the contract's, it always has the array. */
export interface BackupRecordsPage extends ListBackupRecordsResponse {
  backup_record_response: BackupRecordResponse[];
}

/** @throws {DcsResponseError} if it is no page, or has a number that a JavaScript number cannot hold */
export function readPage(status: number, body: string): BackupRecordsPage {
  const fault = (what: string) => new DcsResponseError(status, `HTTP ${status}, but ${what}`);
  if (status === 204) return { total_num: 0, backup_record_response: [] };
  let page: ListBackupRecordsResponse;
  try {
    page = JSON.parse(body);
  } catch {
    throw fault(`the body is ${body.trim() ? "not JSON, or cut off" : "empty"}, at ${body.length} characters`);
  }
  const records = isObject(page) ? (page.backup_record_response ?? []) : undefined;
  if (!Array.isArray(records) || !records.every(isObject)) throw fault("the body is no page of records");
  keepTypes(page, "ListBackupRecordsResponse");
  for (const [index, record] of records.entries()) {
    keepTypes(record, "BackupRecordResponse");
    if (typeof record.size === "number" && Math.abs(record.size) > Number.MAX_SAFE_INTEGER) {
      throw fault(`the size of record ${index} is beyond 2^53-1, where numbers are not exact`);
    }
  }
  return { ...page, backup_record_response: records };
}

/** Leaves out a null where the type has none: services were seen to send it. The reference page prints null as `{}`. */
function keepTypes(value: object, schema: string): void {
  const fields = value as Record<string, unknown>;
  const mayBeNull = nullable[schema] ?? [];
  for (const name of mayBeNull) if (fields[name] && JSON.stringify(fields[name]) === "{}") fields[name] = null;
  for (const name in fields) if (fields[name] === null && !mayBeNull.includes(name)) delete fields[name];
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
