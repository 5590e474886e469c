// An entry of a HAR file as an exchange. Browsers and proxies fill the fields in different ways: each is read as its writer means it.

import { type Fields, isFields } from "../../wire/validate.ts";
import { type BodyLimit, byteLengthOf, fromBytes, fromText, undoIfStillThere } from "./body.ts";
import {
  fieldsIn,
  mayHaveBody,
  numberIn,
  textIn,
  timesOf,
  untoldRequestBody,
  untoldResponseBody,
  withHeaders,
} from "./message.ts";
import { ownField, withOwn } from "./own.ts";
import {
  type Header,
  headerOf,
  type Missing,
  type Place,
  type Recorded,
  type RecordedBody,
  type RecordedRequest,
  type RecordedResponse,
} from "./recorded.ts";

/** @returns `undefined` if it is none */
export function fromHar(entry: unknown, place: Place, creator: string, limit: BodyLimit): Recorded | undefined {
  if (!isFields(entry) || !isFields(entry.request)) return undefined;
  const request = requestOf(entry.request, creator, limit);
  if (!request) return undefined;
  const response = fieldsIn(entry, "response");
  const secrets = [...cookiesOf(entry.request), ...cookiesOf(response)];
  const recorded: Recorded = {
    place,
    ...timesOf(textIn(entry, "startedDateTime"), numberIn(entry, "time")),
    request,
    response: responseOf(entry, request, response, creator, limit),
    ...(secrets.length > 0 && { secrets }),
  };
  return ownField in entry ? withOwn(recorded, entry[ownField]) : recorded;
}

function requestOf(request: Fields, creator: string, limit: BodyLimit): RecordedRequest | undefined {
  const method = textIn(request, "method");
  const url = textIn(request, "url");
  if (method === undefined || url === undefined) return undefined;
  const httpVersion = textIn(request, "httpVersion");
  const headers = withHeaders(headersOf(request.headers));
  const leftOut = leftOutBy(creator).filter((name) => headerOf(headers, name) === undefined);
  return {
    method,
    url,
    ...(httpVersion && { httpVersion }),
    ...headers,
    ...(leftOut.length > 0 && { leftOut }),
    body: requestBodyOf(request, headers, limit),
  };
}

/** Chromium leaves them out, unless its user asks for a file "with sensitive data"; the file does not say which it is. */
const leftOutBy = (creator: string): readonly string[] =>
  creator === "WebInspector" ? ["authorization", "cookie"] : [];

/** Chromium writes headers of one name as one, with line feeds between their values. */
function headersOf(given: unknown): Header[] {
  const headers: Header[] = [];
  for (const header of Array.isArray(given) ? given : []) {
    const { name, value } = Object(header);
    if (typeof name !== "string" || typeof value !== "string") continue;
    if (value.includes("\n")) for (const one of value.split("\n")) headers.push([name, one]);
    else headers.push([name, value]);
  }
  return headers;
}

/** The values of cookies, which may stand here and in no header. */
function cookiesOf({ cookies }: Fields): string[] {
  if (!Array.isArray(cookies)) return [];
  return cookies.map((cookie) => Object(cookie).value).filter((value) => typeof value === "string" && value !== "");
}

function requestBodyOf(request: Fields, headers: { headers: readonly Header[] }, limit: BodyLimit): RecordedBody {
  const told = numberIn(request, "bodySize");
  if (!isFields(request.postData)) return untoldRequestBody(headers, told);
  const { postData } = request;
  const elsewhere = keptElsewhere(postData);
  if (elsewhere) return elsewhere;
  const text = textIn(postData, "text");
  if (!text) return untoldRequestBody(headers, told);
  return contentOf(text, postData.encoding, headerOf(headers, "content-encoding"), limit);
}

/** Playwright keeps bodies beside a HAR, or with it in a ZIP. */
function keptElsewhere(content: Fields): Missing | undefined {
  const file = textIn(content, "_file") ?? textIn(content, "_sha1");
  return file === undefined ? undefined : { missing: "kept-elsewhere", detail: file };
}

function contentOf(
  text: string,
  encoding: unknown,
  contentEncoding: string | undefined,
  limit: BodyLimit,
): RecordedBody {
  if (encoding !== "base64") return fromText(text);
  const bytes = undoIfStillThere(Buffer.from(text, "base64"), contentEncoding, limit);
  return "missing" in bytes ? bytes : fromBytes(bytes);
}

