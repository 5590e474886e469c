// The verification of credentials with whatever may arrive: all that is signed is accepted, nothing else is, nothing makes it
// fail, and it says nothing of a secret.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Received } from "../../src/mock/received.ts";
import { verify } from "../../src/mock/verify.ts";
import type { KeyCredentials } from "../../src/wire/credentials.ts";
import { signedHeaders } from "../../src/wire/signature.ts";
import { at, hmac, received, sha256 } from "./arrived.ts";

const visible = fc.stringMatching(/^[!-~]{1,20}$/);
const text = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }).filter((text) => text.isWellFormed()),
);
const key = fc.record({
  accessKey: fc.stringMatching(/^[A-Z0-9]{12,20}$/),
  secretKey: fc.stringMatching(/^[!-~]{12,40}$/),
  securityToken: fc.option(fc.stringMatching(/^[!-~]{12,40}$/), { nil: undefined }),
});
const address = fc
  .record({
    segments: fc.array(
      text.filter((text) => !/^\.{0,2}$/.test(text)),
      { maxLength: 4 },
    ),
    query: fc.array(fc.tuple(text, text), { maxLength: 4 }),
    isForm: fc.boolean(),
  })
  .map(({ segments, query, isForm }) => {
    const url = new URL(`http://127.0.0.1:4010/${segments.map(encodeURIComponent).join("/")}`);
    const search = new URLSearchParams(query).toString();
    url.search = isForm ? search : search.replaceAll("+", "%20");
    return url;
  });

/** What the client of this package sends. */
function send(url: URL, key: KeyCredentials, projectId: string): Received {
  const headers = { host: url.host, accept: "application/json", ...signedHeaders(key, url.href, projectId, at) };
  return received(url.pathname + url.search, headers);
}

const request = fc.record({ url: address, key, projectId: visible });

describe("a signature", () => {
  it("of the client is accepted for every request", () => {
    fc.assert(
      fc.property(request, ({ url, key, projectId }) => {
        const request = send(url, key, projectId);
        expect(verify(request, key)).toBeUndefined();
        expect(verify({ ...request, target: `http://other.example${request.target}` }, key)).toBeUndefined();
        expect(verify({ ...request, headers: { ...request.headers, accept: "*/*" } }, key)).toBeUndefined();
      }),
      { seed: 20221109, numRuns: 200 },
    );
  });

  it("is refused as soon as one byte of what it covers is another one", () => {
    const places = ["target", "authorization", "host", "x-project-id", "x-sdk-date", "x-security-token"] as const;
    const change = fc.record({ place: fc.constantFrom(...places), part: fc.nat(), byte: fc.stringMatching(/^[\w-]$/) });
    let changed = 0;
    fc.assert(
      fc.property(request, change, ({ url, key, projectId }, { place, part, byte }) => {
        const request = send(url, key, projectId);
        const before = String(place === "target" ? request.target : (request.headers[place] ?? ""));
        const index = part % (before.length || 1);
        // Escapes are the same in lower case and in capitals, and so is a path without its first slash no path.
        const isSame = before[index]?.toLowerCase() === byte.toLowerCase() || (place === "target" && index === 0);
        fc.pre(before !== "" && !isSame);
        const after = before.slice(0, index) + byte + before.slice(index + 1);
        const other = place === "target" ? { target: after } : { headers: { ...request.headers, [place]: after } };
        changed += 1;
        expect(verify({ ...request, ...other }, key)?.reason).toEqual(expect.any(String));
      }),
      { seed: 20221109, numRuns: 120 },
    );
    expect(changed).toBeGreaterThan(80);
  });

  it("is refused with another body, method or secret key", () => {
    fc.assert(
      fc.property(request, ({ url, key, projectId }) => {
        const request = send(url, key, projectId);
        expect(verify({ ...request, bodyHash: sha256("{}") }, key)?.reason).toMatch(
          /the hash of nothing, not of the body/,
        );
        expect(verify({ ...request, method: "POST" }, key)?.reason).toMatch(/GET as the method/);
        expect(verify(request, { ...key, secretKey: `${key.secretKey}.` })?.reason).toMatch(/^The signature differs/);
      }),
      { seed: 20221109, numRuns: 20 },
    );
  });

  it("is hashed as the bytes that arrive, whatever they are", () => {
    const key = { accessKey: "ACCESS-KEY-1", secretKey: "the-secret-key-1" };
    const signature = (path: string, value: string | Buffer) => {
      const names = "x-name;x-sdk-date";
      const lines = Buffer.concat([
        Buffer.from(`GET\n${path}\n\nx-name:`),
        Buffer.from(value),
        Buffer.from(`\nx-sdk-date:20240501T120000Z\n\n${names}\n${sha256("")}`),
      ]);
      const text = `SDK-HMAC-SHA256\n20240501T120000Z\n${sha256(lines)}`;
      return `SDK-HMAC-SHA256 Access=ACCESS-KEY-1, SignedHeaders=${names}, Signature=${hmac(key.secretKey, text)}`;
    };
    // Node gives a character for each byte.
    const arriving = (text: string) => Buffer.from(text).toString("latin1");
    const send = (target: string, value: string, authorization: string) =>
      received(target, { "x-name": value, "x-sdk-date": "20240501T120000Z", authorization });
    const authorization = signature("/%E4%B8%80/", "一");
    expect(verify(send(arriving("/一"), arriving("一"), authorization), key)).toBeUndefined();
    expect(verify(send("/%e4%b8%80", arriving("一"), authorization), key)).toBeUndefined();
    expect(verify(send("/%E4%B8%81", arriving("一"), authorization), key)).toBeDefined();
    expect(verify(send("/%E4%B8%80", arriving("丁"), authorization), key)).toBeDefined();
  });
});

