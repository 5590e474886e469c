// `npm test` needs no network. Whatever connects to more than this machine fails its test, by name: also a process that a
// test starts, and also where the code under test takes the refusal for one more failure of the network.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect } from "vitest";

const guard = join(import.meta.dirname, "offline.cjs");
const folder = mkdtempSync(join(tmpdir(), "offline-"));
const log = join(folder, "log");

const { NODE_OPTIONS = "" } = process.env;
const required = `--require ${JSON.stringify(guard)}`; // in the quotes of NODE_OPTIONS, for a folder with spaces
if (!NODE_OPTIONS.includes(required)) process.env.NODE_OPTIONS = `${NODE_OPTIONS} ${required}`.trim();
process.env.OFFLINE_LOG = log;
createRequire(import.meta.url)(guard);

export interface Refused {
  test: string;
  /** Host and port. */
  place: string;
}

/** The connections that were refused since this was last asked. */
export function takeRefused(): Refused[] {
  try {
    return readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  } catch {
    return []; // nothing was refused
  } finally {
    rmSync(log, { force: true });
  }
}

function expectNone(): void {
  const told = takeRefused().map(({ test, place }) => `"${test}" connects to ${place}`);
  expect(told, "npm test needs no network: move what does to a proof, such as test/package").toEqual([]);
}

beforeEach(() => {
  process.env.OFFLINE_TEST = expect.getState().currentTestName ?? "";
});
afterEach(expectNone);
afterAll(() => {
  expectNone(); // of what is started before and after the tests
  rmSync(folder, { recursive: true, force: true });
});
