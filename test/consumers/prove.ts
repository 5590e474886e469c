// Takes rows through their steps: installs their projects' packages, then generates, builds and runs each.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { access, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { repository } from "../../scripts/repository.ts";
import { inherited } from "../environment.ts";
import { columns, type Outcomes, readOutcomes, startAnswers } from "./answers.ts";
import type { Project } from "./projects.ts";
import type { Parser, Row } from "./rows.ts";
import { type Findings, read, startWire } from "./wire.ts";

export interface Step {
  /** The name of a row, or the folder of a project. */
  of: string;
  name: "installs" | "generates" | "builds" | "runs" | "meets" | "reads" | "refuses";
  milliseconds: number;
  /** The tool's own error message. */
  failure?: string;
}

export interface Outcome {
  row: Row | Parser;
  /** The missing toolchains. Nothing was run. */
  lacks: string[];
  steps: Step[];
  findings?: Findings;
  /** What its client gives of the later service's answers. */
  outcomes?: Outcomes;
}

export interface Options {
  /** Where the projects are. */
  source?: string;
  /** Where copies of them, and every package manager's cache, are kept between runs. */
  work?: string;
  /** The bundles: the base's, or others. With others the rows only meet the later service's answers, and what fails is a result. */
  from?: string;
  onStep?: (step: Step) => void;
  signal?: AbortSignal;
}

export const bundles = ["openapi.yaml", "openapi.json", "openapi-3.1.yaml", "openapi-3.1.json"];

const base = join(repository, "generated");

/** A document that every parser must reject: the response that its operation refers to has another name. */
const broken = { file: "broken.json", missing: "BackupRecordsPage" };

