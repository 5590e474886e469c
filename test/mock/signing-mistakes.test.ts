// Each mistake in a signature is made here by hand, and the mock has to name it.

import { expect, it } from "vitest";
import type { Received } from "../../src/mock/received.ts";
import { readSigned } from "../../src/mock/signed-request.ts";
import { mistakesIn } from "../../src/mock/signing-mistakes.ts";
import { verify } from "../../src/mock/verify.ts";
import { hmac, received, sha256 } from "./arrived.ts";

const key = { accessKey: "ACCESS-KEY-1", secretKey: "the-secret-key-1" };
const date = "20240501T120000Z";

/** What a client signs, and how. */
interface Signer {
  method: string;
  path: string;
  query: string;
  lines: string;
  names: string;
  bodyHash: string;
  request: (signer: Signer) => string;
  text: (request: string) => string;
  signature: (text: string) => string;
  /** What it sends. */
  signedHeaders: string;
  headers: Received["headers"];
  body: string;
}

const target = "/v2/p/instances/i%20(1)%2f~/backups?tag=z&tag=a&name=b+c%2f*&limit=10&empty=";

const right: Signer = {
  method: "GET",
  path: "/v2/p/instances/i%20%281%29%2F~/backups/",
  query: "empty=&limit=10&name=b%20c%2F%2A&tag=a&tag=z",
  lines: `host:127.0.0.1:4010\nx-project-id:p\nx-sdk-date:${date}\n`,
  names: "host;x-project-id;x-sdk-date",
  bodyHash: sha256("the body"),
  request: ({ method, path, query, lines, names, bodyHash }) =>
    `${method}\n${path}\n${query}\n${lines}\n${names}\n${bodyHash}`,
  text: (request) => `SDK-HMAC-SHA256\n${date}\n${sha256(request)}`,
  signature: (text) => hmac(key.secretKey, text),
  signedHeaders: "host;x-project-id;x-sdk-date",
  headers: { "x-sdk-date": date, host: "127.0.0.1:4010", "x-project-id": "p" },
  body: "the body",
};

function send(change: Partial<Signer>): Received {
  const signer = { ...right, ...change };
  const signature = signer.signature(signer.text(signer.request(signer)));
  const authorization = `SDK-HMAC-SHA256 Access=${key.accessKey}, SignedHeaders=${signer.signedHeaders}, Signature=${signature}`;
  return received(target, { ...signer.headers, authorization }, { bodyHash: sha256(signer.body) });
}

/** The same client sends this, and makes no mistake. */
const twins: Record<string, Partial<Signer>> = {
  host: { lines: right.lines.replace(":4010", ""), headers: { ...right.headers, host: "127.0.0.1" } },
  "x-sdk-content-sha256": {
    lines: right.lines.replace("x-sdk-date", "x-sdk-content-sha256:UNSIGNED-PAYLOAD\nx-sdk-date"),
    names: "host;x-project-id;x-sdk-content-sha256;x-sdk-date",
    signedHeaders: "host;x-project-id;x-sdk-content-sha256;x-sdk-date",
    bodyHash: "UNSIGNED-PAYLOAD",
    headers: { ...right.headers, "x-sdk-content-sha256": "UNSIGNED-PAYLOAD" },
  },
};
const { host: withoutPort = {}, "x-sdk-content-sha256": undeclared = {} } = twins;

const capitals = (text: string) => text.replace(/\b(host|x-project-id|x-sdk-date)\b/g, (name) => spelled[name] ?? name);
const spelled: Record<string, string> = { host: "Host", "x-project-id": "X-Project-Id", "x-sdk-date": "X-Sdk-Date" };
const arrival = {
  lines: `x-sdk-date:${date}\nhost:127.0.0.1:4010\nx-project-id:p\n`,
  names: "x-sdk-date;host;x-project-id",
};
const listed = {
  lines: `x-project-id:p\nx-sdk-date:${date}\nhost:127.0.0.1:4010\n`,
  names: "x-project-id;x-sdk-date;host",
};
const algorithm = (name: string) => (request: string) => `${name}\n${date}\n${sha256(request)}`;

