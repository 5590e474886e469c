// A commit as files, whatever lies beside it in the work tree: what is released can be traced to it.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { git } from "./run.ts";

/** Writes the files of a commit, or of a folder in it (`v0.1.0:generated`), into a folder. */
export async function writeTree(repository: string, tree: string, folder: string): Promise<void> {
  const own = await mkdtemp(join(tmpdir(), "index-"));
  const options = { cwd: repository, env: { GIT_INDEX_FILE: join(own, "index") } }; // the repository's own stays as it is
  try {
    await mkdir(folder, { recursive: true });
    await git(["read-tree", tree], options);
    await git(["checkout-index", "--all", "--quiet", `--prefix=${folder.replaceAll(sep, "/")}/`], options);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** Its moment, in ISO 8601. */
export async function momentOf(repository: string, commit: string): Promise<string> {
  const seconds = await git(["log", "-1", "--format=%ct", commit], { cwd: repository });
  return new Date(Number(seconds) * 1000).toISOString();
}

const versionTag = /^v(\d+\.\d+\.\d+)$/;

/** The versions that have a tag, or those whose tag is on a commit. */
export async function taggedVersions(repository: string, commit?: string): Promise<string[]> {
  const at = commit === undefined ? [] : ["--points-at", commit];
  const tags = (await git(["tag", "--list", ...at], { cwd: repository })).split("\n");
  return tags.flatMap((tag) => versionTag.exec(tag)?.slice(1) ?? []);
}

export const isClean = async (repository: string) =>
  (await git(["status", "--porcelain"], { cwd: repository })).trim() === "";
