// The committed generated/ is what the build writes, on any machine.

import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build } from "../../scripts/build.ts";
import { listFiles } from "../../scripts/output.ts";
import { repository } from "../../scripts/repository.ts";
import { inherited } from "../environment.ts";

const run = promisify(execFile);

const generated = join(repository, "generated");
let folder: string;
let fresh: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "drift-"));
  fresh = join(folder, "fresh");
  await build({ out: fresh });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a rehearsal of a release left in scripts/. */
const isInstalled = (path: string) => basename(path) === "node_modules";

/** The files of a folder with their contents. */
async function read(folder: string): Promise<Map<string, string>> {
  const files = await listFiles(folder);
  return new Map(
    await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file), "utf8")] as const)),
  );
}

/** A message about each difference; empty if there is none. */
async function drift(committed: string): Promise<string> {
  const [wanted, found] = [await read(fresh), await read(committed)];
  const files = [...new Set([...wanted.keys(), ...found.keys()])].filter(
    (file) => wanted.get(file) !== found.get(file),
  );
  const kind = (file: string) => (!found.has(file) ? "missing" : wanted.has(file) ? "changed" : "unexpected");
  const lines = files.map((file) => `generated/${file} is ${kind(file)}`);
  return lines.length > 0 ? `${lines.join("\n")}\nFix it: npm run build` : "";
}

describe("generated/", () => {
  it("is what the build writes", async () => {
    expect(await drift(generated)).toBe("");
  });

  it("is the same from another folder, language, time zone and line ending", async () => {
    const spec = join(folder, "spec");
    await cp(join(repository, "spec"), spec, { recursive: true });
    for (const file of await listFiles(spec)) {
      const content = await readFile(join(spec, file), "utf8");
      await writeFile(join(spec, file), content.replaceAll("\n", "\r\n"));
    }
    const other = join(folder, "other");
    const options = ["--root", join(spec, "openapi.yaml"), "--out", other, "--quiet"];
    const env = {
      ...inherited(),
      TZ: "Asia/Shanghai",
      LANG: "pt_BR.UTF-8",
      LC_ALL: "pt_BR.UTF-8",
      NODE_ENV: "development",
    };
    await run(process.execPath, [join(repository, "scripts/build.ts"), ...options], {
      cwd: folder,
      env,
    });
    expect(await drift(other)).toBe("");
  });

  it.each(["c#", "a%20b/ü", "100% [a b]/what?"])("is the same if the checkout is in a folder %j", async (name) => {
    const checkout = join(folder, name);
    for (const part of ["package.json", "redocly.yaml", ".spectral.yaml", "spec", "scripts"])
      await cp(join(repository, part), join(checkout, part), { recursive: true, filter: (path) => !isInstalled(path) });
    await symlink(join(repository, "node_modules"), join(checkout, "node_modules"), "junction");
    const build = () =>
      run(process.execPath, ["scripts/build.ts", "--quiet"], { cwd: checkout, env: inherited() }).then(
        () => "",
        ({ stderr }) => stderr.split("\n")[0],
      );
    expect(await build()).toBe("");
    expect(await drift(join(checkout, "generated"))).toBe("");

    const example = join(checkout, "spec/components/examples/OneManualBackup.yaml");
    await writeFile(example, (await readFile(example, "utf8")).replace("size: 880232", "size: big"));
    expect(await build()).toMatch(/^spec\/components\/examples\/OneManualBackup\.yaml:16:13 {2}.*`size`.*integer/);
  });

  it("has LF line endings and no path of the machine that built it", async () => {
    for (const [file, content] of await read(generated)) {
      expect(content.includes("\r\n"), file).toBe(false);
      expect(content.includes(repository), file).toBe(false);
    }
  });
});

describe("no file in generated/", () => {
  it("is committed twice", async () => {
    const contents = await read(generated);
    const owners = new Map([...contents].map(([file, content]) => [content, file]));
    expect([...contents.keys()].filter((file) => owners.get(contents.get(file) ?? "") !== file)).toEqual([]);
    expect(owners.size).toBeGreaterThan(0);
  });
});

describe("the drift gate", () => {
  it.each<[string, (copy: string) => Promise<void>, string]>([
    [
      "a changed file",
      (copy) => writeFile(join(copy, "types.ts"), "#", { flag: "r+" }), // its first character: it is as long as before
      "generated/types.ts is changed",
    ],
    ["a deleted file", (copy) => rm(join(copy, "docs/index.html")), "generated/docs/index.html is missing"],
    ["an extra file", (copy) => writeFile(join(copy, "docs/x.html"), ""), "generated/docs/x.html is unexpected"],
    ["a missing folder", (copy) => rm(copy, { recursive: true }), "generated/openapi.yaml is missing"],
  ])("turns red for %s, and names the file and the command that mends it", async (_what, spoil, message) => {
    const copy = join(folder, "copy");
    await rm(copy, { recursive: true, force: true });
    await cp(generated, copy, { recursive: true });
    expect(await drift(copy)).toBe("");
    await spoil(copy);
    expect(await drift(copy)).toContain(message);
    expect(await drift(copy)).toContain("Fix it: npm run build");
  });
});
