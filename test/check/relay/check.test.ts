// `check relay`: both sides are judged, what passes is recorded without its secrets, and nothing is left running.

import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer as createHttpsServer } from "node:https";
import { connect, createServer as createNetServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { repository } from "../../../scripts/repository.ts";
import { checkRecorded, checkRelay, type RelayOptions, type Report } from "../../../src/check/index.ts";
import { createDcsClient } from "../../../src/client/index.ts";
import { type Mock, startMock } from "../../../src/mock/index.ts";
import { reply, startServer } from "../../client/server.ts";
import { listening } from "../broken.ts";
import { call, folder, run, start, surroundings } from "../command.ts";
import { everyStatus, serve, service } from "../service.ts";

const projectId = "0b33da72c10045ecbd8b3b4ac4b34ca7";
const instanceId = "5560df16-cebf-4473-95c4-d1b573c16e79";
const path = `/v2/${projectId}/instances/${instanceId}/backups`;
const token = "the-token-that-nobody-sees";
const keys = {
  accessKey: "ACCESS-KEY-NOBODY-SEES",
  secretKey: "secret-key-nobody-sees",
  securityToken: "security-nobody-sees",
};

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ records: 25 });
});
afterAll(() => mock.close());

/** The check while something asks the relay. */
async function checked(ask: (url: string) => Promise<unknown>, options: Partial<RelayOptions> = {}): Promise<Report> {
  const stop = new AbortController();
  return checkRelay({
    server: mock.url,
    signal: stop.signal,
    onStart: (url) => void ask(url).finally(() => stop.abort()),
    ...options,
  });
}

const get =
  (query = "", headers: Record<string, string> = { "x-auth-token": token }) =>
  (url: string) =>
    fetch(url + path + query, { headers }).then((response) => response.text());

const found = ({ findings }: Report) => findings.map(({ rule, probe, message }) => [rule, probe, message]);

describe("checkRelay", () => {
  it("finds nothing wrong with this package's client, page after page", async () => {
    const ids: unknown[] = [];
    const report = await checked(async (endpoint) => {
      const client = createDcsClient({ endpoint, projectId, credentials: { token } });
      for await (const record of client.backupRecords(instanceId, { pageSize: 10 })) ids.push(record.backup_id);
    });
    expect(new Set(ids).size).toBe(25);
    expect(report).toMatchObject({
      outcome: "conforms",
      side: "both",
      server: mock.url,
      findings: [],
      exchanges: { all: 3, ofCall: 3 },
      coverage: expect.anything(),
    });
    expect(report.summary.passed).toBeGreaterThan(20);
  });

  it("judges requests and answers, or one side of them", async () => {
    const { records } = { records: everyStatus.map((record) => ({ ...record, size: "1" })) };
    await using broken = await startServer(serve(service({ records, credentials: { token } })));
    const of = async (side?: RelayOptions["side"]) => {
      const report = await checked(get("?page=1", { "x-auth-token": token }), {
        server: broken.url,
        ...(side && { side }),
      });
      return new Set(report.findings.map(({ rule }) => rule));
    };
    const instance = await of("consumer");
    expect(instance).toEqual(new Set(["unknown-parameter"]));
    expect(await of()).toEqual(new Set([...instance, ...(await of("provider"))]));
    expect([...(await of("provider"))]).not.toEqual([]);
  });

  it("tells a signature that the keys do not make as a violation, and other credentials are none", async () => {
    const signed = {
      authorization: `SDK-HMAC-SHA256 Access=${keys.accessKey}, SignedHeaders=host;x-sdk-date, Signature=${"0".repeat(64)}`,
      "x-sdk-date": new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
    };
    const { securityToken: _, ...pair } = keys;
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    expect(found(await checked(get("", signed), { credentials: pair, onNote }))).toEqual([
      ["credentials", "entry-1", expect.stringMatching(/^The credentials are refused: The signature differs/)],
      ["refused", "entry-1", "HTTP 200: a request with a wrong signature was accepted"],
    ]);
    expect(notes).toEqual([expect.stringMatching(/^Request 1: The signature differs.*\n {2}The canonical request/)]);
    expect(found(await checked(get("", signed)))).toEqual([]);
    const others = { ...pair, accessKey: "ANOTHER-KEY" };
    expect(found(await checked(get("", signed), { credentials: others, onNote }))).toEqual([]);
    expect(notes[1]).toMatch(/It was made with another access key than DCS_ACCESS_KEY/);
    expect(found(await checked(get("", { "x-auth-token": token }), { credentials: pair }))).toEqual([]);
  });

  it("says that nothing was judged if the service does not answer, and judges its own 502 as nobody's", async () => {
    await using gone = await startServer(reply(200));
    const server = gone.url;
    await gone[Symbol.asyncDispose]();
    const report = await checked(get(), { server, side: "provider" });
    expect(report).toMatchObject({
      outcome: "could-not-run",
      notJudged: [{ reason: "response: the request was never answered", count: 1 }],
      findings: [{ rule: "judged" }],
    });
  });

  it("tells what is no HTTP as a violation of the client", async () => {
    const report = await checked(async (url) => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      socket.write("\x16\x03\x01\x02\x00\x01");
      await once(socket.resume(), "close");
      await get()(url);
    });
    expect(found(report)).toEqual([["http", "connection", expect.stringContaining("The client started TLS")]]);
  });

  it("counts other calls, and requests to other hosts, and judges neither", async () => {
    await using other = await startServer(reply(200, "other"));
    const report = await checked(async (url) => {
      await get()(url);
      await fetch(`${url}/v3/others`);
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      socket.write(`GET ${other.url}/ HTTP/1.1\r\nHost: ${new URL(other.url).host}\r\nConnection: close\r\n\r\n`);
      await once(socket.resume(), "close");
    });
    expect(other.received).toHaveLength(1);
    expect(report).toMatchObject({ outcome: "conforms", exchanges: { all: 3, ofCall: 1 } });
  });

  it("calls back with each finding as soon as there is one", async () => {
    const told: string[] = [];
    let early: string[] = [];
    const report = await checked(
      async (url) => {
        await get("?limit=ten")(url);
        await vi.waitFor(() => expect(told).not.toEqual([]));
        early = [...told];
      },
      { onFinding: ({ rule }) => told.push(rule) },
    );
    expect(early).toEqual(["parameter"]);
    expect(report.findings.map(({ rule }) => rule)).toEqual(told);
  });

  it.each<[string, Partial<RelayOptions>, string]>([
    ["a server that is no URL", { server: "dcs" }, "server must be a URL that begins with https:// or http://"],
    ["neither a command nor a signal", { signal: undefined as never }, "command must be the name of a program"],
    ["a token for the relay itself", { credentials: { token } as never }, "credentials must be keys"],
    ["no folder for the recording", { record: "no/such/folder.har" }, "record cannot be written: ENOENT"],
    ["a side that there is not", { side: "left" as never }, 'side must be "provider", "consumer" or "both"'],
  ])("refuses %s, before anything passes", async (_what, options, message) => {
    await expect(checked(get(), options)).rejects.toThrow(message);
  });
});

