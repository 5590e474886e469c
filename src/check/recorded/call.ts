// Finds the contract's call among recorded exchanges, under any host and base path, and reads its request as the rules on requests
// see it.

import type { Contract } from "../../wire/contract.ts";
import { idsIn, type SentRequest } from "../../wire/judge/index.ts";
import { byteLengthOf } from "./body.ts";
import { isCleaned, unfilledMark } from "./message.ts";
import { isMissing, type Missing, type Recorded, type RecordedRequest } from "./recorded.ts";

export interface Call {
  request: SentRequest & { headers: Readonly<Record<string, string>> };
  /** Scheme and host as far as they are told, and what stands before the path of the call. Without a name and a password. */
  base: string;
  /** As it is sent, without escapes. */
  instanceId: string;
  /** Whether its path is that of the call; if not, it has slashes too many. */
  isOfPath: boolean;
  /** What of the request is not there, by the part of it. */
  missing: ReadonlyMap<RequestPart, Missing>;
}

export type RequestPart = "headers" | "credentials" | "signature" | "time" | "host" | "body";

/** @returns `undefined` if it is another call */
export function callIn({ request: recorded, startedAt }: Recorded, contract: Contract): Call | undefined {
  if (recorded.method !== contract.operation.method) return undefined;
  const [, origin = "", whole = "", query = ""] =
    /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)(?:\?([^#]*))?/i.exec(recorded.url) ?? [];
  const found = pathIn(whole, contract);
  if (!found) return undefined;
  const headers = headersOf(recorded);
  const host = hostOf(recorded, headers, origin);
  if (host !== undefined) headers.host = host;
  const missing = missingOf(recorded, headers, startedAt);
  const bodyBytes = byteLengthOf(recorded.body) ?? 0;
  const instanceId = idsIn(found.path, contract)?.instance_id ?? "";
  return {
    request: {
      at: startedAt ?? new Date(0),
      method: recorded.method,
      path: found.path,
      query: new URLSearchParams(query),
      headers,
      bodyBytes,
    },
    base: (origin === "" ? (host ?? "") : origin.replace(/\/\/.*@/, "//")) + found.base,
    instanceId: decoded(instanceId),
    isOfPath: found.isOfPath,
    missing,
  };
}

/** Without a regular expression: the path may be of any length. */
function pathIn(whole: string, { operation }: Contract): { base: string; path: string; isOfPath: boolean } | undefined {
  const form = operation.path.split("/").slice(1);
  const fits = (segments: readonly string[]) =>
    segments.length === form.length &&
    segments.every((segment, index) => form[index]?.startsWith("{") || segment === form[index]);
  const segments = whole.split("/");
  const last = segments.slice(-form.length);
  const isOfPath = segments.length > form.length && fits(last);
  if (isOfPath) return { base: segments.slice(0, -form.length).join("/"), path: `/${last.join("/")}`, isOfPath };
  const filled = segments.flatMap((segment, at) => (segment === "" ? [] : [{ segment, at }])).slice(-form.length);
  if (!fits(filled.map(({ segment }) => segment))) return undefined;
  const start = filled[0]?.at ?? 0;
  return { base: segments.slice(0, start - 1).join("/"), path: `/${segments.slice(start).join("/")}`, isOfPath };
}

/** By their names in lower case; values of one name are joined, as HTTP does. */
function headersOf({ headers }: RecordedRequest): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (const [written, value] of headers) {
    const name = written.toLowerCase();
    found[name] = name in found ? `${found[name]}, ${value}` : value;
  }
  if (found["x-auth-token"] === unfilledMark) found["x-auth-token"] = "<token>"; // any placeholder
  if (found.authorization?.includes("=***"))
    found.authorization = found.authorization.replace(/\bSignature=\*\*\*$/, `Signature=${"0".repeat(64)}`);
  return found;
}

/** HTTP/2 has no Host, and programs that record do not keep one that they add later: the address tells it as well. */
function hostOf(
  { pseudoHeaders }: RecordedRequest,
  headers: Record<string, string>,
  origin: string,
): string | undefined {
  const authority = pseudoHeaders?.find(([name]) => name === ":authority")?.[1];
  return headers.host ?? authority ?? (origin === "" ? undefined : origin.replace(/^.*?\/\/(.*@)?/, ""));
}

function missingOf(
  { noHeaders, leftOut = [], body, httpVersion }: RecordedRequest,
  { authorization, "x-auth-token": token, host }: Record<string, string>,
  startedAt: Date | undefined,
): Map<RequestPart, Missing> {
  const missing = new Map<RequestPart, Missing>();
  if (noHeaders) missing.set("headers", noHeaders);
  const isLeftOut = leftOut.some((name) => name === "authorization" || name === "x-auth-token");
  if (!noHeaders && !authorization && !token && isLeftOut) missing.set("credentials", { missing: "not-kept" });
  if (
    authorization !== undefined &&
    isCleaned(authorization) &&
    !/^(\w+ \*+|.*\b(Access|Signature)=.*)$/.test(authorization)
  )
    missing.set("signature", { missing: "cleaned" });
  if (authorization !== undefined && startedAt === undefined) missing.set("time", { missing: "not-kept" });
  if (host === undefined && !/^HTTP\/1\.1$/i.test(httpVersion ?? "")) missing.set("host", { missing: "not-kept" });
  if (isMissing(body) && body.bytes === undefined) missing.set("body", body);
  return missing;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
