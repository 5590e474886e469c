// The page's downloads: links that work from disk and from a server, and the same reference as Markdown.

import { access, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSite } from "../../scripts/release/site.ts";
import { repository } from "../../scripts/repository.ts";
import { samples } from "../../scripts/stages/samples.ts";
import { findChromium, launchChromium } from "./chromium.ts";
import { folder, names, open, readDocuments, readText } from "./site.ts";

const bundles = ["openapi.yaml", "openapi.json", "openapi-3.1.yaml", "openapi-3.1.json"];
const dates = ["2023-12-13", "2024-04-24", "2025-03-17", "2025-10-23"];
const folders = [...dates.map((date) => `revisions/${date}`), "tolerant"];
const files = [
  ...bundles,
  "postman_collection.json",
  ...folders.flatMap((folder) => bundles.map((bundle) => `${folder}/${bundle}`)),
];

describe("the downloads", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it.each(names)("are the files that tools get: %s", async (name) => {
    const { tab, close } = await open(browser, name);
    const hrefs = await tab
      .locator("main .files a")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    expect(hrefs.filter((href) => !href.endsWith(".md"))).toEqual(files.map((file) => `../${file}`));
    for (const href of hrefs) expect((await stat(join(folder, href))).size).toBeGreaterThan(0);
    await close();
  });

  it("are the only links out of the page, except those to the web and to the other languages", async () => {
    for (const name of names) {
      const { tab, close } = await open(browser, name);
      const hrefs = await tab.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
      const others = hrefs.filter(
        (href) => !/^(#|https:\/\/)/.test(href) && !files.includes(href.replace("../", "")) && !names.includes(href),
      );
      expect(others).toEqual([name === "index.html" ? "reference.md" : `reference.${name.replace(".html", ".md")}`]);
      await close();
    }
  });
});

describe("published, as a release publishes it,", () => {
  let server: Server;
  let browser: Browser;
  let url: string;
  let published: string;
  let version: string;
  beforeAll(async () => {
    published = join(await mkdtemp(join(tmpdir(), "site-")), "site");
    version = JSON.parse(await readFile(join(repository, "package.json"), "utf8")).version;
    await writeSite(repository, "HEAD", version, published);
    server = createServer(async ({ url: path = "" }, response) => {
      const name = path.replace("/project/", "").replace(/^$/, "index.html");
      const body = path.startsWith("/project/")
        ? await readFile(join(published, name)).catch(() => undefined)
        : undefined;
      response.writeHead(body ? 200 : 404, { "Content-Type": name.endsWith(".html") ? "text/html" : "text/plain" });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/project/`;
    const isRoot = process.getuid?.() === 0;
    browser = await chromium.launch({ executablePath: findChromium(), args: isRoot ? ["--no-sandbox"] : [] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    await rm(dirname(published), { recursive: true, force: true });
  });

  it.each([true, false])("the root leads to the docs, and every link to a file works: script %j", async (script) => {
    const context = await browser.newContext({ javaScriptEnabled: script });
    const tab = await context.newPage();
    const asked: string[] = [];
    tab.on("request", (request) => asked.push(request.url()));
    await tab.goto(url);
    await tab.waitForURL(`${url}docs/index.html`);
    expect(await readText(tab, "main .routes")).toContain("GET /v2/");
    expect(asked).toEqual([url, `${url}docs/index.html`]);
    const hrefs = await tab
      .locator("a:not([href^='#'], [href^='https:'])")
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
    expect(hrefs.length).toBe(names.length + files.length + 1);
    for (const href of hrefs) expect((await fetch(href)).status, href).toBe(200);
    expect((await fetch(`${url}llms.txt`)).status).toBe(200);
    expect((await fetch(`${url}v${version}/docs/index.html`)).status).toBe(200);
    expect((await fetch(`${url}no-such-file`)).status).toBe(404);
    await context.close();
  });

  it("the root keeps the place in the docs", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${url}#BackupStatus.failed`);
    await tab.waitForURL(`${url}docs/index.html#BackupStatus.failed`);
    await tab.close();
  });
});

describe("the reference as Markdown", () => {
  it("says what the page says: every heading, item, paragraph and block of code", async () => {
    const browser = await launchChromium();
    for (const name of names) {
      const { tab, close } = await open(browser, name, { javaScriptEnabled: false });
      const parts = tab.locator("main :is(h1, h2, h3, h4, h5, h6, p, li, pre, th, td)");
      const texts = await parts.evaluateAll((elements) =>
        elements.map((element) => {
          const copy = element.cloneNode(true) as Element;
          for (const link of copy.querySelectorAll(".anchor, .bar")) link.remove();
          return copy.textContent ?? "";
        }),
      );
      await close();
      const file = name === "index.html" ? "reference.md" : `reference.${name.replace(".html", ".md")}`;
      const markdown = bare(await readFile(join(folder, file), "utf8"));
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.filter((text) => !markdown.includes(bare(text)))).toEqual([]);
    }
    await browser.close();
  });

  it("has the samples and the examples unchanged, in blocks of their language", async () => {
    const markdown = await readFile(join(folder, "reference.md"), "utf8");
    const document = (await readDocuments()).get("index.html");
    if (!document) throw new Error("There is no English");
    for (const { language, code } of samples(document)) {
      expect(markdown).toContain(`\`\`\`${language}\n${code.trimEnd()}\n\`\`\`\n`);
    }
    const examples = Object.values(document.components.examples ?? {}) as { value: unknown }[];
    for (const { value } of examples)
      expect(markdown).toContain(`\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`);
    const outsideCode = markdown.replaceAll(/```.*?```|`[^`]*`/gs, "");
    expect(outsideCode).not.toMatch(/<\w+[^>]*>|\]\(#/); // no HTML, no link to an id that it does not have
    expect(outsideCode).not.toMatch(/Copy$|\[#\]/m); // nor what only serves a screen
  });

  it("has the table of the later revisions, row by row", async () => {
    const markdown = await readFile(join(folder, "reference.md"), "utf8");
    const rows = markdown.split("\n").filter((line) => line.startsWith("| "));
    expect(rows.slice(0, 2)).toEqual([
      "| Since | Published by | Change | What it breaks |",
      "| --- | --- | --- | --- |",
    ]);
    expect(rows.length).toBeGreaterThan(dates.length);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g), row).toHaveLength(5);
  });

  it("is linked in llms.txt, which names every file", async () => {
    const text = await readFile(join(folder, "../llms.txt"), "utf8");
    expect(text).toMatch(/^# DCS backup records\n\n> One call of .+\n\n`GET \/v2\/.+/);
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => file ?? "");
    const translated = names
      .filter((name) => name !== "index.html")
      .map((name) => `reference.${basename(name, ".html")}.md`);
    expect(translated).not.toEqual([]);
    expect(links).toEqual([...["reference.md", ...translated].map((file) => `docs/${file}`), ...files]);
    for (const link of links) await access(join(folder, "..", link));
  });

  /** Letters and digits of a text in order, without markup. */
  function bare(text: string): string {
    return text.replaceAll(/\]\([^)]*\)/g, "").replaceAll(/[^\p{L}\p{N}]/gu, "");
  }
});
