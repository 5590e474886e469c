// What Chromium does, as Playwright records it: `check recorded` finds the faults in such files, and nothing where there are none.

import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createSecureServer } from "node:http2";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { checkRecorded, type RecordedOptions } from "../../src/check/recorded/index.ts";
import { startMock } from "../../src/mock/index.ts";
import { always, answers, type Broken, listening, replies, startBroken, written } from "../check/broken.ts";
import { harmless } from "../check/gallery/harmless.ts";
import { gallery } from "../check/gallery/index.ts";
import { everyStatus, instanceId, projectId, serve, service, token } from "../check/service.ts";
import { reply, type Server, startServer } from "../client/server.ts";
import { launchChromium } from "./chromium.ts";

const path = `/v2/${projectId}/instances/${instanceId}/backups`;
const html = "<!doctype html><title>Backups</title><p>Log in to see them.";
const pages = ["?limit=2", "?limit=2&offset=2"];

let browser: Browser;
let folder: string;
let servers: Server[] = [];
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recordings-"));
});
afterEach(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  servers = [];
  await rm(folder, { recursive: true, force: true });
});

const start = async (starting: Promise<Server>): Promise<Server> => {
  const server = await starting;
  servers.push(server);
  return server;
};

type Start = Broken["start"];
const startOf = (name: string): Start => {
  const found = [...gallery, ...harmless].find((one) => one.name === name);
  if (!found) throw new Error(`The gallery has no server ${name}`);
  return found.start;
};
const startAs = (how: Start) => start(startBroken({ start: how } as Broken));

interface Visit {
  /** Address of the page, which is the first entry. */
  at: string;
  /** What the page asks for, one after the other: the next entries. */
  asks: readonly string[];
  headers?: Record<string, string>;
  content?: NonNullable<BrowserContextOptions["recordHar"]>["content"];
  prepare?: (page: Page) => Promise<unknown>;
}

