// This program's own form of a recording, one exchange a line; its JSON Schema is exchange.schema.json.

import { type Fields, isFields } from "../../wire/validate.ts";
import { type BodyLimit, fromBytes, fromText, undo } from "./body.ts";
import { numberIn, textIn, timesOf, untoldRequestBody, untoldResponseBody, withHeaders } from "./message.ts";
import { cleanedIn, expectedIn, leftOutIn, missingIn, ofTexts } from "./own.ts";
import {
  type Header,
  headerOf,
  isMissing,
  type Missing,
  type Place,
  type Recorded,
  type RecordedBody,
  type RecordedRequest,
  type RecordedResponse,
} from "./recorded.ts";

/** @returns `undefined` if it is none */
export function fromLine(line: unknown, place: Place, limit: BodyLimit): Recorded | undefined {
  if (!isFields(line) || !isFields(line.request)) return undefined;
  const request = requestOf(line.request, limit);
  if (!request) return undefined;
  return {
    place,
    ...timesOf(textIn(line, "startedAt"), numberIn(line, "durationMs")),
    request,
    response: responseOf(line.response, request.method, limit),
    ...expectedIn(line.expected),
    ...cleanedIn(line.cleaned),
  };
}

function requestOf(request: Fields, limit: BodyLimit): RecordedRequest | undefined {
  const method = textIn(request, "method");
  const url = textIn(request, "url");
  if (method === undefined || url === undefined) return undefined;
  const headers = headersOf(request);
  const body = bodyOf(request.body, headers, limit) ?? untoldRequestBody(headers);
  return { method, url, ...ofTexts(request, ["httpVersion"]), ...headers, ...leftOutIn(request), body };
}

function responseOf(response: unknown, method: string, limit: BodyLimit): RecordedResponse | Missing {
  if (!isFields(response)) return { missing: "not-kept" };
  const missing = missingIn(response);
  if (missing) return missing;
  const status = numberIn(response, "status") ?? 0;
  if (status === 304) return { missing: "cached", detail: "status 304" };
  if (status < 100) return { missing: "never-answered", detail: `status ${status}` };
  const headers = headersOf(response);
  const body = bodyOf(response.body, headers, limit) ?? untoldResponseBody(method, { status, ...headers });
  return { status, ...ofTexts(response, ["statusText", "httpVersion"]), ...headers, body };
}

function headersOf(part: Fields) {
  const headers = withHeaders(pairsIn(part.headers));
  const pseudoHeaders = pairsIn(part.pseudoHeaders);
  const noHeaders = missingIn(part.noHeaders);
  return { ...headers, ...(pseudoHeaders.length > 0 && { pseudoHeaders }), ...(noHeaders && { noHeaders }) };
}

const pairsIn = (value: unknown): Header[] => (Array.isArray(value) ? value.filter(isPair) : []);

const isPair = (pair: unknown): pair is Header =>
  Array.isArray(pair) && typeof pair[0] === "string" && typeof pair[1] === "string";

function bodyOf(value: unknown, headers: { headers: readonly Header[] }, limit: BodyLimit): RecordedBody | undefined {
  const fields = isFields(value) ? value : {};
  const text = textIn(fields, "text");
  if (text !== undefined) return fromText(text);
  const base64 = textIn(fields, "base64");
  if (base64 === undefined) return missingIn(fields);
  const bytes = Buffer.from(base64, "base64");
  const decoded = fields.isEncoded === true ? undo(bytes, headerOf(headers, "content-encoding"), limit) : bytes;
  return "missing" in decoded ? decoded : fromBytes(decoded);
}

/** An exchange as such a line, without a line feed. */
export function toLine({ startedAt, durationMs, request, response, expected, cleaned }: Recorded): string {
  return JSON.stringify({
    startedAt,
    durationMs,
    request: { ...request, body: toBody(request.body) },
    response: isMissing(response) ? response : { ...response, body: toBody(response.body) },
    expected,
    cleaned,
  });
}

const toBody = (body: RecordedBody) =>
  "bytes" in body && !("missing" in body) ? { base64: base64Of(body.bytes) } : body;

const base64Of = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
