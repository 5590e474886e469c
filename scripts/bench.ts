// What it saves to run every step in one pipeline instead of calling the tools' command lines one after the other, in
// time and in memory, and how both grow with the contract. `npm run bench -- --help`

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "./source.ts";

/** Measures on this contract, then on synthetic ones of the given numbers of operations, and prints a report. */
async function bench(sizes: number[], workspace: string, signal: AbortSignal): Promise<void> {
  print(describeMachine());
  const runs = await measureRuns(join(repository, "spec/openapi.yaml"), 5, "spec/", workspace, signal);
  print(describeTimes(runs));
  print(describeMemory(runs));
  const growth: [operations: number, runs: Run[]][] = [];
  for (const size of sizes) {
    const root = writeContract(mkdtempSync(join(workspace, "contract-")), size);
    growth.push([size, await measureRuns(root, size < 1000 ? 3 : 1, `${size} operations`, workspace, signal)]);
  }
  print(describeGrowth(growth));
}

const aims = { ratio: 0.5, megabytes: 400 };

// --- What is compared ---

interface Command {
  name: string;
  args: string[];
}

function pipeline(root: string, out: string): Command {
  return { name: "node scripts/build.ts", args: [join(repository, "scripts/build.ts"), "--root", root, "--out", out] };
}

/** What the pipeline does, by command lines, each of which is given what the pipeline's own stage is given. */
function commandLines(root: string, out: string): Command[] {
  const [yaml, json] = [join(out, "openapi.yaml"), join(out, "openapi.json")];
  const redocly = (...args: string[]) => [bin("@redocly/cli", "redocly"), ...args, `--config=${config}`];
  const config = join(repository, "redocly.yaml");
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
  /** Peak of the process tree; NaN where there is no /proc. */
  megabytes: number;
}

interface Run {
  pipeline: Measurement;
  commandLines: Measurement[];
}

/** Measures the two sides in turn, so that a slow moment of the machine hits both. */
async function measureRuns(root: string, count: number, what: string, workspace: string, signal: AbortSignal) {
  const runs: Run[] = [];
  while (runs.length < count) {
    const out = mkdtempSync(join(workspace, "out-"));
    const progress = (side: string) => note(`${what}: measuring ${side}, run ${runs.length + 1} of ${count} …`);
    progress("the pipeline");
    const run: Run = { pipeline: await measure(pipeline(root, join(out, "pipeline")), out, signal), commandLines: [] };
    progress("the command lines");
    for (const command of commandLines(root, out)) run.commandLines.push(await measure(command, out, signal));
    runs.push(run);
    rmSync(out, { recursive: true });
  }
  return runs;
}

/** @throws {Error} with what the command printed if it fails */
async function measure({ name, args }: Command, cwd: string, signal: AbortSignal): Promise<Measurement> {
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };
  const said: Buffer[] = [];
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd, env, signal, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk));
  child.once("error", (error) => said.push(Buffer.from(error.message)));
  const peak = watchMemory(child.pid ?? 0);
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

/** Writes a contract with so many operations, each with a path, a schema and an example of its own. Returns its root. */
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
${ids.map((id) => `  /v2/{project_id}/collection-${id}-records: { $ref: paths/collection-${id}-records.yaml }`).join("\n")}
`,
  "components/securitySchemes/AuthToken.yaml": "{ type: apiKey, in: header, name: X-Auth-Token, description: A token. }",
  "components/parameters/ProjectId.yaml": `{ name: project_id, in: path, required: true, schema: { type: string },
  description: ID of the project., example: 0b33da72c10045ecbd8b3b4ac4b34ca7 }`,
  "components/parameters/Limit.yaml": `{ name: limit, in: query, schema: { type: integer, format: int32 },
  description: Number of records on a page., example: 10 }`,
  "components/responses/BadRequest.yaml": `description: The request is invalid.
${content("..", "ErrorResponse", "InvalidLimit")}`,
  "components/schemas/ErrorResponse.yaml": `type: object
description: Why a request failed.
properties:
  error_code: { type: string, description: For a program to compare., example: TEST.0001 }
  error_msg: { type: string, description: For a person to read., example: Invalid limit. }
`,
  "components/examples/InvalidLimit.yaml": `summary: Invalid limit
description: The limit is not a number.
value: { error_code: TEST.0001, error_msg: Invalid limit. }
`,
});

const operationFiles = (id: string) => ({
  [`paths/collection-${id}-records.yaml`]: `get:
  operationId: listRecords${id}
  summary: List the records of collection ${id}
  description: Returns one page of the records of collection ${id}.
  tags: [Records]
  parameters: [{ $ref: ../components/parameters/ProjectId.yaml }, { $ref: ../components/parameters/Limit.yaml }]
  responses:
    '200': { description: A page of records., ${content("../components", `Records${id}Response`, `Records${id}`)} }
    '400': { $ref: ../components/responses/BadRequest.yaml }
`,
  [`components/schemas/Records${id}Response.yaml`]: `type: object
description: One page of the records of collection ${id}.
properties:
  total_num: { type: integer, format: int32, description: Number of records., example: 1 }
  latest_id: { type: string, description: ID of the latest record., example: record-${id} }
  latest_size: { type: integer, format: int64, description: Its size in bytes., example: 880232 }
  updated_at: { type: string, format: date-time, description: Its time., example: '2019-05-10T08:31:16.166Z' }
  remark: { type: string, nullable: true, description: 'A note, or \`null\`.', example: null }
