// Servers that do something unusual that is not a fault.

import { gzipSync } from "node:zlib";
import { answers, type Broken, changing, replies, throttling, written } from "../broken.ts";

/** Unusual, but not a fault. */
export const harmless: Pick<Broken, "name" | "start" | "options" | "records">[] = [
  { name: "throttles once", start: throttling(1, "0") },
  { name: "is slow", start: answers((_, __, next) => setTimeout(next, 50)) },
  {
    name: "compresses",
    start: replies(({ body, ...reply }) => ({
      ...reply,
      headers: { ...reply.headers, "content-encoding": "gzip" },
      body: gzipSync(JSON.stringify(body)),
    })),
  },
  {
    name: "names its character set",
    start: replies((reply) => ({ ...reply, headers: { "Content-Type": 'Application/JSON;Charset="UTF-8"' } })),
  },
  { name: "puts white space around JSON", start: written((text) => `\r\n\t ${text}\n`) },
  {
    name: "has extra fields in errors",
    start: replies((reply) =>
      reply.status === 400 ? { ...reply, body: { ...(reply.body as object), request_id: "1" } } : reply,
    ),
  },
  {
    name: "returns 403 in HTML if credentials are missing",
    start: replies((reply) =>
      reply.status === 401 ? { status: 403, headers: { "content-type": "text/html" }, body: "<h1>Forbidden" } : reply,
    ),
  },
  {
    name: "sends an informational response first",
    start: answers((_, response, next) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      next();
    }),
  },
  {
    name: "closes each connection",
    start: replies((reply) => ({ ...reply, headers: { ...reply.headers, connection: "close" } })),
  },
  // The list is asked for first, then a page of one record, then one of two that begins at the second.
  ...(["all", "page"] as const).flatMap((total) => [
    {
      name: `gets a backup after the list, and total_num counts those of ${total}`,
      start: changing((records, request) => (request > 1 ? records : records.slice(1)), total),
    },
    {
      name: `gets a backup after the first page, and total_num counts those of ${total}`,
      start: changing((records, request) => (request > 2 ? records : records.slice(1)), total),
    },
    {
      name: `loses a backup after the first page, and total_num counts those of ${total}`,
      start: changing((records, request) => (request > 2 ? records.slice(1) : records), total),
    },
  ]),
];