/** @returns the recording */
async function record({ at, asks, headers = { "X-Auth-Token": token }, content = "embed", prepare }: Visit) {
  const file = join(folder, "chromium.har");
  const context = await browser.newContext({
    recordHar: { path: file, content, mode: "full" },
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  await prepare?.(page);
  await page.goto(at);
  for (const url of asks)
    await page.evaluate(
      ([url, headers]) => fetch(url, { headers }).then((response) => response.text(), String),
      [url, headers] as const,
    );
  await context.close();
  return file;
}

/** The report, once it is sure that it has no secret that the recording has. */
async function judge(file: string, options: Partial<RecordedOptions> = {}) {
  const report = await checkRecorded({ files: [file], ...options });
  expect(JSON.stringify(report)).not.toContain(token);
  return report;
}

const found = ({ findings }: Awaited<ReturnType<typeof judge>>) => [
  ...new Set(findings.map(({ rule, probe }) => `${rule} ${probe}`)),
];
const passed = ({ rules }: Awaited<ReturnType<typeof judge>>) =>
  rules.filter(({ result }) => result === "passed").map(({ id }) => id);

describe("nothing is found", () => {
  it("of a page that asks a service of another origin, and other calls are left alone", async () => {
    await using mock = await startMock({ records: 25, credentials: { token } });
    const site = await start(startServer(reply(200, html, { "content-type": "text/html" })));
    const asks = ["", "?limit=10", "?limit=10&offset=10"].map((query) => `${mock.url}${path}${query}`);
    const file = await record({ at: site.url, asks: [...asks, mock.url, `${mock.url}/v2/other`] });
    expect(mock.requests.length).toBe(5);
    expect(await readFile(file, "utf8")).toContain(token);
    const report = await judge(file);
    expect(report).toMatchObject({ outcome: "conforms", findings: [], notJudged: [], server: mock.url });
    expect(report.exchanges).toMatchObject({ all: 6, ofCall: 3 });
    expect(passed(report)).toEqual(expect.arrayContaining(["http", "credentials", "page-schema", "page-repeats"]));
  });

  it("of HTTP/2, with its lower-case names and those that begin with a colon", async () => {
    const pem = readFileSync(join(repository, "test/check/self-signed.pem"));
    const handle = serve(service({ records: everyStatus }));
    const secure = createSecureServer({ key: pem, cert: pem }, (request, response) =>
      handle(request as never, response as never),
    );
    const open = new Set<Socket>();
    secure.on("connection", (socket: Socket) => open.add(socket));
    const { url } = await start(listening(secure, "https", open));
    const file = await record({ at: url, asks: ["", ...pages].map((query) => url + path + query) });
    expect(await readFile(file, "utf8")).toMatch(/"HTTP\/2\.0"[^]*":authority"[^]*"x-auth-token"/);
    const report = await judge(file);
    expect(report).toMatchObject({ outcome: "conforms", findings: [], notJudged: [], server: url });
    expect(report.exchanges).toMatchObject({ all: 4, ofCall: 3 });
    expect(passed(report)).toEqual(expect.arrayContaining(["http", "credentials", "page-schema", "limit"]));
  });

  const brotli = replies(({ body, ...rest }) => ({
    ...rest,
    headers: { ...rest.headers, "content-encoding": "br" },
    body: brotliCompressSync(JSON.stringify(body)),
  }));
  it.each<[string, Start]>([
    ["gzip", startOf("compresses")],
    ["brotli", brotli],
    ["a media type with a character set", startOf("names its character set")],
    ["an informational response first", startOf("sends an informational response first")],
  ])("of bodies with %s", async (_, how) => {
    const { url } = await startAs(how);
    const report = await judge(await record({ at: url, asks: pages.map((query) => url + path + query) }));
    expect(report).toMatchObject({ outcome: "conforms", findings: [], notJudged: [] });
    expect(passed(report)).toEqual(expect.arrayContaining(["json", "page-schema", "limit"]));
  });
});

describe("what is wrong is found, and no more", () => {
  const both = (...rules: string[]) => rules.flatMap((rule) => [`${rule} entry-2`, `${rule} entry-3`]);
  const login = always({ status: 200, headers: { "content-type": "text/html" }, body: html });
  it.each<[string, Start, string[]]>([
    ["size is a string", startOf("size is a string"), both("page-schema")],
    ["more records than limit", startOf("there is one record more than limit"), both("limit")],
    ["HTML with status 200", login, both("media-type", "json")],
    ["an empty page with status 200", startOf("pages have no body"), both("body-present")],
    ["status 201", startOf("a page has status 201"), both("status")],
    ["bytes that are not UTF-8", startOf("the bytes are latin1"), both("utf-8")],
    ["cut JSON", startOf("the JSON is cut off"), both("json")],
    ["the token in a header", startOf("the token is in a header"), both("secret-echo")],
    ["the token in a record", startOf("the token is in a record"), both("secret-echo")],
    ["offset ignored", startOf("offset is ignored"), ["page-repeats entry-3"]],
  ])("%s", async (_, how, findings) => {
    const { url } = await startAs(how);
    const file = await record({ at: url, asks: pages.map((query) => url + path + query) });
    const report = await judge(file);
    expect(found(report).sort()).toEqual(findings.sort());
    expect(report).toMatchObject({ outcome: "departs", notJudged: [] });
  });

  it("a page that asks wrongly, of a service that refuses it rightly", async () => {
    await using mock = await startMock({ records: 25, credentials: { token } });
    const asks = [`${mock.url}${path}?offset=-1`, `${mock.url}${path}?Limit=5`];
    const report = await judge(await record({ at: mock.url, asks }));
    expect(found(report)).toEqual(["parameter entry-2", "unknown-parameter entry-3"]);
    const anonymous = await judge(await record({ at: mock.url, asks: [mock.url + path], headers: {} }));
    expect(found(anonymous)).toEqual(["credentials entry-2"]);
  });

  it("also once the recording is cleaned, which then has no token", async () => {
    const { url } = await startAs(startOf("the token is in a header"));
    const file = await record({ at: url, asks: pages.map((query) => url + path + query) });
    const clean = join(folder, "clean.har");
    const report = await judge(file, { clean });
    expect(await readFile(clean, "utf8")).not.toContain(token);
    expect(found(await judge(clean))).toEqual(found(report));
  });
});

describe("what is not there is not judged, and passes no rule", () => {
  const ofHeaders = ["status", "accepted", "media-type", "no-redirect", "empty-204"];
  it.each([
    ["omit", "body of the response: the recording does not keep it"],
    ["attach", "body of the response: the recording keeps it in another file"],
  ] as const)("bodies, with the content of %s", async (content, reason) => {
    const { url } = await startAs(startOf("size is a string"));
    const asks = pages.map((query) => url + path + query);
    const file = await record({ at: url, asks, content });
    const isBeside = (await readdir(folder)).some((name) => name.endsWith(".json"));
    expect(isBeside).toBe(content === "attach");
    const report = await judge(file, { side: "provider" });
    expect(report).toMatchObject({ findings: [], notJudged: [{ reason, count: 2 }] });
    expect(ofHeaders).toEqual(expect.arrayContaining(passed(report).filter((id) => !/^(readable|judged)$/.test(id))));
    expect(await judge(file, { only: ["page-schema"] })).toMatchObject({ ok: false, outcome: "could-not-run" });
    const embedded = await judge(await record({ at: url, asks }), { only: ["page-schema"] });
    expect(embedded).toMatchObject({ outcome: "departs", notJudged: [] });
  });

  it("but the media type of HTML with status 200 is seen without its content", async () => {
    const { url } = await startAs(always({ status: 200, headers: { "content-type": "text/html" }, body: html }));
    const report = await judge(await record({ at: url, asks: [url + path], content: "omit" }));
    expect(found(report)).toEqual(["media-type entry-2"]);
  });

  it.each([
    ["a byte order mark", (text: string) => Buffer.from(`\ufeff${text}`)],
    ["UTF-16", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
  ])("a body with %s, which Chromium undoes, if its length is told", async (_, change) => {
    const how = replies(({ body, ...rest }) => {
      const bytes = change(JSON.stringify(body));
      return { ...rest, headers: { ...rest.headers, "content-length": `${bytes.length}` }, body: bytes };
    });
    const { url } = await startAs(how);
    const report = await judge(await record({ at: url, asks: [url + path] }));
    expect(report.notJudged).toMatchObject([{ reason: expect.stringMatching(/^body of the response: /), count: 1 }]);
    expect(passed(report)).not.toContain("json");
    expect(passed(report)).not.toContain("utf-8");
  });

  it("a request that was never answered, and one that a test of Playwright answered", async () => {
    const how = answers((request, response, next) =>
      request.url?.endsWith("?limit=1") ? response.destroy() : next(),
    );
    const { url } = await startAs(how);
    const file = await record({
      at: url,
      asks: [`${url}${path}?limit=1`, `${url}${path}?limit=3`],
      prepare: (page) => page.route(/limit=3/, (route) => route.fulfill({ status: 200, body: "{}" })),
    });
    const report = await judge(file, { side: "provider" });
    expect(report).toMatchObject({ ok: false, outcome: "could-not-run" });
    expect(report.notJudged?.map(({ reason }) => reason).sort()).toEqual([
      "response: the answer came from the test, not from the service",
      "response: the request was never answered",
    ]);
  });

  it("an answer from the cache of Chromium", async () => {
    const how = written((text) => text, { "cache-control": "max-age=600" });
    const server = await startAs(how);
    const file = await record({ at: server.url, asks: [server.url + path, server.url + path] });
    console.log(JSON.stringify(JSON.parse(await readFile(file, "utf8")).log.entries.slice(1), null, 1));
    const report = await judge(file);
    expect(report).toMatchObject({ findings: [] });
  });
});
