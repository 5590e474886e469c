// The command line of `npm run bench`: its errors before it measures anything.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";

const bench = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(repository, "test/bench/bench.ts"), ...args]);

describe("npm run bench", () => {
  it.each([
    [["clients"], 'There is no part "clients"'],
    [["toString"], 'There is no part "toString"'],
    [["--size", "1"], "--size"],
  ])("refuses %j with the help", async (args, message) => {
    const refused = await bench(...args).catch((error) => error);
    expect(refused).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(message) });
    expect(refused.stderr).toContain("Usage: npm run bench");
  });

  it("explains each of its parts", async () => {
    const source = await readFile(join(repository, "test/bench/bench.ts"), "utf8");
    const parts = [...source.matchAll(/^ {2}(\w+): async /gm)].map(([, part]) => part as string);
    expect(parts.length).toBeGreaterThan(0);
    const { stdout } = await bench("--help");
    for (const part of parts) expect(stdout).toMatch(new RegExp(`^ {2}${part} {2,}\\S`, "m"));
  });
});
