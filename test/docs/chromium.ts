// A real Chromium, for the tests and the benchmark of the docs. There is no fallback: without it, nothing is tested.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];
const folders = [
  ...(process.env.PATH ?? "").split(delimiter),
  "/Applications/Google Chrome.app/Contents/MacOS",
  "/Applications/Chromium.app/Contents/MacOS",
  "C:/Program Files/Google/Chrome/Application",
];

/** @throws {Error} that says how to install it */
export function findChromium(): string {
  const wanted = process.env.CHROMIUM_PATH;
  const candidates = wanted
    ? [wanted]
    : folders.flatMap((folder) => [...names, "Google Chrome", "Chromium"].map((name) => join(folder, name)));
  const found = candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found) return found;
  const where = wanted ? `at CHROMIUM_PATH (${wanted})` : "on the PATH or in the usual places";
  throw new Error(
    `There is no Chromium ${where}. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH to its program.`,
  );
}

/** A browser without a network: everything that is not on this machine's disk goes to a proxy that does not exist. */
export function launchChromium(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0; // Chromium's sandbox refuses to run as root, as in a container
  const args = ["--proxy-server=http://127.0.0.1:9", ...(isRoot ? ["--no-sandbox"] : [])];
  return chromium.launch({ executablePath: findChromium(), args });
}
