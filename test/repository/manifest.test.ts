// package.json and the files that depend on it: pinned versions, install scripts, the changelog, the pinned runtime, and the
// folders that it works in.

import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compareVersions } from "../../scripts/compat.ts";
import { runtimePackages } from "../../scripts/release/sbom.ts";
import { repository } from "../../scripts/repository.ts";

const run = promisify(execFile);
const manifest = async () => JSON.parse(await readFile(join(repository, "package.json"), "utf8"));

describe("package.json", () => {
  it("pins every dependency to the version in the lockfile", async () => {
    const { dependencies, devDependencies } = await manifest();
    const lock = JSON.parse(await readFile(join(repository, "package-lock.json"), "utf8"));
    for (const [name, version] of Object.entries<string>({ ...dependencies, ...devDependencies })) {
      expect(version, name).toMatch(/^(npm:typescript@)?\d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`].version, name).toBe(version.replace("npm:typescript@", ""));
    }
  });

  it("has every optional package of every platform in the lockfile, so that npm ci works on each", async () => {
    const lock = JSON.parse(await readFile(join(repository, "package-lock.json"), "utf8"));
    const packages = Object.entries<{ optionalDependencies?: object }>(lock.packages);
    const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          ![`node_modules/${name}`, `${path}/node_modules/${name}`].some((entry) => lock.packages[entry]?.version),
      ),
    );
    expect(missing).toEqual([]);
  });

  it("says for every install script in the lockfile whether it may run", async () => {
    const { allowScripts } = await manifest();
    const lock = JSON.parse(await readFile(join(repository, "package-lock.json"), "utf8"));
    const scripted = Object.entries<{ hasInstallScript?: boolean }>(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ""));
    expect([...new Set(scripted)].sort()).toEqual(Object.keys(allowScripts).sort());
    const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
    expect(allowed, "the pinned runtime is fetched by its script, and nothing else needs one").toEqual(["node"]);
  });

  it("has the latest version of the changelog, or a higher one if that has entries since", async () => {
    const changelog = await readFile(join(repository, "CHANGELOG.md"), "utf8");
    const { version } = await manifest();
    const [, latest = ""] = /^## \[(\d.*?)\] - \d{4}-\d{2}-\d{2}$/m.exec(changelog) ?? [];
    const isRaised = compareVersions(version, latest) > 0;
    if (isRaised) expect(changelog.split("## [")[1]).toMatch(/^Unreleased\].*^- /ms);
    else expect(version).toBe(latest);
    expect(changelog).toMatch(new RegExp(`^\\[Unreleased\\]: \\S+/compare/v${latest}\\.\\.\\.HEAD$`, "m"));
    const headings = [...changelog.matchAll(/^## (\[.+?\])/gm)].map(([, heading]) => heading);
    expect([...changelog.matchAll(/^(\[.+?\]): /gm)].map(([, link]) => link)).toEqual(headings);
  });

  it("asks for no older Node than what users install does", async () => {
    const { engines } = await manifest();
    const lock = JSON.parse(await readFile(join(repository, "package-lock.json"), "utf8"));
    const installed = runtimePackages(lock.packages[""], lock).map((name) => name.replace(/@[^@]+$/, ""));
    expect(installed).toContain("@noble/hashes");
    for (const name of installed) {
      const { node: asked = ">=0" } = lock.packages[`node_modules/${name}`].engines ?? {};
      const [least, own] = [asked, engines.node].map((range) => `${/^>= ?([\d.]+)$/.exec(range)?.[1]}.0.0`);
      expect(compareVersions(own as string, least as string), `${name} asks for Node ${asked}`).toBeGreaterThanOrEqual(
        0,
      );
    }
  });

  it("has the Prism of the tests as a peer", async () => {
    const { devDependencies, peerDependencies } = await manifest();
    for (const [name, range] of Object.entries<string>(peerDependencies)) {
      const [major, minor] = devDependencies[name].split(".").map(Number);
      const [, low, least] = /^\^(\d+)\.(\d+)\.0$/.exec(range) ?? [];
      expect(Number(low), name).toBe(major);
      expect(Number(least), name).toBeLessThanOrEqual(minor);
    }
  });
});

describe("the pinned runtime", () => {
  it("is checked first by each script that needs it, and npm test checks format, lint and types", async () => {
    const { scripts } = await manifest();
    for (const name of ["build", "compat", "release", "test", "test:docs", "mock", "bench"])
      expect(scripts[name]).toMatch(/^node (-r \.\/)?scripts\/runtime\.cjs /);
    expect(scripts.test).toContain("&& biome check . && tsc && vitest run");
  });

  it("runs this test", async () => {
    expect(process.versions.node).toBe((await manifest()).devDependencies.node);
  });

  it("is reported as missing, with the fix, if an older Node runs instead", async () => {
    const guard = join(repository, "scripts/runtime.cjs");
    const pretend = 'Object.defineProperty(process.versions, "node", { value: "23.11.0" });';
    await run(process.execPath, [guard]);
    await expect(run(process.execPath, ["-e", `${pretend} require(${JSON.stringify(guard)})`])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("npm rebuild node --ignore-scripts=false"),
    });
  });
});

describe("the folder of a checkout", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "checkout-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** What it prints before the tests, and before the other scripts. */
  async function said(name: string): Promise<[test: string, build: string]> {
    const guard = join(folder, name, "scripts/runtime.cjs");
    await cp(join(repository, "scripts/runtime.cjs"), guard);
    const told = (args: string[]) =>
      run(process.execPath, args).then(
        () => "",
        ({ stderr }) => stderr as string,
      );
    return [await told([guard]), await told(["-r", guard, "-e", ""])];
  }

  const named = (name: string, part: string, tool: string) =>
    `This folder cannot be used with "${part}" in its path, because of ${tool}. Move it: ${join(folder, name)}\n`;

  it.each([
    ["a*b", "*"],
    ["a\\b", "\\"],
    ["node_modules/a", "node_modules"],
  ])("that Node cannot load modules from is reported: %s", async (name, part) => {
    const message = named(name, part, "Node");
    expect(await said(name)).toEqual([message, message]);
  });

  it.each([
    ["a#b", "#", "Vitest"],
    ["a?b", "?", "Vitest"],
    ["a%20b", "%", "Vitest"],
    ["100%/c#", "%", "Vitest"],
    ["a:b", ":", "the PATH of npm's scripts"],
  ])("that tests cannot run in is reported before the tests only: %s", async (name, part, tool) => {
    expect(await said(name)).toEqual([named(name, part, tool), ""]);
  });

  it.each(["a b", "ü", "a'b", "a[b]", "a+b&c;d", "node_modules_", "日本"])(
    "that all tools accept is not reported: %s",
    async (name) => {
      expect(await said(name)).toEqual(["", ""]);
    },
  );
});
