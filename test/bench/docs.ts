// The loading time of the docs, against the page that Redocly's command line renders from the same bundle.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { repository } from "../../scripts/repository.ts";
import { launchChromium } from "../docs/chromium.ts";
import { inherited } from "../environment.ts";
import { describeMachine, median, note, table, verdict } from "./report.ts";

const aims = { bytes: 0.25, readable: 0.5 };
const rounds = 15;
/** A text of the operation in both pages. Redocly's shows it only at the operation's own address. */
const sign = "begin_time";
const theirHash = "#/backups/listbackuprecords";

export async function benchDocs(workspace: string, signal: AbortSignal): Promise<string> {
  const pages = { theirs: renderTheirs(workspace), ours: join(repository, "generated/docs/index.html") };
  const loads = await measureLoads(pages, signal);
  return report({ theirs: readFileSync(pages.theirs), ours: readFileSync(pages.ours) }, loads);
}

interface Pair<T = number> {
  theirs: T;
  ours: T;
}

/** @throws {Error} with the command's output if it fails */
function renderTheirs(folder: string): string {
  const redocly = join(dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")), "bin/cli.js");
  const bundle = join(repository, "generated/openapi.json");
  const file = join(folder, "redocly.html");
  const args = [redocly, "build-docs", bundle, "--inlineBundle", "--openapi.disableTelemetry", `--output=${file}`];
  const env = inherited({ REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" });
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`redocly build-docs failed:\n${stdout}${stderr}`);
  return file;
}

/** Milliseconds from the navigation until the operation shows, for both in turn, from disk, each time in a new context. */
async function measureLoads(pages: Pair<string>, signal: AbortSignal): Promise<Pair[]> {
  const browser = await launchChromium();
  try {
    const round = async () => ({
      theirs: await load(browser, `${pathToFileURL(pages.theirs)}${theirHash}`),
      ours: await load(browser, `${pathToFileURL(pages.ours)}`),
    });
    await round(); // warms the disk up
    const loads: Pair[] = [];
    while (loads.length < rounds) {
      note(`docs: load ${loads.length + 1} of ${rounds} …`);
      loads.push(await round());
      signal.throwIfAborted();
    }
    return loads;
  } finally {
    await browser.close();
  }
}

async function load(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const tab = await context.newPage();
    await tab.addInitScript((text) => {
      const readable = new Promise((resolve) => {
        const look = () =>
          document.body?.innerText.includes(text) ? resolve(performance.now()) : requestAnimationFrame(look);
        requestAnimationFrame(look);
      });
      Object.assign(globalThis, { readable });
    }, sign);
    await tab.goto(url);
    return await tab.evaluate<number>("globalThis.readable");
  } finally {
    await context.close();
  }
}

function report(pages: Pair<Buffer>, loads: Pair[]): string {
  const kilobytes = (page: Buffer) => gzipSync(page, { level: 9 }).length / 1000;
  const bytes = { theirs: kilobytes(pages.theirs), ours: kilobytes(pages.ours) };
  const readable = median(loads.map(({ theirs, ours }) => ours / theirs));
  const [theirs, ours] = [median(loads.map(({ theirs }) => theirs)), median(loads.map(({ ours }) => ours))];
  const smaller = bytes.ours / bytes.theirs;
  return [
    describeMachine(),
    table([
      ["", "redocly build-docs", "the docs", "the docs / redocly"],
      ["page, gzipped, kB", bytes.theirs.toFixed(1), bytes.ours.toFixed(1), smaller.toFixed(2)],
      ["operation readable, ms", theirs.toFixed(0), ours.toFixed(0), readable.toFixed(2)],
    ]),
    "\nTimes and ratios are medians of rounds in which both take turns in one browser, from disk, without a network.",
    "Redocly's page is opened at the operation's own address, since elsewhere a click is needed to read it.",
    "",
    `aim: gzipped, ${aims.bytes} of Redocly's or less, ${verdict(smaller <= aims.bytes)}`,
    `aim: readable in ${aims.readable} of Redocly's time or less, ${verdict(readable <= aims.readable)}`,
  ].join("\n");
}