function responseOf(
  entry: Fields,
  request: RecordedRequest,
  response: Fields,
  creator: string,
  limit: BodyLimit,
): RecordedResponse | Missing {
  const status = numberIn(response, "status") ?? 0;
  if (entry._wasFulfilled === true) return { missing: "mocked" };
  // Chromium and mitmproxy, Playwright, Charles
  const error = [response._error, response._failureText, response.comment].find(
    (text) => text && typeof text === "string",
  );
  if (status < 100) return { missing: "never-answered", detail: String(error ?? `status ${status}`) };
  const cache = cacheOf(entry, request, response);
  if (cache !== undefined) return { missing: "cached", detail: cache };
  const statusText = textIn(response, "statusText");
  const httpVersion = textIn(response, "httpVersion");
  const headers = withHeaders(headersOf(response.headers));
  return {
    status,
    ...(statusText && { statusText }),
    ...(httpVersion && { httpVersion }),
    ...headers,
    body: responseBodyOf(request.method, status, response, headers, creator, limit),
  };
}

/** @returns how a recording tells that the answer is one of before */
function cacheOf(entry: Fields, { headers }: RecordedRequest, response: Fields): string | undefined {
  const cache = textIn(entry, "_fromCache");
  if (cache !== undefined) return `of the browser, ${cache}`;
  if (response.status === 304) return "status 304";
  // Playwright, which writes -1 for a length that it does not know
  if (response._transferSize === 0) return "nothing was transferred";
  // It writes the status and body of before, and the headers of the 304.
  const isConditional = headers.some(([name]) => /^if-(none-match|modified-since)$/i.test(name));
  const isOfBefore =
    isConditional && response.bodySize === 0 && (numberIn(fieldsIn(response, "content"), "size") ?? 0) > 0;
  return isOfBefore ? "only headers were transferred" : undefined;
}

/** Characters that no text has. */
const hasControls = /[^\P{Cc}\t\n\r]/u;

function responseBodyOf(
  method: string,
  status: number,
  response: Fields,
  { headers }: { headers: readonly Header[] },
  creator: string,
  limit: BodyLimit,
): RecordedBody {
  const content = fieldsIn(response, "content");
  const elsewhere = keptElsewhere(content);
  if (elsewhere) return elsewhere;
  const size = numberIn(content, "size") ?? -1;
  const ofWire = numberIn(response, "bodySize") ?? -1;
  const text = textIn(content, "text");
  const isTold = size > 0 && { bytes: size };
  if (text === undefined) {
    if (size === 0 && ofWire === 0) return { text: "" };
    const body = untoldResponseBody(method, { status, headers });
    return "missing" in body ? { ...body, ...isTold } : body;
  }
  if (text === "" && mayHaveBody(method, status)) {
    // mitmproxy writes an empty text for a body that it did not keep.
    const bytes = Math.max(size, Number(headerOf({ headers }, "content-length") ?? 0));
    if (bytes > 0) return { missing: "not-kept", bytes };
    const isUntold = creator === "mitmproxy" && headerOf({ headers }, "transfer-encoding") !== undefined;
    return isUntold ? { missing: "not-kept" } : { text };
  }
  const encoding = headerOf({ headers }, "content-encoding");
  const body = contentOf(text, content.encoding, encoding, limit);
  // Redocly's proxy writes the bytes of a content-encoding as if they were text.
  if (encoding !== undefined && "text" in body && body.text.includes("\ufffd") && hasControls.test(body.text))
    return { missing: "altered", ...isTold };
  // mitmproxy writes the length before the encoding is undone.
  if (encoding !== undefined && size === ofWire) return body;
  const kept = byteLengthOf(body) ?? size;
  const inBase64 = content.encoding === "base64" ? Buffer.byteLength(text, "base64") : kept;
  // Chromium takes a byte order mark off and makes UTF-8 of UTF-16, and its lengths are those of what is left.
  const sent = encoding === undefined ? Number(headerOf({ headers }, "content-length") ?? 0) : 0;
  const whole = Math.max(size, sent || 0);
  if (Math.max(kept, inBase64) < whole)
    return { missing: "cut-off", detail: `${kept} of ${whole} bytes`, bytes: whole };
  // A program that writes text puts U+FFFD for bytes that are not UTF-8.
  if (size >= 0 && kept !== size && "text" in body && body.text.includes("\ufffd"))
    return { missing: "altered", ...isTold };
  return body;
}
