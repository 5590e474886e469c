// No secret of a request gets into the report, in whatever form and place a server repeats it; nor to another host.

import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, it } from "vitest";
import { checkProvider } from "../../src/check/index.ts";
import type { Credentials } from "../../src/wire/credentials.ts";
import { hasSecret, redactor } from "../../src/wire/redact.ts";
import { reply, startServer } from "../client/server.ts";
import { everyStatus, instanceId, projectId, type Reply, send, serve, service } from "./service.ts";

const longToken = Array.from({ length: 4096 }, (_, index) => "AQz7/+k="[(index * index + (index >> 3)) % 8]).join("");
const apiKey = "gateway/key+0123456789==";
const basic = "dXNlcjpwYXNzd29yZC9+";
const headers = { "X-Api-Key": apiKey, "Proxy-Authorization": `Basic ${basic}` };

const credentials: [string, Credentials][] = [
  ["a token", { token: "MIIQ/token+0123456789/abcdef==" }],
  ["a token of 4 kB", { token: longToken }],
  ["a short token", { token: "s3cr/t" }],
  ["keys", { accessKey: "ACCESSKEY0123456789", secretKey: "secret-key/0123456789+=" }],
  [
    "temporary keys",
    {
      accessKey: "ACCESSKEY0123456789",
      secretKey: "secret-key/0123456789+=",
      securityToken: longToken.slice(100, 2000),
    },
  ],
];

/** The secrets of a request, as the server sees them. */
function carried(sent: IncomingHttpHeaders): string[] {
  const signature = sent.authorization?.match(/Signature=(\w+)/)?.[1];
  const values = [sent["x-auth-token"], sent["x-security-token"], signature, apiKey, basic];
  return values.filter((value): value is string => typeof value === "string");
}

const php = (text: string) => JSON.stringify(text).replaceAll("/", "\\/");
const ascii = (text: string) =>
  `"${Array.from(text, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`;
