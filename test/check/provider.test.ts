// The report of a provider check, and the source of each rule.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { facts } from "../../generated/facts.ts";
import { parsePointer } from "../../scripts/pointer.ts";
import { repository } from "../../scripts/repository.ts";
import { toldFaults } from "../../src/check/engine/apply.ts";
import { checkProvider, type ProviderOptions } from "../../src/check/index.ts";
import { rules } from "../../src/check/provider/rules/index.ts";
import { reply, type Server, startServer } from "../client/server.ts";
import { known } from "../document.ts";
import { always, pages, startBroken, written } from "./broken.ts";
import { gallery } from "./gallery/index.ts";
import { everyStatus, instanceId, projectId, serve, service, token } from "./service.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer(serve(service({ records: everyStatus })));
});
afterAll(() => server[Symbol.asyncDispose]());

const check = (options: Partial<ProviderOptions> = {}) =>
  checkProvider({ server: server.url, projectId, instanceId, credentials: { token }, ...options });

describe("a report", () => {
  const broken = async (start: Parameters<typeof startBroken>[0]["start"], options: Partial<ProviderOptions> = {}) => {
    await using server = await startBroken({ name: "", meant: [], outcome: "departs", start, ...options });
    return await check({ server: server.url, ...options });
  };

  it.each([
    ["the certificate is self-signed", true],
    ["nothing listens on the port", false],
  ])("says how to trust a certificate only if that is the problem: %s", async (name, isWrong) => {
    const entry = gallery.find((other) => other.name === name);
    if (!entry) throw new Error("The gallery has no such server");
    const { findings } = await broken(entry.start);
    expect(findings.map(({ message }) => message.includes("NODE_EXTRA_CA_CERTS"))).toEqual([isWrong]);
  });

  it("shows for a fault the request, the value found, what the contract says, and where", async () => {
    const start = pages((body) => ({ ...body, backup_record_response: [{ size: "1" }] }));
    const { findings } = await broken(start, { only: ["page-schema", "first-page"] });
    expect(findings[1]).toEqual({
      rule: "page-schema",
      severity: "error",
      probe: "first-page",
      request: expect.stringMatching(/^GET http:\/\/127\.0\.0\.1:\d+\/v2\/.*\/backups\?limit=1$/),
      message: "size should be integer",
      pointer: "/backup_record_response/0/size",
      expected: "integer",
      actual: '"1"',
      source: facts["record.size"].says,
      contract: { pointer: facts["record.size"].pointer, line: facts["record.size"].line },
    });
  });

  it.each([
    [
      "an hour ahead",
      -60,
      { accessKey: "AK", secretKey: "SK" },
      ". Set the clock: it is 60 minutes ahead of the server's",
    ],
    [
      "20 minutes behind",
      20,
      { accessKey: "AK", secretKey: "SK" },
      ". Set the clock: it is 20 minutes behind the server's",
    ],
    ["right", 0, { accessKey: "AK", secretKey: "SK" }, "of this instance"],
    ["wrong, but nothing is signed", 60, { token }, "of this instance"],
    ["unknown", Number.NaN, { accessKey: "AK", secretKey: "SK" }, "of this instance"],
  ])("names the clock if a signature is rejected and the clock is %s", async (_, minutes, credentials, told) => {
    const date = Number.isNaN(minutes) ? "now" : new Date(Date.now() + minutes * 60_000).toUTCString();
    await using server = await startServer(reply(401, { error_code: "APIGW.0301" }, { date }));
    const { findings } = await check({ server: server.url, credentials });
    expect(findings.map(({ rule }) => rule)).toEqual(["credentials"]);
    expect(findings[0]?.message).toContain(told);
    expect(findings[0]?.message.includes("clock")).toBe(told.includes("clock"));
  });

  it("says what to do if a proxy that needs no tunnel wants credentials", async () => {
    await using server = await startServer(reply(407, {}));
    const { findings, outcome } = await check({ server: server.url });
    expect(outcome).toBe("could-not-run");
    expect(findings.map(({ rule }) => rule)).toEqual(["reachable"]);
    expect(findings[0]?.message).toContain("407: a proxy may need credentials, in HTTP_PROXY or HTTPS_PROXY");
  });

  it("says what to do if the server does not speak TLS", async () => {
    const { findings } = await check({ server: server.url.replace("http:", "https:") });
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      ["reachable", "wrong version number (ERR_SSL_WRONG_VERSION_NUMBER); the server may speak http:// at that port"],
    ]);
  });

  const onlyHttp2 = "The server speaks only HTTP/2, which this check does not";
  const onlyTls = "The server speaks TLS at that port: its URL begins with https://";
  const notHttp = (protocol: string) =>
    `The server speaks ${protocol}, and not HTTP: check the host and port of its URL`;

  it.each([
    ["it speaks only HTTP/2", onlyHttp2],
    ["it speaks only HTTP/2, over TLS", onlyHttp2],
    ["it speaks only HTTP/2, and hangs up without a word", onlyHttp2],
    ["it hangs up in the words of HTTP/2", onlyHttp2],
    ["it wants another version of HTTP", "HTTP 505: the server takes no HTTP/1.1; this check speaks nothing else"],
    [
      "it wants an upgrade to HTTP/2",
      "HTTP 426: the server takes no HTTP/1.1, and wants h2c; this check speaks nothing else",
    ],
    ["it speaks TLS, and was asked without", onlyTls],
    ["it speaks HTTP/2 over TLS, and was asked without", onlyTls],
    ["it speaks TLS, and explains that in plain HTTP", onlyTls],
    ["it refuses what is no TLS with an alert", onlyTls],
    ["it is a mail server", notHttp("SMTP or FTP")],
    ["it is an SSH server", notHttp("SSH")],
    ["it is an IMAP server", notHttp("IMAP")],
    ["it is a MySQL server", notHttp("MySQL")],
    ["it is a message broker", notHttp("AMQP")],
    ["it is the Redis instance itself", notHttp("Redis or POP3")],
  ])("says what a server speaks that this check does not: %s", async (name, message) => {
    const entry = gallery.find((other) => other.name === name);
    if (!entry) throw new Error("The gallery has no such server");
    const { findings } = await broken(entry.start);
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([["reachable", message]]);
  });

  it("lists every wrong field of a record, even around an unknown enumeration value", async () => {
    const start = pages((body) => ({
      ...body,
      backup_record_response: [{ backup_id: 1, backup_type: "weekly", remark: 1 }],
    }));
    const { findings } = await broken(start, { only: ["page-schema", "first-page"] });
    const ofPage = findings.filter(({ probe }) => probe === "first-page").map(({ message }) => message);
    expect(ofPage).toEqual(["backup_id should be string", "remark should be string"]);
  });

  it("warns of each null that the contract has no place for, says that such were seen, and stays an error for others", async () => {
    const start = pages((body) => ({
      ...body,
      backup_record_response: [{ period: null, remark: null, more: null }, null, { size: null }],
    }));
    const { findings } = await broken(start, { only: ["null-fields", "page-schema", "list"] });
    const seen = "and its type has no null. Open Telekom Cloud, which has the same call, was seen to send such nulls";
    const warning = { rule: "null-fields", severity: "warning", actual: "null" };
    expect(findings).toMatchObject([
      { rule: "page-schema", severity: "error", pointer: "/backup_record_response/1", actual: "null" },
      {
        ...warning,
        pointer: "/backup_record_response/0/remark",
        message: `remark is null, ${seen}`,
        expected: "string",
      },
      { ...warning, pointer: "/backup_record_response/2/size", message: `size is null, ${seen}`, expected: "integer" },
    ]);
    expect(findings[2]?.contract?.pointer).toBe(facts["record.size"].pointer);
  });

  it("has its head, and the results of the rules in their order", async () => {
    const before = Date.now();
    const report = await check();
    const { ok, outcome, side, contractVersion, startedAt, durationMs, summary } = report;
    expect({ ok, outcome, side, server: report.server }).toEqual({
      ok: true,
      outcome: "conforms",
      side: "provider",
      server: server.url,
    });
    expect(contractVersion).toBe(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")).version);
    expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(before);
    expect(Number.isInteger(durationMs) && durationMs >= 0).toBe(true);
    expect(summary).toEqual({ passed: rules.length, failed: 0, warned: 0, skipped: 0 });
    expect(report.rules).toEqual(rules.map(({ id, title }) => ({ id, title, result: "passed" })));
  });

  it("says precisely what is expected", async () => {
    const total = await broken(pages((body) => ({ ...body, total_num: 0 })));
    expect(total.findings.map(({ probe, expected }) => [probe, expected])).toEqual([
      ["list", "6 or more"],
      ["first-page", "1, or 0 as in the unfiltered list"],
      ["second-page", "2, or 0 as in the unfiltered list"],
      ["window", "1 or more"],
    ]);
    const mark = await broken(written((text) => `\ufeff${text}`));
    expect(mark.findings[0]?.message).toBe("The body is not JSON: it begins with a byte order mark");
    const refusal = await broken(always({ status: 403, body: { error_code: "DCS.2003", error_msg: "No permission" } }));
    expect(refusal.findings[0]?.actual).toBe(
      '{"status":403,"body":{"error_code":"DCS.2003","error_msg":"No permission"}}',
    );
  });

  it("blames a change of the list for a wrong total only if it did not request the list again", async () => {
    const pagesInAll = pages((body, query) => ({ ...body, total_num: Number(query.get("limit") ?? 10) === 1 ? 5 : 6 }));
    const messages = async (skip: string[]) => {
      const { findings } = await broken(pagesInAll, { skip: ["page-past-the-end", ...skip] });
      return findings.map(({ rule, probe, message }) => `${rule} ${probe}: ${message}`);
    };
    const odd = "total first-page: total_num counts neither this page nor all pages";
    expect(await messages([])).toEqual([odd]);
    expect(await messages(["list-again"])).toEqual([`${odd}, or the list changed meanwhile`]);
  });

  it("with only warnings is not ok if warnings fail the check", async () => {
    const start = pages((body) => ({ ...body, total_num: 0 }));
    expect(await broken(start)).toMatchObject({ ok: true, outcome: "conforms", summary: { warned: 1, failed: 0 } });
    expect(await broken(start, { failOn: "warning" })).toMatchObject({ ok: false, outcome: "departs" });
  });

  it("lists a few faults of a kind in each response, and counts the others", async () => {
    const records = Array.from({ length: 1000 }, () => ({ size: "1", progress: "1%" }));
    const { findings } = await broken(
      pages((body) => ({ ...body, total_num: 1000, backup_record_response: records })),
      { only: ["page-schema", "progress", "page-past-the-end"] },
    );
    const ofList = findings.filter(({ probe, rule }) => probe === "list" && rule === "page-schema");
    expect(ofList).toHaveLength(toldFaults + 1);
    expect(ofList.map(({ pointer }) => pointer)).toEqual(
      [...Array(toldFaults).keys()]
        .map((index) => `/backup_record_response/${index}/size`)
        .concat([undefined as never]),
    );
    expect(ofList.at(-1)?.message).toBe(`${1000 - toldFaults} more of this kind in the same response`);
    expect(findings).toHaveLength(4 * (toldFaults + 1));
  });

  it("prints no control characters", async () => {
    const evil = "\u001b[2J\u009b31m\u202e\r\n\u2028\u0000";
    const start = pages((body) => ({
      ...body,
      [evil]: evil,
      total_num: evil,
      backup_record_response: [
        { [evil]: evil, size: evil, created_at: `2030-01-01 (${evil})`, updated_at: "2020-01-01" },
        evil,
      ],
    }));
    const report = await broken(start);
    const texts = report.findings.flatMap(({ message, pointer = "", expected = "", actual = "" }) => [
      message,
      pointer,
      expected,
      actual,
    ]);
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter((text) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text))).toEqual([]);
  });

  it("has one fault for a value that violates a format in two ways", async () => {
    const { findings } = await broken(
      pages((body) => ({ ...body, backup_record_response: [{ created_at: "x" }, { size: 1e19 }] })),
      { only: ["list", "page-schema"] },
    );
    expect(findings.map(({ pointer, expected }) => [pointer, expected])).toEqual([
      ["/backup_record_response/0/created_at", "date-time"],
      ["/backup_record_response/1/size", "int64"],
    ]);
  });

  it("points at a field whose name needs escapes in a pointer", async () => {
    const { findings } = await broken(
      pages((body) => ({ ...body, "a/b~c": 1 })),
      { only: ["list", "known-fields"] },
    );
    expect(findings.map(({ pointer }) => pointer)).toEqual(["/a~1b~0c"]);
  });

  it("objects to a record only if it ended before the time window or began after it", async () => {
    const window = { begin: "20260102000000", end: "20260103000000" };
    for (const [created_at, updated_at, found] of [
      ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", 0],
      ["2026-01-01T00:00:00Z", "2026-01-01T23:59:59Z", 1],
      ["2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z", 0],
      ["2026-01-03T00:00:01Z", "2026-01-04T00:00:00Z", 1],
    ] as const) {
      await using server = await startServer(
        reply(200, { total_num: 1, backup_record_response: [{ created_at, updated_at }] }),
      );
      const { findings } = await check({ server: server.url, ...window, only: ["window", "time-window"] });
      expect(findings, created_at + updated_at).toHaveLength(found);
    }
  });

  it("objects to no record for an invalid time window, only to its acceptance", async () => {
    const records = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"].map((created_at) => ({ created_at }));
    await using server = await startServer(reply(200, { total_num: 2, backup_record_response: records }));
    const only = ["refused", "time-window", "window-applied", "month-13", "time-too-short", "empty-window"];
    const { findings } = await check({ server: server.url, only });
    const probesOf = (id: string) => new Set(findings.filter(({ rule }) => rule === id).map(({ probe }) => probe));
    expect(probesOf("time-window")).toEqual(new Set(["window"]));
    expect(probesOf("window-applied")).toEqual(new Set(["empty-window"]));
    expect(probesOf("refused")).toEqual(new Set(["time-too-short", "month-13"]));
  });

  it("finds a body too large from the first byte beyond maxBodyBytes", async () => {
    const body = '{"total_num":0,"backup_record_response":[]}';
    await using server = await startServer(reply(200, body));
    const options = { server: server.url, only: ["list", "body-size"] };
    expect((await check({ ...options, maxBodyBytes: body.length })).findings).toEqual([]);
    const { findings } = await check({ ...options, maxBodyBytes: body.length - 1 });
    expect(findings.map(({ message }) => message)).toEqual([`The body has more than ${body.length - 1} bytes`]);
  });

  it.each([
    "s3cr/t-word",
    '{"token": s3cr/t-word }',
    '{"token": "s3cr/t-word" "',
    `[${"1,".repeat(99)}"s3cr/t-word";]`,
  ])("says why a body is not JSON, and quotes nothing of it there, which may be half a secret: %s", async (body) => {
    await using server = await startServer(reply(200, body));
    const { findings } = await check({ server: server.url, only: ["list", "json"] });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toMatch(/^The body is not JSON: \w[^"]*$/);
    expect(findings[0]?.message).not.toMatch(/s3cr|word/);
  });

  it("is short, however long the response is", async () => {
    const long = "x".repeat(100_000);
    const start = pages((body) => ({
      ...body,
      [long]: long,
      total_num: long,
      backup_record_response: [{ [long]: long, backup_id: [long], status: long, created_at: long }],
    }));
    const { findings } = await broken(start);
    expect(findings.length).toBeGreaterThan(0);
    for (const { message, pointer = "", expected = "", actual = "" } of findings) {
      expect(Math.max(message.length, pointer.length, expected.length)).toBeLessThanOrEqual(300);
      expect(actual.length).toBeLessThanOrEqual(120);
    }
  });
});

