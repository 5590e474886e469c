// The check of a consumer: what it finds in real requests of real commands, against a real Prism.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { repository } from "../../scripts/source.ts";
import { consumerRules } from "../../src/check/consumer-rules.ts";
import { type ConsumerOptions, checkConsumer, type Report } from "../../src/check/index.ts";
import { readManifest, run } from "../package/install.ts";

/** What the programs of these tests can use. */
const prelude = `
  import { request } from "node:http";
  import { connect } from "node:net";
  const endpoint = process.env.DCS_ENDPOINT;
  const path = "/v2/my-project/instances/my-instance/backups";
  const token = { "X-Auth-Token": "the-token" };
  const digits = "0123456789abcdef".repeat(4);
  const date = (minutes = 0) => new Date(Date.now() + minutes * 60_000).toISOString().replace(/[-:]|\\.\\d+/g, "");
  const signed = (headers = {}, names = "host;x-sdk-date") => ({
    Authorization: "SDK-HMAC-SHA256 Access=the-access-key, SignedHeaders=" + names + ", Signature=" + digits,
    "X-Sdk-Date": date(),
    ...headers,
  });
  /** Sends it as it is, and gives the status. */
  const send = (target = path, headers = token, method = "GET", body = "") => new Promise((resolve, reject) => {
    const { hostname, port } = new URL(endpoint);
    request({ hostname, port, path: target, method, headers }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode));
    }).on("error", reject).end(body);
  });
  /** Sends bytes, and gives what comes back. */
  const raw = (bytes) => new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(new URL(endpoint).port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (data) => { answer += data; }).on("error", reject).on("close", () => resolve(answer));
  });
`;

const node = (code: string) => ({ command: process.execPath, args: ["--input-type=module", "-e", prelude + code] });

const check = (code: string, options: Partial<ConsumerOptions> = {}) => checkConsumer({ ...node(code), ...options });

const resultOf = ({ rules }: Report, rule: string) => rules.find(({ id }) => id === rule)?.result;

