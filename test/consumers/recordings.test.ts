// What proxies record of real traffic, mitmproxy's and Redocly's: `check recorded` finds the faults in such files, and nothing where
// there are none.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request as forward } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { checkRecorded, type RecordedOptions } from "../../src/check/recorded/index.ts";
import { createDcsClient } from "../../src/client/index.ts";
import { startMock } from "../../src/mock/index.ts";
import { isThere } from "../build/sample-runs.ts";
import { always, answers, type Broken, startBroken } from "../check/broken.ts";
import { harmless } from "../check/gallery/harmless.ts";
import { gallery } from "../check/gallery/index.ts";
import { instanceId, projectId, token } from "../check/service.ts";
import { type Server, startServer } from "../client/server.ts";
import { inherited } from "../environment.ts";

const work = join(repository, ".consumers/mitmproxy");
const path = `/v2/${projectId}/instances/${instanceId}/backups`;
const pages = ["?limit=2", "?limit=2&offset=2"];
const keys = { accessKey: "the-access-key", secretKey: "the-secret-key-of-the-proof" };

let folder: string;
let servers: Server[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recordings-"));
});
afterEach(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  servers = [];
  await rm(folder, { recursive: true, force: true });
});

async function run(command: string, args: readonly string[]): Promise<void> {
  const env = inherited({ PIP_CACHE_DIR: join(work, "../cache/pip") });
  const [code] = await once(spawn(command, args, { cwd: work, env, stdio: ["ignore", "ignore", "inherit"] }), "close");
  if (code !== 0) throw new Error(`${command} ${args[0]} exited with ${code}`);
}

async function installMitmproxy(): Promise<void> {
  await mkdir(work, { recursive: true });
  await cp(join(import.meta.dirname, "mitmproxy"), work, { recursive: true });
  const manifest = await readFile(join(work, "requirements.txt"), "utf8");
  const stamp = join(work, ".installed");
  if (manifest === (await readFile(stamp, "utf8").catch(() => ""))) return;
  await run("python3", ["-m", "venv", "venv"]);
  await run("venv/bin/pip", ["install", "--quiet", "--requirement", "requirements.txt"]);
  await writeFile(stamp, manifest);
}

/** A program that stands in front of a server and writes a HAR file when it is interrupted. */
interface Recorder {
  command: string;
  args: (target: string, file: string) => string[];
  /** Servers of which it keeps no body: it writes bytes that are not UTF-8 as if they were text. */
  loses: readonly string[];
}

const mitmproxy: Recorder = {
  command: join(work, "venv/bin/mitmdump"),
  args: (target, file) => [
    ...["--mode", `reverse:${target}`, "--listen-host", "127.0.0.1", "--listen-port", "0"],
    ...["--set", `hardump=${file}`, "--set", `confdir=${folder}`, "--set", "keep_host_header=true"],
  ],
  loses: [],
};

const redocly: Recorder = {
  command: process.execPath,
  args: (target, file) => [
    join(repository, "node_modules/@redocly/cli/bin/cli.js"),
    ...["proxy", "--target", target, "--port", "0", "--har", file],
  ],
  loses: ["compresses", "the bytes are latin1", "the bytes are UTF-16"],
};

