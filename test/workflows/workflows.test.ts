// The workflows and the GitHub Action, as actionlint and zizmor judge them. Each kind of fault is planted once in a copy, to see
// it found.

import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { auditWorkflows, lintWorkflows } from "./tools.ts";

const ci = ".github/workflows/ci.yml";
const release = ".github/workflows/release.yml";

let folder: string;
let files: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "workflows-"));
  await mkdir(join(folder, ".git")); // by which actionlint knows the root, and finds called workflows
  for (const name of [".github", "action.yml"])
    await cp(join(repository, name), join(folder, name), { recursive: true });
  files = (await readdir(join(folder, ".github/workflows"))).map((name) => `.github/workflows/${name}`);
  expect(files).toEqual(expect.arrayContaining([ci, release]));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function plant(file: string, text: string | RegExp, other: string) {
  const path = join(folder, file);
  const old = await readFile(path, "utf8");
  const spoiled = old.replace(text, other);
  expect(spoiled, `${file} is spoiled`).not.toBe(old);
  await writeFile(path, spoiled);
}

describe("actionlint", () => {
  it("accepts the workflows as they are", async () => {
    expect(await lintWorkflows(folder, files)).toEqual({ code: 0, output: "" });
  });

  it.each([
    ["a job that is not there", release, "needs: main", "needs: mian", 'job "check" needs job "mian"'],
    ["a context that is not there", ci, "matrix.os }}", "matrix.system }}", 'property "system" is not defined'],
    ["a system that is not there", ci, "ubuntu-latest", "ubuntu-newest", 'label "ubuntu-newest" is unknown'],
    ["a permission that is not there", ci, "contents: read", "content: read", 'unknown permission scope "content"'],
    ["shell code that splits a name", release, '"$GITHUB_SHA"', "$GITHUB_SHA", "SC2086"],
    ["a called workflow that is not there", release, "workflows/ci.yml", "workflows/cj.yml", "could not read"],
  ])("refuses %s", async (_what, file, text, other, told) => {
    await plant(file, text, other);
    const { code, output } = await lintWorkflows(folder, files);
    expect(output).toContain(told);
    expect(code).toBe(1);
  });
});

describe("zizmor", () => {
  it("accepts the workflows and the action as they are", async () => {
    const { code, output } = await auditWorkflows(folder);
    expect(output).toContain("No findings to report");
    for (const file of [...files, "action.yml"]) expect(output).toContain(`completed ${join(folder, file)}`);
    expect(code).toBe(0);
  });

  const expression = ["- run: echo $", "{{ github.head_ref }}"].join(""); // apart, since the linter takes it for JavaScript
  const pinned = /@[0-9a-f]{40} # v[\d.]+/;
  it.each([
    ["an action that is not pinned", ci, pinned, "@v7", "unpinned-uses"],
    ["an action of ours that uses one that is not pinned", "action.yml", pinned, "@v7", "unpinned-uses"],
    [
      "more permissions than needed",
      ci,
      /permissions:\n {6}contents: read/,
      "permissions: write-all",
      "excessive-permissions",
    ],
    ["credentials that stay in the checkout", ci, "          persist-credentials: false\n", "", "artipacked"],
    ["text of a stranger in a script", ci, "- run: .ci/run", expression, "template-injection"],
    ["secrets for the pull request of a fork", ci, "pull_request:", "pull_request_target:", "dangerous-triggers"],
    ["a cache in a release", release, "package-manager-cache: false", "cache: npm", "cache-poisoning"],
  ])("refuses %s", async (_what, file, text, other, audit) => {
    await plant(file, text, other);
    const { code, output } = await auditWorkflows(folder);
    expect(output).toContain(`[${audit}]`);
    expect(code).toBeGreaterThan(10); // the severity of the worst finding
  });
});
