// The check of what passes by: a relay between a client and the real service, which judges both, and may record them.

import { setTimeout as sleep } from "node:timers/promises";
import { argumentError, checkChoice, checkInteger, checkTexts } from "../../wire/arguments.ts";
import type { Contract } from "../../wire/contract.ts";
import { checkCredentials, type KeyCredentials } from "../../wire/credentials.ts";
import { http } from "../../wire/judge/http.ts";
import { type Severity, severities } from "../../wire/rule.ts";
import { type Ended, runCommand, withoutProxy } from "../consumer/command.ts";
import { readServer } from "../engine/server.ts";
import { type Finding, type Report, type Side, sides } from "../model/report.ts";
import { type Judge, makeJudge } from "../recorded/judge.ts";
import { formOf, type RecordingWriter, startRecording, type Written } from "../recorded/write.ts";
import type { Passed } from "./pass.ts";
import { type Relay, startRelay } from "./relay.ts";
import { commandRules, recording, recordingVerdict } from "./rules.ts";

export interface RelayOptions {
  /** Base URL of the service, without the path of the call: `https://dcs.sa-brazil-1.myhuaweicloud.com` */
  server: string;
  /** Address to listen on. Default: 127.0.0.1 */
  host?: string;
  /** Default: a free port */
  port?: number;
  /** With them a signature of the client is verified, and made anew for the service. Default: signatures pass as they are */
  credentials?: KeyCredentials;
  /** The program to run, looked up in `PATH`. Its environment has the relay's URL in `DCS_ENDPOINT`, and its host in `NO_PROXY`. */
  command?: string;
  args?: readonly string[];
  /** Ends the run, or stops the command and everything that it started. Without a command there must be one. */
  signal?: AbortSignal;
  /** Where the standard output of the command goes. Default: `stdout` */
  stdout?: "stdout" | "stderr";
  /** The side to judge. Default: `both` */
  side?: Side;
  /** The contract to check against, such as `await contractOf("newest")`. Default: the one of 2022-11-09 */
  contract?: Contract;
  /** File for what passes, without its secrets. Default: none */
  record?: string;
  /** Default: `har` if the name of the file ends with that, and otherwise `ndjson` */
  recordFormat?: "har" | "ndjson";
  /** How long the service may take to begin an answer, in milliseconds. Default: 60 000 */
  timeoutMs?: number;
  /** Largest body that is judged and recorded, in bytes, also decompressed. Larger ones pass as well. Default: 67 108 864 */
  maxBodyBytes?: number;
  /** The least severity that makes the report's `ok` false. Default: `error` */
  failOn?: Severity;
  /** The least percentage of the contract that must be seen. Default: any will do */
  cover?: number;
  /** Called with the relay's URL as soon as it listens. */
  onStart?: (url: string) => void;
  /** Called with each finding as soon as there is one. */
  onFinding?: (finding: Finding) => void;
  /** Called after `record` is written. */
  onRecorded?: (written: Written) => void;
  /** Called with what the user should know, once each. */
  onNote?: (note: string) => void;
}

/**
 * Passes requests on to a service, and judges them and its answers, while a command runs or until the signal aborts. Meanwhile
 * signals to this process are passed on to the command, as `checkConsumer` does.
 * @returns what was found. A service that does not answer is no finding: that is not judged
 * @throws {TypeError | RangeError} if an option is invalid
 * @throws {Error} with a message of one line: the port is taken
 */
export async function checkRelay(options: RelayOptions): Promise<Report> {
  const settings = readOptions(options);
  const { server, host, port, keys, timeoutMs, maxBodyBytes, record, onNote } = settings;
  const { command, signal, onStart, contract, side, failOn, cover, onFinding } = options;
  signal?.throwIfAborted();
  const around = [...(command === undefined ? [] : commandRules), ...(record === undefined ? [] : [recording])];
  const judge = makeJudge({ contract, side, failOn, cover, onFinding, around });
  const startedAt = new Date();
  const start = performance.now();
  const log = await startLog(judge, settings);
  let relay: Relay;
  try {
    relay = await startRelay({
      ...{ server, host, port, keys, timeoutMs, maxBodyBytes },
      onPassed: log.add,
      onFault: (message) => {
        if (side !== "provider") judge.tell(http, [{ message }], { probe: "connection" });
      },
      onNote,
    });
  } catch (error) {
    await log.abandon();
    throw error;
  }
  let ended: Ended | undefined;
  try {
    onStart?.(relay.url);
    ended = await untilTheEnd(options, relay);
  } finally {
    await relay.close();
    const { failure, written } = await log.close();
    if (record !== undefined) judge.tell(recording, recordingVerdict(failure), { probe: "recording" });
    if (written) options.onRecorded?.(written);
  }
  if (ended && command !== undefined) {
    const run = { ended, command, requests: log.count + relay.elsewhere, isServed: true };
    for (const rule of commandRules) judge.tell(rule, rule.run(run), { probe: "command" });
  }
  const durationMs = performance.now() - start;
  const report = judge.report({ startedAt, durationMs, server });
  if (report.exchanges) report.exchanges.all += relay.elsewhere;
  return report;
}

