// The page of the docs needs nothing but itself: opened from disk with the network cut, it shows the contract.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseYaml } from "@redocly/openapi-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/source.ts";
import { findChromium, launchChromium } from "./browser.ts";

const page = join(repository, "generated/docs/index.html");
const operation = "#/backups/listbackuprecords";

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), "docs-"));
});
afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

interface Visit {
  /** What the page lacks of the texts that were looked for. */
  missing: string[];
  /** What it asked the network for. */
  requests: string[];
  complaints: string[];
}

/** Opens a file without a network and waits until it shows all the texts, ten seconds at the most. */
async function open(file: string, hash: string, texts: string[]): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 6000 } });
  const tab = await context.newPage(); // tall, since Redoc renders what scrolls into view
  const requests: string[] = [];
  const complaints: string[] = [];
  tab.on("request", (request) => requests.push(request.url()));
  tab.on("pageerror", (error) => complaints.push(String(error)));
  tab.on("console", (message) => {
    if (["warning", "error"].includes(message.type())) complaints.push(message.text());
  });
  await tab.goto(`${pathToFileURL(file)}${hash}`);
  const lacks = async () => {
    const shown = (await tab.locator("body").innerText()).replaceAll("\u200b", "");
    return texts.filter((text) => !shown.includes(text));
  };
  await expect
    .poll(lacks, { timeout: 10_000 })
    .toEqual([])
    .catch(() => {}); // the caller judges
  const missing = await lacks();
  await context.close();
  const isLocal = (url: string) => /^(data|blob):/.test(url) || url.startsWith(String(pathToFileURL(file)));
  return { missing, complaints, requests: requests.filter((url) => !isLocal(url)) };
}

describe("the page of the docs", () => {
  it("opens from disk without a request or a complaint, and shows what it is", async () => {
    const path = "/v2/{project_id}/instances/{instance_id}/backups";
    expect(await open(page, "", ["DCS backup records", path])).toEqual({ missing: [], requests: [], complaints: [] });
  });

  it("shows every parameter, property of a page, enumeration value and error code of a backup", async () => {
    const { components } = JSON.parse(await readFile(join(repository, "generated/openapi.json"), "utf8"));
    const names: string[] = [];
    for (const { name } of Object.values(components.parameters) as { name: string }[]) names.push(name);
    for (const schema of ["ListBackupRecordsResponse", "BackupRecordResponse"]) {
      for (const [name, property] of Object.entries<Record<string, string[]>>(components.schemas[schema].properties)) {
        names.push(name, ...(property["x-extensible-enum"] ?? []));
      }
    }
    for (const { enum: values = [] } of Object.values<{ enum?: string[] }>(components.schemas)) names.push(...values);
    expect(names.length).toBeGreaterThan(35);

    expect(await open(page, operation, names)).toEqual({ missing: [], requests: [], complaints: [] });
  });

  it("forbids itself to load anything, in any state, and no longer names what it would load", async () => {
    const html = await readFile(page, "utf8");
    expect(html.slice(0, 1000)).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none';`);
    expect(html).not.toContain("cdn.redoc.ly");
  });
});

describe("the gate", () => {
  it.each([
    ["a picture", '<img src="https://example.com/logo.svg" alt="">'],
    ["a script", '<script src="https://example.com/redoc.js"></script>'],
    ["a request by script", '<script>fetch("https://example.com/telemetry").catch(() => {})</script>'],
  ])("turns red for %s from elsewhere", async (_what, element) => {
    const spoilt = join(folder, "index.html");
    const html = await readFile(page, "utf8");
    const end = html.lastIndexOf("</body>");
    await writeFile(spoilt, html.slice(0, end) + element + html.slice(end));
    const { requests, complaints } = await open(spoilt, "", ["/v2/"]);
    expect([...requests, ...complaints].join()).toContain("https://example.com/");
  });

  it("says how to install Chromium where there is none", () => {
    const before = process.env.CHROMIUM_PATH;
    process.env.CHROMIUM_PATH = join(folder, "no-such-program");
    expect(() => findChromium()).toThrow(/There is no Chromium at CHROMIUM_PATH \(.*\)\. Install it \(.*\) or set/);
    if (before === undefined) delete process.env.CHROMIUM_PATH;
    else process.env.CHROMIUM_PATH = before;
  });

  it("is one that .ci/run and the workflow run", async () => {
    expect(await readFile(join(repository, ".ci/run"), "utf8")).toContain("npm run test:docs");
    const workflow = parseYaml(await readFile(join(repository, ".github/workflows/ci.yml"), "utf8"));
    expect(JSON.stringify(workflow)).toContain(".ci/run");
  });
});
