// actionlint, zizmor and ShellCheck in the versions of go.mod and requirements.txt, with the hashes there, in `.consumers/`.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "../../scripts/repository.ts";
import { inherited } from "../environment.ts";

const work = join(repository, ".consumers/workflows");
const cache = join(repository, ".consumers/cache");
const programs = join(work, process.platform === "win32" ? "venv/Scripts" : "venv/bin");
const actionlint = join(work, process.platform === "win32" ? "actionlint.exe" : "actionlint");

export interface Result {
  code: number;
  /** What it wrote to both streams. */
  output: string;
}

/** @throws {Error} if Go or Python is not there, or a hash is another one */
export default async function setup(): Promise<void> {
  await mkdir(work, { recursive: true });
  const python = join(programs, "python");
  if (!existsSync(python)) await install("python3", ["-m", "venv", join(work, "venv")]);
  const requirements = ["--requirement", join(import.meta.dirname, "requirements.txt")];
  const pinned = ["--require-hashes", "--only-binary", ":all:"];
  await install(python, ["-m", "pip", "install", "--quiet", ...pinned, ...requirements]);
  await install("go", ["build", "-o", actionlint, "github.com/rhysd/actionlint/cmd/actionlint"]);
}

async function install(program: string, args: string[]): Promise<void> {
  const { GOFLAGS = "" } = process.env;
  const env = inherited({
    PIP_CACHE_DIR: join(cache, "pip"),
    GOMODCACHE: join(cache, "go/modules"),
    GOCACHE: join(cache, "go/build"),
    GOFLAGS: `${GOFLAGS} -mod=readonly -modcacherw`.trim(),
  });
  await promisify(execFile)(program, args, { cwd: import.meta.dirname, env });
}

/** Types, expressions, and with ShellCheck the shell code of the workflows in a folder. */
export async function lintWorkflows(folder: string, files: string[]): Promise<Result> {
  const shellcheck = ["-shellcheck", join(programs, "shellcheck"), "-pyflakes", ""];
  return run(actionlint, ["-no-color", ...shellcheck, ...files.map((file) => join(folder, file))], folder);
}

/** Their security, without asking GitHub anything. */
export async function auditWorkflows(folder: string): Promise<Result> {
  return run(
    join(programs, "zizmor"),
    ["--offline", "--no-config", "--color", "never", "--no-progress", folder],
    folder,
  );
}

async function run(program: string, args: string[], cwd: string): Promise<Result> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { cwd, env: inherited() });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== "number") throw error; // it did not run
    return { code, output: stdout + stderr };
  }
}