async function untilTheEnd(options: RelayOptions, { url }: Relay): Promise<Ended | undefined> {
  const { command, args = [], stdout = "stdout", signal } = options;
  if (command === undefined) {
    await new Promise((resolve) => {
      if (signal?.aborted) resolve(undefined);
      else signal?.addEventListener("abort", resolve, { once: true });
    });
    return undefined;
  }
  const environment = { DCS_ENDPOINT: url, ...withoutProxy(new URL(url).hostname.replace(/^\[|\]$/g, "")) };
  const ended = await runCommand({ command, args, environment, stdout, signal });
  await sleep(50); // a request sent just before the command ended may still arrive
  return ended;
}

/** Hands what passed to the judge, and to the recording if there is one, in the same order. */
async function startLog(judge: Judge, { record: file, recordFormat: form, onNote }: ReturnType<typeof readOptions>) {
  let writer: RecordingWriter | undefined;
  try {
    if (file !== undefined) writer = await startRecording(file, form ?? formOf(file));
  } catch (error) {
    throw argumentError(RangeError, "record", `cannot be written: ${(error as Error).message}`);
  }
  let count = 0;
  let isExplained = false;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
  };
  return {
    get count() {
      return count;
    },
    async add({ recorded, refusal }: Passed): Promise<void> {
      count += 1;
      const one = { ...recorded, place: { file: file ?? "", entry: count } };
      const written = failure ? undefined : writer?.write(one).catch(fail);
      judge.add(one, refusal?.reason);
      if (refusal && !isExplained) onNote([`Request ${count}: ${refusal.reason}`, ...refusal.explanation].join("\n  "));
      isExplained ||= refusal !== undefined;
      await written;
    },
    /** A recording that lacks something is none. */
    async close(): Promise<{ failure?: Error | undefined; written?: Written | undefined }> {
      const written = failure ? await writer?.abandon().catch(fail) : await writer?.close().catch(fail);
      return { failure, ...(written && { written }) };
    },
    abandon: async () => writer?.abandon(),
  };
}

function readOptions(given: RelayOptions) {
  const options: RelayOptions = Object(given);
  const { host = "127.0.0.1", port = 0, timeoutMs = 60_000, maxBodyBytes = 2 ** 26, onNote = () => {} } = options;
  const { command, args = [], failOn = "error", stdout = "stdout", side = "both", record, recordFormat } = options;
  if (typeof host !== "string" || host === "") throw argumentError(TypeError, "host", "must be an address");
  checkInteger("port", port, 0, 65_535);
  checkInteger("timeoutMs", timeoutMs, 1);
  checkInteger("maxBodyBytes", maxBodyBytes, 1);
  if (command === undefined ? !options.signal : typeof command !== "string" || command === "")
    throw argumentError(TypeError, "command", "must be the name of a program; without one there must be a signal");
  checkTexts("args", args);
  checkChoice("failOn", failOn, severities);
  checkChoice("stdout", stdout, ["stdout", "stderr"]);
  checkChoice("side", side, sides);
  if (record !== undefined && (typeof record !== "string" || record === ""))
    throw argumentError(TypeError, "record", "must be the name of a file");
  if (recordFormat !== undefined) checkChoice("recordFormat", recordFormat, ["har", "ndjson"]);
  const keys = options.credentials && checkCredentials(options.credentials);
  if (keys && "token" in keys)
    throw argumentError(TypeError, "credentials", "must be keys: the client's token passes as it is");
  return {
    server: readServer(options.server),
    host,
    port,
    keys,
    timeoutMs,
    maxBodyBytes,
    record,
    recordFormat,
    onNote,
  };
}
