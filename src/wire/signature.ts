// Signs a request with Huawei Cloud's signature SDK-HMAC-SHA256.

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
    steps.hashOf(""),
  );
  const text = steps.joinLines(steps.algorithm, date, steps.hashOf(request));
  return {
    "x-sdk-date": date,
    authorization: `${steps.algorithm} Access=${accessKey}, SignedHeaders=${names}, Signature=${steps.signatureOf(text, secretKey)}`,
  };
}
