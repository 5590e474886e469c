// What it saves to run every step in one pipeline instead of calling the tools' command lines one after the other, in
// time and in memory, and how both grow with the contract.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { repository } from "../../scripts/repository.ts";
import { inherited } from "../environment.ts";
import { describeMachine, median, note, table, verdict } from "./report.ts";

const aims = { ratio: 0.5, megabytes: 400 };

/** Compares on this contract, then on synthetic ones of so many operations, and returns the report. */
export async function benchPipeline(sizes: number[], workspace: string, signal: AbortSignal): Promise<string> {
  const own = await compare("spec/", join(repository, "spec/openapi.yaml"), 5, workspace, signal);
  const comparisons = [own];
  for (const size of sizes) {
    const root = writeContract(mkdtempSync(join(workspace, "contract-")), size);
    const name = size === 1 ? "1 operation" : `${size} operations`;
    comparisons.push(await compare(name, root, size < 1000 ? 3 : 1, workspace, signal));
  }
  return [describeMachine(), table(rows(comparisons)), ...describeMethod(), ...describeAims(own)].join("\n");
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

/** What the pipeline does, by command lines, one after the other. */
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

// --- Measuring ---

interface Measurement {
  name: string;
  seconds: number;
  /** Peak of the process tree; NaN where it was not watched, or there is no /proc. */
  megabytes: number;
}

interface Run {
  pipeline: Measurement;
  commandLines: Measurement[];
}

interface Comparison {
  contract: string;
  memory: Run;
  runs: Run[];
}

/**
 * Runs the two sides in turn, so that a slow moment of the machine hits both. Memory is watched in one more run, since
 * watching takes time itself.
 */
async function compare(contract: string, root: string, count: number, workspace: string, signal: AbortSignal) {
  const run = async (watch: boolean): Promise<Run> => {
    const out = mkdtempSync(join(workspace, "out-"));
    const ours = await measure(pipeline(root, join(out, "pipeline")), out, watch, signal);
    const theirs: Measurement[] = [];
    for (const command of commandLines(root, out)) theirs.push(await measure(command, out, watch, signal));
    rmSync(out, { recursive: true });
    return { pipeline: ours, commandLines: theirs };
  };
  note(`${contract}: memory …`);
  const memory = await run(true);
  const runs: Run[] = [];
  while (runs.length < count) {
    note(`${contract}: time, run ${runs.length + 1} of ${count} …`);
    runs.push(await run(false));
  }
  return { contract, memory, runs };
}

/** @throws {Error} with what the command printed if it fails */
async function measure(
  { name, args }: Command,
  cwd: string,
  watch: boolean,
  signal: AbortSignal,
): Promise<Measurement> {
  const env = inherited({ REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" });
  const said: Buffer[] = [];
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd, env, signal, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk));
  child.once("error", (error) => said.push(Buffer.from(error.message)));
  const peak = watch ? watchMemory(child.pid ?? 0) : () => Number.NaN;
  const code = await new Promise((resolve) => child.once("close", resolve));
  const measurement = { name, seconds: (performance.now() - start) / 1000, megabytes: peak() };
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`${name} failed (exit code ${code}):\n${Buffer.concat(said)}`);
  return measurement;
}

const sampleEvery = 15; // milliseconds