describe("the rule", () => {
  // Each wrong request comes after a right one that differs from it in one thing.
  const cases: [rule: string, wrong: string, right: string, message: string, source: string][] = [
    ["operation", `send(path, token, "POST")`, "send()", "The contract has no method POST", "section URI"],
    ["operation", `send(path, token, "DELETE")`, "send()", "The contract has no method DELETE", "section URI"],
    ["operation", `send(path.replace("v2", "v1"))`, "send()", "The contract has no such path", "section URI"],
    [
      "operation",
      `send("/" + path)`,
      "send()",
      "The contract has no such path: it has a slash too many",
      "section URI",
    ],
    [
      "operation",
      `send(path + "/")`,
      "send()",
      "The contract has no such path: it has a slash too many",
      "section URI",
    ],
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
      "The query parameter limit must be integer",
      "table 2, line 3",
    ],
    [
      "parameter",
      `send(path + "?limit=2147483648")`,
      `send(path + "?limit=2147483647")`,
      "The query parameter limit must be <= 2147483647",
      "table 2, line 3",
    ],
    [
      "parameter",
      `send(path + "?limit=0x10")`,
      `send(path + "?limit=10")`,
      "The query parameter limit is not written as a decimal number",
      "table 2, line 3",
    ],
    [
      "parameter",
      `send(path + "?limit=1e1")`,
      `send(path + "?limit=10")`,
      "The query parameter limit is not written as a decimal number",
      "table 2, line 3",
    ],
    [
      "parameter",
      `send(path + "?limit=%2010")`,
      `send(path + "?limit=10")`,
      "The query parameter limit is not written as a decimal number",
      "table 2, line 3",
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
      "The query parameter begin_time must be a time in UTC, written like 20170718235959",
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
      "X-Sdk-Date is not the time of signing",
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
      "Signed, and not sent: x-project-id",
      "AK/SK signature",
    ],
    [
      "signing-time",
      `send(path, signed({ "X-Sdk-Date": date(-180) }))`,
      `send(path, signed({ "X-Sdk-Date": date(-14) }))`,
      "X-Sdk-Date is 180 minutes ago",
      "AK/SK signature",
    ],
    [
      "signing-time",
      `send(path, signed({ "X-Sdk-Date": date(60) }))`,
      `send(path, signed({ "X-Sdk-Date": date(14) }))`,
      "X-Sdk-Date is 60 minutes ahead",
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
      "The header Accept rules out what is answered",
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
      "The request has no header Host",
      "RFC 9112",
    ],
    [
      "http",
      `send(path, { ...token, Cookie: "c".repeat(20_000) })`,
      `send(path, { ...token, Cookie: "c".repeat(10_000) })`,
      "The headers have more than 16 KiB",
      "RFC 9112",
    ],
    [
      "http",
      `raw(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]))`,
      "send()",
      "A TLS handshake came: DCS_ENDPOINT begins with http://, and is to be used as it is",
      "RFC 9112",
    ],
    [
      "mock",
      `send(path, { ...token, Prefer: "code=abc" })`,
      `send(path, { ...token, Prefer: "code=500" })`,
      "The mock does not understand the header Prefer",
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

  it.each([
    ["departs from the contract", "await send(path, {});", "error", "departs"],
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

  it("success objects to an answer that is an error, only where it is asked for", async () => {
    const asked = `await send(); await send(path, { ...token, Prefer: "code=500" });`;
    const strict = await check(asked, { requireSuccess: true });
    expect(strict.findings).toMatchObject([{ rule: "success", probe: "request-2", message: "Answered with HTTP 500" }]);
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
    ["requested", node(""), "could-not-run", "No request came: the command must send them to the URL in DCS_ENDPOINT"],
    [
      "started",
      { command: "no-such-program" },
      "could-not-run",
      "no-such-program could not be started: spawn no-such-program ENOENT",
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

  it("command counts more than that there was no request", async () => {
    const report = await check("process.exit(1);");
    expect(report.findings.map(({ rule }) => rule)).toEqual(["requested", "command"]);
    expect(report.outcome).toBe("departs");
  });

  it("has a case above, whichever it is", () => {
    const shown = new Set([...cases.map(([rule]) => rule), "success", "command", "requested", "started", "finished"]);
    expect(consumerRules.map(({ id }) => id).sort()).toEqual([...shown].sort());
  });
});

describe("a consumer that conforms", () => {
  const client = pathToFileURL(join(repository, "src/client/index.ts"));

  it("is this package's own client, with every kind of credentials", async () => {
    const report = await check(
      `const { createDcsClient } = await import("${client}");
       const keys = { accessKey: "the-access-key", secretKey: "the-secret-key" };
       for (const credentials of [{ token: "the-token" }, keys, { ...keys, securityToken: "the-security-token" }]) {
         const dcs = createDcsClient({ endpoint, projectId: "my-project", credentials });
         await dcs.listBackupRecords("my instance/é", { limit: 10, offset: 5, beginTime: new Date() });
         for await (const record of dcs.backupRecords("my-instance", { endTime: new Date() })) record.status;
       }`,
      { requireSuccess: true, failOn: "warning" },
    );
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ok: true, outcome: "conforms" });
    expect(report.summary).toEqual({ passed: consumerRules.length, failed: 0, warned: 0, skipped: 0 });
  });

  it("may choose its answers, and gets them as they are", async () => {
    const report = await check(
      `import assert from "node:assert";
       const answer = await fetch(endpoint + path, { headers: { ...token, Prefer: "example=EveryStatus" } });
       assert.equal((await answer.json()).total_num, 6);
       assert.equal(answer.headers.get("content-type"), "application/json");
       const refused = await fetch(endpoint + path, { headers: { ...token, Prefer: "code=500" } });
       assert.equal((await refused.json()).error_code, "DCS.5078");`,
    );
    expect(report.findings).toEqual([]);
  });

  it("may run in a browser, whose own questions are no requests of it", async () => {
    const preflight = `await send(path, { Origin: "https://example.com", "Access-Control-Request-Method": "GET" }, "OPTIONS");`;
    expect((await check(`${preflight} await send();`)).findings).toEqual([]);
    expect((await check(preflight)).findings).toMatchObject([{ rule: "requested" }]);
    const asked = await check(`await send(path, token, "OPTIONS"); await send();`);
    expect(asked.findings).toMatchObject([{ rule: "operation", probe: "request-1" }]);
  });
});

describe("a report", () => {
  it("has no secret of a request or of the environment, wherever it stands", async () => {
    const [own, ...others] = [
      "the-token",
      "other+token/==",
      "environment-token",
      "bearer-secret",
      "cookie-secret",
      "unknown-secret",
    ];
    process.env.DCS_AUTH_TOKEN = "environment-token";
    let report: Report;
    try {
      report = await check(
        `await send(path + "?offset=the-token&page=unknown-secret");
         await send(path + "?limit=other%2Btoken%2F%3D%3D", { "X-Auth-Token": "other+token/==" });
         await send("/v1/environment-token");
         await send(path + "?end_time=" + digits, signed());
         await send(path + "?end_time=the-access-key", signed());
         await send("/v1/bearer-secret", { Authorization: "Bearer bearer-secret" });
         await send("/v1/cookie-secret", { Cookie: "session=cookie-secret" });
         await send("http://user:unknown-secret@127.0.0.1" + path + "?offset=-1");
         process.exit(1)`,
        { requireSuccess: true },
      );
    } finally {
      delete process.env.DCS_AUTH_TOKEN;
    }
    const told = JSON.stringify(report);
    expect(new Set(report.findings.map(({ probe }) => probe)).size).toBe(9);
    expect(told).toContain("offset=***&page=***");
    for (const secret of [own, ...others, "the-access-key", "0123456789abcdef"]) expect(told).not.toContain(secret);
  });

  it("shows what was asked: method and URL", async () => {
    const report = await check(`await send(path + "?beginTime=20170718235959&offset=-1");`);
    const request = `GET ${report.server}/v2/my-project/instances/my-instance/backups?beginTime=20170718235959&offset=-1`;
    expect(report.findings.map((finding) => finding.request)).toEqual([request, request]);
    expect(report.findings[0]?.contract?.pointer).toBe("#/components/parameters/Offset");
  });

  it("tells a hundred requests of a kind and counts the rest", async () => {
    const report = await check(
      `for (let i = 0; i < 25; i += 1) await Promise.all(Array.from({ length: 10 }, () => send(path + "?page=" + i)));`,
    );
    expect(report.findings).toHaveLength(101);
    expect(report.findings.at(-1)?.message).toBe("150 more of this kind in other requests");
    const numbers = report.findings.slice(0, -1).map(({ probe }) => Number(probe.split("-")[1]));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it("has what was sent with the command's last breath, and a request whose sender did not wait for all of it", async () => {
    const last = await check(
      `const socket = connect(new URL(endpoint).port, "127.0.0.1", () => {
         socket.write("GET " + path + "?page=1 HTTP/1.1\\r\\nHost: x\\r\\nX-Auth-Token: t\\r\\n\\r\\n", () => process.exit());
       });`,
    );
    expect(last.findings).toMatchObject([{ rule: "unknown-parameter" }]);
    const half = await check(
      `const socket = connect(new URL(endpoint).port, "127.0.0.1", () => {
         socket.write("GET " + path + "?page=1 HTTP/1.1\\r\\nHost: x\\r\\nX-Auth-Token: t\\r\\nContent-Length: 9\\r\\n\\r\\nhalf", () => process.exit());
       });`,
    );
    expect(half.findings.map(({ rule }) => rule)).toEqual(["unknown-parameter", "body"]);
  });
});

describe("the port", () => {
  it("is the one that is asked for, on loopback alone", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    await expect(check("", { port })).rejects.toThrow(
      `Port ${port} is taken. Stop what listens there, or choose another: --port ${port + 1}`,
    );
    free.close();
    await once(free, "close");
    const report = await check(`await send(); process.exit(endpoint === "http://127.0.0.1:${port}" ? 0 : 1);`, {
      port,
    });
    expect(report).toMatchObject({ ok: true, server: `http://127.0.0.1:${port}` });
    await expect(fetch(report.server)).rejects.toThrow("fetch failed");
  });
});

describe("an option that is not usable", () => {
  it.each<[object, string]>([
    [{ command: "" }, "command must be the name of a program"],
    [{ command: "node", args: "-v" }, "args must be an array of strings"],
    [{ command: "node", port: 65536 }, "port must be an integer from 0 to 65535, not 65536"],
    [{ command: "node", failOn: "fatal" }, 'failOn must be "error" or "warning"'],
    [{ command: "node", stdout: "file" }, 'stdout must be "stdout" or "stderr"'],
  ])("such as in %j is told before anything is started", async (options, message) => {
    await expect(checkConsumer(options as ConsumerOptions)).rejects.toThrow(message);
  });
});

/** The check in a process of its own, whose output ends when all that it started has ended. */
function start(options: ConsumerOptions) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "run-consumer.ts"), JSON.stringify(options)]);
  const output = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return {
    child,
    /** Resolves when the command has said something on its standard error. */
    said: (what: string) =>
      new Promise<void>((resolve) => {
        let heard = "";
        child.stderr.on("data", (data) => {
          heard += data;
          if (heard.includes(what)) resolve();
        });
      }),
    /** Its report, once nothing holds its output open any more. */
    async report(): Promise<{ report: Report; stderr: string; stdout: string }> {
      const [, stdout, stderr] = await output;
      return { report: JSON.parse(stdout.trim().split("\n").at(-1) ?? ""), stdout, stderr };
    },
  };
}

/** A command with a child of its own. Both would wait for ever; the child says which signal reached it. */
const family = (onSignal: string) =>
  node(`
    import { spawn } from "node:child_process";
    const code = 'for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(name, (name) => { console.error("child:" + name); ${onSignal} });' +
      'setInterval(() => {}, 1000); console.error("ready");';
    await send();
    spawn(process.execPath, ["-e", code], { stdio: "inherit" });
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(name, (name) => { ${onSignal} });
    setInterval(() => {}, 1000);`);

describe("a signal", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
    "%s is passed on to the command and its children, and told",
    async (name) => {
      const run = start(family("process.exit(0)"));
      await run.said("ready");
      run.child.kill(name);
      const { report, stderr } = await run.report();
      expect(stderr).toContain(`child:${name}`);
      expect(report.findings).toMatchObject([
        { rule: "finished", message: `The command was stopped by ${name} before its end` },
      ]);
      expect(report.outcome).toBe("could-not-run");
      await expect(fetch(report.server)).rejects.toThrow("fetch failed");
    },
  );

  it("that comes a second time kills what heeds no signal", async () => {
    const run = start(family(""));
    await run.said("ready");
    run.child.kill("SIGINT");
    await run.said("child:SIGINT");
    run.child.kill("SIGINT");
    const { report } = await run.report();
    expect(report.findings).toMatchObject([
      { rule: "finished", message: "The command was stopped by SIGINT before its end" },
    ]);
  });

  it("to what checks does not hide what the requests broke", async () => {
    const run = start(node(`await send(path + "?page=1"); console.error("ready"); setInterval(() => {}, 1000);`));
    await run.said("ready");
    run.child.kill("SIGTERM");
    const { report } = await run.report();
    expect(report.findings.map(({ rule }) => rule)).toEqual(["finished", "unknown-parameter"]);
    expect(report.outcome).toBe("departs");
  });

  it("of a caller stops the command too, whether it heeds that or not", async () => {
    for (const onSignal of ["process.exit(0)", ""]) {
      const controller = new AbortController();
      const checked = checkConsumer({ ...family(onSignal), signal: controller.signal });
      setTimeout(() => controller.abort(), 1000);
      expect((await checked).findings).toMatchObject([
        { rule: "finished", message: "The command was stopped by SIGTERM before its end" },
      ]);
    }
    await expect(checkConsumer({ ...node(""), signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });
});

describe("a proxy that is set for all programs", () => {
  const variables = { NODE_USE_ENV_PROXY: "1", http_proxy: "http://127.0.0.1:1", no_proxy: "", NO_PROXY: "" };
  const asked = "await fetch(endpoint + path, { headers: token });";

  beforeEach(() => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([{}, { NO_PROXY: "internal.example" }, { no_proxy: "internal.example" }])(
    "is not asked for the mock, beside what is spared already: %j",
    async (spared) => {
      for (const [name, value] of Object.entries(spared)) vi.stubEnv(name, value);
      const expected = [...Object.values(spared), "127.0.0.1"].join();
      const told = `if (process.env.NO_PROXY !== "${expected}" || process.env.no_proxy !== "${expected}") process.exit(9);`;
      expect((await check(`${asked} ${told}`)).findings).toEqual([]);
    },
  );

  it("is what such a program asks otherwise", async () => {
    const { findings } = await check(`await fetch("http://dcs.invalid").catch(({ cause }) => {
      process.exit(String(cause.code ?? cause.errors?.[0].code) === "ECONNREFUSED" ? 8 : 9);
    });`);
    expect(findings.map(({ actual }) => actual)).toContain("8");
  });
});

describe("nothing is left", () => {
  it("of a command that leaves a child behind", async () => {
    const code =
      'process.on("SIGTERM", () => { console.error("told to stop"); process.exit(); }); console.error("ready"); setInterval(() => {}, 1000);';
    const run = start(
      node(`
        import { spawn } from "node:child_process";
        await send();
        const child = spawn(process.execPath, ["-e", ${JSON.stringify(code)}], { stdio: ["ignore", "inherit", "pipe"] });
        child.stderr.pipe(process.stderr);
        child.stderr.once("data", () => process.exit());`),
    );
    const { report } = await run.report();
    expect(report).toMatchObject({ ok: true, findings: [] });
  });

  it("when what checks is ended at once", async () => {
    const check = pathToFileURL(join(repository, "src/check/index.ts"));
    const code = `process.on("SIGUSR2", () => process.exit(7));
      const { checkConsumer } = await import(${JSON.stringify(check)});
      await checkConsumer(${JSON.stringify(family(""))});`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code]);
    const ended = Promise.all([once(child, "exit"), text(child.stderr)]); // to the end of its last holder
    child.stderr.once("data", () => child.kill("SIGUSR2"));
    const [[exit], said] = await ended;
    expect(exit).toBe(7);
    expect(said).toContain("ready");
  });
});

describe("the command's output", () => {
  it("goes where it is to go, so that it does not mix with a report", async () => {
    const apart = await start({ ...node(`console.log("hello"); await send();`), stdout: "stderr" }).report();
    expect(apart).toMatchObject({ stderr: "hello\n" });
    expect(apart.stdout.split("\n")).toHaveLength(2);
    const mixed = await start(node(`console.log("hello"); await send();`)).report();
    expect(mixed.stdout).toMatch(/^hello\n{/);
  });
});

describe("Prism", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "no-prism-"));
    for (const name of ["package.json", "src", "generated"])
      await cp(join(repository, name), join(folder, "package", name), { recursive: true });
    await mkdir(join(folder, "project"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function startThere(): Promise<string> {
    const code = `import { startMock } from ${JSON.stringify(pathToFileURL(join(folder, "package/src/mock.ts")))};
      await startMock().then((mock) => { console.log("started"); return mock.close(); }, (error) => console.log(error.message));`;
    return (await run(process.execPath, ["--input-type=module", "-e", code], { cwd: join(folder, "project") })).stdout;
  }

  it("that is not installed is named with the command that adds it, at the version that is tested here", async () => {
    const { devDependencies, peerDependencies, peerDependenciesMeta } = await readManifest();
    const name = "@stoplight/prism-http-server";
    expect(await startThere()).toBe(
      `The mock needs Prism, which is not installed. Add it: npm install --save-dev ${name}@${devDependencies[name]}\n`,
    );
    expect(peerDependencies).toEqual({ [name]: `^${devDependencies[name]}` });
    expect(peerDependenciesMeta).toEqual({ [name]: { optional: true } });
  });

  it("is found where the user's project has it, or this package, and with it its parts", async () => {
    const name = "node_modules/@stoplight/prism-http-server";
    for (const place of ["project", "package"]) {
      await mkdir(join(folder, place, "node_modules/@stoplight"), { recursive: true });
      await symlink(join(repository, name), join(folder, place, name), "junction");
      expect(await startThere()).toBe("started\n");
      await rm(join(folder, place, name));
    }
  });

  it("that cannot be loaded is said to be so", async () => {
    const broken = join(folder, "project/node_modules/@stoplight/prism-http-server");
    await mkdir(broken, { recursive: true });
    await writeFile(join(broken, "index.js"), 'throw new Error("too old\\nor so")');
    expect(await startThere()).toBe(`Prism is installed, and does not run on Node ${process.versions.node}: too old\n`);
  });
});
