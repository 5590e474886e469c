// Exchanges and sources for the tests of recordings.

import { type ReadOptions, readRecording } from "../../../src/check/recorded/read.ts";
import type { ReadFault, Recorded } from "../../../src/check/recorded/recorded.ts";

export const token = "MIIEzAYJKoZIhvcNAQcCoIIEvTCCBLkCAQExDTALBglghkgBZQ";
export const path = "/v2/0123456789abcdef0123456789abcdef/instances/9b1a3e02-1111-4444-8888-123456789abc/backups";

/** In chunks of a size, so that a test can cut them anywhere. */
export async function* chunksOf(content: Buffer | string, size = 64 * 1024): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function read(content: Buffer | string, options: ReadOptions & { file?: string; size?: number } = {}) {
  const { file = "recording", size, ...others } = options;
  const source = { file, isFound: false, open: () => chunksOf(content, size) };
  const items: (Recorded | ReadFault)[] = [];
  for await (const item of readRecording(source, others)) items.push(item);
  return items;
}

export const isFault = (item: Recorded | ReadFault): item is ReadFault => "fault" in item;

export async function readAll(content: Buffer | string, options: ReadOptions & { size?: number } = {}) {
  const items = await read(content, options);
  return { recorded: items.filter((item): item is Recorded => !isFault(item)), faults: items.filter(isFault) };
}

/** The only exchange of a recording without faults. */
export async function readOne(content: Buffer | string, options: ReadOptions = {}): Promise<Recorded> {
  const { recorded, faults } = await readAll(content, options);
  if (faults[0]) throw new Error(faults[0].message);
  return recorded[0] as Recorded;
}

export const page = JSON.stringify({ total_num: 1, backup_record_response: [{ backup_id: "b1", status: "succeed" }] });

/** An entry of a HAR with the fields that all its writers fill. */
export function entry({ request = {}, response = {}, content = {}, ...others }: Record<string, object> = {}) {
  return {
    startedDateTime: "2026-07-01T12:00:00.123Z",
    time: 12.5,
    request: {
      method: "GET",
      url: `https://dcs.example.com${path}?limit=10`,
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: [
        { name: "Host", value: "dcs.example.com" },
        { name: "X-Auth-Token", value: token },
      ],
      queryString: [],
      headersSize: -1,
      bodySize: 0,
      ...request,
    },
    response: {
      status: 200,
      statusText: "OK",
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: [{ name: "Content-Type", value: "application/json" }],
      content: { size: page.length, mimeType: "application/json", text: page, ...content },
      redirectURL: "",
      headersSize: -1,
      bodySize: page.length,
      ...response,
    },
    cache: {},
    timings: { send: 0, wait: 12.5, receive: 0 },
    ...others,
  };
}

export const harOf = (entries: readonly unknown[], creator = "test") =>
  JSON.stringify({ log: { version: "1.2", creator: { name: creator, version: "1" }, pages: [], entries } });

/** An exchange as it is read from `entry`. */
export const exchange = (changes: Partial<Recorded> = {}): Recorded => ({
  place: { file: "recording", entry: 1 },
  startedAt: new Date("2026-07-01T12:00:00.123Z"),
  durationMs: 12.5,
  request: {
    method: "GET",
    url: `https://dcs.example.com${path}?limit=10`,
    httpVersion: "HTTP/1.1",
    headers: [
      ["Host", "dcs.example.com"],
      ["X-Auth-Token", token],
    ],
    body: { text: "" },
  },
  response: {
    status: 200,
    statusText: "OK",
    httpVersion: "HTTP/1.1",
    headers: [["Content-Type", "application/json"]],
    body: { text: page },
  },
  ...changes,
});
