// Servers that attack their clients: with too much data, too deep nesting, or redirects.

import { gzipSync } from "node:zlib";
import type { Answer } from "../../client/server.ts";
import { answers, type Broken, departs, pages, records, warns, written } from "../broken.ts";
import { send } from "../service.ts";

type Response = Parameters<Answer>[1];

const json = { "content-type": "application/json" };
const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

/** Sends the same chunk repeatedly, as fast as it is read, until that many bytes are sent or the reader is gone. */
function flood(response: Response, chunk: Buffer, bytes: number): void {
  let left = bytes;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once("drain", more);
        return;
      }
    }
    response.end();
  };
  more();
}

const gigabyte = 2 ** 30;
const spaces = Buffer.alloc(2 ** 16, " ");

/** A gigabyte in a megabyte: gzip takes one file after the other. */
function bomb(response: Response): void {
  const part = gzipSync(Buffer.alloc(2 ** 24, " "));
  response.writeHead(200, { ...json, "content-encoding": "gzip" });
  response.end(Buffer.concat(Array.from({ length: gigabyte / 2 ** 24 }, () => part)));
}

const large: Broken[] = [
  departs(
    "it sends a gigabyte",
    "body-size",
    answers((_, response) => flood(response.writeHead(200, json), spaces, gigabyte)),
    { requests: 1 },
  ),
  departs(
    "it sends a megabyte that unpacks to a gigabyte",
    "body-size",
    answers((_, response) => bomb(response)),
    { requests: 1 },
  ),
  departs(
    "the body is 100 000 nested arrays",
    "page-schema",
    pages(() => nested),
  ),
  departs("total_num is 100 000 nested arrays", "page-schema", deep('"total_num":6', `"total_num":${nested}`)),
  departs(
    "created_at is 100 000 nested arrays",
    "page-schema",
    deep(/"created_at":"[^"]*"/g, `"created_at":${nested}`),
  ),
  warns(
    "an unknown field is 100 000 nested arrays",
    "known-fields",
    deep('"total_num"', `"more":${nested},"total_num"`),
  ),
  departs(
    "values pretend to be numbers and texts",
    "page-schema",
    pages((body) => ({
      ...body,
      total_num: impostor,
      backup_record_response: body.backup_record_response.map((record: object) => ({
        ...record,
        created_at: impostor,
        updated_at: impostor,
        backup_id: impostor,
      })),
    })),
  ),
  departs(
    "all 1000 records are wrong",
    "page-schema",
    pages((body) => body),
    { records: Array.from({ length: 1000 }, () => ({ size: "1" })) },
  ),
  warns(
    "the name of a field has a megabyte",
    "known-fields",
    records((record) => ({ ...record, ["x".repeat(2 ** 20)]: 1 })),
  ),
];

/** Values that JavaScript converts to a number or a text by calling their own functions. */
const impostor = { toString: 1, valueOf: 1, toJSON: 1, length: 1 };

function deep(place: string | RegExp, text: string): Broken["start"] {
  return written((body) => body.replace(place, text));
}

const redirects = [301, 302, 303, 307, 308].map((status) =>
  departs(
    `it redirects to itself for ever, with ${status}`,
    "no-redirect",
    answers((request, response) => send(response, { status, headers: { location: request.url ?? "" }, body: "" })),
    { requests: 1 },
  ),
);

export const hostile: Broken[] = [...large, ...redirects];
