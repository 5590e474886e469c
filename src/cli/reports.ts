// Where the reports of a run go: each format to a file, or one of them to standard output.

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { realpath, rename, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import type { Format } from "../check/formats/index.ts";
import type { Report } from "../check/model/report.ts";
import { exportedYaml } from "../wire/contract.ts";
import { choiceOf, type Flag, type Flags, listed, numberOf, textOf, UsageError } from "./flags.ts";
import { flagRows, type Section } from "./help.ts";
import type { Surroundings } from "./surroundings.ts";

const run = promisify(execFile);

const formatNames = ["pretty", "json", "junit", "github", "markdown"] as const satisfies readonly Format[];

export const reportFlags: readonly Flag[] = [
  {
    name: "format",
    value: "FORM",
    isRepeatable: true,
    help: `format of the report: ${listed(formatNames)}. May be repeated, for several reports of one run (default: pretty)`,
  },
  {
    name: "output",
    value: "FILE",
    isRepeatable: true,
    help: "file for the report of the --format before it, in an existing folder. One format may have no file: it is printed. If all have a file, the pretty report is printed too",
  },
  {
    name: "fail-on",
    value: "SEVERITY",
    help: "error, or warning to fail on warnings too (default: error)",
  },
  {
    name: "cover",
    value: "PERCENT",
    help: "fail if less than this percentage of the contract was seen, of what this check can reach (default: any will do)",
  },
];

const formatRows = [
  ["pretty", "for people: each fault once, with the request, the value found, and what the contract says"],
  ["json", "for programs; its JSON Schema is dcs-backup-records/check-report.schema.json"],
  ["junit", "for the test reports of CI servers: a test case for each rule"],
  ["github", "workflow commands, which GitHub Actions shows as annotations"],
  ["markdown", "for $GITHUB_STEP_SUMMARY, or a comment"],
] as const;

/** For the help. */
export const reportSections: readonly Section[] = [
  {
    heading: "Report",
    rows: [
      ...flagRows(reportFlags),
      ["--NAME=", "an option with an empty value counts as not given; --output= also drops the --format before it"],
    ],
  },
  { heading: "Formats", rows: formatRows },
];

/** For the help. */
export const colourRows = [["NO_COLOR, FORCE_COLOR", "no colours; colours even without a terminal"]] as const;

const exitCodes = { conforms: 0, departs: 1, "could-not-run": 2 };

/** Exit codes of an interrupted command, as in shells. */
export const interrupted = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 };

interface Destination {
  format: Format;
  /** Without one it goes to standard output. */
  file?: string;
}

export interface Reports {
  /** What the check is to fail on: options of its function. */
  threshold: { failOn: "error" | "warning"; cover?: number };
  /** The format that goes to standard output. */
  printed: Format;
  /**
   * Returns the exit code.
   * @throws {UsageError} if a file can no longer be written
   */
  write(report: Report): Promise<number>;
}

/**
 * Makes sure that all files can be written, before the check starts.
 * @throws {UsageError}
 */
export async function openReports(flags: Flags, around: Surroundings): Promise<Reports> {
  const destinations = readDestinations(flags);
  const failOn = choiceOf("fail-on", textOf(flags, "fail-on") ?? "error", ["error", "warning"]);
  const cover = numberOf(flags, "cover", 0, 100);
  const files = await Promise.all(
    destinations.flatMap(({ format, file }) => (file === undefined ? [] : [openFile(format, file, around)])),
  );
  const printed = destinations.find(({ file }) => file === undefined)?.format ?? "pretty";
  return {
    threshold: { failOn, ...(cover !== undefined && { cover }) },
    printed,
    async write(report) {
      const { formats } = await import("../check/formats/index.ts");
      const text = async (format: Format, colour: boolean) => {
        const contractFile = await (format === "github" ? fileInRepository : fileInWorkspace)(around, report.revision);
        return formats[format](report, { colour, contractFile, failOn });
      };
      for (const file of files) await file.write(await text(file.format, false));
      const shown = await text(printed, isColourful(around));
      await new Promise((resolve) => around.stdout.write(shown, resolve));
      return exitCodes[report.outcome];
    },
  };
}

