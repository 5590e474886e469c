// What the page's script adds for a reader: tabs, search and copying.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { distance, names, open } from "./site.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe("a tab", () => {
  it("that is not selected is still found by the browser's own search, and opens", async () => {
    const { tab, close } = await open(browser, "index.html");
    const panel = tab.locator('[id="sample-code.go"]');
    expect(await panel.getAttribute("hidden")).toBe("until-found");
    await panel.dispatchEvent("beforematch");
    expect(await panel.isVisible()).toBe(true);
    expect(await tab.getByRole("tab", { selected: true }).first().textContent()).toBe("Go");
    await close();
  });

  it("that is not selected opens for a link into it, even if the browser does not open it itself", async () => {
    const { tab, close } = await open(browser, "index.html");
    const panel = tab.locator('[id="EveryStatus"]');
    expect(await panel.isVisible()).toBe(false);
    for (const arrival of ["location.hash = 'EveryStatus'", "dispatchEvent(new Event('load'))"]) {
      await panel.evaluate((element) => element.setAttribute("hidden", "")); // which "until-found" is to an older browser
      await tab.evaluate(arrival);
      await expect.poll(() => panel.isVisible()).toBe(true);
    }
    await close();
  });

  it("column that stays in view fits the window, whichever tab is selected", async () => {
    for (const name of names) {
      const { tab, close } = await open(browser, name, { width: 1280 });
      for (const height of [600, 720]) {
        await tab.setViewportSize({ width: 1280, height });
        const all = await tab.locator(".aside [role=tab]").all();
        expect(all.length).toBeGreaterThan(0);
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

describe("a browser that translates", () => {
  it("does not translate names on tabs and in search results, but the other words", async () => {
    const { tab, close } = await open(browser, "index.html");
    const translated = (selector: string) =>
      tab.locator(selector).evaluateAll((all) => all.map((element) => (element as HTMLElement).translate));
    expect(await translated("#sample-code [role=tab]")).toEqual([false, false, false, false, false]);
    expect(new Set(await translated(".response [role=tab]"))).toEqual(new Set([true]));
    for (const [query, title, isTranslated] of [
      ["begin_time", "begin_time", false],
      ["tool could not", "dcs.08.0001", false],
      ["sample code", "Sample code", true],
      ["response 500", "Response 500", true],
      ["execution_at", "BackupRecordResponse.execution_at", false],
      ["response 204", "Response 204", true],
      ["2025-03-17, open", "2025-03-17, Open Telekom Cloud", true],
    ] as const) {
      await tab.getByRole("searchbox").fill(query);
      const first = tab.locator("search li strong").first();
      expect(await first.textContent()).toBe(title);
      expect(await first.evaluate((element) => (element as HTMLElement).translate), title).toBe(isTranslated);
    }
    await close();
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
    ["what is pasted with spaces around it", "index.html", "  size ", "#BackupRecordResponse.size"],
    ["a word without its accents", "pt-BR.html", "autenticacao", "#authentication"],
  ])("finds %s", async (_what, name, query, href) => {
    const { tab, close } = await open(browser, name);
    await tab.getByRole("searchbox").fill(query);
    expect(await tab.locator("search li a").first().getAttribute("href")).toBe(href);
    await close();
  });

  it("works with arrow keys and Escape, and says if there is no result", async () => {
    const { tab, close } = await open(browser, "index.html");
    await tab.getByRole("searchbox").fill("backup");
    const results = await tab.locator("search li a").count();
    expect(results).toBeGreaterThan(0);
    expect(await tab.locator("search [role=status]").textContent()).toBe(`Results: ${results}`); // none is left out
    const place = "[...document.querySelectorAll('search :is(input, a)')].indexOf(document.activeElement)";
    const places: unknown[] = [];
    for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown"]) {
      await tab.keyboard.press(key);
      places.push(await tab.evaluate(place));
    }
    expect(places).toEqual([1, 2, 1, 0, 0, 1]);
    const cut = await tab
      .locator("search li a")
      .first()
      .evaluate((link) => {
        const { outlineOffset, outlineWidth } = getComputedStyle(link);
        const ring = Number.parseFloat(outlineOffset) + Number.parseFloat(outlineWidth);
        const list = link.closest("ul") as Element; // which scrolls, and shows nothing beyond its edge
        return list.getBoundingClientRect().left - (link.getBoundingClientRect().left - ring);
      });
    expect(cut).toBeLessThanOrEqual(0);
    await tab.keyboard.press("Escape");
    expect(await tab.evaluate(place)).toBe(0);
    expect(await tab.getByRole("searchbox").inputValue()).toBe("");
    expect(await tab.locator("search li").count()).toBe(0);
    expect(await tab.locator("search [role=status]").textContent()).toBe("");
    for (const nothing of ["no such thing", "#", "Copy"]) {
      await tab.getByRole("searchbox").fill(nothing); // the last two are only on the page's own controls
      expect(await tab.locator("search [role=status]").textContent()).toBe("Nothing found.");
    }
    await close();
  });

  it("shows the words within their text, with paragraphs kept apart", async () => {
    const { tab, close } = await open(browser, "index.html");
    await tab.getByRole("searchbox").fill("other status codes occur");
    expect(await tab.locator("search li span").first().textContent()).toMatch(
      /^ ….* by backup_id\. Other status codes occur/,
    );
    await close();
  });

  it("has the status element of its message from the start, for screen readers, as the copy buttons do", async () => {
    const { tab, close } = await open(browser, "index.html");
    expect(await tab.getByRole("search").getByRole("status").count()).toBe(1);
    expect(await tab.getByRole("status").count()).toBe(2);
    await close();
  });

  it("is absent without JavaScript, and so are buttons that would not work", async () => {
    const { tab, close } = await open(browser, "index.html", { javaScriptEnabled: false });
    expect(await tab.locator("search, button").count()).toBeGreaterThan(0);
    expect(await tab.locator("search:visible, button:visible").count()).toBe(0);
    await close();
  });
});

describe("a copy button", () => {
  it("copies the code below it, and says so", async () => {
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
    await tab.getByRole("tab", { name: "Go" }).click();
    await tab.getByRole("button", { name: "Copy Go" }).click();
    await expect.poll(() => tab.evaluate(() => navigator.clipboard.readText())).toMatch(/^package main/);
    await close();
  });

  it.each([
    ["is denied", "{ writeText: () => Promise.reject(new Error('denied')) }"],
    ["is missing, as over plain HTTP", "undefined"],
  ])("selects it where the clipboard %s", async (_what, clipboard) => {
    const { tab, complaints, close } = await open(browser, "index.html");
    await tab.evaluate(`Object.defineProperty(navigator, "clipboard", { value: ${clipboard} })`);
    await tab.getByRole("button", { name: "Copy curl" }).click();
    await expect.poll(() => tab.locator("#said").textContent()).toBe("Not copied");
    expect(await tab.evaluate("getSelection().toString()")).toContain("curl ");
    await expect
      .poll(() => tab.getByRole("button", { name: "Copy curl" }).textContent(), { timeout: 5000 })
      .toBe("Copy");
    expect(complaints).toEqual([]);
    await close();
  });
});
