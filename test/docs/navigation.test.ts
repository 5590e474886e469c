// Navigation: stable links, keyboard only, and the outline.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { launchChromium } from "./chromium.ts";
import { distance, names, open, schemes, widths } from "./site.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Ids of the page that belong to the contract, not to its sources. */
const linkable = (tab: Page) =>
  tab
    .locator("main [id]")
    .evaluateAll((parts) =>
      parts.map(({ id }) => id).filter((id) => !/^(fact|addition|contradiction)\.|\.tab$/.test(id)),
    );

/** Goes to a part as a link does; the page's own script runs first. */
const follow = (tab: Page, id: string, javaScriptEnabled: boolean) =>
  tab.evaluate(
    async ([name, waits]) => {
      const changed = waits && new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
      location.hash = name;
      if (changed) await changed;
      const part = document.getElementById(name);
      return { top: part?.getBoundingClientRect().top ?? Number.NaN, isVisible: part?.checkVisibility() ?? false };
    },
    [id, javaScriptEnabled] as const,
  );

describe("the deep links", () => {
  it("include every link ever published: test/docs/deep-links.txt only grows", async () => {
    const given = (await readFile(join(repository, "test/docs/deep-links.txt"), "utf8")).trim().split("\n");
    for (const name of names) {
      const { tab, close } = await open(browser, name);
      expect((await linkable(tab)).sort()).toEqual(given.sort());
      await close();
    }
  });

  const ways = names.flatMap((name) =>
    [true, false].flatMap((javaScriptEnabled) => widths.map((width) => ({ name, javaScriptEnabled, width }))),
  );
  it.each(ways)("lead to their part: $name, $width px, JavaScript $javaScriptEnabled", async ({ name, ...way }) => {
    const { tab, close } = await open(browser, name, way);
    const ids = await tab.locator("main [id]").evaluateAll((parts) => parts.map(({ id }) => id));
    const targets = ids.filter((id) => !id.endsWith(".tab"));
    expect(targets.length).toBeGreaterThan(0);
    const astray: string[] = [];
    for (const id of targets) {
      const { top, isVisible } = await follow(tab, id, way.javaScriptEnabled);
      if (!(top >= -1 && top < 800 && isVisible)) astray.push(`${id}: ${top}`);
    }
    expect(astray).toEqual([]);
    await close();
  });

  it.each(ways)(
    "lead there from elsewhere too: $name, $width px, JavaScript $javaScriptEnabled",
    async ({ name, ...way }) => {
      for (const id of [
        "BackupRecordResponse.status",
        "BackupRecordResponse.error_code.dcs.08.0006",
        "EveryStatus",
        "sample-code.go",
      ]) {
        const { tab, close } = await open(browser, name, { ...way, hash: `#${id}` });
        const top = await distance(tab, id);
        expect(top, id).toBeGreaterThan(-1);
        expect(top, id).toBeLessThan(300); // in a column that stays in view, a little below the top
        expect(await tab.locator(`[id="${id}"]`).isVisible()).toBe(true);
        await close();
      }
    },
  );

  it("include all links of the page to itself, and none is broken", async () => {
    for (const name of names) {
      const { tab, close } = await open(browser, name);
      const hrefs = await tab
        .locator("a[href^='#']")
        .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
      expect(hrefs.length).toBeGreaterThan(0);
      const ids = await tab.locator("[id]").evaluateAll((parts) => parts.map(({ id }) => id));
      expect(hrefs.filter((href) => !ids.includes(decodeURIComponent(href.slice(1))))).toEqual([]);
      await close();
    }
  });
});