function readDestinations({ given }: Flags): Destination[] {
  const destinations: Destination[] = [];
  for (const { name, value } of given) {
    if (name === "format" && value !== "") {
      const format = choiceOf("format", value, formatNames);
      if (destinations.some((other) => other.format === format))
        throw new UsageError(`--format ${format} is given twice`);
      destinations.push({ format });
    }
    if (name !== "output") continue;
    const last = destinations.at(-1);
    if (value === "") {
      if (last?.file === undefined) destinations.pop();
      continue;
    }
    const shown = `--output ${JSON.stringify(value)}`;
    if (!last)
      throw new UsageError(`${shown} has no --format before it: give the format first, as in --format json ${shown}`);
    if (last.file !== undefined) throw new UsageError(`--format ${last.format} has two files: give it one --output`);
    if (destinations.some(({ file }) => file !== undefined && resolve(file) === resolve(value)))
      throw new UsageError(`${shown} is given twice: each format needs its own file`);
    last.file = value;
  }
  const printed = destinations.filter(({ file }) => file === undefined).map(({ format }) => format);
  if (printed.length > 1)
    throw new UsageError(
      `Only one report can be printed, not ${listed(printed, "and")}: add --output FILE after a --format`,
    );
  return destinations;
}

/** A report is complete or absent: it is written beside its file, and renamed. */
async function openFile(format: Format, file: string, around: Surroundings) {
  const fail = ({ code, message }: NodeJS.ErrnoException): never => {
    const folder = dirname(file);
    const fault =
      code === "ENOENT" || code === "ENOTDIR"
        ? `there is no folder ${JSON.stringify(folder)}. Create it: mkdir -p '${folder}'`
        : `it cannot be written: ${code ?? message}`;
    throw new UsageError(`--output ${JSON.stringify(file)}: ${fault}`);
  };
  const target = await realpath(file).catch(() => resolve(file));
  const there = await stat(target).catch(() => undefined);
  if (there?.isDirectory()) fail(Object.assign(new Error(), { code: "it is a folder" }));
  if (there && !there.isFile()) return { format, write: (text: string) => writeFile(target, text).catch(fail) };
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  around.on("exit", () => rmSync(draft, { force: true }));
  await writeFile(draft, "", { flag: "wx" }).catch(fail);
  const write = (text: string) =>
    writeFile(draft, text)
      .then(() => rename(draft, target))
      .catch(fail);
  return { format, write };
}

/** The packaged contract. */
const contract = (revision?: string) => realpath(createRequire(import.meta.url).resolve(exportedYaml(revision)));

/** The GitHub workspace, or the working folder. */
const workspace = ({ env }: Surroundings) => realpath(env.GITHUB_WORKSPACE || process.cwd());

/** The contract's path in the workspace, if it is in there. */
async function fileInWorkspace(around: Surroundings, revision?: string): Promise<string | undefined> {
  const folder = await workspace(around).catch(() => undefined);
  const path = folder && relative(folder, await contract(revision)).replaceAll("\\", "/");
  return !path || isAbsolute(path) || path.startsWith("../") ? undefined : path;
}

/** The contract's path in the workspace's repository, if git tracks it there: GitHub can show no other file. */
async function fileInRepository(around: Surroundings, revision?: string): Promise<string | undefined> {
  const env = Object.fromEntries(Object.entries(around.env).filter(([name]) => !name.toUpperCase().startsWith("DCS_")));
  const args = ["--literal-pathspecs", "ls-files", "--full-name", "-z", "--"];
  try {
    const { stdout } = await run("git", [...args, await contract(revision)], { cwd: await workspace(around), env });
    return stdout.split("\0")[0] || undefined;
  } catch {
    return undefined; // no repository, no git, or git refuses to read it
  }
}

function isColourful({ env, stdout }: Surroundings): boolean {
  const { FORCE_COLOR: forced } = env;
  return forced === undefined ? stdout.isTTY && stdout.hasColors(env) : forced !== "0" && forced !== "false";
}
