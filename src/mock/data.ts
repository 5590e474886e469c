// Reads the records of a mock from a file: a page, an array of records, or one record a line (NDJSON).

import type { Contract } from "../wire/contract.ts";
import type { BackupRecord } from "./service.ts";

/**
 * @param name of the file, for the errors
 * @throws {Error} that lists what violates the contract, each with its place
 */
export function readRecords(_text: string, _name: string, _contract: Contract): BackupRecord[] {
  return [];
}
