// Every page, light and dark, on a phone, a tablet and a desktop: axe and html-validate find no fault. Each leaves a
// screenshot in artifacts/docs/ for a person to look at.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import axe from "axe-core";
import { HtmlValidate } from "html-validate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { launchChromium } from "./chromium.ts";
import { folder, names, open, schemes, widths } from "./site.ts";

const artifacts = join(repository, "artifacts/docs");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

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

/** Each fault with the elements that have it. */
async function faults(tab: Page): Promise<string[]> {
  await tab.evaluate(axe.source);
  const run = `axe.run({ runOnly: ${JSON.stringify(tags)}, resultTypes: ["violations", "passes"] })`;
  const { violations, passes } = (await tab.evaluate(run)) as axe.AxeResults;
  expect(passes.length).toBeGreaterThan(0); // rules that found something to check
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}

const everyWay = names.flatMap((name) =>
  schemes.flatMap((colorScheme) => widths.map((width) => ({ name, colorScheme, width }))),
);

describe("a page of the docs", () => {
  it.each(everyWay)(
    "has no fault that axe finds: $name, $colorScheme, $width px",
    async ({ name, colorScheme, width }) => {
      const { tab, close } = await open(browser, name, { colorScheme, width });
      const path = join(artifacts, `${name.replace(".html", "")}-${width}-${colorScheme}.png`);
      await tab.screenshot({ path, fullPage: true });
      expect(await faults(tab)).toEqual([]);
      if (width !== 1440) return close();
      for (const selected of await tab.locator("[role=tab][aria-selected=false]").all()) await selected.click();
      await tab.locator("input").fill("backup");
      expect(await faults(tab)).toEqual([]);
      await close();
    },
  );

  it.each(names)("has none even without its script: %s", async (name) => {
    const html = await readFile(join(folder, name), "utf8"); // axe itself needs JavaScript
    await writeFile(join(spoilt, "static.html"), html.replace(/<script>.*<\/script>/s, ""));
    const { tab, close } = await open(browser, relative(folder, join(spoilt, "static.html")));
    expect(await tab.locator("[role=tab]").count()).toBe(0);
    expect(await faults(tab)).toEqual([]);
    await close();
  });

  it.each(names)("is valid HTML in its language: %s", async (name) => {
    expect(await invalid(join(folder, name))).toEqual([]);
    const language = name === "index.html" ? "en" : name.replace(".html", "");
    expect(await readFile(join(folder, name), "utf8")).toContain(`<html lang="${language}">`);
  });

  it.each(names)("has headings with only their own text: %s", async (name) => {
    const { tab, close } = await open(browser, name);
    const headings = tab.locator("main :is(h1, h2, h3, h4, h5, h6)");
    expect(await headings.count()).toBeGreaterThan(0);
    expect(await headings.locator("a, button").count()).toBe(0); // a link to it would be read as part of its name
    await close();
  });

  it("is dark or light like the system", async () => {
    for (const colorScheme of schemes) {
      const { tab, close } = await open(browser, "index.html", { colorScheme });
      const [page, text] = await tab.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        return [backgroundColor, color].map((rgb) => Number(/\d+/.exec(rgb)?.[0]));
      });
      expect((Number(page) - Number(text)) * (colorScheme === "dark" ? -1 : 1)).toBeGreaterThan(150);
      const own = await tab.evaluate(() => {
        document.body.style.color = "CanvasText"; // what the browser itself writes in, in a field or a menu
        return getComputedStyle(document.body).color;
      });
      expect(own).toBe(colorScheme === "dark" ? "rgb(255, 255, 255)" : "rgb(0, 0, 0)");
      await close();
    }
  });

  it("shows the selection and the link target, even in forced colours", async () => {
    const look = (element: Element) => {
      const { backgroundColor, outlineStyle } = getComputedStyle(element);
      return `${backgroundColor} ${outlineStyle}`;
    };
    for (const forcedColors of ["none", "active"] as const) {
      const { tab, close } = await open(browser, "index.html", { forcedColors, hash: "#BackupStatus.failed" });
      const [chosen, other] = ["true", "false"].map((is) => tab.locator(`[role=tab][aria-selected=${is}]`).first());
      expect(await chosen?.evaluate(look)).not.toBe(await other?.evaluate(look));
      const page = await tab.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(await chosen?.evaluate((element) => getComputedStyle(element).backgroundColor)).not.toBe(page);
      const [named, next] = ["failed", "expired"].map((value) => tab.locator(`[id="BackupStatus.${value}"]`));
      expect(await named?.evaluate(look)).not.toBe(await next?.evaluate(look));
      await close();
    }
  });

  it.each(names)("fits a phone with text of twice the size: %s", async (name) => {
    const { tab, close } = await open(browser, name, { width: 320 });
    await tab.evaluate("document.documentElement.style.fontSize = '200%'");
    expect(await tab.evaluate("document.documentElement.scrollWidth")).toBe(320);
    await close();
  });

  it("names its counterparts in the other languages, and itself", async () => {
    for (const name of names) {
      const { tab, close } = await open(browser, name);
      const alternates = await tab
        .locator("link[rel=alternate]")
        .evaluateAll((links) => links.map((link) => [link.getAttribute("hreflang"), link.getAttribute("href")]));
      const pages = names.map((file) => [file === "index.html" ? "en" : file.replace(".html", ""), file]);
      expect(alternates.sort()).toEqual(pages.sort());
      for (const link of await tab.locator("nav.languages a").all())
        expect(names).toContain(await link.getAttribute("href"));
      expect(await tab.locator("nav.languages a[aria-current=page]").getAttribute("href")).toBe(name);
      await close();
    }
  });
});

async function invalid(file: string): Promise<string[]> {
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended", "html-validate:document"],
    rules: {
      "long-title": "off", // it says what the page is, however long the contract's words for it are
      "valid-id": ["error", { relaxed: true }], // names of the contract have dots; HTML forbids no more than spaces
    },
  });
  const { results } = await validator.validateFile(file);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${line}: ${message} (${ruleId})`),
  );
}

describe("the gate", () => {
  it.each([
    ["text of too little contrast", "color-contrast", '<p style="color: #aaa; background: #fff">pale</p>'],
    ["a picture without a text", "image-alt", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'],
    ["a level of headings left out", "heading-order", "<h6>deep</h6>"],
  ])("of axe turns red for %s", async (_what, rule, element) => {
    const { tab, close } = await open(browser, await spoil(element, true));
    expect((await faults(tab)).join()).toContain(rule);
    await close();
  });

  it("of the HTML fails on a duplicate id", async () => {
    expect((await invalid(join(folder, await spoil('<p id="top"></p>')))).join()).toContain("no-dup-id");
  });

  /** A copy of the page with an extra element; the path is relative to the docs. */
  async function spoil(element: string, styled = false): Promise<string> {
    const html = await readFile(join(folder, "index.html"), "utf8");
    const free = styled ? html.replace(/<meta http-equiv[^>]+>/, "") : html;
    await writeFile(join(spoilt, "index.html"), free.replace("</main>", `${element}</main>`));
    return relative(folder, join(spoilt, "index.html"));
  }
});
