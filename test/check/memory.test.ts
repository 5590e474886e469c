// A server cannot make the check use much memory: a separate process checks a server that conforms, and then hostile ones,
// and never uses much more.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { answers, type Broken, startBroken } from "./broken.ts";
import { hostile } from "./gallery/hostile.ts";

const script = join(repository, "test/check/peak-memory.ts");
const usual: Broken = { name: "", meant: [], outcome: "conforms", start: answers((_, __, next) => next()) };
const large = hostile.filter(({ name }) => /gigabyte|arrays|megabyte/.test(name));

let peaks: { rules: string[]; peak: number }[];
beforeAll(async () => {
  const servers = await Promise.all([usual, ...large].map(startBroken));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--expose-gc",
    script,
    ...servers.map(({ url }) => url),
  ]);
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  peaks = JSON.parse(stdout);
});

it("a server that conforms needs some memory", () => {
  expect(peaks[0]?.rules).toEqual([]);
  expect(peaks[0]?.peak).toBeGreaterThan(10);
});

it.each(large.map((entry, index) => ({ ...entry, index: index + 1 })))(
  "if $name, it takes less than 300 MB more",
  ({ meant, index }) => {
    expect(peaks[index]?.rules).toEqual(meant);
    expect((peaks[index]?.peak ?? 0) - (peaks[0]?.peak ?? 0)).toBeLessThan(300);
  },
);
