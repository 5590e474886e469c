// A page of the docs is self-contained: opened from disk without a network, it makes no request and reports no error, and its
// policy forbids requests.

import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { findChromium, launchChromium } from "./chromium.ts";
import { folder, names, open, readText, schemes, widths } from "./site.ts";

let browser: Browser;
let spoilt: string;
beforeAll(async () => {
  browser = await launchChromium();
  spoilt = await mkdtemp(join(tmpdir(), "docs-"));
});
afterAll(async () => {
  await browser?.close();
  if (spoilt) await rm(spoilt, { recursive: true, force: true });
});

const everyWay = [true, false].flatMap((javaScriptEnabled) =>
  names.flatMap((name) =>
    schemes.flatMap((colorScheme) => widths.map((width) => ({ name, colorScheme, width, javaScriptEnabled }))),
  ),
);

describe("a page of the docs", () => {
  it.each(everyWay)(
    "makes no request, has no errors and does not scroll sideways: $name, $colorScheme, $width px, JavaScript $javaScriptEnabled",
    async ({ name, ...way }) => {
      const visit = await open(browser, name, way);
      expect(await readText(visit.tab, "h1 ~ .routes")).toBe("GET /v2/{project_id}/instances/{instance_id}/backups");
      for (const y of [0.5, 1]) await visit.tab.evaluate(`scrollTo(0, document.body.scrollHeight * ${y})`);
      expect(await visit.tab.evaluate("document.documentElement.scrollWidth")).toBe(way.width);
      expect({ requests: visit.requests, complaints: visit.complaints }).toEqual({ requests: [], complaints: [] });
      await visit.close();
    },
  );

  it.each(names)("forbids itself to load anything or to run another script: %s", async (name) => {
    const { tab, close } = await open(browser, name);
    const hash = "'sha256-[\\w+/]+='";
    expect(
      await tab.locator("head > meta:nth-child(2)[http-equiv=Content-Security-Policy]").getAttribute("content"),
    ).toMatch(
      new RegExp(
        `^default-src 'none'; script-src ${hash}; style-src ${hash}; img-src data:; base-uri 'none'; form-action 'none'$`,
      ),
    );
    await close();
  });
});

describe("a server with its own policy", () => {
  /** Opens a page from a server that sends this policy. */
  async function openServed(name: string, policy: string) {
    const server = createServer(async ({ url = "" }, response) => {
      response.setHeader("Content-Security-Policy", policy);
      response.setHeader("Content-Type", "text/html").end(await readFile(join(folder, basename(url))));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const tab = await browser.newPage();
    const complaints: string[] = [];
    tab.on("console", (message) => complaints.push(message.text()));
    await tab.goto(`http://127.0.0.1:${port}/${name}`);
    const isStyled = (await tab.evaluate("getComputedStyle(document.body).margin")) === "0px";
    const hasTabs = (await tab.locator("[role=tab]").count()) > 0;
    return { tab, complaints, isStyled, hasTabs, close: () => Promise.all([tab.close(), server.close()]) };
  }

  const readAll = async (tab: Page) => (await readText(tab, "main")).replaceAll(" ", "");

  // Jenkins sends the first one.
  it.each([
    "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';",
    "default-src 'none'; style-src 'self'",
  ])("shows the whole text without style: %s", async (policy) => {
    for (const name of names) {
      const served = await openServed(name, policy);
      expect(served).toMatchObject({ isStyled: false, hasTabs: false });
      const plain = await open(browser, name, { javaScriptEnabled: false });
      expect(await readAll(served.tab)).toBe(await readAll(plain.tab));
      await Promise.all([served.close(), plain.close()]);
    }
  });

  it("shows the pages unchanged with the policy in the README, which still blocks everything else", async () => {
    const readme = await readFile(join(repository, "README.md"), "utf8");
    const [, policy = ""] = /`(default-src 'none';[^`]+)`/.exec(readme) ?? [];
    for (const name of names) {
      const served = await openServed(name, policy);
      expect(served).toMatchObject({ isStyled: true, hasTabs: true, complaints: [] });
      await served.tab.evaluate(
        "document.body.append(Object.assign(document.createElement('style'), { textContent: 'a {}' }))",
      );
      await expect.poll(() => served.complaints.join()).toContain("inline style");
      await served.close();
    }
  });
});

describe("the gate", () => {
  it.each([
    ["a picture", '<img src="https://example.com/logo.svg" alt="">', "https://example.com/"],
    ["a script", '<script src="https://example.com/page.js"></script>', "https://example.com/"],
    ["another inline script", "<script>document.title = 1</script>", "inline script"],
    ["a font", "<style>body { background: url(https://example.com/a.png) }</style>", "inline style"],
  ])("turns red for %s", async (_what, element, complaint) => {
    const html = await readFile(join(folder, "index.html"), "utf8");
    await writeFile(join(spoilt, "index.html"), html.replace("</main>", `${element}</main>`));
    const { requests, complaints, close } = await open(browser, relative(folder, join(spoilt, "index.html")));
    expect([...requests, ...complaints].join()).toContain(complaint);
    await close();
  });

  it("fails on content wider than the screen", async () => {
    const html = await readFile(join(folder, "index.html"), "utf8");
    const wide = '<svg width="400" height="10"></svg>';
    await writeFile(join(spoilt, "index.html"), html.replace("</main>", `${wide}</main>`));
    const { tab, close } = await open(browser, relative(folder, join(spoilt, "index.html")), { width: 320 });
    expect(await tab.evaluate("document.documentElement.scrollWidth")).toBeGreaterThan(320);
    await close();
  });

  it("says how to install Chromium if there is none", () => {
    const before = process.env.CHROMIUM_PATH;
    process.env.CHROMIUM_PATH = join(spoilt, "no-such-program");
    expect(() => findChromium()).toThrow(/There is no Chromium at CHROMIUM_PATH \(.*\)\. Install it \(.*\) or set/);
    if (before === undefined) delete process.env.CHROMIUM_PATH;
    else process.env.CHROMIUM_PATH = before;
  });
});
