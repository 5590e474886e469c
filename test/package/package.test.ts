// What is published: the packed tarball, as somebody else's project sees it.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listFiles } from "../../scripts/output.ts";
import { repository } from "../../scripts/source.ts";

const run = promisify(execFile);
const manifest = async () => JSON.parse(await readFile(join(repository, "package.json"), "utf8"));

let project: string;
let installed: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "package-"));
  installed = join(project, "node_modules/dcs-backup-records");
  await mkdir(installed, { recursive: true });
  await run("npm", ["pack", "--pack-destination", project], { cwd: repository, shell: process.platform === "win32" });
  const { name, version, dependencies } = await manifest();
  await run("tar", ["-xzf", join(project, `${name}-${version}.tgz`), "--strip-components=1", "-C", installed]);
  for (const dependency of [...Object.keys(dependencies), "openapi-typescript-helpers"]) {
    await symlink(join(repository, "node_modules", dependency), join(project, "node_modules", dependency), "junction");
  }
  await writeFile(join(project, "package.json"), '{ "type": "module" }\n');
});
afterAll(() => rm(project, { recursive: true, force: true }));

describe("the package", () => {
  it("holds what it exports, the documents of the repository, and nothing else", async () => {
    expect(await listFiles(installed)).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist/generated/client.d.ts",
      "dist/generated/client.js",
      "dist/generated/types.d.ts",
      "dist/generated/types.js",
      "dist/src/client/index.d.ts",
      "dist/src/client/index.js",
      "generated/openapi-3.1.json",
      "generated/openapi-3.1.yaml",
      "generated/openapi.json",
      "generated/openapi.yaml",
      "package.json",
    ]);
  });

  it("makes its user install openapi-fetch and nothing else", async () => {
    expect(Object.keys((await manifest()).dependencies)).toEqual(["openapi-fetch"]);
  });

  it("resolves and loads each of its exports", async () => {
    const names = Object.keys((await manifest()).exports);
    expect(names).toEqual(expect.arrayContaining([".", "./types", "./openapi.json", "./openapi-3.1.yaml"]));
    await writeFile(
      join(project, "use.js"),
      `import { readFileSync } from "node:fs";
       import { fileURLToPath } from "node:url";
       import { createContractClient, defaultBaseUrl } from "dcs-backup-records";
       import openapi from "dcs-backup-records/openapi.json" with { type: "json" };
       import "dcs-backup-records/types";
       for (const name of ${JSON.stringify(names)}) {
         readFileSync(fileURLToPath(import.meta.resolve(name.replace(".", "dcs-backup-records"))));
       }
       console.log(typeof createContractClient().GET, defaultBaseUrl, openapi.openapi);`,
    );
    const { stdout } = await run(process.execPath, ["use.js"], { cwd: project });
    expect(stdout).toBe("function https://dcs.sa-brazil-1.myhuaweicloud.com 3.0.3\n");
  });

  it.each(["nodenext", "bundler"])("compiles in a strict project with module resolution %s", async (resolution) => {
    const module = resolution === "bundler" ? "esnext" : resolution;
    const code = (status: string) =>
      `import { createContractClient, type BackupRecordResponse } from "dcs-backup-records";
       import type { BackupStatus } from "dcs-backup-records/types";
       export const done = (record: BackupRecordResponse): boolean => record.status === "${status}";
       export const status: BackupStatus = "${status}";
       export const client = createContractClient();`;
    const tsc = async (file: string, status: string) => {
      await writeFile(join(project, file), code(status));
      const program = join(repository, "node_modules/typescript/bin/tsc");
      const options = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom"];
      const how = ["--module", module, "--moduleResolution", resolution];
      return run(process.execPath, [program, ...options, ...how, file], { cwd: project });
    };
    await tsc("right.ts", "succeed");
    await expect(tsc("wrong.ts", "succeeded")).rejects.toMatchObject({ stdout: expect.stringContaining("TS2820") });
  });
});

describe("package.json", () => {
  it("pins every dependency to one version, as the lockfile has it", async () => {
    const { dependencies, devDependencies } = await manifest();
    const lock = JSON.parse(await readFile(join(repository, "package-lock.json"), "utf8"));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`].version, name).toBe(version);
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

  it("says of every install script in the lockfile whether it may run", async () => {
    const { allowScripts } = await manifest();
    const lock = JSON.parse(await readFile(join(repository, "package-lock.json"), "utf8"));
    const scripted = Object.entries<{ hasInstallScript?: boolean }>(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ""));
    expect([...new Set(scripted)].sort()).toEqual(Object.keys(allowScripts).sort());
  });

  it("has the version that the changelog has last", async () => {
    const changelog = await readFile(join(repository, "CHANGELOG.md"), "utf8");
    expect(/^## \[(\d.*?)\] - \d{4}-\d{2}-\d{2}$/m.exec(changelog)?.[1]).toBe((await manifest()).version);
  });
});

describe("the pinned runtime", () => {
  it("is looked for first by each script that needs it, and npm test checks format, lint and types", async () => {
    const { scripts } = await manifest();
    for (const name of ["build", "test", "test:docs", "mock", "bench"])
      expect(scripts[name]).toMatch(/^node (-r \.\/)?scripts\/runtime\.cjs /);
    expect(scripts.test).toContain("&& biome check . && tsc && vitest run");
  });

  it("is what runs this", async () => {
    expect(process.versions.node).toBe((await manifest()).devDependencies.node);
  });

  it("is said to be missing, and how to get it, where an older Node runs instead", async () => {
    const guard = join(repository, "scripts/runtime.cjs");
    const pretend = 'Object.defineProperty(process.versions, "node", { value: "23.11.0" });';
    await run(process.execPath, [guard]);
    await expect(run(process.execPath, ["-e", `${pretend} require(${JSON.stringify(guard)})`])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("npm rebuild node --ignore-scripts=false"),
    });
  });
});
