// What is signed by Huawei Cloud's signature SDK-HMAC-SHA256, as the page "AK/SK signing and authentication" of its API gateway
// describes it: who signs and who verifies take the same steps. Each hashes in its own way.

export const algorithm = "SDK-HMAC-SHA256";

export type Pair = [name: string, value: string];

/**
 * Of the canonical request: method, path, query, headers, their names, and the hash of the body, each in its canonical form.
 * Of the string to sign: algorithm, date, and the hash of the canonical request.
 */
export const joinLines = (...lines: string[]) => lines.join("\n");

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
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
