// The output folder changes completely or not at all.

import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { notice, openOutput } from "../../scripts/output.ts";

let folder: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "output-"));
  target = join(folder, "generated");
  await mkdir(target);
  await writeFile(join(target, "openapi.yaml"), `# ${notice}\n`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the output folder", () => {
  it("is replaced completely, and nothing is left beside it", async () => {
    const output = await openOutput(target);
    await output.write("docs/index.html", "new");
    expect(await readdir(target)).toEqual(["openapi.yaml"]);
    await output.commit();
    await output.discard();
    expect(await readdir(target)).toEqual(["docs"]);
    expect(await readFile(join(target, "docs/index.html"), "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["generated"]);
  });

  it("is restored if the new one cannot replace it", async () => {
    const output = await openOutput(target);
    await output.write("types.ts", "new");
    const beside = (await readdir(folder)).filter((name) => name !== "generated");
    for (const name of beside) await rm(join(folder, name), { recursive: true });
    await expect(output.commit()).rejects.toThrow("ENOENT");
    expect(await readdir(target)).toEqual(["openapi.yaml"]);
    expect(await readdir(folder)).toEqual(["generated"]);
  });

  it("can be read by others, like any new folder", async () => {
    const output = await openOutput(target);
    await output.commit();
    await mkdir(join(folder, "other"));
    expect((await stat(target)).mode).toBe((await stat(join(folder, "other"))).mode);
  });

  it("stays a link if it is one", async () => {
    const link = join(folder, "link");
    await symlink(target, link, "junction");
    const output = await openOutput(link);
    await output.write("types.ts", "new");
    await output.commit();
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readdir(target)).toEqual(["types.ts"]);
  });
});