describe("the source of a rule is", () => {
  const openapi = JSON.parse(readFileSync(join(repository, "generated/openapi.json"), "utf8"));
  const lines = readFileSync(join(repository, "generated/openapi.yaml"), "utf8").split("\n");

  it.each(rules.map(({ id, source }) => ({ id, source })))("$source: $id", ({ id, source }) => {
    if (source === "the check itself") return expect(["deadline", "in-time", "judged"]).toContain(id);
    if (source.startsWith("RFC ")) return expect(source).toMatch(/^RFC \d{4}(, section \d+(\.\d+)*)?$/);
    expect(Object.keys(facts)).toContain(source);
    const { pointer, line } = facts[source as keyof typeof facts];
    expect(known(openapi, pointer.slice(1))).toBeDefined();
    const key = parsePointer(pointer.slice(1)).at(-1);
    expect(lines[line - 1]?.trim().replaceAll("'", "")).toMatch(new RegExp(`^${key}:`));
  });

  it("a place that exists, as for every other fact that a finding can name", () => {
    for (const { pointer } of Object.values(facts))
      expect(() => known(openapi, pointer.slice(1)), pointer).not.toThrow();
  });

  it("the place that every finding of the gallery names", async () => {
    const entry = gallery.find(({ name }) => name === "errors are problem+json");
    if (!entry) throw new Error("The gallery has no such server");
    await using server = await startBroken(entry);
    const { findings } = await check({ server: server.url });
    expect(findings.length).toBeGreaterThan(0);
    for (const { contract } of findings.filter(({ rule }) => rule === "media-type")) {
      expect(lines[(contract?.line ?? 0) - 1]).toBe("    BadRequest:");
    }
  });
});
