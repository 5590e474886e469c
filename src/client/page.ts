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

/**
 * A null where the type has none is left out: the service was seen to send it. `{}` is null too, which is how the reference page
 * prints it.
 */
function keepTypes<T extends object>(value: T, schema: string): T {
  const fields = value as Record<string, unknown>;
  for (const [name, mayBeNull] of Object.entries(nullable[schema] ?? {})) {
    const field = fields[name];
    if (field !== null && !(isObject(field) && Object.keys(field).length === 0)) continue;
    if (mayBeNull) fields[name] = null;
    else delete fields[name];
  }
  return value;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
