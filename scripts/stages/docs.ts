// Stage: the contract as one HTML page that needs nothing but itself. Redocly renders docs only by its command line.

import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { repository } from "../source.ts";

const redocly = join(dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")), "bin/cli.js");

const options = [
  `--config=${join(repository, "redocly.yaml")}`,
  "--inlineBundle",
  "--openapi.disableTelemetry",
  // Every field and every line of an example is there without a click.
  "--openapi.schemasExpansionLevel=all",
  "--openapi.jsonSamplesExpandLevel=all",
];

/**
 * Renders the bundle in the file `bundle` to the HTML file `page`.
 * @throws {Error} with Redocly's own words if it fails
 */
export async function renderDocs(bundle: string, page: string, signal?: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [redocly, "build-docs", bundle, `--output=${page}`, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production", REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    signal,
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk));
  child.once("error", (error) => said.push(Buffer.from(error.message)));
  const code = await new Promise((resolve) => child.once("close", resolve));
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`Redocly could not render the docs: ${withoutBanner(String(Buffer.concat(said)))}`);
  await writeFile(page, selfContained(await readFile(page, "utf8")));
}

function withoutBanner(said: string): string {
  const lines = said.split("\n").map((line) => line.trim());
  return lines.filter((line) => line && !/^[╔║╚]|^Prerendering docs/.test(line)).join(" ");
}

/** Redoc's page still fetches its logo, which stands in the footer. The policy makes sure that nothing else ever leaves the page. */
export function selfContained(html: string): string {
  const policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; worker-src blob:; connect-src blob: data:";
  return replaceEach(html, [
    ["https://cdn.redoc.ly/redoc/logo-mini-full.svg", logo],
    ["https://cdn.redoc.ly/redoc/logo-mini.svg", logo],
    [
      '<meta charset="utf8" />',
      `<meta charset="utf-8">\n  <meta http-equiv="Content-Security-Policy" content="${policy}">`,
    ],
  ]);
}

const logo = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="52" height="16"><text y="13" font-family="sans-serif" font-size="14">Redoc</text></svg>',
)}`;

/** @throws {Error} if one of the texts to replace is not there, so that a new version of Redoc cannot slip past */
function replaceEach(html: string, replacements: [text: string, by: string][]): string {
  return replacements.reduce((page, [text, by]) => {
    if (!page.includes(text)) throw new Error(`Redocly's page has changed: it no longer contains ${text}`);
    return page.replaceAll(text, () => by);
  }, html);
}
