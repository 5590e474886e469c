// The signature of a request as a server recomputes it: with Node's crypto, and without code of the client. test/package
// compares it with Huawei Cloud's own signer.

import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** @param names of the signed headers, in order @param headers by their names in lower case */
export function signatureOf(url: URL, names: string[], headers: IncomingHttpHeaders, secretKey: string): string {
  const path = url.pathname.split("/").map(decodeURIComponent).map(percent).join("/");
  const query = [...url.searchParams].map(([name, value]) => `${percent(name)}=${percent(value)}`).sort();
  const lines = names.map((name) => `${name}:${String(headers[name]).trim()}\n`).join("");
  const request = ["GET", path.replace(/\/?$/, "/"), query.join("&"), lines, names.join(";"), sha256("")].join("\n");
  const stringToSign = ["SDK-HMAC-SHA256", headers["x-sdk-date"], sha256(request)].join("\n");
  return createHmac("sha256", secretKey).update(stringToSign).digest("hex");
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const percent = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