`,
  [`components/examples/Records${id}.yaml`]: `summary: One record
description: A page with one record.
value:
  total_num: 1
  latest_id: record-${id}
  latest_size: 880232
  updated_at: '2019-05-10T08:31:16.166Z'
  remark: null
`,
});

const content = (components: string, schema: string, example: string) =>
  `content: { application/json: { schema: { $ref: ${components}/schemas/${schema}.yaml }, examples: {
    ${example}: { $ref: ${components}/examples/${example}.yaml } } } }`;

// --- Report ---

function describeMachine(): string {
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model}`;
}

function describeTimes(runs: Run[]): string {
  const row = (name: string, times: number[]) => [name, median(times), Math.min(...times), Math.max(...times)].map(cell);
  const steps = (runs[0]?.commandLines ?? []).map(({ name }, step) => {
    return row(`  ${name}`, runs.flatMap(({ commandLines }) => commandLines[step]?.seconds ?? []));
  });
  const sums = [row("command lines, their sum", theirTimes(runs)), row("pipeline", ourTimes(runs))];
  return `
Wall time on spec/ in seconds, ${runs.length} runs of each side in turn, the start of every process included

${table([["", "median", "lowest", "highest"], ...steps, ...sums])}

Pipeline / command lines, median of the runs: ${cell(ratio(runs))} (${verdict(ratio(runs), aims.ratio)})
Only the pipeline's time contains what has no command line here: ${withoutCommandLine}.`;
}

function describeMemory(runs: Run[]): string {
  if (process.platform !== "linux") return "\npeak memory: only measured on Linux";
  const [ours, theirs] = peaks(runs);
  return `
Peak memory on spec/ in MB: RSS, summed over the process tree every ${sampleEvery} ms, highest of all runs

pipeline, its child process included  ${whole(ours)} (${verdict(ours, aims.megabytes)})
command lines, the highest of them    ${whole(theirs)}`;
}

function describeGrowth(growth: [operations: number, runs: Run[]][]): string {
  const head = ["operations", "runs", "pipeline, s", "command lines, s", "ratio", "pipeline, MB", "command lines, MB"];
  const rows = growth.map(([operations, runs]) => [
    ...[operations, runs.length].map(whole),
    ...[median(ourTimes(runs)), median(theirTimes(runs)), ratio(runs)].map(cell),
    ...peaks(runs).map(whole),
  ]);
  return `\nGrowth on synthetic contracts: median times, highest peaks\n\n${table([head, ...rows])}`;
}

const ourTimes = (runs: Run[]) => runs.map((run) => run.pipeline.seconds);

const theirTimes = (runs: Run[]) => runs.map((run) => run.commandLines.reduce((sum, step) => sum + step.seconds, 0));

const ratio = (runs: Run[]) => median(runs.flatMap((run) => ourTimes([run]).map((ours) => ours / Number(theirTimes([run])))));

const peaks = (runs: Run[]): [ours: number, theirs: number] => [
  Math.max(...runs.map((run) => run.pipeline.megabytes)),
  Math.max(...runs.flatMap((run) => run.commandLines.map((step) => step.megabytes))),
];

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const cell = (value: string | number) => (typeof value === "string" ? value : value.toFixed(2));

const whole = (value: number) => (Number.isNaN(value) ? "unknown" : value.toFixed(0));

const verdict = (value: number, aim: number) => `aim: ${aim} or less, ${value <= aim ? "met" : "missed"}`;

/** The first column aligned to the left, all others to the right. */
function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (text: string, column: number) => text[column === 0 ? "padEnd" : "padStart"](widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join("  ")).join("\n");
}

const print = (text: string) => process.stdout.write(`${text}\n`);

const note = (text: string) => process.stderr.write(`${text}\n`);

// --- Command line ---

const help = `Usage: npm run bench [-- OPTION …]

  --sizes LIST  numbers of operations of the synthetic contracts (default: 1,10,100,1000)
  --help        print this text

Exit code: 0 measured, 1 a command failed, 2 wrong option, 130 or 143 interrupted.`;

async function main(): Promise<number> {
  let flags: { sizes: string; help?: boolean };
  const isSize = (text: string) => /^[1-9][0-9]*$/.test(text);
  try {
    const sizes = { type: "string", default: "1,10,100,1000" } as const;
    flags = parseArgs({ options: { sizes, help: { type: "boolean" } } }).values;
    if (!flags.sizes.split(",").every(isSize)) throw new Error("--sizes takes a list like 1,10,100");
  } catch (error) {
    note(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (flags.help) {
    print(help);
    return 0;
  }

  const interrupted = new AbortController();
  const signals = { SIGINT: 130, SIGTERM: 143 };
  for (const [name, code] of Object.entries(signals)) process.once(name, () => interrupted.abort(code));
  const workspace = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    await bench(flags.sizes.split(",").map(Number), workspace, interrupted.signal);
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) return interrupted.signal.reason as number;
    note((error as Error).message);
    return 1;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

if (import.meta.main) process.exitCode = await main();
