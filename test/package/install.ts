// The package as npm publishes and installs it.

import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { repository } from "../../scripts/repository.ts";
import { inherited } from "../environment.ts";

export const run = promisify(execFile);

export const readManifest = async (folder = repository) =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8"));

const npm = (args: string[], cwd: string) =>
  run("npm", args, { cwd, env: inherited(), shell: process.platform === "win32" });

/** Packs this repository into a folder, and returns the tarball. It works on a copy, since packing replaces dist/. */
export async function pack(folder: string): Promise<string> {
  const copy = join(folder, "source");
  await mkdir(copy);
  const isMade = (path: string) => ["node_modules", "dist"].includes(basename(path));
  for (const name of (await readdir(repository)).filter((name) => !name.startsWith("."))) {
    await cp(join(repository, name), join(copy, name), { recursive: true, filter: (path) => !isMade(path) });
  }
  await symlink(join(repository, "node_modules"), join(copy, "node_modules"), "junction");
  await mkdir(join(copy, "dist"));
  await writeFile(join(copy, "dist/stale.js"), ""); // of a module that no longer exists
  return packFolder(copy, folder);
}

/** Packs a folder as it is, except for its `prepack`. */
export async function packFolder(from: string, to: string, ...options: string[]): Promise<string> {
  await npm(["pack", ...options, "--pack-destination", to], from);
  const { name, version } = await readManifest(from);
  return join(to, `${name}-${version}.tgz`);
}

/** Installs a tarball into a new project of ES modules, and returns that project's folder. */
export async function install(tarball: string, folder: string): Promise<string> {
  const project = join(folder, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  const quickly = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  await npm(["install", ...quickly, tarball], project);
  return project;
}
