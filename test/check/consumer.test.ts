// The check of a consumer: its report, its options, and what it needs to run, with real commands and a real Prism.

import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { consumerRules } from "../../src/check/consumer/rules/index.ts";
import { type ConsumerOptions, checkConsumer, type Report } from "../../src/check/index.ts";
import { reply, startServer } from "../client/server.ts";
import { readManifest, run } from "../package/install.ts";
import { check, node, start, startCommand } from "./consumer.ts";

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

  it("may choose its responses, and gets them unchanged", async () => {
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

  it("may run in a browser, whose preflight requests do not count", async () => {
    const preflight = `await send(path, { Origin: "https://example.com", "Access-Control-Request-Method": "GET" }, "OPTIONS");`;
    expect((await check(`${preflight} await send();`)).findings).toEqual([]);
    expect((await check(preflight)).findings).toMatchObject([{ rule: "requested" }]);
    const asked = await check(`await send(path, token, "OPTIONS"); await send();`);
    expect(asked.findings).toMatchObject([{ rule: "operation", probe: "request-1" }]);
  });
});

describe("a report", () => {
  it("has no secret of a request or of the environment anywhere", async () => {
    const [own, ...others] = [
      "the-token",
      "other+token/==",
      "environment-token",
      "bearer-secret",
      "biscuit7",
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
         await send("/v1/biscuit7", { Cookie: "theme=dark; session=biscuit7" });
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

  it("shows the method and URL of the request", async () => {
    const report = await check(`await send(path + "?beginTime=20170718235959&offset=-1");`);
    const request = `GET ${report.server}/v2/my-project/instances/my-instance/backups?beginTime=20170718235959&offset=-1`;
    expect(report.findings.map((finding) => finding.request)).toEqual([request, request]);
    expect(report.findings[0]?.contract?.pointer).toBe("#/components/parameters/Offset");
  });

  it("lists a hundred requests of a kind and counts the rest", async () => {
    const report = await check(
      `for (let i = 0; i < 25; i += 1) await Promise.all(Array.from({ length: 10 }, () => send(path + "?page=" + i)));`,
    );
    expect(report.findings).toHaveLength(101);
    expect(report.findings.at(-1)?.message).toBe("150 more of this kind in other requests");
    const numbers = report.findings.slice(0, -1).map(({ probe }) => Number(probe.split("-")[1]));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it("has requests sent just before the command ended, even an incomplete one", async () => {
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

  it("says that its caller stopped it; a check stopped before it began has no report", async () => {
    const stop = new AbortController();
    await using server = await startServer((request, response) => {
      reply(200)(request, response);
      stop.abort();
    });
    const command = node(`await send(); await fetch("${server.url}"); setInterval(() => {}, 1000);`);
    expect((await checkConsumer({ ...command, signal: stop.signal })).findings).toMatchObject([
      { rule: "finished", message: "The command was stopped by SIGTERM before it ended" },
    ]);
    await expect(checkConsumer({ ...node(""), signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });
});

describe("the port", () => {
  it("is the requested one, only on loopback", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    await expect(check("", { port })).rejects.toThrow(
      `Port ${port} is taken. Stop the program that uses it, or choose another port, such as ${port + 1}`,
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

describe("an invalid option", () => {
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

describe("a proxy that is set for all programs", () => {
  const variables = { NODE_USE_ENV_PROXY: "1", http_proxy: "http://127.0.0.1:1", no_proxy: "", NO_PROXY: "" };
  const asked = "await fetch(endpoint + path, { headers: token });";

  beforeEach(() => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each<[Record<string, string>, { no_proxy: string; NO_PROXY?: string }]>([
    [{}, { no_proxy: "127.0.0.1" }],
    [{ NO_PROXY: "internal.example" }, { no_proxy: "internal.example,127.0.0.1" }],
    [{ no_proxy: "internal.example" }, { no_proxy: "internal.example,127.0.0.1" }],
    [
      { no_proxy: "a.example", NO_PROXY: "b.example" },
      { no_proxy: "a.example,127.0.0.1", NO_PROXY: "b.example,127.0.0.1" },
    ],
    [{ NO_PROXY: "*" }, { no_proxy: "*" }],
    [{ no_proxy: "*" }, { no_proxy: "*" }],
    [
      { no_proxy: "*", NO_PROXY: "b.example" },
      { no_proxy: "*", NO_PROXY: "b.example,127.0.0.1" },
    ],
    [{ NO_PROXY: "*,b.example" }, { no_proxy: "*,b.example,127.0.0.1" }],
    [{ NO_PROXY: "b.example, c.example , " }, { no_proxy: "b.example, c.example,127.0.0.1" }],
    [{ NO_PROXY: "b.example c.example" }, { no_proxy: "b.example c.example,127.0.0.1" }],
    [{ NO_PROXY: " , " }, { no_proxy: "127.0.0.1" }],
  ])("does not get the requests to the mock; for other hosts nothing changes: %j", async (spared, expected) => {
    for (const [name, value] of Object.entries(spared)) vi.stubEnv(name, value);
    const whole = JSON.stringify({ NO_PROXY: expected.no_proxy, ...expected });
    const told = `import { deepEqual } from "node:assert/strict";
      const { no_proxy, NO_PROXY } = process.env;
      deepEqual({ no_proxy, NO_PROXY }, ${whole});`;
    expect((await check(`${asked} ${told}`)).findings).toEqual([]);
  });

  it("gets the requests of such a program otherwise", async () => {
    const { findings } = await check(`await fetch("http://dcs.invalid").catch(({ cause }) => {
      process.exit(String(cause.code ?? cause.errors?.[0].code) === "ECONNREFUSED" ? 8 : 9);
    });`);
    expect(findings.map(({ actual }) => actual)).toContain("8");
  });
});

describe("the command's output", () => {
  it("goes where it should, so that it does not mix with a report", async () => {
    const apart = await startCommand({ ...node(`console.log("hello");`), stdout: "stderr" }).end();
    expect(apart).toMatchObject({ stderr: "hello\n" });
    expect(apart.stdout.split("\n")).toHaveLength(2);
    const mixed = await start(node(`console.log("hello"); await send();`)).end();
    expect(mixed.stdout).toMatch(/^hello\n{/);
  });
});

describe("Prism", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "no-prism-"));
    for (const name of ["package.json", "src", "generated"])
      await cp(join(repository, name), join(folder, "package", name), { recursive: true });
    await mkdir(join(folder, "package/node_modules"));
    await symlink(join(repository, "node_modules/@noble"), join(folder, "package/node_modules/@noble"), "junction");
    await mkdir(join(folder, "project"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function startThere(): Promise<string> {
    const code = `import { startMock } from ${JSON.stringify(pathToFileURL(join(folder, "package/src/mock/index.ts")))};
      await startMock().then((mock) => { console.log("started"); return mock.close(); }, (error) => console.log(error.message));`;
    return (await run(process.execPath, ["--input-type=module", "-e", code], { cwd: join(folder, "project") })).stdout;
  }

  it("that is not installed is named with the command that adds it, at the tested version", async () => {
    const { devDependencies, peerDependencies, peerDependenciesMeta } = await readManifest();
    const name = "@stoplight/prism-http-server";
    expect(await startThere()).toBe(
      `The mock needs Prism, which is not installed. Add it: npm install --save-dev ${name}@${devDependencies[name]}\n`,
    );
    expect(peerDependencies).toEqual({ [name]: `^${devDependencies[name]}` });
    expect(peerDependenciesMeta).toEqual({ [name]: { optional: true } });
  });

  it("is found in the user's project, with its parts", async () => {
    const name = "node_modules/@stoplight/prism-http-server";
    await mkdir(join(folder, "project/node_modules/@stoplight"), { recursive: true });
    await symlink(join(repository, name), join(folder, "project", name), "junction");
    expect(await startThere()).toBe("started\n");
  });

  const prism = (place: string) => join(folder, place, "node_modules/@stoplight/prism-http-server");

  async function put(place: string, files: Record<string, string>) {
    await mkdir(prism(place), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(prism(place), name), text);
  }

  it.each(["project", "package"])("of the %s that cannot be loaded is reported as such", async (place) => {
    await put(place, { "index.js": 'throw new Error("too old\\nor so")' });
    expect(await startThere()).toBe(`Prism is installed but does not run on Node ${process.versions.node}: too old\n`);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      "a newer Node",
      { "package.json": '{ "engines": { "node": ">=99.1" } }', "index.js": "throw new Error('old')" },
      "old. It is made for Node >=99.1",
    ],
    ["no Node", { "package.json": "{" }, "Invalid package config"],
    ["other programs", { "package.json": '{ "exports": { "./other": "./other.js" } }' }, 'No "exports" main defined'],
    ["no CommonJS", { "package.json": '{ "exports": { "import": "./index.js" } }' }, 'No "exports" main defined'],
  ])("that is made for %s is not reported as missing", async (_what, files, reason) => {
    await put("project", files);
    const told = await startThere();
    expect(told).toMatch(/^Prism is installed but does not run on Node \d\S+: [^\n]+\n$/);
    expect(told).toContain(`: ${reason}`);
  });

  it.each<[string, Record<string, string>, string]>([
    ["its first file", { "package.json": '{ "main": "dist/index.js" }' }, "dist/index.js"],
    ["a package that it needs", { "index.js": 'require("tslib-of-prism")' }, "'tslib-of-prism'"],
    [
      "an ES module that it needs",
      { "index.js": 'require("./b.mjs")', "b.mjs": 'import "faker-of-prism"' },
      "'faker-of-prism'",
    ],
  ])("that lacks %s is to be installed again", async (_what, files, lack) => {
    await put("project", files);
    const told = await startThere();
    expect(told).toMatch(
      /^Prism is installed but incomplete: Cannot find [^\n]+\. Install it again: npm install --save-dev @stoplight\/prism-http-server@[\d.]+\n$/,
    );
    expect(told).toContain(lack);
  });
});