const mistakes: Record<string, Partial<Signer>> = {
  "the method in lower case": { method: "get" },
  "the path as it was sent, not encoded anew": { path: "/v2/p/instances/i%20(1)%2f~/backups/" },
  "the path not encoded": { path: "/v2/p/instances/i (1)/~/backups/" },
  "the path encoded twice": { path: "/v2/p/instances/i%2520%25281%2529%252F~/backups/" },
  "the slashes of the path encoded": { path: "%2Fv2%2Fp%2Finstances%2Fi%20%281%29%2F~%2Fbackups%2F" },
  "the path with !'()* not encoded": { path: "/v2/p/instances/i%20(1)%2F~/backups/" },
  "the path with %7E for ~": { path: "/v2/p/instances/i%20%281%29%2F%7E/backups/" },
  "the path with escapes in lower case": { path: "/v2/p/instances/i%20%281%29%2f~/backups/" },
  "the path without a slash at its end": { path: "/v2/p/instances/i%20%281%29%2F~/backups" },
  "only / as the path": { path: "/" },
  "the query left out": { query: "" },
  "the query not sorted": { query: "tag=z&tag=a&name=b%20c%2F%2A&limit=10&empty=" },
  "the query sorted by name, but not by value": { query: "empty=&limit=10&name=b%20c%2F%2A&tag=z&tag=a" },
  "only the last value of a repeated parameter": { query: "empty=&limit=10&name=b%20c%2F%2A&tag=a" },
  "only the first value of a repeated parameter": { query: "empty=&limit=10&name=b%20c%2F%2A&tag=z" },
  "the query as it was sent, not encoded anew": { query: "tag=z&tag=a&name=b+c%2f*&limit=10&empty=" },
  "%2B in the query where a space was sent, as +": { query: "empty=&limit=10&name=b%2Bc%2F%2A&tag=a&tag=z" },
  "the query not encoded": { query: "empty=&limit=10&name=b c/*&tag=a&tag=z" },
  "the query encoded twice": { query: "empty=&limit=10&name=b%2520c%252F%252A&tag=a&tag=z" },
  "the query with !'()* not encoded": { query: "empty=&limit=10&name=b%20c%2F*&tag=a&tag=z" },
  "the query with escapes in lower case": { query: "empty=&limit=10&name=b%20c%2f%2a&tag=a&tag=z" },
  "+ for a space in the query": { query: "empty=&limit=10&name=b+c%2F%2A&tag=a&tag=z" },
  "no = after a parameter without a value": { query: "empty&limit=10&name=b%20c%2F%2A&tag=a&tag=z" },
  "the parameters without a value left out": { query: "limit=10&name=b%20c%2F%2A&tag=a&tag=z" },
  "a ? before the query": { query: "?empty=&limit=10&name=b%20c%2F%2A&tag=a&tag=z" },
  "the headers not sorted, but in the order of Authorization": { ...listed, signedHeaders: listed.names },
  "the lines of the headers in the order of Authorization": { lines: listed.lines, signedHeaders: listed.names },
  "SignedHeaders in the order of Authorization": { names: listed.names, signedHeaders: listed.names },
  "the lines of the headers in the order in which they were sent": { lines: arrival.lines },
  "SignedHeaders in the order in which the headers were sent": { names: arrival.names },
  "the host without its port": { lines: right.lines.replace(":4010", "") },
  "the host with the port 80": { ...withoutPort, lines: right.lines.replace("4010", "80") },
  "the host with the port 443": { ...withoutPort, lines: right.lines.replace("4010", "443") },
  "the names of the headers not in lower case": { lines: capitals(right.lines), names: capitals(right.names) },
  "the names in the lines of the headers not in lower case": { lines: capitals(right.lines) },
  "SignedHeaders not in lower case": { names: capitals(right.names) },
  "commas in SignedHeaders, not semicolons": { names: "host,x-project-id,x-sdk-date" },
  "a space after the colon of each header": {
    lines: `host: 127.0.0.1:4010\nx-project-id: p\nx-sdk-date: ${date}\n`,
  },
  "the lines of the headers without the last line break": { lines: right.lines.slice(0, -1) },
  ...Object.fromEntries(
    Object.entries({ host: "127.0.0.1:4010", "x-project-id": "p", "x-sdk-date": date }).flatMap(([name, value]) => [
      [`the value of ${name} not trimmed: a space before it`, { lines: right.lines.replace(`${name}:`, `${name}: `) }],
      [`the value of ${name} not trimmed: a space after it`, { lines: right.lines.replace(`:${value}`, `:${value} `) }],
      [
        `the value of ${name} not trimmed: a space before and after it`,
        { lines: right.lines.replace(`${name}:${value}`, `${name}: ${value} `) },
      ],
      [`no line for ${name}`, { lines: right.lines.replace(`${name}:${value}\n`, "") }],
      [
        `${name} left out`,
        {
          lines: right.lines.replace(`${name}:${value}\n`, ""),
          names: right.names
            .split(";")
            .filter((other) => other !== name)
            .join(";"),
        },
      ],
    ]),
  ),
  "the hash of the body, not what X-Sdk-Content-Sha256 says": { ...undeclared, bodyHash: sha256("the body") },
  "the hash of nothing, not of the body": { bodyHash: sha256("") },
  "the hash of {}, not of the body": { bodyHash: sha256("{}") },
  "the hash of null, not of the body": { bodyHash: sha256("null") },
  'the hash of "", not of the body': { bodyHash: sha256('""') },
  "the hash of UNSIGNED-PAYLOAD, not of the body": { bodyHash: sha256("UNSIGNED-PAYLOAD") },
  "UNSIGNED-PAYLOAD in place of the hash of the body": { bodyHash: "UNSIGNED-PAYLOAD" },
  "nothing in place of the hash of the body": { bodyHash: "" },
  "the line of the hash of the body left out": { request: (signer) => right.request(signer).replace(/\n[^\n]*$/, "") },
  "the hash of the body in upper case": { bodyHash: sha256("the body").toUpperCase() },
  "HMAC-SHA256 in the string to sign": { text: algorithm("HMAC-SHA256") },
  "AWS4-HMAC-SHA256 in the string to sign": { text: algorithm("AWS4-HMAC-SHA256") },
  "V11-HMAC-SHA256 in the string to sign": { text: algorithm("V11-HMAC-SHA256") },
  "SDK-HMAC-SM3 in the string to sign": { text: algorithm("SDK-HMAC-SM3") },
  "sdk-hmac-sha256 in the string to sign": { text: algorithm("sdk-hmac-sha256") },
  "the string to sign without the algorithm": { text: (request) => `${date}\n${sha256(request)}` },
  "the string to sign without the date": { text: (request) => `SDK-HMAC-SHA256\n${sha256(request)}` },
  "only the day of X-Sdk-Date in the string to sign": {
    text: (request) => `SDK-HMAC-SHA256\n20240501\n${sha256(request)}`,
  },
  "the canonical request itself in the string to sign, not its hash": {
    text: (request) => `SDK-HMAC-SHA256\n${date}\n${request}`,
  },
  "the canonical request in place of the string to sign": { text: (request) => request },
  "the hash of the canonical request in upper case": {
    text: (request) => `SDK-HMAC-SHA256\n${date}\n${sha256(request).toUpperCase()}`,
  },
  "a line break at the end of the canonical request": { request: (signer) => `${right.request(signer)}\n` },
  "a line break at the end of the string to sign": { text: (request) => `${right.text(request)}\n` },
  "line breaks of two characters, CR and LF": {
    request: (signer) => right.request(signer).replaceAll("\n", "\r\n"),
    text: (request) => right.text(request).replaceAll("\n", "\r\n"),
  },
  "the access key in place of the secret key": { signature: (text) => hmac(key.accessKey, text) },
  "a line break after the secret key": { signature: (text) => hmac(`${key.secretKey}\n`, text) },
  "the secret key and the string to sign in each other's place": { signature: (text) => hmac(text, key.secretKey) },
  "the signature in upper case": { signature: (text) => hmac(key.secretKey, text).toUpperCase() },
  "the signature in Base64, not in hexadecimal digits": {
    signature: (text) => Buffer.from(hmac(key.secretKey, text), "hex").toString("base64"),
  },
};

