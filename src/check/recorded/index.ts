// The check of recordings: reads them one exchange after the other, and judges each.

import { fstatSync, type Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { argumentError, checkChoice, checkInteger } from "../../wire/arguments.ts";
import type { Contract } from "../../wire/contract.ts";
import { type Severity, severities } from "../../wire/rule.ts";
import { type Report, type Side, sides } from "../model/report.ts";
import { type RecordingFormat, recordingFormats } from "./format.ts";
import { makeJudge } from "./judge.ts";
import { readRecording } from "./read.ts";
import { type Source, sourcesOf } from "./source.ts";
import { formOf, type RecordingWriter, startRecording, type Written } from "./write.ts";

export interface RecordedOptions {
  /** Paths of recordings and of folders with such; `-` is the standard input. */
  files: readonly string[];
  /** Format of the recordings. Default: by how each begins */
  input?: RecordingFormat;
  /** Which side to judge: what the service answers, what its consumers ask for, or both. Default: `both` */
  side?: Side;
  /** The contract to judge by, such as `await contractOf("newest")`. Default: the one of 2022-11-09 */
  contract?: Contract;
  /** Ids of the rules to apply, as the help of `check recorded` lists them. Default: all of them */
  only?: readonly string[];
  /** Ids of rules to leave out. */
  skip?: readonly string[];
  /** The least severity that makes the report's `ok` false. Default: `error` */
  failOn?: Severity;
  /** The least percentage of the contract that must be seen. Default: any will do */
  cover?: number;
  /** File to write all exchanges to, without their secrets: HAR if its name ends with `.har`, and otherwise NDJSON. */
  clean?: string;
  /** Called after `clean` is written. */
  onCleaned?: (written: Written) => void;
  /** Stops the check, which then throws the reason of the signal. */
  signal?: AbortSignal;
  /** Called now and then. */
  onProgress?: (progress: RecordedProgress) => void;
}

export interface RecordedProgress {
  file: string;
  /** Counted from 1. */
  number: number;
  of: number;
  /** Of all recordings so far. */
  exchanges: number;
}

/** After so many exchanges the caller hears of it. */
const progressStep = 500;

/**
 * Judges recorded exchanges by the contract. It asks nobody anything.
 * @returns what was found. What cannot be read of a recording is a finding too, and no error
 * @throws {TypeError | RangeError} if an option is not usable
 * @throws {Error} with a message of one line, if there is no such file, or the clean recording cannot be written
 */
export async function checkRecorded(options: RecordedOptions): Promise<Report> {
  const { files, input, clean, onCleaned, signal, onProgress } = checkOptions(options);
  const judge = makeJudge(options);
  signal?.throwIfAborted();
  const startedAt = new Date();
  const start = performance.now();
  const sources = await sourcesOf(files, () => (signal ? addAbortSignal(signal, process.stdin) : process.stdin));
  const writer = clean === undefined ? undefined : await startClean(clean, sources);
  let [items, exchanges] = [0, 0];
  try {
    for (const [index, source] of sources.entries()) {
      const { file } = source;
      onProgress?.({ file, number: index + 1, of: sources.length, exchanges });
      for await (const item of readRecording(source, { format: input })) {
        if ("fault" in item) judge.addFault(item);
        else {
          judge.add(item);
          await writer?.write(item);
          exchanges += 1;
        }
        items += 1;
        if (items % progressStep !== 0) continue;
        signal?.throwIfAborted();
        onProgress?.({ file, number: index + 1, of: sources.length, exchanges });
      }
      signal?.throwIfAborted();
    }
  } catch (error) {
    await writer?.abandon();
    throw error;
  }
  await close(writer, onCleaned);
  const names = sources.map(({ file }) => file);
  return judge.report({ startedAt, durationMs: performance.now() - start, files: names });
}

async function close(writer: RecordingWriter | undefined, onCleaned: RecordedOptions["onCleaned"]): Promise<void> {
  const written = await writer?.close();
  if (written) onCleaned?.(written);
}

function checkOptions(given: RecordedOptions): RecordedOptions {
  const options: RecordedOptions = Object(given);
  const { files, input, side = "both", failOn = "error", cover = 0 } = options;
  if (!Array.isArray(files) || files.length === 0 || files.some((file) => typeof file !== "string" || file === ""))
    throw argumentError(TypeError, "files", "must be paths of recordings, at least one");
  if (files.filter((file) => file === "-").length > 1)
    throw argumentError(RangeError, "files", "has - more than once: the standard input is read once");
  if (input !== undefined) checkChoice("input", input, recordingFormats);
  checkChoice("side", side, sides);
  checkChoice("failOn", failOn, severities);
  checkInteger("cover", cover, 0, 100);
  return options;
}

/**
 * Does not begin where a recording that is read would be gone.
 * @throws {Error} with a message of one line
 */
async function startClean(clean: string, sources: readonly Source[]): Promise<RecordingWriter> {
  const target = await realpath(clean).catch(() => clean);
  const there = await stat(target).catch(() => undefined);
  if (there && !there.isFile()) throw argumentError(RangeError, "clean", `is no file: ${clean}`);
  for (const { file } of sources) {
    const read: Stats | undefined = file === "-" ? fstatSync(0) : await stat(file).catch(() => undefined);
    if (there && read && there.ino === read.ino && there.dev === read.dev)
      throw argumentError(RangeError, "clean", `is the recording that is read, ${file}: name another file`);
  }
  return startRecording(target, formOf(clean)).catch(({ code, message }: NodeJS.ErrnoException) => {
    const why = code === "ENOENT" || code === "ENOTDIR" ? "there is no such folder" : (code ?? message);
    throw argumentError(RangeError, "clean", `cannot be written to ${clean}: ${why}`);
  });
}