describe("a recording", () => {
  const secrets = [token, ...Object.values(keys), "session-nobody-sees"];

  /** Everything that is on the disk. */
  async function onDisk(): Promise<string> {
    const names = await readdir(folder);
    return (await Promise.all(names.map((name) => readFile(join(folder, name), "latin1")))).join("\n");
  }

  it.each(["a.har", "a.ndjson"])("%s has all that passed, and no secret at any time", async (name) => {
    const record = join(folder, name);
    const seen: string[] = [];
    const cookie = "session=session-nobody-sees";
    const live = await checked(
      async (url) => {
        for (const query of ["?limit=10", "?limit=ten", ""]) {
          await get(query, { "x-auth-token": token, cookie })(url);
          seen.push(await onDisk());
        }
        await fetch(`${url}/v3/others`, { method: "POST", body: token });
        const signed = `SDK-HMAC-SHA256 Access=${keys.accessKey}, SignedHeaders=x-sdk-date, Signature=${keys.secretKey}`;
        await get("", { authorization: signed, "x-security-token": keys.securityToken })(url);
        seen.push(await onDisk());
      },
      { record },
    );
    seen.push(await onDisk());
    expect(seen.at(-1)).toContain(path);
    for (const text of seen) for (const secret of secrets) expect(text).not.toContain(secret);
    expect(await readdir(folder)).toEqual([name]);

    const recorded = await checkRecorded({ files: [record] });
    expect(recorded.exchanges).toEqual({ files: [record], all: 5, ofCall: 4 });
    expect(live.exchanges).toEqual({ all: 5, ofCall: 4 }); // it is a report on what passed, not on a file
    expect(recorded.findings.length).toBeGreaterThan(0);
    expect(recorded.findings.map(({ rule, probe }) => [rule, probe])).toEqual(
      live.findings.map(({ rule, probe }) => [rule, probe]),
    );
  });

  it("takes another form than its name says if it is told to", async () => {
    await checked(get(), { record: join(folder, "a.har"), recordFormat: "ndjson" });
    expect(JSON.parse(await readFile(join(folder, "a.har"), "utf8"))).toMatchObject({ request: { method: "GET" } });
  });

  it("of 50 requests at once has each of them", async () => {
    const record = join(folder, "a.ndjson");
    const queries = Array.from({ length: 50 }, (_, at) => `?offset=${at}`);
    await checked((url) => Promise.all(queries.map((query) => get(query)(url))), { record });
    const lines = (await readFile(record, "utf8")).trim().split("\n");
    const asked = lines.map((line) => new URL(JSON.parse(line).request.url).search);
    expect(asked.sort()).toEqual(queries.sort());
  });

  it("that cannot be written makes the check fail, and what was there stays", async () => {
    const record = join(folder, "a.ndjson");
    await writeFile(record, "before");
    const report = await checked(
      async (url) => {
        await get()(url);
        // What the recording is written to becomes a folder's name.
        const { rm, mkdir } = await import("node:fs/promises");
        await rm(record);
        await mkdir(record);
      },
      { record },
    );
    expect(report).toMatchObject({ outcome: "could-not-run", findings: [{ rule: "recording" }] });
  });
});