/** Watches a process and all below it until the returned function is called, which gives their highest sum of RSS. */
function watchMemory(root: number): () => number {
  if (process.platform !== "linux") return () => Number.NaN;
  const parents = new Map<number, number>();
  const isBelow = (pid: number): boolean => pid === root || (pid > 1 && isBelow(parents.get(pid) ?? 0));
  let peak = 0;
  const timer = setInterval(() => {
    const pids = readdirSync("/proc").map(Number).filter(Boolean);
    for (const pid of pids) if (!parents.has(pid)) parents.set(pid, processStatus(pid, "PPid"));
    const kibibytes = pids.filter(isBelow).reduce((sum, pid) => sum + processStatus(pid, "VmRSS"), 0);
    peak = Math.max(peak, (kibibytes * 1024) / 1e6);
  }, sampleEvery);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** A number that Linux tells about a process; 0 once the process is gone. */
function processStatus(pid: number, field: "PPid" | "VmRSS"): number {
  try {
    return Number(new RegExp(`^${field}:\\s*(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

// --- Synthetic contracts, laid out as spec/ is ---

/** Writes a contract with so many operations, each with a path, schema and example of its own. Returns its root. */
function writeContract(folder: string, operations: number): string {
  const ids = Array.from({ length: operations }, (_, index) => String(index + 1).padStart(4, "0"));
  const files: Record<string, string> = Object.assign({}, sharedFiles(ids), ...ids.map(operationFiles));
  for (const [file, yaml] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), yaml);
  }
  return join(folder, "openapi.yaml");
}

const sharedFiles = (ids: string[]) => ({
  "openapi.yaml": `openapi: 3.0.3
info:
  title: Synthetic records
  version: 1.0.0
  description: A contract to measure with.
  contact: { name: bench, url: https://records.test/contact }
  license: { name: Apache-2.0, url: https://www.apache.org/licenses/LICENSE-2.0 }
servers: [{ url: https://api.records.test, description: A server that does not exist. }]
tags: [{ name: Records, description: Records of every collection. }]
security: [{ AuthToken: [] }]
components: { securitySchemes: { AuthToken: { $ref: components/securitySchemes/AuthToken.yaml } } }
paths:
${ids.map((id) => `  /v2/{project_id}/collection-${id}-records: { $ref: paths/collection-${id}.yaml }`).join("\n")}`,
  "components/securitySchemes/AuthToken.yaml": `type: apiKey
in: header
name: X-Auth-Token
description: A token for the project.`,
  "components/parameters/ProjectId.yaml": `{ name: project_id, in: path, required: true, schema: { type: string },
  description: ID of the project., example: 0b33da72c10045ecbd8b3b4ac4b34ca7 }`,
  "components/parameters/Limit.yaml": `{ name: limit, in: query, schema: { type: integer, format: int32 },
  description: Number of records on a page., example: 10 }`,
  "components/responses/BadRequest.yaml": `description: The request is invalid.
content: { application/json: ${mediaType("..", "ErrorResponse", "InvalidLimit")} }`,
  "components/schemas/ErrorResponse.yaml": `type: object
description: Why a request failed.
properties:
  error_code: { type: string, description: For a program to compare., example: TEST.0001 }
  error_msg: { type: string, description: For a person to read., example: Invalid limit. }`,
  "components/examples/InvalidLimit.yaml": `{ summary: Invalid limit, description: The limit is not a number.,
  value: { error_code: TEST.0001, error_msg: Invalid limit. } }`,
});

const operationFiles = (id: string) => ({
  [`paths/collection-${id}.yaml`]: `get:
  operationId: listRecords${id}
  summary: List the records of collection ${id}
  description: Returns one page of the records of collection ${id}.
  tags: [Records]
  parameters: [{ $ref: ../components/parameters/ProjectId.yaml }, { $ref: ../components/parameters/Limit.yaml }]
  responses:
    '200':
      description: A page of records.
      content: { application/json: ${mediaType("../components", `Records${id}Response`, `Records${id}`)} }
    '400': { $ref: ../components/responses/BadRequest.yaml }`,
  [`components/schemas/Records${id}Response.yaml`]: `type: object
description: One page of the records of collection ${id}.
properties:
  total_num: { type: integer, format: int32, description: Number of records., example: 1 }
  latest_id: { type: string, description: ID of the latest record., example: record-${id} }
  latest_size: { type: integer, format: int64, description: Its size in bytes., example: 880232 }
  updated_at: { type: string, format: date-time, description: Its time., example: '2019-05-10T08:31:16.166Z' }
  remark: { type: string, nullable: true, description: 'A note, or \`null\`.', example: null }`,
  [`components/examples/Records${id}.yaml`]: `{ summary: One record, description: A page with one record.,
  value: { total_num: 1, latest_id: record-${id}, latest_size: 880232, remark: null } }`,
});

const mediaType = (components: string, schema: string, example: string) =>
  `{ schema: { $ref: ${components}/schemas/${schema}.yaml },
        examples: { ${example}: { $ref: ${components}/examples/${example}.yaml } } }`;

// --- Report ---

/** A column for each contract. */
function rows(comparisons: Comparison[]): string[][] {
  const cells = (values: number[], digits: number) =>
    values.map((value) => (Number.isNaN(value) ? "unknown" : value.toFixed(digits)));
  const row = (name: string, digits: number, value: (runs: Run[]) => number) => [
    name,
    ...cells(
      comparisons.map(({ runs }) => value(runs)),
      digits,
    ),
  ];
  const memoryRow = (name: string, value: (run: Run) => number) => [
    name,
    ...cells(
      comparisons.map(({ memory }) => value(memory)),
      0,
    ),
  ];
  const steps = comparisons[0]?.runs[0]?.commandLines ?? [];
  return [
    ["", ...comparisons.map(({ contract }) => contract)],
    row("runs", 0, (runs) => runs.length),
    ...steps.map(({ name }, step) => row(`${name}, s`, 2, (runs) => median(runs.map((run) => stepTime(run, step))))),
    row("command lines in all, s", 2, (runs) => median(runs.map(theirTime))),
    row("pipeline, s", 2, (runs) => median(runs.map(ourTime))),
    row("pipeline / command lines", 2, (runs) => median(runs.map(ratio))),
    row("  lowest", 2, (runs) => Math.min(...runs.map(ratio))),
    row("  highest", 2, (runs) => Math.max(...runs.map(ratio))),
    memoryRow("command lines, peak MB", theirPeak),
    memoryRow("pipeline, peak MB", ourPeak),
  ];
}

const describeMethod = () => [
  "\nTimes and ratios are medians of the runs; they include the start of every process.",
  `Only the pipeline's time contains what has no command line here: ${withoutCommandLine}.`,
  process.platform === "linux"
    ? `Peak memory is RSS summed over the process tree every ${sampleEvery} ms in a run of its own, the highest of all steps.`
    : "peak memory: only measured on Linux",
];

function describeAims({ runs, memory }: Comparison): string[] {
  const aim = (name: string, value: number, most: number) =>
    Number.isNaN(value) ? [] : [`aim on spec/: ${name} ${most} or less, ${verdict(value <= most)}`];
  const time = aim("pipeline / command lines", median(runs.map(ratio)), aims.ratio);
  return ["", ...time, ...aim("pipeline, peak MB", ourPeak(memory), aims.megabytes)];
}

const ourTime = (run: Run) => run.pipeline.seconds;
const theirTime = (run: Run) => run.commandLines.reduce((sum, { seconds }) => sum + seconds, 0);
const stepTime = (run: Run, step: number) => run.commandLines[step]?.seconds ?? Number.NaN;
const ratio = (run: Run) => ourTime(run) / theirTime(run);
const ourPeak = (run: Run) => run.pipeline.megabytes;
const theirPeak = (run: Run) => Math.max(...run.commandLines.map((step) => step.megabytes));
