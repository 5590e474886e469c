// What a reader waits for: the docs against the page that Redocly's command line renders from the same bundle.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
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
const rounds = { load: 15, build: 3 };
/** In both pages the operation can be read once this can. Redocly's shows it only at the operation's own address. */
const sign = "begin_time";
const theirHash = "#/backups/listbackuprecords";

export async function benchDocs(workspace: string, signal: AbortSignal): Promise<string> {
  const out = join(workspace, "docs");
  mkdirSync(out);
  const builds: Pair[] = [];
  while (builds.length < rounds.build) {
    note(`docs: build ${builds.length + 1} of ${rounds.build} …`);
    builds.push({ theirs: renderTheirs(out), ours: renderOurs(join(out, "ours")) });
    signal.throwIfAborted();
  }
  const pages = { theirs: join(out, "redocly.html"), ours: join(out, "ours/docs/index.html") };
  const loads = await measureLoads(pages, signal);
  return report({ theirs: readFileSync(pages.theirs), ours: readFileSync(pages.ours) }, loads, builds);
}

interface Pair<T = number> {
  theirs: T;
  ours: T;
}

/** In milliseconds after the navigation started. */
interface Load {
  /** First contentful paint. */
  paint: number;
  readable: number;
}

// --- Building ---

/** Seconds that the command line takes. */
function renderTheirs(out: string): number {
  const redocly = join(dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")), "bin/cli.js");
  const bundle = join(repository, "generated/openapi.json");
  const options = ["--inlineBundle", "--openapi.disableTelemetry", `--output=${join(out, "redocly.html")}`];
  const start = performance.now();
  run([redocly, "build-docs", bundle, ...options], out);
  return (performance.now() - start) / 1000;
}

/** Seconds that the stages of the build take which make the docs, in every language. */
function renderOurs(out: string): number {
  const [runtime, build] = [join(repository, "scripts/runtime.cjs"), join(repository, "scripts/build.ts")];
  const { stages } = JSON.parse(run(["-r", runtime, build, "--out", out, "--json"], repository)) as {
    stages: { name: string; milliseconds: number }[];
  };
  const own = stages.filter(({ name }) => ["translate", "docs"].includes(name));
  return own.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
}

/** @throws {Error} with what the command printed if it fails */
function run(args: string[], cwd: string): string {
  const env = inherited({ REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" });
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}

// --- Loading ---

/** Loads both in turn, from disk, each time in a new context of the same browser. */
async function measureLoads(pages: Pair<string>, signal: AbortSignal): Promise<Pair<Load>[]> {
  const browser = await launchChromium();
  try {
    const round = async () => ({
      theirs: await load(browser, `${pathToFileURL(pages.theirs)}${theirHash}`),
      ours: await load(browser, `${pathToFileURL(pages.ours)}`),
    });
    await round(); // warms the disk up
    const loads: Pair<Load>[] = [];
    while (loads.length < rounds.load) {
      note(`docs: load ${loads.length + 1} of ${rounds.load} …`);
      loads.push(await round());
      signal.throwIfAborted();
    }
    return loads;
  } finally {
    await browser.close();
  }
}

async function load(browser: Browser, url: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const tab = await context.newPage();
    await tab.addInitScript((text) => {
      const readable = new Promise((resolve) => {
        const look = () =>
          document.body?.innerText.includes(text) ? resolve(performance.now()) : requestAnimationFrame(look);
        requestAnimationFrame(look);
      });
      const paint = new Promise((resolve) => {
        const observer = new PerformanceObserver((list) => {
          for (const { startTime } of list.getEntriesByName("first-contentful-paint")) resolve(startTime);
        });
        observer.observe({ type: "paint", buffered: true });
      });
      Object.assign(globalThis, { load: Promise.all([paint, readable]) });
    }, sign);
    await tab.goto(url);
    const [paint, readable] = await tab.evaluate<[number, number]>("globalThis.load");
    return { paint, readable };
  } finally {
    await context.close();
  }
}

// --- Report ---

function report(pages: Pair<Buffer>, loads: Pair<Load>[], builds: Pair[]): string {
  const kilobytes = (page: Buffer) => gzipSync(page, { level: 9 }).length / 1000;
  const bytes = { theirs: kilobytes(pages.theirs), ours: kilobytes(pages.ours) };
  const timed = (name: keyof Load) => ({
    theirs: median(loads.map(({ theirs }) => theirs[name])),
    ours: median(loads.map(({ ours }) => ours[name])),
    ratio: median(loads.map(({ theirs, ours }) => ours[name] / theirs[name])),
  });
  const [paint, readable] = [timed("paint"), timed("readable")];
  const built = { theirs: median(builds.map(({ theirs }) => theirs)), ours: median(builds.map(({ ours }) => ours)) };
  const row = (name: string, { theirs, ours }: Pair, digits: number, ratio = ours / theirs) => [
    name,
    theirs.toFixed(digits),
    ours.toFixed(digits),
    ratio.toFixed(2),
  ];
  const smallEnough = bytes.ours / bytes.theirs <= aims.bytes;
  return [
    describeMachine(),
    table([
      ["", "redocly build-docs", "the docs", "the docs / redocly"],
      row("page, gzipped, kB", bytes, 1),
      row("first contentful paint, ms", paint, 0, paint.ratio),
      row("operation readable, ms", readable, 0, readable.ratio),
      row("to render, s", built, 2),
    ]),
    "\nTimes and ratios are medians of rounds in which both take turns in one browser, from disk, without a network.",
    "Redocly's page is opened at the operation's own address, since elsewhere a click is needed to read it.",
    "To render: Redocly's command line for one page, alone; the build's stages for all languages, as pages and Markdown,",
    "which share the processor with the stages beside them.",
    "",
    `aim: gzipped, ${aims.bytes} of Redocly's or less, ${verdict(smallEnough)}`,
    `aim: readable in ${aims.readable} of Redocly's time or less, ${verdict(readable.ratio <= aims.readable)}`,
  ].join("\n");
}
