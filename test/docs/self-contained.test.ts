// A page of the docs is self-contained: opened from disk without a network, it makes no request and reports no error, and its
// policy forbids requests.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
