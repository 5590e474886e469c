// What the readers of all formats do alike: headers, and bodies of which a recording says nothing.

import { isFields } from "../../wire/validate.ts";
import { type Header, headerOf, type Missing, type RecordedBody, type RecordedRequest } from "./recorded.ts";

/** Put in place of what was cleaned away. */
export const mark = "***";

/** In place of a token or a signature that is none. */
export const unfilledMark = "***unfilled***";
export const malformedMark = "***malformed***";

/** Whether it is, or has, what stands in place of a value that was cleaned away, here or by another program. */
export const isCleaned = (value: string): boolean => value.includes(mark) || /^[[<(]?redacted[\])>]?$/i.test(value);

interface Headers {
  headers: readonly Header[];
  pseudoHeaders?: readonly Header[];
  noHeaders?: Missing;
}

/** No message of HTTP is without headers: if there are none, they were not kept. */
export function withHeaders(given: readonly Header[]): Headers {
  if (given.length === 0) return { headers: given, noHeaders: { missing: "not-kept" } };
  if (!given.some(([name]) => name.startsWith(":"))) return { headers: given };
  const headers = given.filter(([name]) => !name.startsWith(":"));
  return { headers, pseudoHeaders: given.filter(([name]) => name.startsWith(":")) };
}

/** The body of a request that a recording does not have. */
export function untoldRequestBody(request: Pick<RecordedRequest, "headers">, told = 0): RecordedBody {
  const bytes = told > 0 ? told : Number(headerOf(request, "content-length") ?? 0);
  if (bytes > 0) return { missing: "not-kept", bytes };
  return headerOf(request, "transfer-encoding") === undefined ? { text: "" } : { missing: "not-kept" };
}

/** Whether HTTP allows a response with a body there. */
export const mayHaveBody = (method: string, status: number): boolean =>
  method !== "HEAD" && status !== 204 && status !== 304 && status >= 200;

/** The body of a response that a recording does not have. */
export function untoldResponseBody(
  method: string,
  response: { status: number; headers: readonly Header[] },
): RecordedBody {
  const isEmpty = !mayHaveBody(method, response.status) || headerOf(response, "content-length") === "0";
  return isEmpty ? { text: "" } : { missing: "not-kept" };
}

export const textIn = (fields: Record<string, unknown>, name: string): string | undefined => {
  const value = fields[name];
  return typeof value === "string" ? value : undefined;
};

export const numberIn = (fields: Record<string, unknown>, name: string): number | undefined => {
  const value = fields[name];
  return typeof value === "number" ? value : undefined;
};

export const fieldsIn = (fields: Record<string, unknown>, name: string): Record<string, unknown> => {
  const value = fields[name];
  return isFields(value) ? value : {};
};

/** When it began, and how long it took, if that is told. */
export function timesOf(start: string | undefined, duration: number | undefined) {
  const startedAt = new Date(start ?? Number.NaN);
  return {
    ...(!Number.isNaN(startedAt.getTime()) && { startedAt }),
    ...(duration !== undefined && duration >= 0 && { durationMs: duration }),
  };
}
