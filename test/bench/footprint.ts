// What a package brings along: time to load it, space on disk, packages installed.

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { inherited } from "../environment.ts";
import { median, note } from "./report.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

export interface Footprint {
  /** Median, each in a new process. */
  importMs: number;
  /** Sum of the sizes of the files. */
  kilobytes: number;
  packages: number;
}

/** This package as it is packed against the vendor's core of the version that is pinned here. */
export async function measureFootprints(
  vendor: string,
  workspace: string,
  signal: AbortSignal,
): Promise<{ ours: Footprint; theirs: Footprint }> {
  const read = (folder: string) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { name } = read(root);
  const { devDependencies } = read(import.meta.dirname);
  const pinned = (dependency: string) => `${dependency}@${devDependencies[dependency]}`;
  note("packing and installing …");
  const tarball = await pack(workspace, signal);
  const ours = await install([tarball], workspace, signal);
  // The vendor's core loads uuid without declaring it: by itself it cannot make a client.
  const theirs = await install([vendor, "uuid"].map(pinned), workspace, signal);

  note("loading …");
  const times = { ours: [] as number[], theirs: [] as number[] };
  while (times.ours.length < 11) {
    times.ours.push(await importTime([name], ours, signal));
    // The class that makes a client is not in the package's main module: the vendor's services load it by its path.
    times.theirs.push(await importTime([vendor, `${vendor}/ClientBuilder.js`], theirs, signal));
  }
  return {
    ours: { importMs: median(times.ours), ...measureFolder(ours) },
    theirs: { importMs: median(times.theirs), ...measureFolder(theirs) },
  };
}

const npm = (args: string[], cwd: string, signal: AbortSignal) =>
  run("npm", args, { cwd, signal, shell: process.platform === "win32" });

export async function pack(workspace: string, signal: AbortSignal): Promise<string> {
  const folder = mkdtempSync(join(workspace, "pack-"));
  await npm(["pack", "--pack-destination", folder], root, signal);
  return join(folder, readdirSync(folder)[0] as string);
}

export async function install(packages: string[], workspace: string, signal: AbortSignal): Promise<string> {
  const folder = mkdtempSync(join(workspace, "install-"));
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  await npm(
    ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", ...packages],
    folder,
    signal,
  );
  return folder;
}

async function importTime(modules: string[], cwd: string, signal: AbortSignal): Promise<number> {
  const code = `const start = performance.now();
    for (const name of ${JSON.stringify(modules)}) await import(name);
    console.log(performance.now() - start);`;
  const { NODE_COMPILE_CACHE: _, ...env } = inherited();
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code], { cwd, env, signal });
  return Number(stdout);
}

function measureFolder(folder: string): { kilobytes: number; packages: number } {
  const modules = join(folder, "node_modules");
  const { packages } = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8"));
  const files = readdirSync(modules, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return { kilobytes: bytes / 1000, packages: Object.keys(packages).length };
}
