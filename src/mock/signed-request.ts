// A signed request as it arrived, and what its signature is made of.

import { createHash, createHmac } from "node:crypto";
import type { KeyCredentials } from "../wire/credentials.ts";
import * as steps from "../wire/signature-algorithm.ts";
import type { Received } from "./received.ts";

export interface Authorization {
  accessKey: string;
  /** As sent: names with semicolons between them. */
  signedHeaders: string;
  signature: string;
}

/** What a signature is made of, in the order of the algorithm. Who makes a mistake has one of these otherwise. */
export interface Signing {
  method: string;
  path: string;
  query: string;
  /** `name:value` and a line break, for each. */
  headers: string;
  /** The names of the headers, with semicolons between them. */
  names: string;
  /** Without it, its line is left out. So are those of the algorithm and the date. */
  bodyHash: string | undefined;
  algorithm: string | undefined;
  date: string | undefined;
  /** Of the canonical request. */
  hash: (request: string) => string;
  /** What each text ends with. */
  ends: { request: string; text: string };
  lineBreak: string;
  key: string;
  /** Hexadecimal digits, if it is as it should be. */
  signature: (text: string, key: string) => string;
}

export interface SignedRequest {
  /** What its signature should be made of. */
  signing: Signing;
  /** What the client sent. */
  sent: {
    path: string;
    query: string;
    parameters: steps.Pair[];
    /** Of Authorization. */
    signedHeaders: string[];
    /** All names, in lower case, in the order of arrival. */
    headers: string[];
    bodyHash: string;
  };
}

const isDefined = (part: string | undefined): part is string => part !== undefined;

export function canonicalRequest({ method, path, query, headers, names, bodyHash, ends, lineBreak }: Signing): string {
  const parts = [method, path, query, headers, names, bodyHash].filter(isDefined);
  return (steps.joinLines(...parts) + ends.request).replaceAll("\n", lineBreak);
}

export function stringToSign(signing: Signing): string {
  const { algorithm, date, hash, ends, lineBreak } = signing;
  const parts = [algorithm, date, hash(canonicalRequest(signing))].filter(isDefined);
  return (steps.joinLines(...parts) + ends.text).replaceAll("\n", lineBreak);
}

export const signatureOf = (signing: Signing): string => signing.signature(stringToSign(signing), signing.key);

/** Nothing if its path cannot be decoded. */
export function readSigned(
  request: Received,
  { signedHeaders }: Authorization,
  { secretKey }: KeyCredentials,
): SignedRequest | undefined {
  const [, path = "", query = ""] = /^(?:[a-z][a-z\d+.-]*:\/\/[^/?#]*)?([^?#]*)\??([^#]*)/i.exec(request.target) ?? [];
  const readable = escapeBytes(path);
  if (!canDecode(readable)) return undefined;
  const parameters: steps.Pair[] = [...new URLSearchParams(escapeBytes(query))];
  const names = signedHeaders.split(";");
  const headers = names.map((name) => steps.canonicalHeader([name, textOf(headerOf(request, name) ?? "")]));
  const sorted = steps.sorted(headers);
  const signing: Signing = {
    method: request.method,
    path: steps.canonicalPath(readable),
    query: steps.writeQuery(steps.sorted([...parameters])),
    headers: steps.writeHeaders(sorted),
    names: steps.namesOf(sorted),
    bodyHash: declaredHash(request) ?? request.bodyHash,
    algorithm: steps.algorithm,
    date: headerOf(request, "x-sdk-date"),
    hash: sha256,
    ends: { request: "", text: "" },
    lineBreak: "\n",
    key: secretKey,
    signature: hmac,
  };
  return {
    signing,
    sent: {
      path: textOf(path),
      query: textOf(query),
      parameters,
      signedHeaders: names,
      headers: Object.keys(request.headers),
      bodyHash: request.bodyHash,
    },
  };
}

// Node's own hashes take a tenth of the time: a thousand signatures are made to find a mistake.
export const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");
const hmac = (text: string, key: string) => createHmac("sha256", key).update(text).digest("hex");

/** @param name in any spelling */
export function headerOf({ headers }: Pick<Received, "headers">, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return typeof value === "string" ? value : value?.join(", ");
}

/** A client that does not hash the body, or not again, says so: Huawei Cloud's own SDKs do for all that is not JSON. */
export const unsigned = "UNSIGNED-PAYLOAD";

/** What the client says of the body, which then stands in the place of its hash. */
export const declaredHash = (request: Received): string | undefined =>
  headerOf(request, "x-sdk-content-sha256") || undefined;

/** Node gives a character for each byte. */
const escapeBytes = (text: string) =>
  text.replace(/[^\0-\x7f]/g, (char) => `%${(char.charCodeAt(0) % 256).toString(16).toUpperCase()}`);

/** Bytes that are UTF-8 are read as such. */
function textOf(value: string): string {
  const text = Buffer.from(value, "latin1").toString();
  return text.includes("\ufffd") ? value : text;
}

function canDecode(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}
