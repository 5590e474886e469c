// The time saved by one pipeline, compared with calling the tools' command lines one after the other.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { repository } from "../../scripts/repository.ts";
import { inherited } from "../environment.ts";
import { describeMachine, median, note, table, verdict } from "./report.ts";

const aim = 0.5;
const rounds = 5;

/** Runs the two sides in turn, so that a slow moment of the machine affects both, and returns the report. */
export async function benchPipeline(workspace: string, signal: AbortSignal): Promise<string> {
  const root = join(repository, "spec/openapi.yaml");
  const runs: Run[] = [];
  while (runs.length < rounds) {
    note(`pipeline: run ${runs.length + 1} of ${rounds} …`);
    const out = mkdtempSync(join(workspace, "out-"));
    const ours = await measure(pipeline(root, join(out, "pipeline")), out, signal);
    const theirs: number[] = [];
    for (const command of commandLines(root, out)) theirs.push(await measure(command, out, signal));
    rmSync(out, { recursive: true });
    runs.push({ ours, theirs });
  }
  return report(runs);
}

/** In seconds. */
interface Run {
  ours: number;
  /** One per command line. */
  theirs: number[];
}

// --- What is compared ---

interface Command {
  name: string;
  args: string[];
}

/** As `npm run build` starts it. */
function pipeline(root: string, out: string): Command {
  const [runtime, build] = [join(repository, "scripts/runtime.cjs"), join(repository, "scripts/build.ts")];
  return { name: "the pipeline", args: ["-r", runtime, build, "--root", root, "--out", out] };
}

/** The work of the pipeline as command lines, one after the other. */
function commandLines(root: string, out: string): Command[] {
  const [yaml, json] = [join(out, "openapi.yaml"), join(out, "openapi.json")];
  const config = `--config=${join(repository, "redocly.yaml")}`;
  const redocly = (...args: string[]) => [bin("@redocly/cli", "redocly"), ...args, config];
  const spectral = [bin("@stoplight/spectral-cli", "spectral"), `--ruleset=${join(repository, ".spectral.yaml")}`];
  const openapiTypescript = [bin("openapi-typescript", "openapi-typescript"), `--output=${join(out, "types.ts")}`];
  const page = ["--inlineBundle", "--openapi.disableTelemetry", `--output=${join(out, "index.html")}`];
  return [
    { name: "redocly lint", args: redocly("lint", root) },
    { name: "redocly bundle, to YAML", args: redocly("bundle", root, `--output=${yaml}`) },
    { name: "redocly bundle, to JSON", args: redocly("bundle", root, `--output=${json}`) },
    { name: "spectral lint", args: [...spectral, "lint", json, "--fail-severity=hint"] },
    { name: "openapi-typescript", args: [...openapiTypescript, json, "--root-types", "--root-types-no-schema-prefix"] },
    { name: "redocly build-docs", args: redocly("build-docs", json, ...page) },
  ];
}

const withoutCommandLine = "Ajv on the examples, deriving OpenAPI 3.1, writing the client";

function bin(packageName: string, name: string): string {
  const file = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  return join(dirname(file), JSON.parse(readFileSync(file, "utf8")).bin[name]);
}

/**
 * Duration in seconds.
 * @throws {Error} with the command's output if it fails
 */
async function measure({ name, args }: Command, cwd: string, signal: AbortSignal): Promise<number> {
  const env = inherited({ REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" });
  const said: Buffer[] = [];
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd, env, signal, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk));
  child.once("error", (error) => said.push(Buffer.from(error.message)));
  const code = await new Promise((resolve) => child.once("close", resolve));
  const seconds = (performance.now() - start) / 1000;
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`${name} failed (exit code ${code}):\n${Buffer.concat(said)}`);
  return seconds;
}

function report(runs: Run[]): string {
  const theirTime = ({ theirs }: Run) => theirs.reduce((sum, seconds) => sum + seconds, 0);
  const row = (name: string, value: (run: Run) => number) => [name, median(runs.map(value)).toFixed(2)];
  const ratios = runs.map((run) => run.ours / theirTime(run));
  return [
    describeMachine(),
    table([
      ...commandLines("", "").map(({ name }, step) => row(`${name}, s`, ({ theirs }) => theirs[step] ?? Number.NaN)),
      row("command lines in all, s", theirTime),
      row("pipeline, s", ({ ours }) => ours),
      ["pipeline / command lines", median(ratios).toFixed(2)],
      ["  lowest", Math.min(...ratios).toFixed(2)],
      ["  highest", Math.max(...ratios).toFixed(2)],
    ]),
    `\nTimes and ratios are medians of ${runs.length} runs; they include the start of every process.`,
    `Only the pipeline's time contains what has no command line here: ${withoutCommandLine}.`,
    `\naim: pipeline / command lines ${aim} or less, ${verdict(median(ratios) <= aim)}`,
  ].join("\n");
}
