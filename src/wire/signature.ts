// Huawei Cloud's signature SDK-HMAC-SHA256. The algorithm is described on the page "AK/SK signing and authentication" of
// Huawei Cloud's API gateway. WebCrypto would hash as well, in ten times the time, and only where a page is a secure context.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** A request without a body, as the signature sees it. */
export interface SignedRequest {
  method: string;
  url: URL;
  /** Headers to sign, besides `x-sdk-date`. */
  headers: Record<string, string>;
}

export interface SigningKey {
  accessKey: string;
  secretKey: string;
}

const algorithm = "SDK-HMAC-SHA256";
const encoder = new TextEncoder();

/** The headers of a GET request that is signed with such keys. */
export function signedHeaders(
  key: SigningKey & { securityToken?: string | undefined },
  address: string,
  projectId: string,
  time: Date,
): Record<string, string> {
  const url = new URL(address);
  const headers: Record<string, string> = { "x-project-id": projectId };
  if (key.securityToken) headers["x-security-token"] = key.securityToken;
  // fetch sends Host by itself, and lets nobody else do it.
  return { ...headers, ...sign({ method: "GET", url, headers: { ...headers, host: url.host } }, key, time) };
}

/** The headers that prove who sends the request, at that time. They hold for 15 minutes. */
export function sign(
  request: SignedRequest,
  { accessKey, secretKey }: SigningKey,
  time: Date,
): { "x-sdk-date": string; authorization: string } {
  const date = time.toISOString().replace(/[-:]|\.\d+/g, "");
  const headers = Object.entries({ ...request.headers, "x-sdk-date": date })
    .map(([name, value]): Pair => [name.toLowerCase(), value.trim()])
    .sort(byName);
  const signedHeaders = headers.map(([name]) => name).join(";");
  const stringToSign = `${algorithm}\n${date}\n${hashOf(canonicalRequest(request, headers, signedHeaders))}`;
  const signature = hex(hmac(sha256, encoder.encode(secretKey), encoder.encode(stringToSign)));
  return {
    "x-sdk-date": date,
    authorization: `${algorithm} Access=${accessKey}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

type Pair = [name: string, value: string];

function canonicalRequest({ method, url }: SignedRequest, headers: Pair[], signedHeaders: string): string {
  const lines = headers.map((header) => `${header.join(":")}\n`).join("");
  return [method, canonicalPath(url), canonicalQuery(url), lines, signedHeaders, hashOfNothing].join("\n");
}

/** It ends with a slash here, whether or not the path that is sent does. */
function canonicalPath({ pathname }: URL): string {
  const path = pathname.split("/").map(decodeURIComponent).map(encode).join("/");
  return path.replace(/\/?$/, "/");
}

function canonicalQuery({ searchParams }: URL): string {
  const pairs = [...searchParams].sort((a, b) => byName(a, b) || byText(a[1], b[1]));
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
}

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const byName = (a: Pair, b: Pair) => byText(a[0], b[0]);

/** Percent-encodes all but the unreserved characters of RFC 3986. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${hex(encoder.encode(char)).toUpperCase()}`);

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += (byte + 256).toString(16).slice(1);
  return text;
}

const hashOf = (text: string) => hex(sha256(encoder.encode(text)));

const hashOfNothing = hashOf("");