/** Runs rows in parallel, as many as the machine has cores. @throws the signal's reason if it aborts */
export async function prove(rows: (Row | Parser)[], options: Options = {}): Promise<Outcome[]> {
  const { source = import.meta.dirname, work = join(repository, ".consumers"), onStep = () => {}, signal } = options;
  const { from = base } = options;
  const outcomes = rows.map((row): Outcome => ({ row, lacks: missingCommands(row.projects), steps: [] }));
  const runnable = outcomes.filter(({ lacks }) => lacks.length === 0);
  if (runnable.length === 0) return outcomes;
  const installed = new Map<Project, Promise<Step | undefined>>();
  const slot = slots(availableParallelism());
  const [wire, later] = await Promise.all([startWire(), startAnswers()]);
  try {
    await Promise.all(runnable.map(take));
    return outcomes;
  } finally {
    await Promise.all([wire.close(), later.close()]);
  }

  async function take(outcome: Outcome): Promise<void> {
    const { row } = outcome;
    for (const project of row.projects) {
      if (!installed.has(project)) installed.set(project, install(project));
      const failed = await installed.get(project);
      if (failed) {
        outcome.steps.push(failed);
        return;
      }
    }
    await slot(async () => {
      for await (const step of stepsOf(row, outcome)) {
        outcome.steps.push(step);
        onStep(step);
        if (step.failure) return;
      }
    });
  }

  function stepsOf(row: Row | Parser, outcome: Outcome): AsyncGenerator<Step> {
    if (!("generate" in row)) return parse(row);
    return from === base ? consume(row, outcome) : meet(row, outcome);
  }

  /** Updates a project's copy; installs its packages if a manifest has changed. */
  async function install(project: Project): Promise<Step | undefined> {
    const folder = join(work, project.folder);
    const stamp = join(folder, ".installed");
    const step = await timed(project.folder, "installs", async () => {
      await mkdir(folder, { recursive: true });
      await cp(join(source, project.folder), folder, { recursive: true, preserveTimestamps: true });
      for (const bundle of bundles) await cp(join(from, bundle), join(folder, bundle));
      const text = await readFile(join(folder, "openapi.json"), "utf8");
      await writeFile(join(folder, broken.file), text.replace(`"${broken.missing}": {`, '"Renamed": {'));
      const manifests = project.manifests.map((file) => readFile(join(folder, file), "utf8"));
      const wanted = JSON.stringify([project.install, ...(await Promise.all(manifests))]);
      if (wanted === (await readFile(stamp, "utf8").catch(() => ""))) return;
      await rm(stamp, { force: true });
      await shell(project.install, folder);
      await writeFile(stamp, wanted);
    });
    onStep(step);
    return step.failure === undefined ? undefined : step;
  }

  async function* consume(row: Row, outcome: Outcome): AsyncGenerator<Step> {
    const folder = join(work, row.projects[0].folder);
    yield await timed(row.name, "generates", () => generate(row));
    yield await timed(row.name, "builds", () => shell(row.build, folder));
    const { run } = row;
    if (run) {
      yield await timed(row.name, "runs", async () => {
        const { findings, faults } = await shell(run, folder, wire.environment(row.name)).then(
          read,
          (error: Error) => ({
            findings: undefined,
            faults: [error.message],
          }),
        );
        faults.push(...wire.faults(row.name));
        if (faults.length > 0) throw new Error(faults.join("\n"));
        outcome.findings = findings;
      });
    }
    if (row.answers) {
      const { run } = row.answers;
      yield await timed(row.name, "meets", async () => {
        outcome.outcomes = readOutcomes(await shell(run, folder, later.environment));
      });
    }
  }

  /** With another document than the base, a row's refusal is a result. */
  async function* meet({ answers, ...row }: Row, outcome: Outcome): AsyncGenerator<Step> {
    if (!answers) return;
    const folder = join(work, row.projects[0].folder);
    const refusal = (what: string) => (error: Error) => {
      signal?.throwIfAborted();
      const said = `${what}: ${complaintIn(error.message)}`;
      outcome.outcomes = Object.fromEntries(Object.keys(columns).map((column) => [column, said])) as Outcomes;
    };
    yield await timed(row.name, "generates", () => generate(row).catch(refusal("does not generate")));
    if (outcome.outcomes) return;
    yield await timed(row.name, "builds", () => shell(answers.build, folder).catch(refusal("does not build")));
    if (outcome.outcomes) return;
    yield await timed(row.name, "meets", async () => {
      outcome.outcomes = readOutcomes(await shell(answers.run, folder, later.environment));
    });
  }

  async function generate(row: Row): Promise<void> {
    const folder = join(work, row.projects[0].folder);
    const output = join(folder, row.output);
    await rm(output, { recursive: true, force: true });
    await shell(row.generate, folder);
    await access(output);
  }

  async function* parse(parser: Parser): AsyncGenerator<Step> {
    const folder = join(work, parser.projects[0].folder);
    yield await timed(parser.name, "reads", () => shell(`${parser.read} ${bundles.join(" ")}`, folder));
    yield await timed(parser.name, "refuses", async () => {
      const complaint = await shell(`${parser.read} ${broken.file}`, folder).then(
        () => "nothing",
        (error) => (error as Error).message,
      );
      if (complaint.includes(broken.missing)) return;
      throw new Error(`${broken.file} refers to ${broken.missing}, which is not there. The parser said:\n${complaint}`);
    });
  }

  /** @returns the command's standard output @throws {Error} with all of its output, if it fails */
  async function shell(command: string, cwd: string, extra: Record<string, string> = {}): Promise<string> {
    signal?.throwIfAborted();
    const child = spawn("sh", ["-ec", command], {
      cwd,
      env: inherited({ ...caches(join(work, "cache"), basename(cwd)), ...extra }),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const kill = () => {
      if (child.pid && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    };
    const timer = setTimeout(kill, 600_000);
    signal?.addEventListener("abort", kill);
    let printed = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      printed += text;
      all += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      all += text;
    });
    try {
      const [code, killedBy] = await once(child, "close");
      signal?.throwIfAborted();
      if (code !== 0) throw new Error(`$ ${command}\n${all.trim()}\n(${killedBy ?? `exit code ${code}`})`);
      return printed;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", kill);
    }
  }

  async function timed(of: string, name: Step["name"], work: () => Promise<unknown>): Promise<Step> {
    const start = performance.now();
    const failure = await work().then(
      () => undefined,
      (error) => (error as Error).message,
    );
    signal?.throwIfAborted();
    const step = { of, name, milliseconds: Math.round(performance.now() - start) };
    return failure === undefined ? step : { ...step, failure };
  }
}

/** The line that says what is wrong, in the output of a command that failed. */
function complaintIn(output: string): string {
  const lines = stripVTControlCharacters(output).split("\n").slice(1, -1); // between the command and the exit code
  const found = [/assertion/i, /error/i, /./].map((pattern) => lines.find((line) => pattern.test(line)));
  return (
    found
      .find((line) => line !== undefined)
      ?.replace(/\s+/g, " ")
      .trim() ?? ""
  );
}

/** The package managers' caches, so that nothing is written outside the work folder. */
function caches(cache: string, project: string): Record<string, string> {
  const { GOFLAGS = "", MAVEN_OPTS = "" } = process.env;
  return {
    npm_config_cache: join(cache, "npm"),
    PIP_CACHE_DIR: join(cache, "pip"),
    GOMODCACHE: join(cache, "go/modules"),
    GOCACHE: join(cache, "go/build"),
    GOFLAGS: `${GOFLAGS} -modcacherw`.trim(), // else only root could delete it
    CARGO_HOME: join(cache, "cargo"),
    // One folder each, since two Mavens cannot fetch into the same one at once.
    MAVEN_OPTS: `${MAVEN_OPTS} -Dmaven.repo.local=${join(cache, "maven", project)}`.trim(),
  };
}

function missingCommands(projects: Project[]): string[] {
  const needs = new Map(projects.flatMap(({ needs }) => Object.entries(needs)));
  return [...needs]
    .filter(([command]) => spawnSync("sh", ["-c", `command -v ${command}`]).status !== 0)
    .map(([, name]) => name);
}

/** Runs that many jobs at once, in order. */
function slots(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
