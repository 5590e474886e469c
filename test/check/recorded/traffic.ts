// Recorded exchanges of a service that keeps to the contract, and what a judge says of changed ones.

import { type JudgeOptions, makeJudge } from "../../../src/check/recorded/judge.ts";
import type { Header, Recorded, RecordedRequest, RecordedResponse } from "../../../src/check/recorded/recorded.ts";
import { type BackupRecord, everyStatus, instanceId, projectId } from "../service.ts";

export const token = "MIIEzAYJKoZIhvcNAQcCoIIEvTCCBLkCAQExDTALBglghkgBZQ";
export const host = "dcs.example.com";
export const path = `/v2/${projectId}/instances/${instanceId}/backups`;
export const records: BackupRecord[] = everyStatus;

interface Changes {
  file?: string;
  /** In ms after the first. */
  at?: number | "unknown";
  query?: string;
  url?: string;
  method?: string;
  headers?: readonly Header[];
  request?: Partial<RecordedRequest>;
  status?: number;
  answerHeaders?: readonly Header[];
  body?: unknown;
  response?: Partial<RecordedResponse> | Recorded["response"];
  cleaned?: Recorded["cleaned"];
}

const start = Date.parse("2026-07-01T12:00:00Z");

export const json: readonly Header[] = [["Content-Type", "application/json"]];
export const withToken: readonly Header[] = [
  ["Host", host],
  ["X-Auth-Token", token],
];

export const page = (of: readonly BackupRecord[] = records, total_num: unknown = of.length) => ({
  total_num,
  backup_record_response: of,
});

/** What keeps to the contract, but for the changes. */
export function exchange({
  file = "traffic.ndjson",
  at = 0,
  query = "",
  body = page(),
  ...given
}: Changes = {}): Recorded {
  const { url = `https://${host}${path}${query}`, method = "GET", headers = withToken, status = 200 } = given;
  const { answerHeaders = json, request, response, cleaned } = given;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    place: { file, entry: 1, line: 1 },
    ...(at !== "unknown" && { startedAt: new Date(start + at) }),
    request: { method, url, headers, body: { text: "" }, ...request },
    response:
      response && "missing" in response
        ? response
        : { status, headers: answerHeaders, body: { text }, ...(response as Partial<RecordedResponse>) },
    ...(cleaned && { cleaned }),
  };
}

export function judgeAll(all: readonly Recorded[], options: JudgeOptions = {}) {
  const judge = makeJudge(options);
  for (const [index, one] of all.entries())
    judge.add({ ...one, place: { ...one.place, entry: index + 1, line: index + 1 } });
  return judge.report({ startedAt: new Date(), durationMs: 1, files: ["traffic.ndjson"] });
}

/** The ids of the rules that found something, without repeats. */
export const found = (all: readonly Recorded[], options: JudgeOptions = {}): string[] => [
  ...new Set(judgeAll(all, options).findings.map(({ rule }) => rule)),
];
