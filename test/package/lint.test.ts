// publint and Are the types wrong?, on the packed tarball.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { type Message, publint } from "publint";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { packFolder, readManifest, run } from "./install.ts";

const tarball = inject("tarball");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lint-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function publintMessages(file: string): Promise<Message[]> {
  const { buffer } = new Uint8Array(await readFile(file));
  return (await publint({ pack: { tarball: buffer }, strict: true, level: "suggestion" })).messages;
}

/**
 * The problems that a package of ES modules can ignore:
 * - `node10` is not checked, as in the tool's own profile "esm-only". It is the only resolution without `exports`;
 *   TypeScript 6 deprecates it and 7 no longer has it.
 * - `CJSResolvesToESM` is what "only ES modules" means. CommonJS can require them since Node 20.19 and 22.12, and
 *   package.test.ts and typescript.test.ts do.
 * The YAML documents are not checked either, since they are read and never imported.
 */
async function typeProblems(file: string): Promise<Problem[]> {
  const published = createPackageFromTarballData(new Uint8Array(await readFile(file)));
  const result = await checkPackage(published, { excludeEntrypoints: [/\.yaml$/] });
  if (!result.types) throw new Error("The package has no types");
  return result.problems.filter((problem) => {
    const isNode10 = "resolutionKind" in problem && problem.resolutionKind === "node10";
    return !isNode10 && problem.kind !== "CJSResolvesToESM";
  });
}

type Manifest = { type?: string; exports: { ".": Record<string, string> } };

/** Packs the published files again, with a fault in package.json. */
async function spoil(name: string, change: (manifest: Manifest) => void): Promise<string> {
  const copy = join(folder, name);
  await mkdir(copy);
  await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", copy]);
  const manifest = await readManifest(copy);
  change(manifest);
  await writeFile(join(copy, "package.json"), JSON.stringify(manifest));
  return packFolder(copy, copy, "--ignore-scripts");
}

describe("publint", () => {
  it("finds nothing in the package, at any level", async () => {
    expect(await publintMessages(tarball)).toEqual([]);
  });

  it.each<[string, string, (manifest: Manifest) => void]>([
    ["an error", "FILE_DOES_NOT_EXIST", ({ exports }) => (exports["."].types = "./dist/no-such-file.d.ts")],
    ["a suggestion", "USE_TYPE", (manifest) => delete manifest.type],
  ])("turns red for %s", async (_level, code, change) => {
    const messages = await publintMessages(await spoil(code, change));
    expect(messages.map((message) => message.code)).toContain(code);
  });
});

describe("Are the types wrong?", () => {
  it("finds no problem in the package", async () => {
    expect(await typeProblems(tarball)).toEqual([]);
  });

  it.each<[string, string, (manifest: Manifest) => void]>([
    [
      "types that are not there",
      "FallbackCondition",
      ({ exports }) => (exports["."].types = "./dist/no-such-file.d.ts"),
    ],
    ["modules that say they are CommonJS", "UnexpectedModuleSyntax", (manifest) => delete manifest.type],
  ])("turns red for %s", async (_what, kind, change) => {
    const problems = await typeProblems(await spoil(kind, change));
    expect(problems.map((problem) => problem.kind)).toContain(kind);
  });
});
