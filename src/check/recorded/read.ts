// Reads recordings, one exchange after the other: the whole is never in memory, and what cannot be read is told in its place.

import { type Fields, isFields } from "../../wire/validate.ts";
import { jsonFaultOf } from "../model/exchange.ts";
import { decodeEscaping } from "./body.ts";
import { otherwise, type RecordingFormat, recognised } from "./format.ts";
import { fromHar } from "./har.ts";
import { linesOf } from "./lines.ts";
import { textIn } from "./message.ts";
import { fromLine } from "./ndjson.ts";
import { fromPact } from "./pact.ts";
import type { ReadFault, Recorded } from "./recorded.ts";
import { type Found, harScanner } from "./scan.ts";
import { CompressionError, chained, decompressed, headOf, type Source } from "./source.ts";

export interface ReadOptions {
  /** Default: by how the file begins. */
  format?: RecordingFormat | undefined;
  /** Of a body after its content-encoding is undone. Default: 64 MiB */
  maxBodyBytes?: number;
  /** Of an exchange as it stands in the file, and of a whole Pact. Default: 96 MiB, so that a body of 64 MiB fits in base64 */
  maxExchangeBytes?: number;
}

type Limits = Required<Pick<ReadOptions, "maxBodyBytes" | "maxExchangeBytes">>;

const mebibyte = 1024 * 1024;

/** How far into a file its format is looked for. */
const headBytes = mebibyte;

/** Never throws: what is wrong with the source comes as a fault. */
export async function* readRecording(source: Source, options: ReadOptions = {}): AsyncGenerator<Recorded | ReadFault> {
  const { file, isFound } = source;
  const { format, maxBodyBytes = 64 * mebibyte, maxExchangeBytes = 96 * mebibyte } = options;
  const limits = { maxBodyBytes, maxExchangeBytes };
  let entry = 0;
  try {
    const isTold = (head: Buffer) => (format ?? recognised(head)) !== undefined;
    const { head, rest } = await headOf(decompressed(source.open()), headBytes, isTold);
    const chosen = format ?? recognised(head) ?? byEnding(file);
    const instead = otherwise(head);
    if (chosen === undefined || instead !== undefined) {
      if (!isFound || /\.json(\.gz)?$/i.test(file) === false) yield unrecognised(file, head, instead);
      return;
    }
    for await (const item of readers[chosen](chained(head, rest), file, limits)) {
      entry = item.place.entry ?? entry;
      yield item;
    }
  } catch (error) {
    yield unreadable(error as Error, file, entry);
  }
}

const byEnding = (file: string): RecordingFormat | undefined => {
  if (/\.z?har(\.gz)?$/i.test(file)) return "har";
  return /\.(ndjson|jsonl)(\.gz)?$/i.test(file) ? "ndjson" : undefined;
};

function unrecognised(file: string, head: Buffer, instead: string | undefined): ReadFault {
  const message = head.length === 0 ? "It is empty" : (instead ?? "It is no HAR, no NDJSON of exchanges and no Pact");
  return { fault: "unrecognised", place: { file }, message, ends: true };
}

function unreadable(error: Error, file: string, entry: number): ReadFault {
  const place = { file, ...(entry > 0 && { entry }) };
  const after = entry > 0 ? ` after entry ${entry}` : "";
  if (!(error instanceof CompressionError))
    return { fault: "unreadable", place, message: `It cannot be read${after}: ${error.message}`, ends: true };
  return error.isTruncated
    ? { fault: "truncated", place, message: `The compressed file ends too early${after}`, ends: true }
    : { fault: "unreadable", place, message: `The compressed file is damaged${after}: ${error.message}`, ends: true };
}

type Reader = (chunks: AsyncIterable<Buffer>, file: string, limits: Limits) => AsyncGenerator<Recorded | ReadFault>;

const readers: Record<RecordingFormat, Reader> = { har: readHar, ndjson: readLines, pact: readPact };

async function* readHar(
  chunks: AsyncIterable<Buffer>,
  file: string,
  limits: Limits,
): AsyncGenerator<Recorded | ReadFault> {
  const scanner = harScanner(limits.maxExchangeBytes);
  let creator = "";
  const read = (found: Found): Recorded | ReadFault | undefined => {
    if (found.kind !== "creator") return fromFound(found, file, creator, limits);
    creator = textIn(Object(parsed(found.bytes).json), "name") ?? "";
    return undefined;
  };
  for await (const chunk of chunks) {
    for (const found of scanner.push(chunk)) {
      const item = read(found);
      if (item) yield item;
    }
  }
  for (const found of scanner.end()) {
    const item = read(found);
    if (item) yield item;
  }
}

