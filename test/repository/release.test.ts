// `npm run release -- X.Y.Z` and the docs' site, in a copy of the repository.

import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { main as compat, openRelease } from "../../scripts/compat.ts";
import { listFiles } from "../../scripts/output.ts";
import { writeTree } from "../../scripts/release/commit.ts";
import { notes } from "../../scripts/release/rehearse.ts";
import { writeSite } from "../../scripts/release/site.ts";
import { agreedVersion, places } from "../../scripts/release/versions.ts";
import { main } from "../../scripts/release.ts";
import { repository } from "../../scripts/repository.ts";
import { inherited } from "../environment.ts";
import { Surroundings } from "../surroundings.ts";

const author = {
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.com",
};
const git = async (cwd: string, ...args: string[]) =>
  (await promisify(execFile)("git", args, { cwd, env: inherited(author) })).stdout.trim();

async function commitAll(folder: string) {
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--allow-empty", "--message", "all");
}

/** What the command reads and writes, as a repository of its own. */
let base: string;
let last: string;
/** The versions that may follow. */
let patch: string;
let minor: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "release-"));
  for (const name of [
    ...places.map(({ file }) => (dirname(file) === "." ? file : dirname(file))),
    "CHANGELOG.md",
    "released",
    "generated",
    ".gitattributes",
  ])
    await cp(join(repository, name), join(base, name), { recursive: true });
  ({ last } = await openRelease(base));
  const [major = 0, second = 0, third = 0] = last.split(".").map(Number);
  [patch, minor] = [`${major}.${second}.${third + 1}`, `${major}.${second + 1}.0`];
  const changelog = await readFile(join(base, "CHANGELOG.md"), "utf8");
  const entries = "### Added\n\n- Something new.\n\n";
  await writeFile(
    join(base, "CHANGELOG.md"),
    changelog.replace(/(?<=^## \[Unreleased\]\n\n)[\s\S]*?(?=^## )/m, entries),
  );
  await git(base, "init", "--quiet");
  await commitAll(base);
});
afterAll(() => rm(base, { recursive: true, force: true }));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "release-"));
  await cp(base, folder, { recursive: true });
  vi.spyOn(process, "cwd").mockReturnValue(folder); // paths are told as seen from there
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const read = (name: string) => readFile(join(folder, name), "utf8");

async function edit(name: string, text: string | RegExp, other: string) {
  const old = await read(name);
  const edited = old.replace(text, other);
  expect(edited, `${name} is edited`).not.toBe(old);
  await writeFile(join(folder, name), edited);
}

const release = (...args: string[]) => new Surroundings().run((given, around) => main(given, around, folder), args);

/** Everything in the folder, to compare. */
const state = () => git(folder, "status", "--porcelain", "--untracked-files=all");

