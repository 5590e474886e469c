// `npm run compat`: our own changes of meaning. The contract is compared with that of its last release, which released/ keeps.
// package.json and info.version have to be raised as far as the changes ask, and CHANGELOG.md has to name each of them.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BaseResolver } from "@redocly/openapi-core";
import { type Change, changesBetween, type Overrules, type Pair, readOverrules, type Side } from "./changes.ts";
import type { OpenApiDocument } from "./document.ts";
import { formatProblem, type Problem, refuseIf, StageError } from "./problem.ts";
import { repository } from "./repository.ts";
import { readObject } from "./source.ts";

export interface Release extends Pair {
  /** The version of the last release. */
  last: string;
  /** Where the version of the next one is written. */
  next: { name: string; version: string }[];
  overrules: Overrules;
  /** The entries of the changelog since the last release. */
  entries: string[];
}

/**
 * Reads all that is compared.
 * @throws {StageError} if something is not there or cannot be read
 */
export async function openRelease(folder: string): Promise<Release> {
  const written = new BaseResolver();
  const read = async <T extends object>(file: string): Promise<T> => {
    const { parsed, problem } = await readObject({ written }, file);
    if (problem) throw new StageError([problem]);
    return parsed as T;
  };
  const side = async (file: string): Promise<Side> => ({ file, document: await read<OpenApiDocument>(file) });

  const last = await lastRelease(join(folder, "released"));
  const base = await side(join(folder, "released", last, "openapi.yaml"));
  const revision = await side(join(folder, "generated/openapi.yaml"));
  const manifest = join(folder, "package.json");
  const { version } = await read<{ version?: unknown }>(manifest);
  const { version: contract } = { ...revision.document.info };
  const { version: released } = { ...base.document.info };
  const overrules = await readOverrules(written, join(folder, "released/overrules.yaml"));
  const rule = "compat";
  refuseIf([
    ...(released === last
      ? []
      : [{ file: base.file, message: `This is ${released}, in the folder of ${last}.`, rule }]),
    ...(isVersion(version) ? [] : [{ file: manifest, message: `The version ${version} is not x.y.z.`, rule }]),
    ...(isVersion(contract) ? [] : [{ file: revision.file, message: `info.version ${contract} is not x.y.z.`, rule }]),
  ]);
  return {
    folder,
    last,
    base,
    revision,
    next: [
      { name: "package.json", version: version as string },
      { name: "info.version", version: contract as string },
    ],
    overrules,
    entries: await entriesSince(join(folder, "CHANGELOG.md"), last),
  };
}

async function lastRelease(file: string): Promise<string> {
  const names = await readdir(file).catch(() => []);
  const last = names.filter(isVersion).sort(compareVersions).at(-1);
  if (last !== undefined) return last;
  throw new StageError([{ file, message: "There is no release here, such as 0.1.0/openapi.yaml.", rule: "compat" }]);
}

async function entriesSince(file: string, last: string): Promise<string[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const [since, older] = text.split(`\n## [${last}]`);
  if (older !== undefined) return (since as string).split(/^- /m).slice(1);
  throw new StageError([{ file, message: `There is no heading "## [${last}]", the last release.`, rule: "changelog" }]);
}

/** What does not follow the changes: a version, or the changelog. */
export function faults({ folder, last, next, entries }: Release, changes: Change[]): Problem[] {
  const low = changes.flatMap((change) => {
    const { name, asks, why, place } = change;
    const wanted = versionAfter(last, [change]);
    const behind = next.filter(({ version }) => compareVersions(version, wanted) < 0);
    const are = behind.map(({ name, version }) => `${name} has ${version}`).join(" and ");
    const message = `${name} is ${asks} and asks for ${wanted}, but ${are}. ${why}`;
    return behind.length > 0 ? [{ ...place, message, rule: "compat" }] : [];
  });
  const untold = changes.filter(({ asks, called }) => asks !== "patch" && !called.some((name) => tell(entries, name)));
  const told = untold.map(({ name, called: [calling] }) => {
    const entry = `"- The contract: \`${calling}\` …"`;
    const message = `No entry since ${last} tells of "${name}". Add one that names it: ${entry}.`;
    return { file: join(folder, "CHANGELOG.md"), message, rule: "changelog" };
  });
  return [...low, ...told];
}

/** One entry has the name as code, and the word "contract". */
const tell = (entries: string[], name: string) =>
  entries.some((entry) => /\bcontract\b/i.test(entry) && entry.includes(`\`${name}\``));

export const isVersion = (text: unknown): text is string => typeof text === "string" && /^\d+\.\d+\.\d+$/.test(text);

export const numbers = (version: string) =>
  version.split(".").map(Number) as [major: number, minor: number, patch: number];

export function compareVersions(one: string, other: string): number {
  const [a, b] = [numbers(one), numbers(other)];
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/**
 * The lowest version that may follow. As semver has it, a breaking change below 1.0 asks for a minor version. A patch asks for
 * nothing here: no release can have the version of another.
 */
export function versionAfter(last: string, changes: readonly Change[]): string {
  const [major, minor] = numbers(last);
  const asks = changes.map((change) => change.asks);
  if (major > 0 && asks.includes("major")) return `${major + 1}.0.0`;
  return asks.some((impact) => impact !== "patch") ? `${major}.${minor + 1}.0` : last;
}

/** Prints the changes, or what does not follow them, and returns the exit code. */
export async function main({ stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr">, folder = repository) {
  try {
    const release = await openRelease(folder);
    const changes = await changesBetween(release, release.overrules);
    refuseIf(faults(release, changes));
    for (const { name, asks, why } of changes) stdout.write(`${asks}  ${name}  ${why}\n`);
    const asked = versionAfter(release.last, changes);
    stdout.write(
      `Changes of the contract since ${release.last}: ${changes.length}. Lowest version for them: ${asked}.\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    stderr.write(`${error.problems.map(formatProblem).join("\n")}\n`);
    return 1;
  }
}

if (import.meta.main) process.exitCode = await main(process);
