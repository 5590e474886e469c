// What a server sends does not decide how much memory the check takes: each server is checked by a process of its own.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { repository } from "../../scripts/source.ts";
import { answers, type Broken, startBroken } from "./broken.ts";
import { hostile } from "./gallery/hostile.ts";

const script = join(repository, "test/check/peak-memory.ts");

async function peakOf(entry: Pick<Broken, "start" | "records">): Promise<{ rules: string[]; peak: number }> {
  await using server = await startBroken({ name: "", meant: [], outcome: "conforms", ...entry });
  const { stdout } = await promisify(execFile)(process.execPath, [script, server.url]);
  return JSON.parse(stdout);
}

let usual: number;
beforeAll(async () => {
  const { rules, peak } = await peakOf({ start: answers((_, __, next) => next()) });
  expect(rules).toEqual([]);
  usual = peak;
});

it.each(hostile.filter(({ name }) => /gigabyte|arrays|megabyte/.test(name)))(
  "if $name, it takes less than 300 MB more",
  async (entry) => {
    const { rules, peak } = await peakOf(entry);
    expect(rules).toEqual(entry.meant);
    expect(usual).toBeGreaterThan(10);
    expect(peak - usual).toBeLessThan(300);
  },
);