describe("npm run release -- X.Y.Z", () => {
  it("prepares the change of the pull request, and neither commits nor tags it", async () => {
    await edit("released/overrules.yaml", /^once:[\s\S]*/m, "once: [] # of this release\n");
    await commitAll(folder);
    const head = await git(folder, "rev-parse", "HEAD");
    const { code, stdout, stderr } = await release(minor);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`Prepared ${minor}:\n  package.json\n`);
    expect(await git(folder, "rev-parse", "HEAD")).toBe(head);
    expect(await git(folder, "tag")).toBe("");

    expect(await agreedVersion(folder)).toBe(minor);
    const bundle = await read("generated/openapi.yaml");
    expect(bundle).toContain(`\n  version: ${minor}\n`);
    expect(await read(`released/${minor}/openapi.yaml`)).toBe(bundle);
    expect(await read("released/overrules.yaml")).toMatch(/^once: \[\]\n$/m);
    const lock = JSON.parse(await read("package-lock.json"));
    expect([lock.version, lock.packages[""].version]).toEqual([minor, minor]);

    const today = new Date().toISOString().slice(0, 10);
    const changelog = await read("CHANGELOG.md");
    expect(changelog).toContain(
      `\n## [Unreleased]\n\n## [${minor}] - ${today}\n\n### Added\n\n- Something new.\n\n## [${last}]`,
    );
    expect(changelog).toMatch(
      new RegExp(
        `^\\[Unreleased\\]: \\S+/v${minor}\\.\\.\\.HEAD\n\\[${minor}\\]: \\S+/v${last}\\.\\.\\.v${minor}\n`,
        "m",
      ),
    );
    expect(await notes(folder, minor, [minor])).toEqual({ name: minor, text: "### Added\n\n- Something new." });
    expect((await new Surroundings().run((_args, around) => compat(around, folder), [])).code).toBe(0);

    const changed = (await state()).split("\n").map((line) => line.trim().split(" ").at(-1) as string);
    const printed = [...stdout.matchAll(/^ {2}(\S+)$/gm)].map(([, name]) => name as string);
    for (const name of changed)
      expect(
        printed.some((one) => name.startsWith(one)),
        name,
      ).toBe(true);
  }, 60_000);

  const spoilSpec = () => edit("spec/openapi.yaml", "title: DCS", "titel: DCS");
  const breaking = async () => {
    await edit("generated/openapi.yaml", /\n {8}remark:\n(?: {10}.*\n)+/, "\n");
    await commitAll(folder);
  };

  it.each<[string, () => string, () => Promise<unknown>, RegExp]>([
    ["no version", () => "next", async () => {}, /^"next" is no version such as /],
    ["the version of a tag", () => `v${minor}`, async () => {}, /is no version such as /],
    ["the last version", () => last, async () => {}, /is not above .+, the last release/],
    ["a lower version", () => "0.0.9", async () => {}, /^0\.0\.9 is not above /],
    [
      "a version that leaves one out",
      () => "99.0.0",
      async () => {},
      /^99\.0\.0 does not follow .+ One of these does: /,
    ],
    [
      "a checkout with a change",
      () => minor,
      () => writeFile(join(folder, "README.md"), "new\n"),
      /changes that are not committed/,
    ],
    [
      "a checkout with a new file",
      () => minor,
      () => writeFile(join(folder, "new.txt"), ""),
      /changes that are not committed/,
    ],
    [
      "an empty section",
      () => minor,
      () => edit("CHANGELOG.md", "- Something new.\n", "").then(() => commitAll(folder)),
      /^CHANGELOG\.md: the section \[Unreleased\] has no entry\./,
    ],
    [
      "a section that is not there",
      () => minor,
      () => edit("CHANGELOG.md", "## [Unreleased]", "## [Next]").then(() => commitAll(folder)),
      /^CHANGELOG\.md: the section \[Unreleased\] has no entry\./,
    ],
    [
      "a place with another version",
      () => minor,
      () => edit("README.md", /@v\d+\.\d+\.\d+/, "@v9.9.9").then(() => commitAll(folder)),
      /^package\.json has the version .+, but README\.md has 9\.9\.9\.$/m,
    ],
    [
      "a place that is gone",
      () => minor,
      () => edit("README.md", /@v\d+\.\d+\.\d+/, "").then(() => commitAll(folder)),
      /^README\.md: the version is found 2 times, and not 3\. /,
    ],
    [
      "a lower version than the changes ask for",
      () => patch,
      breaking,
      /is too low: the contract has changes that ask for /,
    ],
    [
      "a change that the changelog does not tell",
      () => minor,
      breaking,
      /^CHANGELOG\.md {2}No entry since .+"removed Schema /,
    ],
    [
      "a contract that does not build",
      () => minor,
      () => spoilSpec().then(() => commitAll(folder)),
      /^spec\/openapi\.yaml:\d+:\d+ {2}The field `title` must be present .+ And 1 more\.\n$/,
    ],
  ])("refuses %s in one line, and leaves all as it was", async (_what, version, spoil, told) => {
    await spoil();
    const before = await state();
    const { code, stdout, stderr } = await release(version());
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(told);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(await state()).toBe(before);
  });

  it("takes a version that package.json has already, and none below it", async () => {
    for (const { file, version } of places) await edit(file, version, minor);
    await edit("CHANGELOG.md", "- Something new.\n", "");
    await commitAll(folder);
    expect((await release(patch)).stderr).toBe(
      `${patch} is below ${minor}, the version that package.json has already.\n`,
    );
    expect((await release(minor)).stderr).toContain("the section [Unreleased] has no entry"); // which is looked at after that
  });

  it("is refused outside of a repository", async () => {
    await rm(join(folder, ".git"), { recursive: true });
    vi.stubEnv("GIT_CEILING_DIRECTORIES", tmpdir());
    const { code, stderr } = await release(minor);
    vi.unstubAllEnvs();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^git status --porcelain: fatal: not a git repository.*\n$/);
  });
});

