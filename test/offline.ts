// `npm test` needs no network. A connection to another machine fails its test, by name: even one by a process that a test
// starts, and even if the code under test handles the refusal as a network failure.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect } from "vitest";

const guard = join(import.meta.dirname, "offline.cjs");
const folder = mkdtempSync(join(tmpdir(), "offline-"));
const log = join(folder, "log");

const { NODE_OPTIONS = "" } = process.env;
if (!NODE_OPTIONS.includes(guard))
  process.env.NODE_OPTIONS = `${NODE_OPTIONS} --require ${JSON.stringify(guard)}`.trim();
process.env.OFFLINE_LOG = log;
createRequire(import.meta.url)(guard);

export interface Refused {
  test: string;
  /** Host and port. */
  place: string;
}

/** The connections refused since the last call. */
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