describe("check relay", () => {
  const relay = (...args: string[]) => ["check", "relay", "--server", mock.url, ...args];
  const node = (code: string) => ["--", process.execPath, "-e", code];
  const request = (query = "") =>
    `fetch(process.env.DCS_ENDPOINT + "${path}${query}", { headers: { "x-auth-token": "${token}" } })`;

  it("runs a command, and exits with 0, 1 or 2", async () => {
    const kept = await run(relay(...node(`console.log("own words"); ${request()}`)));
    expect(kept.stderr).toMatch(/^Relay to http:\/\/127\.0\.0\.1:\d+ on http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(kept.stdout).toMatch(/^own words\n\n✓ /);
    expect(kept.code).toBe(0);
    expect(await call(relay(...node(request("?limit=ten"))))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("limit must be an integer"),
    });
    expect(await call(relay(...node(`${request()}.then(() => process.exit(3))`)))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("The command ended with exit code 3"),
    });
    expect(await call(relay(...node("")))).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("No request came"),
    });
    expect(await call(relay("--", "no-such-program"))).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("no-such-program could not be started"),
    });
  });

  it("keeps the command's output out of a machine-readable report", async () => {
    const { stdout, stderr } = await run(relay("--format", "json", ...node(`console.log("own words"); ${request()}`)));
    expect(stderr).toMatch(/own words\n$/);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, side: "both", server: mock.url });
  });

  it("takes --port, --side, --revision, --fail-on and --cover", async () => {
    await using free = await startServer(reply(200));
    const { port } = new URL(free.url);
    await free[Symbol.asyncDispose]();
    const args = ["--port", port, "--side", "consumer", "--revision", "newest", "--format", "json"];
    const { stdout, stderr, code } = await call(relay(...args, ...node(request())));
    expect(stderr).toContain(` on http://127.0.0.1:${port}\n`);
    expect(JSON.parse(stdout)).toMatchObject({ side: "consumer", revision: expect.stringMatching(/^20/), ok: true });
    expect(code).toBe(0);
    expect((await call(relay("--cover", "99", ...node(request())))).code).toBe(1);
  });

  it("shows findings as they come on a terminal, and only there", async () => {
    const around = surroundings({}, "stderr");
    const bad = relay(...node(request("?limit=ten")));
    expect((await call(bad, {}, around)).stderr).toMatch(
      /\nerror entry-1: GET .*limit=ten: .*limit must be an integer/,
    );
    expect((await call(bad)).stderr).not.toContain("limit must be");
  });

  it("without a command runs until Ctrl-C, then reports and completes the recording", async () => {
    const child = start(relay("--record", "a.har"), {});
    let [said, printed] = ["", ""];
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.stdout.on("data", (chunk) => {
      printed += chunk;
    });
    await vi.waitFor(() => expect(said).toContain("Stop it with Ctrl-C\n"), 5000);
    const [, url = ""] = / on (\S+)\. Stop/.exec(said) ?? [];
    for (const query of ["?limit=1", "?limit=ten"]) await get(query)(url);
    const hanging = connect(Number(new URL(url).port), "127.0.0.1");
    hanging.write("GET /half HTTP/1.1\r\n");
    await sleep(20);
    child.kill("SIGINT");
    const [code] = await once(child, "close");
    expect(code).toBe(1);
    expect(printed).toContain("limit must be an integer");
    expect(said).toMatch(/\na\.har: 2 exchanges; 2 secrets taken out\n$/);
    const { log } = JSON.parse(await readFile(join(folder, "a.har"), "utf8"));
    expect(log.entries).toHaveLength(2);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  it("passes a signal on to the command, still reports, and ends with the code of that signal", async () => {
    const wait = `${request()}.then(() => console.error("ready")); setInterval(() => {}, 1000)`;
    const child = start(relay("--record", "a.ndjson", ...node(wait)), {});
    for await (const chunk of child.stderr) if (String(chunk).includes("ready")) child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(143);
    expect(await readFile(join(folder, "a.ndjson"), "utf8")).toContain(path);
  });

  it.each([
    [["check", "relay"], /^Missing: --server/],
    [["check", "relay", "--server", "dcs"], /^--server must be a URL/],
    [
      ["check", "relay", "--server", "http://a", "--record-format", "har"],
      /^--record-format is given without --record/,
    ],
    [["check", "relay", "--server", "http://a", "--record", "no/folder/a.har"], /^--record cannot be written/],
    [["check", "relay", "--server", "http://a", "--"], /^The command to run is missing/],
  ])("%j is refused", async (args, message) => {
    const { code, stderr } = await call(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });

  it("needs both keys of the environment, and never prints them", async () => {
    const half = { DCS_ACCESS_KEY: keys.accessKey };
    expect(await call(relay(...node(request())), half)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("DCS_ACCESS_KEY is set, but DCS_SECRET_KEY is not"),
    });
    const both = { ...half, DCS_SECRET_KEY: keys.secretKey, DCS_AUTH_TOKEN: token };
    const { code, stdout, stderr } = await call(relay(...node(request())), both);
    expect(code).toBe(0);
    for (const secret of [...Object.values(keys), token]) expect(stdout + stderr).not.toContain(secret);
  });
});