const html = (text: string) => text.replace(/[+/=]/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`);
const page = (record: object, more: object = {}) => ({ total_num: 1, backup_record_response: [record], ...more });
const ok = (body: unknown, more: Record<string, string> = {}): Reply => ({
  status: 200,
  headers: { "content-type": "application/json", ...more },
  body,
});
const refusal = (status: number, body: unknown, more: Record<string, string> = {}): Reply => ({
  ...ok(body, more),
  status,
});
const json = JSON.stringify;
/** The first part of a text that is cut off. */
const half = (text: string) => text.slice(0, Math.ceil(text.length * 0.7));

/** Ways to repeat a secret. */
const echoes: [string, (secret: string) => Reply][] = [
  [
    "in the value of a field",
    (secret) => ok(page({ remark: secret, size: secret, created_at: secret, status: secret })),
  ],
  [
    "in all values that rules quote",
    (secret) =>
      ok(page({ backup_id: secret, instance_id: secret, progress: secret, status: "failed", error_code: secret })),
  ],
  ["in the name of a field", (secret) => ok(page({ [secret]: 1 }, { [`a ${secret} b`]: [secret] }))],
  [
    "in the names and values of what has the wrong type",
    (secret) => ok(page({ size: { [secret]: [secret] }, period: [[secret]] })),
  ],
  ["in the only field name of a page", (secret) => ok({ [secret]: 1 })],
  [
    "in two times, one before the other",
    (secret) => ok(page({ created_at: `2030-01-01 (${secret})`, updated_at: `2020-01-01 (${secret})` })),
  ],
  [
    "in records that are not objects",
    (secret) => ok({ total_num: secret, backup_record_response: [secret, [secret]] }),
  ],
  ["as the whole body", (secret) => ok(json(secret))],
  ["as plain text", (secret) => ok(`unexpected ${secret}`)],
  ["in JSON that is cut behind it", (secret) => ok(`{"error_msg":"no such token: ${secret}"`)],
  ["in JSON that is cut within it", (secret) => ok(`{"error_msg":"no such token: ${half(secret)}`)],
  ["in JSON that escapes slashes and is cut within it", (secret) => ok(`{"error_msg":${half(php(secret))}`)],
  ["in JSON that escapes everything and is cut within it", (secret) => ok(`{"error_msg":${half(ascii(secret))}`)],
  ["in a URL in text", (secret) => ok(`see https://login.example/?token=${encodeURIComponent(secret)}`)],
  ["in HTML that escapes it", (secret) => ok(`<p>${html(secret)}</p>`, { "content-type": "text/html" })],
  ["in lower case", (secret) => ok(`no token ${secret.toLowerCase()}`)],
  ["in the Content-Type", (secret) => ok(page({}), { "content-type": `text/plain; token=${secret}` })],
  [
    "in other headers",
    (secret) => ok(page({}), { "set-cookie": `t=${secret}`, "x-debug": secret, etag: `"${secret}"` }),
  ],
  ["in the path of a redirect", (secret) => refusal(302, "", { location: `https://login.example/${secret}` })],
  ["in the path of a redirect, escaped", (secret) => refusal(302, "", { location: `/${encodeURIComponent(secret)}` })],
  [
    "in an error",
    (secret) => refusal(400, { error_code: secret, error_msg: [secret], error_ext_msg: { [secret]: 1 } }),
  ],
  ["in an error without fields", (secret) => refusal(500, { [secret]: secret })],
  [
    "in a rejection of the credentials",
    (secret) => refusal(401, { error_msg: `Incorrect IAM information: ${secret}` }),
  ],
  ["with an unusual status code", (secret) => refusal(418, secret)],
  ["in Retry-After", (secret) => refusal(429, {}, { "retry-after": `3600 ${secret}` })],
];

/** Usable pieces of secrets in a text, plain or encoded. */
function leaks(text: string, secrets: Iterable<string>): string[] {
  const unescaped = text.replace(/\\u00(..)|%(..)|&#x(..);/g, (_, ...hex) =>
    String.fromCharCode(Number.parseInt(hex[0] ?? hex[1] ?? hex[2], 16)),
  );
  const spelled = [text, unescaped, text.replaceAll("\\", ""), text.replaceAll("~1", "/")];
  const pieces = new Map<number, Set<string>>();
  for (const secret of secrets) {
    const length = Math.min(secret.length, 12);
    const ofLength = pieces.get(length) ?? new Set();
    pieces.set(length, ofLength);
    for (let at = 0; at + length <= secret.length; at += 1) ofLength.add(secret.slice(at, at + length).toLowerCase());
  }
  const found: string[] = [];
  for (const low of new Set(spelled.map((text) => text.toLowerCase()))) {
    for (const [length, ofLength] of pieces) {
      for (let at = 0; at + length <= low.length; at += 1) {
        const piece = low.slice(at, at + length);
        if (ofLength.has(piece)) found.push(piece);
      }
    }
  }
  return found;
}

describe.each(credentials)("with %s, a secret that is repeated", (_, credentials) => {
  it.each(echoes)("%s is found, and not printed", async (name, echo) => {
    const isWhole = !/cut within|lower case/.test(name);
    for (const choose of [([first = ""]: string[]) => first, (all: string[]) => all.join(" ")]) {
      const secrets = new Set<string>(Object.values(credentials));
      await using server = await startServer((request, response) => {
        const sent = carried(request.headers);
        for (const secret of sent) secrets.add(secret);
        send(response, echo(choose(sent)));
      });
      const deadlineMs = name.includes("Retry-After") ? 1900 : 60_000; // else it waits, not being told how long
      const options = { server: server.url, projectId, instanceId, credentials, headers, deadlineMs };
      const report = await checkProvider(options);
      expect(secrets.size).toBeGreaterThan(0);
      expect(leaks(json(report), secrets)).toEqual([]);
      expect(report.ok).toBe(false);
      if (isWhole) expect(report.findings.map(({ rule }) => rule)).toContain("secret-echo");
    }
  });
});

it.each(["Basic", "Api-Key"])(
  "the credentials of a gateway are found without the name of their scheme: %s",
  async (scheme) => {
    const conforming = service({ records: [{ remark: basic }], credentials: { token: "a-token" } });
    await using server = await startServer(serve(conforming));
    const options = { server: server.url, projectId, instanceId, credentials: { token: "a-token" } };
    expect((await checkProvider(options)).findings).toEqual([]);
    const headers = { "Proxy-Authorization": `${scheme} ${basic}` };
    const { findings } = await checkProvider({ ...options, headers });
    expect(findings.map(({ rule }) => rule)).toContain("secret-echo");
  },
);

describe("not a secret", () => {
  it.each<[string, Record<string, string>]>([
    ["is an ID that is also in the URL", { "X-Instance-Id": instanceId }],
    ["is a value of a few characters", { "X-Stage": "auto" }],
  ])("%s", async (_, headers) => {
    await using server = await startServer(serve(service({ records: everyStatus, credentials: { token: "a-token" } })));
    const options = { server: server.url, projectId, instanceId, credentials: { token: "a-token" }, headers };
    expect((await checkProvider(options)).findings).toEqual([]);
  });

  it("is a header that servers repeat by design; a header with a key is one", async () => {
    const repeated = ["X-Request-Id", "X-Gateway-Key"];
    await using server = await startServer((request, response) => {
      for (const name of repeated) response.setHeader(name, request.headers[name.toLowerCase()] ?? "");
      serve(service({ records: everyStatus, credentials: { token: "a-token" } }))(request, response);
    });
    const check = async (headers: Record<string, string>) => {
      const options = { server: server.url, projectId, instanceId, credentials: { token: "a-token" }, headers };
      return (await checkProvider(options)).findings.map(({ rule }) => rule);
    };
    expect(await check({ "X-Request-Id": "run-20261123-01" })).toEqual([]);
    expect(new Set(await check({ "X-Gateway-Key": "run-20261123-01" }))).toEqual(new Set(["secret-echo"]));
  });

  it("is an access key: it is not printed, but an error may repeat it", async () => {
    const accessKey = "ACCESSKEY0123456789";
    await using server = await startServer(
      reply(401, { error_code: "APIGW.0301", error_msg: `no such key: ${accessKey}` }),
    );
    const credentials = { accessKey, secretKey: "secret-key" };
    const { findings, outcome } = await checkProvider({ server: server.url, projectId, instanceId, credentials });
    expect(findings.map(({ rule }) => rule)).toEqual(["credentials"]);
    expect(findings[0]?.actual).toContain("no such key: ***");
    expect(outcome).toBe("could-not-run");
  });
});

it.each([301, 302, 303, 307, 308])("no request goes where a redirect with status %i leads", async (status) => {
  await using other = await startServer(serve(service({ records: everyStatus, credentials: { token: "a-token" } })));
  await using server = await startServer((request, response) =>
    send(response, { status, headers: { location: `${other.url}${request.url}?ticket=of-a-session` }, body: "" }),
  );
  const credentials = { token: "a-token" };
  const report = await checkProvider({ server: server.url, projectId, instanceId, credentials });
  expect(report.findings).toMatchObject([{ rule: "no-redirect", probe: "list" }]);
  expect(JSON.stringify(report)).not.toContain("of-a-session");
  expect(server.received).toHaveLength(1);
  expect(other.received).toEqual([]);
});

describe("hiding", () => {
  const hide = redactor(["0123456789abcdef", "tiny-1"]);

  it.each([
    ["a secret", "a 0123456789abcdef b", "a *** b"],
    ["two that touch", "0123456789abcdef0123456789ABCDEF", "***"],
    ["a dozen characters of a long one", "a 456789abcdef b", "a *** b"],
    ["its middle", "x23456789abcde.", "x***."],
    ["a short one", "<tiny-1>", "<***>"],
    ["one with escapes", "%30\\u003123456789abcdef&#x21;", "***!"],
  ])("%s", (_, text, hidden) => expect(hide(text)).toBe(hidden));

  it.each([
    ["fewer characters", "a 56789abcdef 0"],
    ["part of a short one", "<tiny-> X-Auth-Token"],
    ["escapes of something else", "100 % \\u00e9 &amp; ~1 %zz"],
  ])("leaves %s as it is", (_, text) => expect(hide(text)).toBe(text));

  it("recognises a secret by its start, since long ones are cut", () => {
    expect(hasSecret(`… ${longToken.slice(0, 64)}`, [longToken])).toBe(true);
    expect(hasSecret(`… ${longToken.slice(0, 63)}`, [longToken])).toBe(false);
  });
});