/** @returns the recording of what `ask` sends to the address that it gets */
async function record(
  { command, args }: Recorder,
  target: string,
  ask: (url: string) => Promise<unknown>,
  name = "recording.har",
): Promise<string> {
  const file = join(folder, name);
  const env = inherited({ REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" });
  const recorder = spawn(command, args(target, file), { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(recorder, "close");
  let output = "";
  try {
    const url = await new Promise<string>((resolve, reject) => {
      recorder.once("error", reject);
      recorder.once("close", () => reject(new Error(output)));
      for (const stream of [recorder.stdout, recorder.stderr])
        stream.on("data", (chunk) => {
          output += chunk;
          const [, address] = /listening (?:at|on) (?:http:\/\/)?(127\.0\.0\.1:\d+)/.exec(output) ?? [];
          if (address) resolve(`http://${address}`);
        });
    });
    await ask(url);
  } finally {
    recorder.kill("SIGINT");
    await exited;
  }
  return file;
}

const get = async (url: string) =>
  fetch(url, { headers: { "X-Auth-Token": token } }).then((response) => response.arrayBuffer());

type Start = Broken["start"];

/** Servers under base paths of one, since a recorder stands in front of one: the first below `/0`. */
async function front(starts: readonly Start[]): Promise<Server> {
  const behind = await Promise.all(starts.map((start) => startBroken({ start } as Broken)));
  servers.push(...behind);
  const server = await startServer(({ url = "", rawHeaders }, response) => {
    const [, index = "", target = "/"] = /^\/(\d+)(.*)/.exec(url) ?? [];
    const sent = forward(`${behind[Number(index)]?.url}${target}`, { headers: rawHeaders }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
      pipeline(answer, response, () => {}); // which hangs up as the server does
    });
    sent.on("error", () => response.destroy()).end();
  });
  servers.push(server);
  return server;
}

const askEach = (starts: readonly Start[]) => async (url: string) => {
  for (const index of starts.keys())
    for (const query of pages) await get(`${url}/${index}${path}${query}`).catch(() => {});
};

const startOf = (name: string): Start => {
  const found = [...gallery, ...harmless].find((one) => one.name === name);
  if (!found) throw new Error(`The gallery has no server ${name}`);
  return found.start;
};

/** The report, once it is sure that it has no secret that the recording has. */
async function judge(file: string, options: Partial<RecordedOptions> = {}) {
  const report = await checkRecorded({ files: [file], ...options });
  expect(JSON.stringify(report)).not.toContain(token);
  return report;
}

/** What the recorder loses, as a report counts it. */
function lostBy({ loses }: Recorder, names: readonly string[]) {
  const count = names.filter((name) => loses.includes(name)).length * pages.length;
  return count === 0 ? [] : [{ reason: "body of the response: the recording has replaced characters in it", count }];
}

const passed = ({ rules }: Awaited<ReturnType<typeof judge>>) =>
  rules.filter(({ result }) => result === "passed").map(({ id }) => id);

const html = "<!doctype html><title>Backups</title><p>Log in to see them.";
const login = always({ status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: html });
// Of an empty body whose length is not told, mitmproxy does not tell whether it kept it.
const withLength = { "content-type": "application/json", "content-length": "0" };
const empty = always({ status: 200, headers: withLength });
const notThere = always({ status: 404, headers: withLength });
const redirect = always({ status: 307, headers: { ...withLength, location: `/login/${encodeURIComponent(token)}` } });

const wrong: Record<string, { start?: Start; finds: string[] }> = {
  "size is a string": { finds: ["page-schema"] },
  "there is one record more than limit": { finds: ["limit"] },
  "HTML with status 200": { start: login, finds: ["media-type", "json"] },
  "pages have no body": { start: empty, finds: ["body-present"] },
  "the path does not exist": { start: notThere, finds: ["status"] },
  "a byte order mark comes first": { finds: ["json"] },
  "the bytes are latin1": { finds: ["utf-8"] },
  "the bytes are UTF-16": { finds: ["utf-8"] },
  "the JSON is cut off": { finds: ["json"] },
  "the token is in a header": { finds: ["secret-echo"] },
  "the token is in a record": { finds: ["secret-echo"] },
  "the token is in a redirect": { start: redirect, finds: ["no-redirect", "secret-echo"] },
  "offset is ignored": { finds: ["page-repeats"] },
};
const names = Object.keys(wrong);
const faulty = Object.entries(wrong).map(([name, { start }]) => start ?? startOf(name));

const isRun = isThere("python3");

it(`asks mitmproxy for ${isRun ? "recordings" : "nothing, since the machine has no Python"}`, () => {
  if (process.env.REQUIRE_TOOLCHAINS) expect(isRun, "python3 is not on the PATH").toBe(true);
});

const recorders = { ...(isRun && { mitmproxy }), redocly };

beforeAll(async () => {
  if (isRun) await installMitmproxy();
}, 300_000);

describe.each(Object.entries(recorders))("a recording of %s", (_, recorder) => {
  it("of the client, which signs, has nothing to be found", async () => {
    await using mock = await startMock({ records: 25, ...(recorder === mitmproxy && { credentials: keys }) });
    const file = await record(recorder, mock.url, async (endpoint) => {
      const client = createDcsClient({ endpoint, projectId, credentials: keys });
      let records = 0;
      for await (const _ of client.backupRecords(instanceId, { pageSize: 10 })) records += 1;
      expect(records).toBe(25);
      await get(endpoint);
    });
    const text = await readFile(file, "utf8");
    const [signature = ""] = /Signature=\w{64}/.exec(text) ?? [];
    expect(signature).not.toBe("");
    const report = await judge(file);
    expect(JSON.stringify(report)).not.toContain(signature.slice(-64));
    expect(report).toMatchObject({ outcome: "conforms", findings: [], notJudged: [] });
    expect(report.exchanges).toMatchObject({ all: 4, ofCall: 3 });
    expect(passed(report)).toEqual(
      expect.arrayContaining(["signature", "signing-time", "page-schema", "page-repeats"]),
    );
  });

  it("of unusual servers has nothing to be found, whatever the content-encoding", async () => {
    const unusual = ["compresses", "names its character set", "closes each connection"];
    const starts = unusual.map(startOf);
    const { url } = await front(starts);
    const file = await record(recorder, url, askEach(starts));
    expect(await readFile(file, "utf8")).toContain(token);
    const report = await judge(file);
    expect(report).toMatchObject({ outcome: "conforms", findings: [] });
    expect(report.notJudged).toEqual(lostBy(recorder, unusual));
    expect(report.exchanges).toMatchObject({ all: 6, ofCall: 6 });
    expect(passed(report)).toEqual(expect.arrayContaining(["credentials", "json", "page-schema", "limit"]));
  });

  it("of servers with one fault each has these, and no more", async () => {
    const { url } = await front(faulty);
    const file = await record(recorder, url, askEach(faulty));
    const clean = join(folder, "clean.har");
    const report = await judge(file, { clean });
    expect(report.outcome).toBe("departs");
    expect(report.notJudged).toEqual(lostBy(recorder, names));
    const finds: Record<string, Set<string>> = Object.fromEntries(names.map((name) => [name, new Set()]));
    for (const { rule, request = "" } of report.findings)
      finds[names[Number(/:\d+\/(\d+)\//.exec(request)?.[1])] ?? request]?.add(rule);
    const expected = Object.entries(wrong).map(([name, { finds }]) => [
      name,
      new Set(recorder.loses.includes(name) ? [] : finds),
    ]);
    expect(finds).toEqual(Object.fromEntries(expected));
    expect(await readFile(clean, "utf8")).not.toContain(token);
    expect((await judge(clean)).findings.map(({ rule, probe }) => [rule, probe])).toEqual(
      report.findings.map(({ rule, probe }) => [rule, probe]),
    );
  });
});

/** Its bodies end before they should. */
const cut = (headers: Record<string, string>): Start =>
  answers((_, response) => {
    response.writeHead(200, { "content-type": "application/json", ...headers }).write('{"total_num":');
    setTimeout(() => response.destroy(), 50);
  });

describe.runIf(isRun)("a recording of mitmproxy", () => {
  it("of answers that never came, or not whole: they are not judged, and pass no rule", async () => {
    const starts = [answers((_, response) => response.destroy()), cut({}), cut({ "content-length": "1000" })];
    const { url } = await front(starts);
    const report = await judge(await record(mitmproxy, url, askEach(starts)), { side: "provider" });
    expect(report.findings).toEqual([]);
    expect(report.notJudged).toEqual([
      { reason: "body of the response: the recording does not keep it", count: 4 },
      { reason: "response: the request was never answered", count: 2 },
    ]);
    expect(passed(report)).not.toContain("body-present");
  });

  it("without bodies, compressed: they are not judged, and pass no rule", async () => {
    const start = startOf("size is a string");
    const { url } = await front([start]);
    const args: Recorder["args"] = (...given) => [...mitmproxy.args(...given), "--set", "stream_large_bodies=1"];
    const file = await record({ ...mitmproxy, args }, url, askEach([start]), "recording.zhar");
    const report = await judge(file, { side: "provider" });
    const reason = "body of the response: the recording does not keep it";
    expect(report).toMatchObject({ findings: [], notJudged: [{ reason, count: 2 }] });
    expect(passed(report)).not.toContain("page-schema");
    expect(await judge(file, { only: ["page-schema"] })).toMatchObject({ ok: false, outcome: "could-not-run" });
  });
});