describe("the keyboard", () => {
  const ways = names.flatMap((name) => [320, 1440].map((width) => ({ name, width })));

  it.each(ways)(
    "reaches every control in the order of reading, with a focus that shows: $name, $width px",
    async ({ name, width }) => {
      const { tab, close } = await open(browser, name, { width });
      await tab.evaluate(mark);
      const expected = (await tab.evaluate("controls().map((control) => control.dataset.at)")) as string[];
      expect(expected.length).toBeGreaterThan(0);
      const reached: string[] = [];
      const unseen: string[] = [];
      for (const _ of expected) {
        await tab.keyboard.press("Tab");
        const { at, problem } = (await tab.evaluate("focused()")) as { at: string; problem: string };
        reached.push(at);
        if (problem) unseen.push(`${at}: ${problem}`);
      }
      expect(reached).toEqual(expected);
      expect(unseen).toEqual([]);
      await close();
    },
  );

  it("fails if the focus is not visible", async () => {
    const { tab, close } = await open(browser, "index.html");
    await tab.evaluate(mark);
    await tab.evaluate("for (const link of document.links) link.style.outline = 'none'");
    await tab.keyboard.press("Tab");
    expect(await tab.evaluate("focused()")).toMatchObject({ problem: "no outline" });
    await close();
  });

  it.each(schemes)("has a focus that stands out from the page: %s", async (colorScheme) => {
    const { tab, close } = await open(browser, "index.html", { colorScheme });
    await tab.keyboard.press("Tab");
    const [ring, page] = await tab.evaluate(() => {
      const colours = [getComputedStyle(document.activeElement as Element).outlineColor];
      return [...colours, getComputedStyle(document.body).backgroundColor];
    });
    expect(contrast(ring ?? "", page ?? "")).toBeGreaterThan(3); // WCAG 2.2, 1.4.11
    await close();
  });

  it("skips to the content at once", async () => {
    const { tab, close } = await open(browser, "index.html");
    await tab.keyboard.press("Tab");
    await tab.keyboard.press("Enter");
    await tab.keyboard.press("Tab");
    expect(await tab.evaluate("document.activeElement.closest('main') !== null")).toBe(true);
    await close();
  });

  it("moves through tabs with the arrow keys, and shows the selected one", async () => {
    const { tab, close } = await open(browser, "index.html");
    await tab.getByRole("tab", { name: "curl" }).focus();
    const place = await tab.evaluate("scrollY");
    for (const [key, label] of [
      ["ArrowRight", "TypeScript"],
      ["End", "Java"],
      ["ArrowRight", "curl"],
      ["ArrowLeft", "Java"],
      ["Home", "curl"],
    ] as const) {
      await tab.keyboard.press(key);
      expect(await tab.getByRole("tab", { selected: true }).first().textContent()).toBe(label);
      expect(await tab.evaluate("document.activeElement.textContent")).toBe(label);
      expect(await tab.evaluate("new Promise(requestAnimationFrame).then(() => scrollY)")).toBe(place); // End is of the tabs
      expect(await tab.getByRole("tabpanel", { name: label, exact: true }).isVisible()).toBe(true);
    }
    await tab.keyboard.press("Tab"); // which leaves the tabs at once
    expect(await tab.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("Copy curl");
    await close();
  });
});

/** Contrast of two colours like `rgb(10, 106, 87)`, as in WCAG. */
function contrast(...colours: [string, string]): number {
  const [dark = 0, light = 0] = colours
    .map((colour) => {
      const parts = (colour.match(/\d+/g) ?? []).map((part) => Number(part) / 255);
      const [red = 0, green = 0, blue = 0] = parts.map((c) =>
        c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Runs in the page: numbers the controls, and tells whether the focus of the focused one is visible. */
const mark = `
  const visible = (element) => element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
  const isStop = (element) => element.tabIndex >= 0 && !element.disabled && visible(element);
  globalThis.controls = () => [...document.querySelectorAll("a[href], button, input, [tabindex]")].filter(isStop);
  controls().forEach((control, index) => { control.dataset.at = index + " " + control.outerHTML.slice(0, 80); });
  globalThis.focused = () => {
    const control = document.activeElement;
    const { outlineStyle, outlineWidth, opacity } = getComputedStyle(control);
    const { top, bottom, left, right } = control.getBoundingClientRect();
    const problem =
      outlineStyle === "none" || parseFloat(outlineWidth) < 2 ? "no outline"
      : opacity !== "1" ? "transparent"
      : bottom < 0 || top > innerHeight || right < 0 || left > innerWidth ? "out of sight"
      : "";
    return { at: control.dataset.at ?? control.outerHTML.slice(0, 80), problem };
  };`;

describe("an address", () => {
  it("that names no part causes no error", async () => {
    for (const hash of ["#no-such-part", "#%E0%A4%A"]) {
      const { tab, complaints, close } = await open(browser, "index.html", { hash });
      expect(await tab.getByRole("tab", { selected: true }).first().textContent()).toBe("curl");
      expect(complaints).toEqual([]);
      await close();
    }
  });
});

describe("the outline", () => {
  it("shows the current place", async () => {
    const { tab, close } = await open(browser, "index.html");
    const here = tab.getByRole("navigation", { name: "On this page" }).locator("[aria-current]");
    expect(await here.allTextContents()).toEqual(["List the backup records of a DCS instance"]);
    for (const [id, title] of [
      ["listBackupRecords.limit", "Parameters"],
      ["BackupStatus.failed", "Response 200"],
      ["facts", "What the page says"],
      ["downloads", "Downloads"],
    ] as const) {
      await follow(tab, id, true);
      await expect.poll(() => here.allTextContents()).toEqual([title]);
    }
    await close();
  });
});