describe("whatever arrives", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom("", "%", "%zz", "%ff", "=&=", "?", "*", "http://", "constructor", "__proto__", "a".repeat(10_000)),
  );
  const names = ["host", "x-sdk-date", "x-auth-token", "x-security-token", "x-sdk-content-sha256", "x-project-id"];
  const headers = fc.dictionary(fc.oneof(fc.constantFrom(...names), anything), anything);
  const date = fc.oneof({ weight: 9, arbitrary: fc.constant("20240501T120000Z") }, anything);
  const authorization = fc.oneof(
    anything,
    fc
      .tuple(
        fc.oneof({ weight: 9, arbitrary: fc.constant("AK") }, anything),
        fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, anything), { maxLength: 2 }),
        anything,
      )
      .map(([access, signed, signature]) => {
        const list = ["x-sdk-date", ...new Set(signed)].join(";");
        return `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=${list}, Signature=${signature}`;
      }),
  );
  const given = fc.record({ target: anything, method: anything, headers, date, authorization });

  it("is refused, and never makes the mock fail", () => {
    let signed = 0;
    fc.assert(
      fc.property(given, ({ target, method, headers, date, authorization }) => {
        const request = received(target, { ...headers, "x-sdk-date": date, authorization }, { method });
        const { reason, explanation } = verify(request, { accessKey: "AK", secretKey: "SK" }) ?? {};
        expect(reason).toMatch(/^.{10,500}$/u);
        expect(explanation?.join("")).not.toMatch(/\p{Cc}/u);
        if (explanation?.length) signed += 1;
        expect(verify(request, { token: "the-token-of-the-mock" })?.reason).toMatch(/^.{10,200}$/u);
      }),
      { seed: 20221109, numRuns: 1000 },
    );
    expect(signed).toBeGreaterThan(20);
    expect(verify(received("", {}), { accessKey: "AK", secretKey: "SK" })?.reason).toMatch(/^Authorization is missing/);
  });

  it.each([
    ["1000 headers, escapes and parameters", 1000, 1000],
    ["200 headers", 200, 0],
  ])("is answered soon: %s", (_what, headerCount, others) => {
    const names = Array.from({ length: headerCount }, (_, at) => `x-${at}`);
    const headers = Object.fromEntries(names.map((name) => [name, "value"]));
    const authorization = `SDK-HMAC-SHA256 Access=AK, SignedHeaders=${["x-sdk-date", ...names].join(";")}, Signature=0`;
    const query = Array.from({ length: others }, (_, at) => `b=${at}+%2f`).join("&");
    const target = `/${"%28".repeat(others)}?${query}`;
    const request = received(target, { ...headers, "x-sdk-date": "20240501T120000Z", authorization });
    const start = performance.now();
    const { reason } = verify(request, { accessKey: "AK", secretKey: "SK" }) ?? {};
    expect(reason).toMatch(/^The signature differs/);
    expect(performance.now() - start).toBeLessThan(2500);
  });
});