describe("the service is reached", () => {
  const ask = (server: string) => [
    "check",
    "relay",
    "--server",
    server,
    "--format=json",
    "--",
    process.execPath,
    "-e",
    `fetch(process.env.DCS_ENDPOINT + "${path}", { headers: { "x-auth-token": "${token}" } })`,
  ];
  const conforming = serve(service({ records: everyStatus, credentials: { token } }));
  const pem = join(repository, "test/check/self-signed.pem");
  const unset = { HTTP_PROXY: "", http_proxy: "", HTTPS_PROXY: "", https_proxy: "", NO_PROXY: "", no_proxy: "" };

  it("by TLS, with the certificates that NODE_EXTRA_CA_CERTS has, and not without", async () => {
    const key = await readFile(pem);
    await using server = await listening(createHttpsServer({ key, cert: key }, conforming), "https", new Set());
    const trusting = await run(ask(server.url), { ...unset, NODE_EXTRA_CA_CERTS: pem });
    expect(JSON.parse(trusting.stdout)).toMatchObject({ exchanges: { ofCall: 1 } });
    expect(JSON.parse(trusting.stdout).notJudged).toEqual([]);
    const other = await run(ask(server.url), { ...unset, NODE_EXTRA_CA_CERTS: "" });
    expect(JSON.parse(other.stdout).notJudged).toEqual([
      { reason: "response: the request was never answered", count: 1 },
    ]);
  });

  it.each(["http", "https"])("over %s by the proxy of the environment if NODE_USE_ENV_PROXY is set", async (scheme) => {
    const key = await readFile(pem);
    await using plain = await startServer(conforming);
    await using secure = await listening(createHttpsServer({ key, cert: key }, conforming), "https", new Set());
    const target = scheme === "http" ? plain : secure;
    const asked: string[] = [];
    const proxy = createNetServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", (head) => {
        asked.push(String(head).split("\r\n")[0] ?? "");
        const server = connect(Number(new URL(target.url).port), "127.0.0.1");
        server.on("error", () => {});
        if (scheme === "http") server.write(head);
        else socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(server).pipe(socket);
      });
    });
    await using through = await listening(proxy, "http", new Set());
    const environment = { ...unset, NODE_EXTRA_CA_CERTS: pem, NODE_USE_ENV_PROXY: "1" };
    const variable = scheme === "http" ? { HTTP_PROXY: through.url } : { HTTPS_PROXY: through.url };
    const { port } = new URL(target.url);
    const { stdout } = await run(ask(`${scheme}://localhost:${port}`), { ...environment, ...variable });
    expect(JSON.parse(stdout).notJudged).toEqual([]);
    expect(asked).toEqual([expect.stringMatching(new RegExp(`^(GET http://|CONNECT )localhost:${port}`))]);
  });
});
