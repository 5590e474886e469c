// The signature of a request as a server recomputes it from the wire: by Node's crypto, and with no code of the client. What it
// gives is held against Huawei Cloud's own signer in test/package.

import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** @param names of the headers that are signed, in order @param headers by their names in lower case */
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