it("accepts what is signed without a mistake", () => {
  for (const twin of [{}, ...Object.values(twins)]) expect(verify(send(twin), key)).toBeUndefined();
});

it.each(Object.entries(mistakes))("names %s", (told, mistake) => {
  expect(verify(send(mistake), key)?.reason).toBe(`The signature was made with ${told}`);
});

it.each<[string, string, Partial<Signer>]>([
  ["the path without a slash at its end", "the hash of {}, not of the body", {}],
  [
    "the path encoded twice",
    "the path without a slash at its end",
    { path: "/v2/p/instances/i%2520%25281%2529%252F~/backups" },
  ],
  ["the query not sorted", "+ for a space in the query", { query: "tag=z&tag=a&name=b+c%2F%2A&limit=10&empty=" }],
  [
    "the names of the headers not in lower case",
    "the lines of the headers without the last line break",
    { lines: capitals(right.lines).slice(0, -1), names: capitals(right.names) },
  ],
  ["the method in lower case", "the signature in upper case", {}],
  ["a line break at the end of the canonical request", "a line break at the end of the string to sign", {}],
])("names %s, and %s", (first, second, made) => {
  const request = send({ ...mistakes[first], ...mistakes[second], ...made });
  expect(verify(request, key)?.reason).toBe(`The signature was made with ${first}, and with ${second}`);
});

