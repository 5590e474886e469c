// The package as npm publishes it: the same bytes each time, and in it what its exports and commands need and nothing else.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, symlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { join as joinPosix, dirname as posixDirname } from "node:path/posix";
import { listFiles } from "../output.ts";
import { writeTree } from "./commit.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { loadTar } from "./packages.ts";
import { Refusal } from "./refusal.ts";
import { npm } from "./run.ts";

export const tarballName = ({ name, version }: Manifest) => `${name}-${version}.tgz`;

/**
 * Packs a commit twice, in folders with other names and files of another age, and returns the first tarball.
 * @throws {Refusal} if their bytes differ
 */
export async function packTwice(repository: string, commit: string, temporary: string): Promise<string> {
  const old = new Date("2020-01-01");
  const packed = [
    packIn(join(temporary, "one/checkout"), repository, commit),
    packIn(join(temporary, "another/folder"), repository, commit, old),
  ];
  const [first = "", second = ""] = await Promise.all(packed);
  const [one, other] = await Promise.all([first, second].map(contentOf));
  const paths = new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])]);
  const differing = [...paths].filter((path) => one?.get(path) !== other?.get(path));
  if (differing.length > 0) throw new Refusal(`Two packs of the same commit differ in ${differing.join(", ")}.`);
  if ((await digest(first)) !== (await digest(second)))
    throw new Refusal(
      "Two packs of the same commit have the same files and other bytes: their order, modes or times differ.",
    );
  return first;
}

async function packIn(checkout: string, repository: string, commit: string, age?: Date): Promise<string> {
  await writeTree(repository, commit, checkout);
  if (age) for (const file of await listFiles(checkout)) await utimes(join(checkout, file), age, age);
  await symlink(join(repository, "node_modules"), join(checkout, "node_modules"), "junction");
  const to = dirname(checkout);
  await npm(["pack", "--pack-destination", to], { cwd: checkout });
  return join(to, tarballName(await readManifest(checkout)));
}

export const digest = async (file: string, algorithm = "sha512") =>
  createHash(algorithm)
    .update(await readFile(file))
    .digest("hex");

/** The files of a tarball with their digests. */
async function contentOf(tarball: string): Promise<Map<string, string>> {
  const folder = `${tarball}-content`;
  await mkdir(folder);
  await loadTar().extract({ file: tarball, cwd: folder, strip: 1 });
  const files = await listFiles(folder);
  return new Map(await Promise.all(files.map(async (file) => [file, await digest(join(folder, file))] as const)));
}

/**
 * What a package holds and should not, or should and does not.
 * @param folder The package, unpacked.
 * @param sources The files of the commit that it was packed from.
 */
export async function contentFaults(folder: string, sources: string[]): Promise<string[]> {
  const found = await listFiles(folder);
  const compiled = sources.filter((file) => file.endsWith(".ts")).map((file) => `dist/${file.slice(0, -".ts".length)}`);
  const possible = [...sources, ...compiled.flatMap((file) => [`${file}.js`, `${file}.d.ts`])];
  const wanted = new Set(await wantedFiles(folder, await readManifest(folder), possible));
  return [
    ...found.filter((file) => !wanted.has(file)).map((file) => `holds ${file}, which no export or command needs`),
    ...[...wanted].filter((file) => !found.includes(file)).map((file) => `lacks ${file}`),
  ];
}

/** What npm always packs, the files that package.json names, what is exported, and the modules that those import. */
async function wantedFiles(folder: string, { files, bin, exports }: Manifest, possible: string[]): Promise<string[]> {
  const named = files.filter((name) => /\.\w+$/.test(name) && !name.includes("*"));
  const exported = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  const entries = [...Object.values(bin), ...exported].map((target) => joinPosix(target));
  const expanded = entries.flatMap((entry) => {
    const fitting = entry.includes("*") ? possible.filter((file) => fits(file, entry)) : [];
    return fitting.length > 0 ? fitting : [entry];
  });
  const reached = new Set<string>();
  for (const entry of expanded) await reach(entry);
  return ["package.json", "README.md", "LICENSE", ...named, ...reached];

  async function reach(file: string): Promise<void> {
    if (reached.has(file)) return;
    reached.add(file);
    const [, module] = /^(.+)(?:\.d\.ts|\.js)$/.exec(file) ?? [];
    if (module === undefined) return;
    for (const twin of [`${module}.js`, `${module}.d.ts`]) await reach(twin);
    if (!existsSync(join(folder, file))) return;
    const code = await readFile(join(folder, file), "utf8");
    const imported = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)];
    for (const [, specifier = ""] of imported)
      await reach(joinPosix(posixDirname(file), specifier).replace(/\.ts$/, ".js"));
  }
}

/** As in `exports`, where a `*` also stands for slashes. */
function fits(file: string, pattern: string): boolean {
  const [head = "", tail = ""] = pattern.split("*");
  return file.startsWith(head) && file.endsWith(tail) && file.length > head.length + tail.length;
}
