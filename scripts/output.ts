// Where a build writes: a folder beside the target, which replaces the target at the very end. Until then the target stays
// as it was.

import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { StageError } from "./problem.ts";

/** The first line of each file that a build writes. A folder with files, but without this, belongs to someone else. */
export const notice = "Written by `npm run build` from the files in spec/. Edit those.";

export interface Output {
  /** Writes a file, given by its path with `/`, into the new folder. */
  write(name: string, text: string): Promise<void>;
  /** Replaces the target with the new folder. */
  commit(): Promise<void>;
  /** Removes everything that was written but not committed. */
  discard(): Promise<void>;
}

/** @throws {StageError} if `folder` is a file, or holds files that no build wrote */
export async function openOutput(folder: string): Promise<Output> {
  const target = await realpath(folder).catch(() => folder); // replaces what a link leads to, not the link
  const [present] = await listFiles(target);
  const head = await readFile(join(target, "openapi.yaml"), "utf8").catch(() => "");
  if (present && !head.startsWith(`# ${notice}`)) {
    const message = `This folder holds files that no build wrote (${present}). Choose another one with --out, or empty it.`;
    throw new StageError([{ file: target, message, rule: "output" }]);
  }
  await mkdir(dirname(target), { recursive: true });
  const fresh = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  await chmod(fresh, 0o777 & ~process.umask()); // mkdtemp makes a folder that nobody else can read
  return {
    async write(name, text) {
      const file = join(fresh, name);
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
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
      await rm(old, { recursive: true, force: true }).catch(() => {}); // the new output is complete, even if some of the old is left
    },
    async discard() {
      await rm(fresh, { recursive: true, force: true });
    },
  };
}

/**
 * The files below a folder, as sorted paths with `/`; none if there is no such folder.
 * @throws {StageError} if it is a file
 */
export async function listFiles(folder: string): Promise<string[]> {
  const found = await stat(folder).catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!found) return [];
  if (!found.isDirectory()) {
    throw new StageError([{ file: folder, message: "This is a file, not a folder.", rule: "output" }]);
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, "/"),
    )
    .sort();
}

export async function fileSizes(folder: string): Promise<{ file: string; bytes: number }[]> {
  const files = await listFiles(folder);
  return Promise.all(files.map(async (file) => ({ file, bytes: (await stat(join(folder, file))).size })));
}