it("is tried with every mistake that the mock knows", () => {
  const authorization = { accessKey: "", signedHeaders: right.signedHeaders, signature: "" };
  const signed = readSigned(send({}), authorization, key);
  const known = signed && mistakesIn(signed, key.accessKey).map(({ told }) => told);
  // The request of these tests has no ~ in its query, and is a GET: those two are tried below.
  const others = ["GET as the method", "the query with %7E for ~"];
  expect(new Set(known)).toEqual(new Set([...Object.keys(mistakes), ...others]));
});

it("names headers in capitals as Authorization spells them", () => {
  const shouting = (text: string) => text.replace("host", "HOST");
  const told = (signer: Partial<Signer>) =>
    verify(send({ ...signer, signedHeaders: shouting(right.signedHeaders) }), key)?.reason;
  expect(told({ names: shouting(right.names) })).toMatch(/ with SignedHeaders not in lower case$/);
  expect(told({ names: shouting(right.names), lines: shouting(right.lines) })).toMatch(
    / with the names of the headers not in lower case$/,
  );
  expect(told({})).toBe("SignedHeaders in Authorization is not sorted and in lower case: what was signed is");
});

it("names GET as the method of a HEAD, and %7E for ~ in the query", () => {
  const request = (method: string, query: string) => ({ ...send({ query }), method });
  const ofHead = (signer: Partial<Signer>) => ({ ...send(signer), method: "HEAD" });
  expect(verify(ofHead({ method: "HEAD" }), key)).toBeUndefined();
  expect(verify(ofHead({}), key)?.reason).toBe("The signature was made with GET as the method");
  const ofTilde = (query: string) => ({ ...request("GET", query), target: target.replace(/[?].*/, "?name=~") });
  expect(verify(ofTilde("name=~"), key)).toBeUndefined();
  expect(verify(ofTilde("name=%7E"), key)?.reason).toBe("The signature was made with the query with %7E for ~");
});

it("names no mistake if three were made, or another secret key was taken", () => {
  const three = { method: "get", query: "", signature: (text: string) => hmac(key.secretKey, text).toUpperCase() };
  const other = { signature: (text: string) => hmac("the-secret-key-2", text) };
  for (const signer of [three, other]) {
    expect(verify(send(signer), key)?.reason).toMatch(/^The signature differs: the secret key is another one/);
  }
  expect(verify(send({ ...three, method: "GET" }), key)?.reason).toMatch(/ with the query left out, and with /);
});

it("names two mistakes of a request of a usual length, and one of a long one", () => {
  const told = (length: number, mistake: Partial<Signer>) => {
    const value = "p".repeat(length);
    const lines = right.lines.replace("x-project-id:p", `x-project-id:${value}`);
    return verify(send({ lines, headers: { ...right.headers, "x-project-id": value }, ...mistake }), key)?.reason;
  };
  const one = { method: "get" };
  const two = { ...one, bodyHash: sha256("{}") };
  expect(told(9000, {})).toBeUndefined();
  expect(told(7000, two)).toMatch(/ the method in lower case, and with the hash of {}/);
  expect(told(9000, one)).toMatch(/ the method in lower case$/);
  expect(told(9000, two)).toMatch(/^The signature differs/);
});
