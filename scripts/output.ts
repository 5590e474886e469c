// Where a build writes: a folder beside the target, which takes the target's place at the very end. Whatever happens
// before that leaves the target as it was.

import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { StageError } from "./problem.ts";

/** A file that every build writes: a folder with content and without it is somebody else's. */
const mark = "openapi.json";

export interface Output {
  /** Absolute path of a file in the folder that is being filled. */
  path(name: string): string;
  write(name: string, text: string): Promise<void>;
  /** Puts what was written in the target's place. */
  commit(): Promise<void>;
  /** Removes what was written and not committed. */
  discard(): Promise<void>;
}

/** @throws {StageError} if `target` holds files that no build wrote */
export async function openOutput(target: string): Promise<Output> {
  const present = await listFiles(target);
  if (present.length > 0 && !present.includes(mark)) {
    const message = `This folder holds other files (${present[0]}). Choose one that is empty or that a build wrote.`;
    throw new StageError([{ file: target, message, rule: "output" }]);
  }
  await mkdir(dirname(target), { recursive: true });
  const fresh = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  const path = (name: string) => join(fresh, ...name.split("/"));
  return {
    path,
    async write(name, text) {
      try {
        await mkdir(dirname(path(name)), { recursive: true });
        await writeFile(path(name), text);
      } catch (error) {
        throw new Error(`Could not write ${name}: ${(error as Error).message}`, { cause: error });
      }
    },
    async commit() {
      const old = `${fresh}-old`;
      const hadTarget = await rename(target, old).then(
        () => true,
        (error) => {
          if (error.code === "ENOENT") return false;
          throw error;
        },
      );
      try {
        await rename(fresh, target);
      } catch (error) {
        if (hadTarget) await rename(old, target);
        throw error;
      }
      await rm(old, { recursive: true, force: true });
    },
    async discard() {
      await rm(fresh, { recursive: true, force: true });
    },
  };
}

/** The files below a folder, as sorted paths with `/`; none if there is no such folder. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, "/"),
    )
    .sort();
}

export interface Drift {
  file: string;
  kind: "missing" | "changed" | "unexpected";
}

/** How the folder `found` differs from the folder `expected`, file by file. */
export async function compareFolders(expected: string, found: string): Promise<Drift[]> {
  const [wanted, present] = [await listFiles(expected), await listFiles(found)];
  const drift: Drift[] = [];
  for (const file of [...new Set([...wanted, ...present])].sort()) {
    if (!present.includes(file)) drift.push({ file, kind: "missing" });
    else if (!wanted.includes(file)) drift.push({ file, kind: "unexpected" });
    else if (!(await readFile(join(expected, file))).equals(await readFile(join(found, file)))) {
      drift.push({ file, kind: "changed" });
    }
  }
  return drift;
}

export async function fileSizes(folder: string): Promise<{ file: string; bytes: number }[]> {
  const files = await listFiles(folder);
  return Promise.all(files.map(async (file) => ({ file, bytes: (await stat(join(folder, file))).size })));
}
