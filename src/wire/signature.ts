// Signs a request with Huawei Cloud's signature SDK-HMAC-SHA256. WebCrypto would hash as well, in ten times the time, and only
// where a page is a secure context.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import * as steps from "./signature-algorithm.ts";

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
  { method, url, headers: given }: SignedRequest,
  { accessKey, secretKey }: SigningKey,
  time: Date,
): { "x-sdk-date": string; authorization: string } {
  const date = time.toISOString().replace(/[-:]|\.\d+/g, "");
  const headers = steps.sorted(Object.entries({ ...given, "x-sdk-date": date }).map(steps.canonicalHeader));
  const names = steps.namesOf(headers);
  const request = steps.joinLines(
    method,
    steps.canonicalPath(url.pathname),
    steps.writeQuery(steps.sorted([...url.searchParams])),
    steps.writeHeaders(headers),
    names,
    hashOf(""),
  );
  const text = steps.joinLines(steps.algorithm, date, hashOf(request));
  const signature = hex(hmac(sha256, encoder.encode(secretKey), encoder.encode(text)));
  return {
    "x-sdk-date": date,
    authorization: `${steps.algorithm} Access=${accessKey}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const hashOf = (text: string) => hex(sha256(encoder.encode(text)));

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += (byte + 256).toString(16).slice(1);
  return text;
}