describe("the command", () => {
  it("prints its help", async () => {
    const { code, stdout } = await release("--help");
    expect(code).toBe(0);
    for (const word of ["X.Y.Z", "--rehearse", "artifacts/release/"]) expect(stdout).toContain(word);
  });

  it.each([[[]], [["1.0.0", "--rehearse"]], [["1.0.0", "1.0.1"]], [["--publish"]]])("refuses %j", async (args) => {
    const { code, stdout, stderr } = await release(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("\n\nUsage: npm run release -- X.Y.Z\n");
  });
});

describe("the site", () => {
  const page = (text: string) => writeFile(join(folder, "generated/docs/index.html"), text);
  const shown = (out: string, place: string) => readFile(join(out, place, "docs/index.html"), "utf8");

  it("has the newest release at its root, and each as it was at its version", async () => {
    for (const version of ["0.9.0", "0.10.0"]) {
      await page(`of ${version}`);
      await commitAll(folder);
      await git(folder, "tag", `v${version}`);
    }
    await git(folder, "tag", "latest");
    await page("of 0.11.0");
    await commitAll(folder);
    await page("not committed");
    const before = await state();
    const out = `${folder}-site`;
    try {
      expect(await writeSite(folder, "HEAD", "0.11.0", join(out, "next"))).toEqual(["0.11.0", "0.10.0", "0.9.0"]);
      for (const [place, version] of [
        ["", "0.11.0"],
        ["v0.11.0", "0.11.0"],
        ["v0.10.0", "0.10.0"],
        ["v0.9.0", "0.9.0"],
      ] as const)
        expect(await shown(join(out, "next"), place)).toBe(`of ${version}`);
      const list = await readFile(join(out, "next/versions.html"), "utf8");
      expect([...list.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)).toEqual(
        ["0.11.0", "0.10.0", "0.9.0"].map((version) => `v${version}/docs/index.html`),
      );

      // Between two releases: the version has its tag already.
      expect(await writeSite(folder, "HEAD", "0.10.0", join(out, "between"))).toEqual(["0.10.0", "0.9.0"]);
      expect(await shown(join(out, "between"), "v0.10.0")).toBe("of 0.10.0");
      expect(await shown(join(out, "between"), "")).toBe("of 0.11.0");
      // An older release that is published again.
      expect(await writeSite(folder, "v0.9.0", "0.9.0", join(out, "again"))).toEqual(["0.10.0", "0.9.0"]);
      expect(await shown(join(out, "again"), "")).toBe("of 0.10.0");
      expect(await state()).toBe(before);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  });

  it("has what is committed, and what the archive of the docs has", async () => {
    await writeFile(join(folder, "generated/new.txt"), "");
    const out = join(folder, "out");
    await writeTree(folder, "HEAD:generated", out);
    expect(await listFiles(out)).toEqual(
      (await listFiles(join(folder, "generated"))).filter((file) => file !== "new.txt"),
    );
  });
});
