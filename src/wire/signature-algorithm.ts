// The steps of Huawei Cloud's signature SDK-HMAC-SHA256, as the page "AK/SK signing and authentication" of its API gateway
// describes them: who signs and who verifies take the same ones. WebCrypto would hash as well, in ten times the time, and
// only where a page is a secure context.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

export const algorithm = "SDK-HMAC-SHA256";
const encoder = new TextEncoder();

export type Pair = [name: string, value: string];

/**
 * Of the canonical request: method, path, query, headers, their names, and the hash of the body, each in its canonical form.
 * Of the string to sign: algorithm, date, and the hash of the canonical request.
 */
export const joinLines = (...lines: string[]) => lines.join("\n");

export const signatureOf = (text: string, secretKey: string) =>
  hex(hmac(sha256, encoder.encode(secretKey), encoder.encode(text)));

/** It ends with a slash here, whether or not the path that is sent does. */
export const canonicalPath = (path: string) =>
  path.split("/").map(decodeURIComponent).map(encode).join("/").replace(/\/?$/, "/");

/** In the order in which they are signed: by name, then value. */
export const sorted = (pairs: Pair[]) => pairs.sort(([a, c], [b, d]) => byText(a, b) || byText(c, d));

export const writeQuery = (query: Pair[]) => query.map((pair) => pair.map(encode).join("=")).join("&");

export const canonicalHeader = ([name, value]: Pair): Pair => [name.toLowerCase(), value.trim()];

export const writeHeaders = (headers: Pair[]) => headers.map((header) => `${header.join(":")}\n`).join("");

export const namesOf = (headers: Pair[]) => headers.map(([name]) => name).join(";");

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Percent-encodes all but the unreserved characters of RFC 3986. */
export const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${hex(encoder.encode(char)).toUpperCase()}`);

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += (byte + 256).toString(16).slice(1);
  return text;
}

export const hashOf = (text: string) => hex(sha256(encoder.encode(text)));
