// The parts of a rehearsal that need npm: each is shown red once. (.ci/run rehearses the release of this repository.)

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { listFiles } from "../../scripts/output.ts";
import { writeAssets, writeChecksums } from "../../scripts/release/assets.ts";
import { askCommands, install } from "../../scripts/release/installed.ts";
import { installPackages } from "../../scripts/release/packages.ts";
import { type Bom, checkSbom, makeSbom } from "../../scripts/release/sbom.ts";
import { digest, packTwice } from "../../scripts/release/tarball.ts";
import { repository } from "../../scripts/repository.ts";
import { inherited } from "../environment.ts";
import { run } from "./install.ts";

let folder: string;
beforeAll(installPackages);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "release-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the SBOM", () => {
  const moment = "2026-12-01T00:00:00.000Z";
  let temporary: string;
  let sbom: string;
  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), "sbom-"));
    sbom = await makeSbom(repository, moment, temporary);
  });
  afterAll(() => rm(temporary, { recursive: true, force: true }));

  it("is valid, and lists what users install, by its name", async () => {
    const listed = await checkSbom(sbom, repository);
    const lock = JSON.parse(await readFile(join(inject("project"), "package-lock.json"), "utf8"));
    const installed = Object.keys(lock.packages).flatMap((path) => path.split("node_modules/").slice(1));
    expect([...listed.map((name) => name.replace(/@[^@]+$/, "")), "dcs-backup-records"].sort()).toEqual(
      installed.sort(),
    );
    expect((JSON.parse(sbom) as Bom).metadata.component.name).toBe("dcs-backup-records");
  });

  it("is the same for the same commit", async () => {
    expect(await makeSbom(repository, moment, folder)).toBe(sbom);
  });

  it.each<[string, (bom: Bom) => void, RegExp]>([
    [
      "is not valid",
      ({ components: [first] }) => Object.assign(first ?? {}, { type: "thing" }),
      /^The SBOM is not valid: \/components\/0\/type /,
    ],
    ["has something unknown", (bom) => Object.assign(bom, { more: 1 }), /^The SBOM is not valid: /],
    ["lacks a package", ({ components }) => components.pop(), /^The SBOM does not list openapi-typescript-helpers@/],
    [
      "has another version",
      ({ components: [first] }) => Object.assign(first ?? {}, { version: "9.9.9" }),
      /^The SBOM lists @noble\/hashes@9\.9\.9, which users do not install, and does not list /,
    ],
  ])("is refused if it %s", async (_what, spoil, told) => {
    const bom = JSON.parse(sbom) as Bom;
    spoil(bom);
    await expect(checkSbom(JSON.stringify(bom), repository)).rejects.toThrow(told);
  });
});

describe("two packs", () => {
  const author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];

  /** A package whose prepack writes a file. */
  async function packageWith(code: string): Promise<string> {
    const home = join(folder, "repository");
    await mkdir(home);
    const manifest = { name: "a", version: "1.0.0", files: ["made.txt"], scripts: { prepack: `node -e "${code}"` } };
    await writeFile(join(home, "package.json"), JSON.stringify(manifest));
    const git = (...args: string[]) =>
      promisify(execFile)("git", [...author, ...args], { cwd: home, env: inherited() });
    for (const args of [
      ["init", "--quiet"],
      ["add", "."],
      ["commit", "--quiet", "--message", "all"],
    ])
      await git(...args);
    return home;
  }

  it("of the same commit have the same bytes", async () => {
    const home = await packageWith("fs.writeFileSync('made.txt', 'a')");
    expect(await listFiles(`${await packTwice(home, "HEAD", folder)}-content`)).toEqual(["made.txt", "package.json"]);
  });

  it.each([
    ["their folder is written into a file", "fs.writeFileSync('made.txt', process.cwd())", "differ in made.txt."],
    [
      "the age of a file is",
      "fs.writeFileSync('made.txt', '' + fs.statSync('package.json').mtimeMs)",
      "differ in made.txt.",
    ],
    [
      "the mode of a file is another",
      "fs.writeFileSync('made.txt', '', { mode: process.cwd().endsWith('folder') ? 0o755 : 0o644 })",
      "have the same files and other bytes",
    ],
  ])("are refused if %s", async (_what, code, told) => {
    await expect(packTwice(await packageWith(code), "HEAD", folder)).rejects.toThrow(told);
  });
});

describe("the installed commands", () => {
  it("answer, and one that does not is refused", async () => {
    const project = await install(inject("tarball"), folder);
    const commands = ["dcs-backup-records", "dcs-backup-records check provider"];
    expect(await askCommands(project, "dcs-backup-records")).toEqual(expect.arrayContaining(commands));

    const cli = join(project, "node_modules/dcs-backup-records/dist/src/cli");
    const main = await readFile(join(cli, "main.js"), "utf8");
    await writeFile(join(cli, "main.js"), main.replace('"check provider", "asks', '"check nobody", "asks'));
    await expect(askCommands(project, "dcs-backup-records")).rejects.toThrow(
      'does not begin with "Usage: dcs-backup-records check nobody "',
    );
    await writeFile(join(cli, "main.js"), main.replace('heading: "Commands"', 'heading: "Others"'));
    await expect(askCommands(project, "dcs-backup-records")).rejects.toThrow("lists no commands");
    await rm(join(cli, "provider.js"));
    await writeFile(join(cli, "main.js"), main);
    await expect(askCommands(project, "dcs-backup-records")).rejects.toThrow(
      "npx --no-install dcs-backup-records check provider --help: ",
    );
  });
});

describe("the assets", () => {
  it("have their checksums, and are the same each time, whatever the age of the files", async () => {
    const copy = join(folder, "generated");
    await cp(join(repository, "generated"), copy, { recursive: true });
    const [one, other] = [join(folder, "one"), join(folder, "other")];
    for (const [from, to] of [
      [join(repository, "generated"), one],
      [copy, other],
    ] as const) {
      await mkdir(to);
      await writeAssets(from, "1.0.0", to);
      await writeChecksums(to);
    }
    const sums = await readFile(join(one, "SHA256SUMS"), "utf8");
    expect(await readFile(join(other, "SHA256SUMS"), "utf8")).toBe(sums);
    const lines = sums
      .trim()
      .split("\n")
      .map((line) => line.split("  "));
    expect(lines.map(([, name]) => name)).toEqual((await listFiles(one)).filter((name) => name !== "SHA256SUMS"));
    for (const [sum, name = ""] of lines) expect(await digest(join(one, name), "sha256"), name).toBe(sum);

    const unpacked = join(folder, "unpacked");
    await mkdir(unpacked);
    await run("tar", ["-xzf", join(one, "docs-1.0.0.tar.gz"), "-C", unpacked]);
    expect(await listFiles(join(unpacked, "docs-1.0.0"))).toEqual(await listFiles(copy));
  });
});