function fromFound(
  found: Exclude<Found, { kind: "creator" }>,
  file: string,
  creator: string,
  limits: Limits,
): Recorded | ReadFault {
  const { kind, offset } = found;
  if (kind === "no-entries")
    return { fault: "unrecognised", place: { file }, message: "It has no log.entries, as a HAR has", ends: true };
  const { number } = found;
  const place = { file, ...(number !== undefined && { entry: number }), offset };
  const where = number === undefined ? `At byte ${offset}` : `Entry ${number}, byte ${offset}`;
  if (kind === "entry") {
    const { json, fault } = parsed(found.bytes);
    if (fault !== undefined) return { fault: "broken", place, message: `${where}: no JSON: ${fault}`, ends: false };
    const recorded = fromHar(json, { file, entry: found.number }, creator, limits);
    return (
      recorded ?? {
        fault: "not-an-exchange",
        place,
        message: `${where}: it has no request with a method and a URL`,
        ends: false,
      }
    );
  }
  if (kind === "too-large") {
    const message = `${where}: it is larger than ${limits.maxExchangeBytes} bytes`;
    return { fault: kind, place, message, ends: false };
  }
  if (kind === "truncated") return { fault: kind, place, message: `${where}: the file ends too early`, ends: true };
  return {
    fault: kind,
    place,
    message: `${where}: no JSON; reading goes on with what looks like an entry`,
    ends: false,
  };
}

async function* readLines(
  chunks: AsyncIterable<Buffer>,
  file: string,
  limits: Limits,
): AsyncGenerator<Recorded | ReadFault> {
  let entry = 0;
  for await (const lines of linesOf(chunks, limits.maxExchangeBytes)) {
    for (const { number: line, bytes, isLast } of lines) {
      entry += 1;
      const place = { file, entry, line };
      if (!bytes) {
        const message = `Line ${line} is longer than ${limits.maxExchangeBytes} bytes`;
        yield { fault: "too-large", place, message, ends: false };
        continue;
      }
      const { json, fault } = parsed(line === 1 ? withoutMark(bytes) : bytes);
      if (fault !== undefined) {
        yield isLast
          ? { fault: "truncated", place, message: `Line ${line}: the file ends too early: ${fault}`, ends: true }
          : { fault: "broken", place, message: `Line ${line} is no JSON: ${fault}`, ends: false };
        continue;
      }
      const recorded = fromLine(json, place, limits);
      const message = `Line ${line} has no request with a method and a URL`;
      yield recorded ?? { fault: "not-an-exchange", place, message, ends: false };
    }
  }
}

/** A Pact has what its consumer's tests ask for: it is small. */
async function* readPact(
  chunks: AsyncIterable<Buffer>,
  file: string,
  limits: Limits,
): AsyncGenerator<Recorded | ReadFault> {
  const { head } = await headOf(chunks, limits.maxExchangeBytes + 1);
  const place = { file };
  if (head.length > limits.maxExchangeBytes) {
    const message = `The Pact is larger than ${limits.maxExchangeBytes} bytes`;
    yield { fault: "too-large", place, message, ends: true };
    return;
  }
  const { json, fault } = parsed(withoutMark(head));
  if (!isFields(json)) {
    yield { fault: "broken", place, message: `The Pact is no JSON: ${fault ?? "it is no object"}`, ends: true };
    return;
  }
  for (const { number, recorded } of fromPact(json satisfies Fields, file)) {
    const message = `Interaction ${number} has no request`;
    yield recorded ?? { fault: "not-an-exchange", place: { file, entry: number }, message, ends: false };
  }
}

/** The mark of the byte order, which Windows puts before UTF-8. */
const withoutMark = (bytes: Buffer) =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

function parsed(bytes: Buffer): { json?: unknown; fault?: string } {
  try {
    return { json: JSON.parse(decodeEscaping(bytes)) };
  } catch (error) {
    return { fault: jsonFaultOf(error as Error) };
  }
}
