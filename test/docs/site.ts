// The pages of the docs as a reader opens them: from disk, without a network, with each request and error recorded.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { DocsDocument } from "../../scripts/document.ts";
import { labels } from "../../scripts/labels.ts";
import { repository } from "../../scripts/repository.ts";
import { openSource } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { baseForm, readRevisions } from "../../scripts/stages/revisions.ts";
import { docsDocument, translate } from "../../scripts/stages/translate.ts";

export const folder = join(repository, "generated/docs");

export const names = (await readdir(folder)).filter((name) => name.endsWith(".html")).sort();
if (!names.includes("index.html")) throw new Error("There are no docs to test. Fix it: npm run build");

export const widths = [320, 768, 1440];
export const schemes = ["light", "dark"] as const;

/** The source document of each page, by file name. */
export async function readDocuments(): Promise<Map<string, DocsDocument>> {
  const source = await openSource(join(repository, "spec/openapi.yaml"));
  const bundle = await bundleContract(source);
  const revisions = await readRevisions(await baseForm(source, bundle));
  const document = await docsDocument(source, bundle, labels, revisions);
  const translations = await translate(source, document);
  return new Map(
    translations.map(({ language, document }, index) => [index === 0 ? "index.html" : `${language}.html`, document]),
  );
}

export interface Visit {
  tab: Page;
  /** Its requests, except for itself. */
  requests: string[];
  /** Its console messages and errors. */
  complaints: string[];
  close(): Promise<void>;
}

interface Conditions
  extends Pick<BrowserContextOptions, "colorScheme" | "forcedColors" | "javaScriptEnabled" | "permissions"> {
  width?: number;
  hash?: string;
}

/** Opens a file of the docs, or another one. */
export async function open(browser: Browser, file: string, conditions: Conditions = {}): Promise<Visit> {
  const { width = 1280, hash = "", ...options } = conditions;
  const context = await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: "reduce", ...options });
  const tab = await context.newPage();
  const url = `${pathToFileURL(join(folder, file))}`;
  const requests: string[] = [];
  const complaints: string[] = [];
  tab.on("request", (request) => request.url().split("#")[0] === url || requests.push(request.url()));
  tab.on("pageerror", (error) => complaints.push(String(error)));
  tab.on("console", (message) => complaints.push(message.text()));
  await tab.goto(`${url}${hash}`);
  return { tab, requests, complaints, close: () => context.close() };
}

/** The distance of the address's target from the top of the window. */
export const distance = (tab: Page, id: string) =>
  tab.evaluate((name) => document.getElementById(name)?.getBoundingClientRect().top ?? Number.NaN, id);

/** The visible text, with each run of white space as one space. */
export async function readText(tab: Page, selector = "body"): Promise<string> {
  return squeeze(await tab.locator(selector).innerText());
}

export const squeeze = (text: string) => text.replaceAll(/\s+/g, " ").trim();

/** Markdown of the contract as a reader sees it: its paragraphs and items without markup. */
export const paragraphs = (markdown: string): string[] =>
  markdown
    .split(/\n\n|\n(?=- )/)
    .map((text) => squeeze(text.replace(/^- /, "").replaceAll(/[`*]/g, "")))
    .filter(Boolean);
