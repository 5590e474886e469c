// Servers whose bodies are not JSON in UTF-8, or contain a secret.

import {
  always,
  answers,
  type Broken,
  departs,
  field,
  pages,
  queryOf,
  refusalBody,
  refusals,
  replies,
  written,
} from "../broken.ts";
import { token } from "../service.ts";

const html = "<!doctype html><title>400 Bad Request</title><p>The proxy does not understand.";
const problem = { type: "about:blank", title: "Bad Request", status: 400, detail: "offset must be 0 or greater" };
const isPlain = (query: URLSearchParams) => query.size === 0;

export const bodies: Broken[] = [
  departs(
    "pages are text/plain",
    "media-type",
    written((text) => text, { "content-type": "text/plain" }),
  ),
  departs(
    "pages are latin1, by their media type",
    "media-type",
    written((text) => text, { "content-type": "application/json; charset=iso-8859-1" }),
  ),
  departs(
    "pages have no media type",
    "media-type",
    replies((reply) => ({ ...reply, headers: {} })),
  ),
  departs(
    "errors are problem+json",
    "media-type",
    refusals(() => ({ headers: { "content-type": "application/problem+json" }, body: problem })),
    { also: ["error-fields"] },
  ),
  departs(
    "errors are HTML pages",
    ["media-type", "json"],
    refusals(() => ({ headers: { "content-type": "text/html" }, body: html })),
  ),
  departs(
    "errors have no body",
    "body-present",
    refusals(() => ({ body: "" })),
  ),
  departs(
    "pages have no body",
    "body-present",
    pages(() => ""),
  ),
  departs(
    "the body is a line break",
    "body-present",
    pages(() => "\r\n"),
  ),
  departs(
    "a byte order mark comes first",
    "json",
    written((text) => `\ufeff${text}`),
  ),
  departs(
    "the JSON is cut off",
    "json",
    written((text) => text.slice(0, -2)),
  ),
  departs(
    "something comes after the JSON",
    "json",
    written((text) => `${text}\n<!-- 3 ms -->`),
  ),
  departs(
    "the JSON is JavaScript",
    "json",
    pages(({ total_num }) => `{total_num: ${total_num}, backup_record_response: []}`),
  ),
  departs(
    "a number is NaN",
    "json",
    written((text) => text.replace(/"size":\d+/, '"size":NaN').replace(/^{"error_code".*/, "NaN")),
  ),
  departs(
    "the bytes are latin1",
    "utf-8",
    written((text) => Buffer.from(text.replace(/"(remark|error_msg)":"/, "$&é"), "latin1")),
  ),
  departs(
    "the bytes are UTF-16",
    "utf-8",
    written((text) => Buffer.from(`\ufeff${text}`, "utf16le")),
  ),
  departs("the token is in a record", "secret-echo", field("remark", `by ${token}`)),
  departs(
    "the token is in a header",
    "secret-echo",
    replies((reply) => ({ ...reply, headers: { ...reply.headers, "set-cookie": `session=${token}` } })),
  ),
  departs(
    "the token is in an error message",
    "secret-echo",
    refusalBody((body) => ({ ...body, error_msg: `Invalid request by ${token}` })),
  ),
  departs(
    "the token is escaped as PHP does",
    "secret-echo",
    written((text) => text.replace('"remark":"', `$&${token.replaceAll("/", "\\/")}`)),
  ),
  departs(
    "the token is escaped as ASCII",
    "secret-echo",
    written((text) =>
      text.replace('"remark":"', `$&${token.replace(/[+=]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)}`),
    ),
  ),
  departs(
    "the token is in a redirect",
    ["no-redirect", "secret-echo"],
    always({ status: 307, headers: { location: `/login/${encodeURIComponent(token)}` } }),
    { requests: 1 },
  ),
  departs(
    "the request is sent back",
    "secret-echo",
    answers((request, response, next) =>
      isPlain(queryOf({ target: request.url ?? "", headers: {} }))
        ? response
            .writeHead(200, { "content-type": "application/json" })
            .end(JSON.stringify({ url: request.url, headers: request.headers }))
        : next(),
    ),
    { also: ["page-fields", "known-fields"] },
  ),
];
