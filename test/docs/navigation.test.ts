// How a reader gets around: links that stay, tabs, search and copying, by mouse and by keyboard alone.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../../scripts/chromium.ts";
import { repository } from "../../scripts/source.ts";
import { names, open, widths } from "./site.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Ids of the page that belong to the contract, not to how it was made. */
const linkable = (tab: Page) =>
  tab
    .locator("main [id]")
    .evaluateAll((parts) =>
      parts.map(({ id }) => id).filter((id) => !/^(fact|addition|contradiction)\.|\.tab$/.test(id)),
    );

/** How far the part that the address names is from the top of the window. */
const distance = (tab: Page, id: string) =>
  tab.evaluate((name) => document.getElementById(name)?.getBoundingClientRect().top ?? Number.NaN, id);

/** Goes to a part as a link does; the page's own script has the first word on where that leads. */
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
  it("are those that were ever given out: test/docs/deep-links.txt only grows", async () => {
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
    expect(targets.length).toBeGreaterThan(150);
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

  it("are all links of the page to itself, and none leads nowhere", async () => {
    for (const name of names) {
      const { tab, close } = await open(browser, name);
      const hrefs = await tab
        .locator("a[href^='#']")
        .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
      expect(hrefs.length).toBeGreaterThan(150);
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
      expect(expected.length).toBeGreaterThan(120);
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

  it("would not pass where the focus does not show", async () => {
    const { tab, close } = await open(browser, "index.html");
    await tab.evaluate(mark);
    await tab.evaluate("for (const link of document.links) link.style.outline = 'none'");
    await tab.keyboard.press("Tab");
    expect(await tab.evaluate("focused()")).toMatchObject({ problem: "no outline" });
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

  it("walks through tabs with the arrows, and shows the one it is on", async () => {
    const { tab, close } = await open(browser, "index.html");
    await tab.getByRole("tab", { name: "curl" }).focus();
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
      expect(await tab.getByRole("tabpanel", { name: label, exact: true }).isVisible()).toBe(true);
    }
    await close();
  });
});

/** Runs in the page: numbers the controls, and tells of the one that has the focus whether one can see so. */
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
  it("that is no address of a part is borne in silence", async () => {
    for (const hash of ["#no-such-part", "#%E0%A4%A"]) {
      const { tab, complaints, close } = await open(browser, "index.html", { hash });
      expect(await tab.getByRole("tab", { selected: true }).first().textContent()).toBe("curl");
      expect(complaints).toEqual([]);
      await close();
    }
  });
});

describe("the outline", () => {
  it("shows where one is", async () => {
    const { tab, close } = await open(browser, "index.html");
    const here = tab.getByRole("navigation", { name: "On this page" }).locator("[aria-current]");
    expect(await here.allTextContents()).toEqual(["List the backup records of a DCS instance"]);
    for (const [id, title] of [
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

describe("a tab", () => {
  it("that is not chosen is still found by the browser's own search, and opens", async () => {
    const { tab, close } = await open(browser, "index.html");
    const panel = tab.locator('[id="sample-code.go"]');
    expect(await panel.getAttribute("hidden")).toBe("until-found");
    await panel.dispatchEvent("beforematch");
    expect(await panel.isVisible()).toBe(true);
    expect(await tab.getByRole("tab", { selected: true }).first().textContent()).toBe("Go");
    await close();
  });

  it("column that stays in view fits the window, whichever tab is chosen", async () => {
    for (const name of names) {
      const { tab, close } = await open(browser, name, { width: 1280 });
      for (const height of [600, 720]) {
        await tab.setViewportSize({ width: 1280, height });
        const all = await tab.locator(".aside [role=tab]").all();
        expect(all.length).toBeGreaterThan(7);
        for (const choice of all) {
          await choice.click();
          const column = choice.locator("xpath=ancestor::div[contains(@class, 'aside')]");
          const box = await column.boundingBox();
          expect(box?.height, `${name} ${await choice.textContent()}`).toBeLessThanOrEqual(height - 24);
        }
      }
      await close();
    }
  });
});

describe("the search", () => {
  it.each(names)("finds dcs.08.0006, and goes there: %s", async (name) => {
    const { tab, close } = await open(browser, name);
    await tab.getByRole("searchbox").fill("dcs.08.0006");
    const first = tab.locator("search li a").first();
    expect(await first.textContent()).toMatch(/^dcs\.08\.0006/);
    expect(await tab.locator("search [role=status]").textContent()).toMatch(/: \d+$/);
    await tab.keyboard.press("Enter");
    expect(new URL(tab.url()).hash).toBe("#BackupRecordResponse.error_code.dcs.08.0006");
    const top = await distance(tab, "BackupRecordResponse.error_code.dcs.08.0006");
    expect(top).toBeGreaterThan(-1);
    expect(top).toBeLessThan(100);
    await expect.poll(() => tab.locator("search li").count()).toBe(0);
    await close();
  });

  it.each([
    ["a parameter by its name", "index.html", "begin_time", "#listBackupRecords.begin_time"],
    ["a field without regard to case", "index.html", "IS_SUPPORT", "#BackupRecordResponse.is_support_restore"],
    ["words anywhere in a text", "index.html", "tool could not", "#BackupRecordResponse.error_code.dcs.08.0001"],
    ["a value", "index.html", "backuping", "#BackupStatus.backuping"],
    ["a word without its accents", "pt-BR.html", "autenticacao", "#authentication"],
  ])("finds %s", async (_what, name, query, href) => {
    const { tab, close } = await open(browser, name);
    await tab.getByRole("searchbox").fill(query);
    expect(await tab.locator("search li a").first().getAttribute("href")).toBe(href);
    await close();
  });

  it("is worked by arrows and Escape, and says when there is nothing", async () => {
    const { tab, close } = await open(browser, "index.html");
    await tab.getByRole("searchbox").fill("backup");
    const results = await tab.locator("search li a").count();
    expect(results).toBeGreaterThan(5);
    expect(await tab.locator("search [role=status]").textContent()).toBe(`Results: ${results}`); // none is left out
    const place = "[...document.querySelectorAll('search :is(input, a)')].indexOf(document.activeElement)";
    const places: unknown[] = [];
    for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown"]) {
      await tab.keyboard.press(key);
      places.push(await tab.evaluate(place));
    }
    expect(places).toEqual([1, 2, 1, 0, 0, 1]);
    await tab.keyboard.press("Escape");
    expect(await tab.evaluate(place)).toBe(0);
    expect(await tab.getByRole("searchbox").inputValue()).toBe("");
    expect(await tab.locator("search li").count()).toBe(0);
    await tab.getByRole("searchbox").fill("no such thing");
    expect(await tab.locator("search [role=status]").textContent()).toBe("Nothing found.");
    await close();
  });

  it("shows where in a text the words are, each paragraph apart from the next", async () => {
    const { tab, close } = await open(browser, "index.html");
    await tab.getByRole("searchbox").fill("other statuses occur");
    expect(await tab.locator("search li span").first().textContent()).toMatch(
      /^ ….* by backup_id\. Other statuses occur/,
    );
    await close();
  });

  it("has its message where a screen reader waits for it, before there is one", async () => {
    const { tab, close } = await open(browser, "index.html");
    expect(await tab.getByRole("search").getByRole("status").count()).toBe(1);
    await close();
  });

  it("is not there without JavaScript, nor are buttons that would do nothing", async () => {
    const { tab, close } = await open(browser, "index.html", { javaScriptEnabled: false });
    expect(await tab.locator("search, button").count()).toBeGreaterThan(8);
    expect(await tab.locator("search:visible, button:visible").count()).toBe(0);
    await close();
  });
});

describe("a copy button", () => {
  it("copies what stands below it, and says so", async () => {
    const { tab, close } = await open(browser, "index.html", { permissions: ["clipboard-read", "clipboard-write"] });
    await tab.getByRole("button", { name: "Copy curl" }).click();
    await expect.poll(() => tab.locator("#said").textContent()).toBe("Copied");
    const copied = await tab.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain("curl ");
    expect(copied).toBe(await tab.locator('[id="sample-code.curl"] pre').textContent());
    await expect
      .poll(() => tab.getByRole("button", { name: "Copy curl" }).textContent(), { timeout: 5000 })
      .toBe("Copy");
    expect(await tab.locator("#said").textContent()).toBe("");
    await close();
  });

  it.each([
    ["is denied", "{ writeText: () => Promise.reject(new Error('denied')) }"],
    ["is not there, as over plain HTTP", "undefined"],
  ])("selects it where the clipboard %s", async (_what, clipboard) => {
    const { tab, complaints, close } = await open(browser, "index.html");
    await tab.evaluate(`Object.defineProperty(navigator, "clipboard", { value: ${clipboard} })`);
    await tab.getByRole("button", { name: "Copy curl" }).click();
    await expect.poll(() => tab.locator("#said").textContent()).toBe("Not copied");
    expect(await tab.evaluate("getSelection().toString()")).toContain("curl ");
    expect(complaints).toEqual([]);
    await close();
  });
});
