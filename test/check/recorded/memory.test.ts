// Recordings of any size are read in the same memory: a separate process reads a small one and a large one of each kind.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { repository } from "../../../scripts/repository.ts";

const script = join(repository, "test/check/recorded/peak-memory.ts");

async function read(kind: string, megabytes: number) {
  // Without room to grow: what is garbage is collected, and what is kept shows.
  const args = ["--max-semi-space-size=4", script, kind, String(megabytes)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { exchanges: number; faults: number; bytes: number; peak: number };
}

it.each(["har", "ndjson", "har.gz"])("%s of 100 MB takes less than 60 MB more than one of 5 MB", async (kind) => {
  const small = await read(kind, 5);
  const large = await read(kind, 100);
  expect(large.faults).toBe(0);
  expect(large.bytes).toBeGreaterThan(100_000_000);
  expect(large.exchanges).toBeGreaterThan(20_000);
  expect(large.peak - small.peak).toBeLessThan(60);
});

it.each(["large", "line", "brackets"])(
  "an exchange of 100 MB (%s) is told, is not in memory, and the next is read",
  async (kind) => {
    const small = await read(kind, 1);
    const large = await read(kind, 100);
    expect(large).toMatchObject({ exchanges: 1, faults: 1 });
    expect(large.peak - small.peak).toBeLessThan(60);
  },
);
