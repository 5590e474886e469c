// The rules on a consumer: each finds real invalid requests of real programs, and is silent on their valid twins.

import { tmpdir } from "node:os";
import { beforeAll, describe, expect, it } from "vitest";
import { consumerRules } from "../../src/check/consumer/rules/index.ts";
import { type ConsumerOptions, checkConsumer, type Report } from "../../src/check/index.ts";
import { check, node } from "./consumer.ts";

const resultOf = ({ rules }: Report, rule: string) => rules.find(({ id }) => id === rule)?.result;

describe("the rule", () => {
  // Each invalid request comes with a valid one that differs in one thing.
  const cases: [rule: string, wrong: string, right: string, message: string, source: string][] = [
    ["operation", `send(path, token, "POST")`, "send()", "The contract has no method POST", "section URI"],
    ["operation", `send(path, token, "DELETE")`, "send()", "The contract has no method DELETE", "section URI"],
    ["operation", `send(path.replace("v2", "v1"))`, "send()", "The contract has no such path", "section URI"],
    ["operation", `send("/" + path)`, "send()", "The contract has no such path: it has an extra slash", "section URI"],
    ["operation", `send(path + "/")`, "send()", "The contract has no such path: it has an extra slash", "section URI"],
    ["operation", `send("//")`, "send()", "The contract has no such path", "section URI"],
    [
      "operation",
      `raw("CONNECT dcs.example:443 HTTP/1.1\\r\\nHost: dcs.example\\r\\n\\r\\n")`,
      "send()",
      "The contract has no method CONNECT",
      "section URI",
    ],
    [
      "parameter",
      `send(path + "?offset=-1")`,
      `send(path + "?offset=0")`,
      "The query parameter offset must be >= 0",
      "table 2, line 4",
    ],
    [
      "parameter",
      `send(path + "?limit=ten")`,
      `send(path + "?limit=10")`,
      "The query parameter limit must be an integer in decimal digits",
      "table 2, line 3",
    ],
    [
      "parameter",
      `send(path + "?limit=2147483648")`,
      `send(path + "?limit=2147483647")`,
      "The query parameter limit must be from -2147483648 to 2147483647",
      "table 2, line 3",
    ],
    [
      "parameter",
      `send(path + "?limit=0x10")`,
      `send(path + "?limit=10")`,
      "The query parameter limit must be an integer in decimal digits",
      "table 2, line 3",
    ],
    [
      "parameter",
      `send(path + "?limit=1e1")`,
      `send(path + "?limit=10")`,
      "The query parameter limit must be an integer in decimal digits",
      "table 2, line 3",
    ],
    [
      "parameter",
      `send(path + "?limit=%2010")`,
      `send(path + "?limit=10")`,
      "The query parameter limit must be an integer in decimal digits",
      "table 2, line 3",
    ],
    [
      "parameter",
      `send(path + "?offset=010")`,
      `send(path + "?offset=0")`,
      "The query parameter offset must be an integer in decimal digits",
      "table 2, line 4",
    ],
    ["parameter", `send(path + "?limit=")`, `send(path)`, "The query parameter limit has no value", "table 2, line 3"],
    [
      "parameter",
      `send(path + "?end_time=")`,
      `send(path)`,
      "The query parameter end_time has no value",
      "table 2, line 2",
    ],
    [
      "parameter",
      `send(path + "?begin_time=20171318235959")`,
      `send(path + "?begin_time=20171218235959")`,
      "The query parameter begin_time must be a time in UTC, written yyyyMMddHHmmss",
      "table 2, line 1",
    ],
    [
      "parameter",
      `send("/v2//instances/my-instance/backups")`,
      "send()",
      "The path has no project_id",
      "table 1, line 2",
    ],
    [
      "unknown-parameter",
      `send(path + "?beginTime=20170718235959")`,
      `send(path + "?begin_time=20170718235959")`,
      "The contract has no query parameter beginTime: it has begin_time",
      "table 2, line 1",
    ],
    [
      "unknown-parameter",
      `send(path + "?limit[]=10")`,
      `send(path + "?limit=10")`,
      "The contract has no query parameter limit[]: it has limit",
      "table 2, line 3",
    ],
    [
      "unknown-parameter",
      `send(path + "?page=2")`,
      `send(path)`,
      "The contract has no query parameter page",
      "tables 1 and 2",
    ],
    [
      "unknown-parameter",
      `send(path + "?__code=500")`,
      `send(path, { ...token, Prefer: "code=500" })`,
      "The contract has no query parameter __code",
      "tables 1 and 2",
    ],
    [
      "repeated-parameter",
      `send(path + "?limit=10&limit=10")`,
      `send(path + "?limit=10")`,
      "The query parameter limit is given 2 times",
      "table 2, line 3",
    ],
    [
      "placeholder",
      `send("/v2/undefined/instances/my-instance/backups")`,
      "send()",
      "The project_id looks unfilled",
      "table 1, line 2",
    ],
    [
      "placeholder",
      `send("/v2/my-project/instances/%7Binstance_id%7D/backups")`,
      "send()",
      "The instance_id looks unfilled",
      "table 1, line 1",
    ],
    [
      "placeholder",
      `send("/v2/my-project/instances/%3Cinstance_id%3E/backups")`,
      "send()",
      "The instance_id looks unfilled",
      "table 1, line 1",
    ],
    [
      "placeholder",
      `send("/v2/my-project/instances/\${INSTANCE_ID}/backups")`,
      "send()",
      "The instance_id looks unfilled",
      "table 1, line 1",
    ],
    [
      "placeholder",
      `send("/v2/my-project/instances/:instance_id/backups")`,
      "send()",
      "The instance_id looks unfilled",
      "table 1, line 1",
    ],
    [
      "placeholder",
      `send(path, { "X-Auth-Token": "undefined" })`,
      "send()",
      "The token in X-Auth-Token looks unfilled",
      "authentication with a token",
    ],
    ["credentials", `send(path, {})`, "send()", "The request has no credentials", "how a call is authenticated"],
    [
      "credentials",
      `send(path, { "X-Auth-Token": "" })`,
      "send()",
      "The request has no credentials",
      "how a call is authenticated",
    ],
    [
      "signature",
      `send(path, { Authorization: "Bearer the-token" })`,
      "send(path, signed())",
      "Authorization is not a signature",
      "AK/SK signature",
    ],
    [
      "signature",
      `send(path, signed({ Authorization: signed().Authorization.slice(0, -1) }))`,
      "send(path, signed())",
      "Authorization is not a signature",
      "AK/SK signature",
    ],
    [
      "signature",
      `send(path, { Authorization: signed().Authorization })`,
      "send(path, signed())",
      "The request has no X-Sdk-Date",
      "AK/SK signature",
    ],
    [
      "signature",
      `send(path, signed({ "X-Sdk-Date": "2026-01-02T03:04:05Z" }))`,
      "send(path, signed())",
      "X-Sdk-Date is not a time",
      "AK/SK signature",
    ],
    [
      "signature",
      `send(path, signed({}, "host"))`,
      "send(path, signed())",
      "X-Sdk-Date is not signed",
      "AK/SK signature",
    ],
    [
      "signature",
      `send(path, signed({}, "host;x-project-id;x-sdk-date"))`,
      `send(path, signed({ "X-Project-Id": "my-project" }, "host;x-project-id;x-sdk-date"))`,
      "Signed but not sent: x-project-id",
      "AK/SK signature",
    ],
    [
      "signing-time",
      `send(path, signed({ "X-Sdk-Date": date(-180) }))`,
      `send(path, signed({ "X-Sdk-Date": date(-14) }))`,
      "X-Sdk-Date is 180 minutes in the past",
      "AK/SK signature",
    ],
    [
      "signing-time",
      `send(path, signed({ "X-Sdk-Date": date(60) }))`,
      `send(path, signed({ "X-Sdk-Date": date(14) }))`,
      "X-Sdk-Date is 60 minutes in the future",
      "AK/SK signature",
    ],
    [
      "body",
      `send(path, { ...token, "Content-Length": 2 }, "GET", "{}")`,
      `send(path, { ...token, "Content-Length": 0 })`,
      "The request has a body of 2 bytes",
      "RFC 9110, section 9.3.1",
    ],
    [
      "accept",
      `send(path, { ...token, Accept: "application/xml" })`,
      `send(path, { ...token, Accept: "application/xml, */*;q=0.1" })`,
      "The header Accept excludes JSON",
      "status code 200",
    ],
    [
      "accept",
      `send(path, { ...token, Accept: "application/json;q=0, */*" })`,
      `send(path, { ...token, Accept: "application/json; q=0.1, */*;q=0" })`,
      "The header Accept excludes JSON",
      "status code 200",
    ],
    [
      "accept",
      `send(path, { ...token, Accept: "text/*" })`,
      `send(path, { ...token, Accept: "application/*" })`,
      "The header Accept excludes JSON",
      "status code 200",
    ],
    [
      "http",
      `raw("FETCH " + path + " HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")`,
      "send()",
      "Parse Error: Invalid method encountered",
      "RFC 9112",
    ],
    [
      "http",
      `raw("GET " + path + " HTTP/1.1\\r\\nX-Auth-Token: the-token\\r\\nConnection: close\\r\\n\\r\\n")`,
      "send()",
      "The request has no Host header",
      "RFC 9112",
    ],
    [
      "http",
      `send(path, { ...token, Cookie: "c".repeat(20_000) })`,
      `send(path, { ...token, Cookie: "c".repeat(10_000) })`,
      "The headers are larger than 16 KiB",
      "RFC 9112",
    ],
    [
      "http",
      `raw(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]))`,
      "send()",
      "The client started TLS: use DCS_ENDPOINT unchanged, with http://",
      "RFC 9112",
    ],
    [
      "http",
      `sendHttp2()`,
      `send(path, { ...token, Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAMAAABkAAQAAP__" })`,
      "The client sent HTTP/2 with prior knowledge: let it use HTTP/1.1",
      "RFC 9112",
    ],
    [
      "http",
      `raw("PROXY TCP4 192.0.2.1 192.0.2.2 51234 80\\r\\nGET " + path + " HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")`,
      "send()",
      "The client sent a header of the PROXY protocol: switch that off",
      "RFC 9112",
    ],
    [
      "http",
      `raw(Buffer.from("0d0a0d0a000d0a515549540a2100000c".padEnd(56, "0"), "hex"))`,
      "send()",
      "The client sent a header of the PROXY protocol: switch that off",
      "RFC 9112",
    ],
    [
      "http",
      `raw(Buffer.from([0x05, 0x01, 0x00]))`,
      `send("http://dcs.example" + path)`,
      "The client sent SOCKS: DCS_ENDPOINT is the server, not a proxy",
      "RFC 9112",
    ],
    [
      "http",
      `raw(Buffer.from([0x04, 0x01, 0x00, 0x50, 192, 0, 2, 1, 0]))`,
      "send()",
      "The client sent SOCKS: DCS_ENDPOINT is the server, not a proxy",
      "RFC 9112",
    ],
    [
      "mock",
      `send(path, { ...token, Prefer: "code=abc" })`,
      `send(path, { ...token, Prefer: "code=500" })`,
      "The mock does not understand the Prefer header",
      "the check itself",
    ],
  ];

  let report: Report;
  beforeAll(async () => {
    report = await check(cases.map(([, wrong, right]) => `await ${right}; await ${wrong};`).join("\n"));
  });

  it.each(cases.map((row, index) => [...row, index] as const))(
    "%s objects to %s, and not to %s",
    (rule, _wrong, _right, message, source, index) => {
      const number = 2 * index + 1;
      const ofThese = [`request-${number}`, `request-${number + 1}`];
      const findings = report.findings.filter(({ probe }) => ofThese.includes(probe));
      expect(findings).toMatchObject([{ rule, message, probe: ofThese[1], source: expect.stringContaining(source) }]);
      expect(resultOf(report, rule)).toBe(findings[0]?.severity === "warning" ? "warned" : "failed");
    },
  );

  it("objects to each of several hundred invalid parameters of one request", async () => {
    const wrong = ["offset=-1", "limit=ten", "begin_time=now", "end_time=2017", "limit[]=10"];
    const unknown = [...Array(400).keys()].map((index) => `page${index}=1`);
    const { findings } = await check(`await send(path + "?${[...wrong, ...unknown].join("&")}");`);
    const of = (rule: string) => findings.filter((finding) => finding.rule === rule).map(({ message }) => message);
    expect(of("parameter")).toEqual([
      "The query parameter begin_time must be a time in UTC, written yyyyMMddHHmmss",
      "The query parameter end_time must be a time in UTC, written yyyyMMddHHmmss",
      "The query parameter limit must be an integer in decimal digits",
      "The query parameter offset must be >= 0",
    ]);
    expect(of("unknown-parameter")).toHaveLength(101);
    expect(of("unknown-parameter").at(-1)).toBe("301 more of this kind in other requests");
  });

  it("on parameters also checks a request without credentials", async () => {
    const { findings } = await check(`await send(path + "?offset=-1", {});`);
    expect(findings.map(({ rule }) => rule)).toEqual(["parameter", "credentials"]);
  });

  it.each([
    ["violates the contract", "await send(path, {});", "error", "departs"],
    ["is only odd", `await send("/v2/undefined/instances/my-instance/backups");`, "error", "conforms"],
    [
      "is only odd, and that is enough",
      `await send("/v2/undefined/instances/my-instance/backups");`,
      "warning",
      "departs",
    ],
    ["cannot be judged", `await send(path, { ...token, Prefer: "code=abc" });`, "error", "could-not-run"],
  ] as const)("that something %s decides what comes of it", async (_what, code, failOn, outcome) => {
    expect(await check(code, { failOn })).toMatchObject({ outcome, ok: outcome === "conforms" });
  });

  it("success objects to an error response, only if it is asked to", async () => {
    const asked = `await send(); await send(path, { ...token, Prefer: "code=500" });`;
    const strict = await check(asked, { requireSuccess: true });
    expect(strict.findings).toMatchObject([
      { rule: "success", probe: "request-2", message: "The response is HTTP 500" },
    ]);
    const lenient = await check(asked);
    expect(lenient.outcome).toBe("conforms");
    expect(resultOf(lenient, "success")).toBe("skipped");
  });

  it.each([
    ["command", { ...node("await send(); process.exit(3);") }, "departs", "The command ended with exit code 3"],
    [
      "command",
      node(`await send(); process.kill(process.pid, "SIGKILL");`),
      "departs",
      "The command was ended by SIGKILL",
    ],
    [
      "requested",
      node(""),
      "could-not-run",
      "No request came: the command must send its requests to the URL in DCS_ENDPOINT",
    ],
    [
      "started",
      { command: "no-such-program" },
      "could-not-run",
      "no-such-program could not be started: there is no such program",
    ],
    [
      "started",
      { command: "npm test" },
      "could-not-run",
      "npm test could not be started: there is no such program; give the program and each argument as separate words",
    ],
    ["started", { command: tmpdir() }, "could-not-run", `${tmpdir()} could not be started: spawn ${tmpdir()} EACCES`],
    ["started", { command: process.execPath, args: ["\0"] }, "could-not-run", expect.stringContaining("null bytes")],
  ] as [string, ConsumerOptions, string, string][])(
    "%s is red for what it is on",
    async (rule, options, outcome, message) => {
      const report = await checkConsumer(options);
      expect(report.findings).toMatchObject([{ rule, probe: "command", message }]);
      expect(report).toMatchObject({ outcome, ok: false, side: "consumer" });
    },
  );

  it("command decides the outcome even if no request came", async () => {
    const report = await check("process.exit(1);");
    expect(report.findings.map(({ rule }) => rule)).toEqual(["requested", "command"]);
    expect(report.outcome).toBe("departs");
  });

  it("has a case above, each of them", () => {
    const shown = new Set([...cases.map(([rule]) => rule), "success", "command", "requested", "started", "finished"]);
    expect(consumerRules.map(({ id }) => id).sort()).toEqual([...shown].sort());
  });
});
