// Reads the records of a mock from a file: a page, an array of records, or one record a line (NDJSON).

import type { Contract } from "../wire/contract.ts";
import type { Fault } from "../wire/rule.ts";
import { isFields, isJson, schemaFaults } from "../wire/validate.ts";
import { findJsonFault } from "./json-fault.ts";
import type { BackupRecord } from "./service.ts";

const forms = "Give a page, an array of records, or one record a line";

const mostTold = 10;

interface Source {
  entries: readonly Entry[];
  /** Words the place of an entry, or of one of its fields. */
  placeOf: (entry: Entry, field?: string) => string;
  /** What is wrong around the records. */
  faults?: Iterable<string>;
}

interface Entry {
  /** Its index in the array, or its line. */
  at: number;
  value?: unknown;
  /** Why there is no value. */
  fault?: string;
}

/**
 * The records must keep to the contract to the letter, even where the check of a provider only warns: a mock that departs from
 * it does so when it is asked to. Fields that the contract does not have are fine.
 * @param name of the file, for the errors
 * @throws {Error} that lists what is wrong, each with its place
 */
export function readRecords(text: string, name: string, contract: Contract): BackupRecord[] {
  if (/[\ufffd\0]/.test(text.slice(0, 4))) throw new Error("it is not UTF-8: save it as UTF-8");
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (!/\S/.test(content)) throw new Error(`it is empty. ${forms}`);
  const source = isNdjson(content) ? readLines(content, name) : readJson(content, name, contract);
  const { entries, placeOf } = source;
  const [first] = entries;
  if (first && entries.every(({ value, fault }) => fault === undefined && !isFields(value)))
    throw new Error(`it holds no record: ${placeOf(first)} is ${shown(first.value)}. ${forms}`);
  throwIfAny(faultsOf(source, contract));
  return entries.map(({ value }) => value as BackupRecord);
}

function throwIfAny(faults: Iterable<string>): void {
  const told: string[] = [];
  let count = 0;
  for (const fault of faults) {
    count += 1;
    if (told.length < mostTold) told.push(fault);
  }
  if (count === 1) throw new Error(told[0]);
  if (count > told.length) told.push(`and ${count - told.length} more`);
  if (count > 0) throw new Error([`${count} faults:`, ...told].join("\n  "));
}

function* faultsOf({ entries, placeOf, faults = [] }: Source, contract: Contract): Generator<string> {
  yield* faults;
  const { list, record } = contract.page;
  const isRecord = contract.validator(record);
  const byId = new Map<string, Entry>();
  for (const entry of entries) {
    const { value, fault } = entry;
    if (fault !== undefined) {
      yield fault;
      continue;
    }
    if (isFields(value) && Object.hasOwn(value, list)) {
      yield `${placeOf(entry)} is a page, not a record. ${forms}`;
      continue;
    }
    if (!isRecord(value)) {
      for (const fault of schemaFaults(contract, record, value, "", true))
        yield worded(placeOf(entry, fieldOf(fault)), fault);
    }
    const id = isFields(value) ? value.backup_id : undefined;
    if (typeof id !== "string") continue;
    const earlier = byId.get(id);
    if (earlier) yield `${placeOf(entry, "backup_id")} is that of ${placeOf(earlier)} already: ${shown(id)}`;
    else byId.set(id, entry);
  }
}

const fieldOf = ({ pointer = "" }: Fault): string | undefined => pointer.slice(1) || undefined;

const worded = (place: string, { expected, actual }: Fault): string =>
  `${place} should be ${expected}, not ${shown(actual)}`;

/** Whether every line is JSON of its own: its first line is, or each begins an object. */
function isNdjson(text: string): boolean {
  const start = text.search(/\S/);
  const end = text.indexOf("\n", start);
  if (end === -1 || text.slice(end).trim() === "") return false;
  return isJson(text.slice(start, end)) || !/^[ \t]*[^{\s]/m.test(text);
}

function readLines(text: string, name: string): Source {
  const entries: Entry[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    entries.push({ at: index + 1, ...parse(line, name, index) });
  }
  return { entries, placeOf: ({ at }, field) => `line ${at}${field === undefined ? "" : `, ${field}`}` };
}

function readJson(text: string, name: string, contract: Contract): Source {
  const { value, fault } = parse(text, name);
  if (fault !== undefined) throw new Error(fault);
  if (Array.isArray(value)) return elements(value, "");
  const { schema, list: field, record } = contract.page;
  if (!isFields(value)) throw new Error(`it holds ${shown(value)}. ${forms}`);
  if (Object.hasOwn(value, field)) {
    const list = Array.isArray(value[field]) ? value[field] : [];
    const page = { ...value, [field]: list === value[field] ? [] : value[field] };
    const faults = [...schemaFaults(contract, schema, page, "", true)];
    return { ...elements(list, `/${field}`), faults: faults.map((fault) => worded(fault.pointer ?? "", fault)) };
  }
  const known = contract.fieldsOf(record);
  if (!Object.keys(value).some((name) => Object.hasOwn(known, name)))
    throw new Error(`it is no page, since it has no ${field}, and no record either. ${forms}`);
  return { entries: [{ at: 0, value }], placeOf: (_, name) => (name === undefined ? "the record" : `/${name}`) };
}

const elements = (list: readonly unknown[], pointer: string): Source => ({
  entries: list.map((value, at) => ({ at, value })),
  placeOf: ({ at }, field) => `${pointer}/${at}${field === undefined ? "" : `/${field}`}`,
});

/** @param linesBefore lines of the file before this text */
function parse(text: string, name: string, linesBefore = 0): Pick<Entry, "value" | "fault"> {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const found = findJsonFault(text);
    if (!found) return { fault: `${name}: ${(error as Error).message}` };
    const { line, column, message } = found;
    return { fault: `${name}:${linesBefore + line}:${column}: ${message}` };
  }
}

/** As JSON, and not too long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