describe("a refusal", () => {
  it("has no secret, nor a piece of one, nor a signature", () => {
    const place = fc.constantFrom("path", "query", "x-project-id", "x-auth-token", "x-sdk-date", "names");
    const secret = fc.constantFrom("accessKey", "secretKey", "securityToken", "token");
    const signer = fc.constantFrom("right", "another secret key", "a mistake");
    const given = fc.record({
      keys: fc.record({
        accessKey: fc.stringMatching(/^[A-Z0-9]{20}$/),
        secretKey: fc.stringMatching(/^[a-zA-Z0-9]{40}$/),
        securityToken: fc.stringMatching(/^[a-zA-Z0-9]{60}$/),
        token: fc.stringMatching(/^[a-zA-Z0-9]{60}$/),
      }),
      place,
      secret,
      signer,
      isWhole: fc.boolean(),
    });
    let shown = 0;
    fc.assert(
      fc.property(given, ({ keys, place, secret, signer, isWhole }) => {
        const { token, ...key } = keys;
        const leaked = isWhole ? keys[secret] : keys[secret].slice(4, 18);
        const headers: Record<string, string> = {
          host: "h.example",
          "x-auth-token": token,
          "x-project-id": place === "x-project-id" ? leaked : "p",
          ...(place !== "names" && { "x-security-token": key.securityToken }),
          "x-sdk-date": place === "x-sdk-date" ? leaked : "20240501T120000Z",
        };
        const path = place === "path" ? `/${leaked}/` : "/v2/";
        const query = place === "query" ? `a=${leaked}` : "";
        const names = Object.keys(headers).join(";");
        const lines = Object.entries(headers).map((header) => `${header.join(":")}\n`);
        const method = signer === "a mistake" ? "get" : "GET";
        const canonical = [method, path, query, lines.join(""), names, sha256("")].join("\n");
        const toSign = `SDK-HMAC-SHA256\n${headers["x-sdk-date"]}\n${sha256(canonical)}`;
        const signature = hmac(signer === "another secret key" ? "other" : key.secretKey, toSign);
        const listed = place === "names" ? `${names};${leaked}` : names;
        const authorization = `SDK-HMAC-SHA256 Access=${key.accessKey}, SignedHeaders=${listed}, Signature=${signature}`;
        const request = received(path + (query && `?${query}`), { ...headers, authorization });
        const signatures = [signature, hmac(key.secretKey, toSign)];
        const secrets = [...Object.values(keys), ...signatures];
        const credentials = [key, { ...key, accessKey: "another-access-key" }, { token: `${token}.` }];
        for (const accepted of credentials) {
          const refusal = verify(request, accepted);
          const told = [refusal?.reason, ...(refusal?.explanation ?? [])].join("\n").toLowerCase();
          if (refusal?.explanation.length) shown += 1;
          for (const secret of secrets) {
            for (let at = 0; at + 12 <= secret.length; at += 1)
              expect(told).not.toContain(secret.slice(at, at + 12).toLowerCase());
          }
        }
      }),
      { seed: 20221109, numRuns: 60 },
    );
    expect(shown).toBeGreaterThan(12);
  });

  it("hides the values of secret headers, whatever they are, and no others", () => {
    const key = { accessKey: "AK", secretKey: "SK", securityToken: "ST" };
    const headers = {
      "x-auth-token": "1",
      "x-project-id": "1",
      "x-sdk-date": "20240501T120000Z",
      "x-security-token": "ST",
    };
    const authorization = `SDK-HMAC-SHA256 Access=AK, SignedHeaders=${Object.keys(headers).join(";")}, Signature=1`;
    const { explanation } = verify(received("/1", { ...headers, authorization }), key) ?? {};
    expect(explanation?.slice(1, 9)).toEqual([
      "| GET",
      "| /1/",
      "| ",
      "| x-auth-token:***",
      "| x-project-id:1",
      "| x-sdk-date:20240501T120000Z",
      "| x-security-token:***",
      "| ",
    ]);
  });
});
