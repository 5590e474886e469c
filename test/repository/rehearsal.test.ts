// The parts of a rehearsal that need no registry: the notes, what the package holds, what the SBOM has to list, and the assets.
// (.ci/run rehearses a whole release.)

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listFiles } from "../../scripts/output.ts";
import { bundleAssets } from "../../scripts/release/assets.ts";
import { sectionOf, withRelease } from "../../scripts/release/changelog.ts";
import { notes } from "../../scripts/release/rehearse.ts";
import { runtimePackages } from "../../scripts/release/sbom.ts";
import { contentFaults } from "../../scripts/release/tarball.ts";
import { repository } from "../../scripts/repository.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rehearsal-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the notes of a release", () => {
  const version = "0.2.0";
  const changelog = (since: string, own: string) =>
    `# Changelog\n\n## [Unreleased]\n\n${since}\n## [${version}] - 2026-12-01\n\n${own}\n## [0.1.0] - 2026-11-23\n\n- Old.\n\n[${version}]: https://example.com\n`;

  async function write(since: string, own: string, kept = "a: 1\n") {
    const files = {
      "CHANGELOG.md": changelog(since, own),
      "generated/openapi.yaml": "a: 1\n",
      [`released/${version}/openapi.yaml`]: kept,
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  }

  it("are its section, or before a release what is new", async () => {
    await write("", "- New.\n");
    expect(await notes(folder, version, [version])).toEqual({ name: version, text: "- New." });
    expect(await notes(folder, version, [])).toEqual({ name: version, text: "- New." });
    await write("- Newer.\n", "- New.\n");
    expect(await notes(folder, version, [])).toEqual({ name: "Unreleased", text: "- Newer." });
  });

  it.each<[string, [since: string, own: string, kept?: string], string, string]>([
    [
      "the tag of another version",
      ["", "- New.\n"],
      "0.3.0",
      "This commit has the tag v0.3.0, but its version is 0.2.0.",
    ],
    ["a section without entries", ["", ""], version, "CHANGELOG.md: the section [0.2.0] has no entry."],
    [
      "entries that are not in its section",
      ["- Newer.\n", "- New.\n"],
      version,
      "CHANGELOG.md: [Unreleased] has entries",
    ],
    [
      "another kept bundle",
      ["", "- New.\n", "a: 2\n"],
      version,
      "released/0.2.0/openapi.yaml is not generated/openapi.yaml.",
    ],
  ])("are refused for a tag with %s", async (_what, files, tag, told) => {
    await write(...files);
    await expect(notes(folder, version, [tag])).rejects.toThrow(told);
  });

  it("end before the links of the file", () => {
    const text = "# C\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-01\n\n- A [link](x).\n\n[Unreleased]: a\n[1.0.0]: b\n";
    expect(sectionOf(text, "1.0.0")).toBe("- A [link](x).");
    expect(sectionOf(text, "Unreleased")).toBe("");
    expect(sectionOf(text, "1.0")).toBeUndefined();
    expect(() => withRelease(text, "1.1.0", "2026-02-02")).toThrow("[Unreleased]: …/compare/v…...HEAD");
  });
});

describe("the package's content", () => {
  const manifest = {
    name: "a",
    files: ["dist", "generated/**/openapi*.json", "CHANGELOG.md"],
    bin: { a: "dist/cli.js" },
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" }, "./r/*.json": "./generated/r/*.json" },
  };
  const sources = ["index.ts", "cli.ts", "part.ts", "types.ts", "generated/r/1/openapi.json"];
  const whole: Record<string, string> = {
    "package.json": JSON.stringify(manifest),
    "README.md": "",
    LICENSE: "",
    "CHANGELOG.md": "",
    "dist/index.js": 'import { part } from "./part.js";',
    "dist/index.d.ts": 'export type { T } from "./types.ts";',
    "dist/part.js": "",
    "dist/part.d.ts": "",
    "dist/types.js": "",
    "dist/types.d.ts": "",
    "dist/cli.js": 'await import("./part.js");',
    "dist/cli.d.ts": "",
    "generated/r/1/openapi.json": "{}",
  };

  async function faultsOf(files: Record<string, string | undefined>) {
    const home = await mkdtemp(join(folder, "package-"));
    for (const [name, text] of Object.entries({ ...whole, ...files })) {
      if (text === undefined) continue;
      await mkdir(dirname(join(home, name)), { recursive: true });
      await writeFile(join(home, name), text);
    }
    return contentFaults(home, sources);
  }

  it.each<[string, Record<string, string | undefined>, string[]]>([
    ["passes if it is whole", {}, []],
    ["holds a stale module", { "dist/stale.js": "" }, ["holds dist/stale.js, which no export or command needs"]],
    ["holds a secret", { ".env": "" }, ["holds .env, which no export or command needs"]],
    [
      "holds a document that is not exported",
      { "generated/openapi.json": "" },
      ["holds generated/openapi.json, which no export or command needs"],
    ],
    ["lacks a module that another one imports", { "dist/part.js": undefined }, ["lacks dist/part.js"]],
    ["lacks types", { "dist/types.d.ts": undefined }, ["lacks dist/types.d.ts"]],
    ["lacks a command", { "dist/cli.js": undefined }, ["lacks dist/cli.js"]],
    [
      "lacks the document of a revision",
      { "generated/r/1/openapi.json": undefined },
      ["lacks generated/r/1/openapi.json"],
    ],
    ["lacks its licence", { LICENSE: undefined }, ["lacks LICENSE"]],
  ])("%s", async (_what, files, told) => {
    expect(await faultsOf(files)).toEqual(told);
  });
});

describe("the packages that users install", () => {
  it("are the dependencies and theirs, found as Node finds them", () => {
    const packages = {
      "node_modules/a": { version: "1.0.0", dependencies: { c: "^1" } },
      "node_modules/a/node_modules/c": { version: "1.1.0", dependencies: { d: "*" } },
      "node_modules/a/node_modules/d": { version: "4.1.0" },
      "node_modules/b": { version: "2.0.0", optionalDependencies: { c: "^2" } },
      "node_modules/c": { version: "2.2.0", dependencies: { a: "*" } },
      "node_modules/d": { version: "4.0.0" },
      "node_modules/dev": { version: "9.0.0" },
    };
    const root = { version: "0.0.0", dependencies: { a: "1", b: "2" } };
    expect(runtimePackages(root, { packages })).toEqual(["a@1.0.0", "b@2.0.0", "c@1.1.0", "c@2.2.0", "d@4.1.0"]);
    expect(() => runtimePackages({ version: "0.0.0", dependencies: { e: "1" } }, { packages })).toThrow("has no e.");
  });
});

describe("the assets of a release", () => {
  it("have each bundle once, by a name of its own", async () => {
    const generated = await listFiles(join(repository, "generated"));
    const assets = bundleAssets(generated);
    const bundles = generated.filter((file) => /openapi[^/]*$/.test(file));
    expect([...assets.keys()]).toEqual(bundles);
    expect(new Set(assets.values()).size).toBe(bundles.length);
    expect([...assets.values()]).toEqual(
      expect.arrayContaining(["openapi.yaml", "tolerant-openapi-3.1.json", "2025-10-23-openapi.json"]),
    );
  });
});
