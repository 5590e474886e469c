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
import { always, answers, type Broken, listening, replies, startBroken } from "../check/broken.ts";
import { harmless } from "../check/gallery/harmless.ts";
import { gallery } from "../check/gallery/index.ts";
import { everyStatus, instanceId, projectId, serve, service, token } from "../check/service.ts";
import { reply, type Server, startServer } from "../client/server.ts";
import { launchChromium } from "./chromium.ts";

const path = `/v2/${projectId}/instances/${instanceId}/backups`;
const html = "<!doctype html><title>Backups</title><p>Log in to see them.";
const login = always({ status: 200, headers: { "content-type": "text/html" }, body: html });

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
}

/** To a page of a server, that asks the same server for two pages of records. */
async function visitTo(how: Start): Promise<Visit> {
  const { url } = await startAs(how);
  return { at: url, asks: ["?limit=2", "?limit=2&offset=2"].map((query) => url + path + query) };
}

interface Recording {
  headers?: Record<string, string>;
  content?: NonNullable<BrowserContextOptions["recordHar"]>["content"];
  prepare?: (page: Page) => Promise<unknown>;
}

/** @returns the recording */
async function record(visits: Visit | readonly Visit[], recording: Recording = {}): Promise<string> {
  const { headers = { "X-Auth-Token": token }, content = "embed", prepare } = recording;
  const file = join(folder, "chromium.har");
  const context = await browser.newContext({
    recordHar: { path: file, content, mode: "full" },
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  await prepare?.(page);
  for (const { at, asks } of [visits].flat()) {
    await page.goto(at);
    await page.evaluate(
      async ([asks, headers]) => {
        for (const url of asks)
          await fetch(url, { headers })
            .then((response) => response.text())
            .catch(String);
      },
      [asks, headers] as const,
    );
  }
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

/** On a busy machine Playwright now and then keeps no body of an answer that came: then the visit is recorded again. */
const again = { retry: 3 };

describe("nothing is found", again, () => {
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
    const file = await record({
      at: url,
      asks: ["", "?limit=2", "?limit=2&offset=2"].map((query) => url + path + query),
    });
    expect(await readFile(file, "utf8")).toMatch(/"HTTP\/2\.0".*":authority".*"x-auth-token"/s);
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
  it("of bodies in gzip and brotli, a media type with a character set, and an informational response", async () => {
    const names = ["compresses", "names its character set", "sends an informational response first"];
    const visits = await Promise.all([brotli, ...names.map(startOf)].map(visitTo));
    const report = await judge(await record(visits));
    expect(report).toMatchObject({ outcome: "conforms", findings: [], notJudged: [] });
    expect(report.exchanges).toMatchObject({ all: 12, ofCall: 8 });
    expect(passed(report)).toEqual(expect.arrayContaining(["json", "page-schema", "limit"]));
  });
});

describe("what is wrong is found, and no more", again, () => {
  const both = (...rules: string[]) => rules.flatMap((rule) => [`${rule} of the first`, `${rule} of the second`]);
  const wrong: Record<string, { how?: Start; finds: string[] }> = {
    "size is a string": { finds: both("page-schema") },
    "there is one record more than limit": { finds: both("limit") },
    "HTML with status 200": { how: login, finds: both("media-type", "json") },
    "pages have no body": { finds: both("body-present") },
    "a page has status 201": { finds: both("status") },
    "the bytes are latin1": { finds: both("utf-8") },
    "the JSON is cut off": { finds: both("json") },
    "the token is in a header": { finds: both("secret-echo") },
    "the token is in a record": { finds: both("secret-echo") },
    "offset is ignored": { finds: ["page-repeats of the second"] },
  };
  it("of servers with one fault each, in one recording", async () => {
    const visits = await Promise.all(Object.entries(wrong).map(([name, { how }]) => visitTo(how ?? startOf(name))));
    const report = await judge(await record(visits));
    expect(report).toMatchObject({ outcome: "departs", notJudged: [] });
    const names = Object.keys(wrong);
    const finds: Record<string, Set<string>> = Object.fromEntries(names.map((name) => [name, new Set()]));
    for (const { rule, probe } of report.findings) {
      const entry = Number(probe.replace("entry-", "")) - 1;
      finds[names[Math.floor(entry / 3)] ?? probe]?.add(`${rule} of the ${["page", "first", "second"][entry % 3]}`);
    }
    const expected = Object.entries(wrong).map(([name, { finds }]) => [name, new Set(finds)]);
    expect(finds).toEqual(Object.fromEntries(expected));
  });

  it("a page that asks wrongly, of a service that refuses it rightly", async () => {
    await using mock = await startMock({ records: 25, credentials: { token } });
    const asks = [`${mock.url}${path}?offset=-1`, `${mock.url}${path}?Limit=5`];
    const report = await judge(await record({ at: mock.url, asks }));
    expect(found(report)).toEqual(["parameter entry-2", "unknown-parameter entry-3"]);
    const anonymous = await judge(await record({ at: mock.url, asks: [mock.url + path] }, { headers: {} }));
    expect(found(anonymous)).toEqual(["credentials entry-2"]);
  });

  it("also once the recording is cleaned, which then has no token", async () => {
    const file = await record(await visitTo(startOf("the token is in a header")));
    const clean = join(folder, "clean.har");
    const report = await judge(file, { clean });
    expect(await readFile(clean, "utf8")).not.toContain(token);
    expect(found(await judge(clean))).toEqual(found(report));
  });
});

describe("what is not there is not judged, and passes no rule", again, () => {
  const ofHeaders = ["status", "accepted", "media-type", "no-redirect", "empty-204"];
  it.each([
    ["omit", "body of the response: the recording does not keep it"],
    ["attach", "body of the response: the recording keeps it in another file"],
  ] as const)("bodies, with the content of %s", async (content, reason) => {
    const visit = await visitTo(startOf("size is a string"));
    const file = await record(visit, { content });
    const isBeside = (await readdir(folder)).some((name) => name.endsWith(".json"));
    expect(isBeside).toBe(content === "attach");
    const report = await judge(file, { side: "provider" });
    expect(report).toMatchObject({ findings: [], notJudged: [{ reason, count: 2 }] });
    expect(ofHeaders).toEqual(expect.arrayContaining(passed(report).filter((id) => !/^(readable|judged)$/.test(id))));
    expect(await judge(file, { only: ["page-schema"] })).toMatchObject({ ok: false, outcome: "could-not-run" });
    const embedded = await judge(await record(visit), { only: ["page-schema"] });
    expect(embedded).toMatchObject({ outcome: "departs", notJudged: [] });
  });

  it("but the media type of HTML with status 200 is seen without its content", async () => {
    const report = await judge(await record(await visitTo(login), { content: "omit" }));
    expect(found(report)).toEqual(["media-type entry-2", "media-type entry-3"]);
  });

  it("a body in UTF-16 or with a byte order mark, which Chromium undoes, if its length is told", async () => {
    const changed = (encoding: BufferEncoding) =>
      replies(({ body, ...rest }) => {
        const bytes = Buffer.from(`\ufeff${JSON.stringify(body)}`, encoding);
        return { ...rest, headers: { ...rest.headers, "content-length": `${bytes.length}` }, body: bytes };
      });
    const visits = [await visitTo(changed("utf8")), await visitTo(changed("utf16le"))];
    const report = await judge(await record(visits), { side: "provider" });
    expect(report.notJudged).toEqual([{ reason: "body of the response: it is cut off", count: 4 }]);
    expect(passed(report)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(json|utf-8)$/)]));
  });

  it("a body that ends before it should, with a length and without", async () => {
    const how = answers((request, response, next) => {
      if (!request.url?.includes("limit")) return next();
      const length = request.url.endsWith("limit=2") ? {} : { "content-length": "1000" };
      response.writeHead(200, { "content-type": "application/json", ...length }).write('{"total_num":');
      setTimeout(() => response.destroy(), 50);
    });
    const report = await judge(await record(await visitTo(how)), { side: "provider" });
    expect(report.findings).toEqual([]);
    expect(report.notJudged).toEqual([{ reason: "body of the response: the recording does not keep it", count: 2 }]);
    expect(passed(report)).not.toContain("body-present");
  });

  it("a request that was never answered, and one that a test of Playwright answered", async () => {
    const how = answers((request, response, next) => (request.url?.endsWith("?limit=1") ? response.destroy() : next()));
    const { url } = await startAs(how);
    const asks = [`${url}${path}?limit=1`, `${url}${path}?limit=3`];
    const prepare = (page: Page) => page.route(/limit=3/, (route) => route.fulfill({ status: 200, body: "{}" }));
    const file = await record({ at: url, asks }, { prepare });
    const report = await judge(file, { side: "provider" });
    expect(report).toMatchObject({ ok: false, outcome: "could-not-run" });
    expect(report.notJudged?.map(({ reason }) => reason).sort()).toEqual([
      "response: the answer came from the test, not from the service",
      "response: the request was never answered",
    ]);
  });

  it.each([
    ["its cache", { "cache-control": "max-age=600" }],
    ["its cache, after a 304", { "cache-control": "no-cache", etag: '"of-the-list"' }],
  ])("an answer that Chromium takes from %s", async (_, headers) => {
    const how = answers((request, response, next) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (request.headers["if-none-match"]) response.writeHead(304).end();
      else next();
    });
    const { url } = await startAs(how);
    const report = await judge(await record({ at: url, asks: [url + path, url + path] }));
    expect(report.findings).toEqual([]);
    expect(report.notJudged).toEqual([{ reason: "response: the answer came from a cache", count: 1 }]);
  });
});
