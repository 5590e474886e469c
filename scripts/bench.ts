// What doing the whole build in one process saves over calling the tools' command lines one after the other, in time and
// memory, and how that grows with the size of the contract. `npm run bench -- --help`

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { stringifyYaml } from "@redocly/openapi-core";
import { listFiles } from "./output.ts";
import { repository } from "./source.ts";

const help = `Usage: npm run bench [-- OPTION …]

Measures the pipeline against the command lines of the tools that it is made of, on this contract and on synthetic ones.

  --sizes LIST  operations of the synthetic contracts (default: 1,10,100,1000)
  --help        print this text

Exit code: 0 measured, 1 a command failed, 2 wrong option, 130 or 143 interrupted.
`;

const aims = { ratio: 0.5, megabytes: 400 };

async function bench(sizes: number[], workspace: string, signal: AbortSignal): Promise<void> {
  print(describeMachine());
  const contract = await compare("spec", join(repository, "spec/openapi.yaml"), 5, workspace, signal);
  print(describeTimes(contract));
  print(describeMemory(contract));

  const growth: Growth[] = [];
  for (const operations of sizes) {
    const folder = join(workspace, `${operations}-operations`);
    const root = writeContract(folder, operations);
    const runs = operations < 1000 ? 3 : 1;
    const comparison = await compare(counted(operations, "operation"), root, runs, workspace, signal);
    growth.push({ operations, files: (await listFiles(folder)).length, comparison });
  }
  print(describeGrowth(growth));
}

// --- What is compared ---

/** One program to run, and the name that it goes by in the tables. */
interface Command {
  name: string;
  args: string[];
}

function pipeline(root: string, out: string): Command {
  return { name: "node scripts/build.ts", args: [join(repository, "scripts/build.ts"), "--root", root, "--out", out] };
}

/** The command lines that do what the pipeline does, each on the files that the pipeline's own stage works on. */
function commandLines(root: string, out: string): Command[] {
  const [yaml, json] = [join(out, "openapi.yaml"), join(out, "openapi.json")];
  const redocly = (command: string, ...args: string[]) => [bin("@redocly/cli", "redocly"), command, ...args, config];
  const config = `--config=${join(repository, "redocly.yaml")}`;
  const ruleset = `--ruleset=${join(repository, ".spectral.yaml")}`;
  const rootTypes = ["--root-types", "--root-types-no-schema-prefix"];
  const page = ["--inlineBundle", "--openapi.disableTelemetry", `--output=${join(out, "index.html")}`];
  return [
    { name: "redocly lint", args: redocly("lint", root) },
    { name: "redocly bundle, to YAML", args: redocly("bundle", root, `--output=${yaml}`) },
    { name: "redocly bundle, to JSON", args: redocly("bundle", root, `--output=${json}`) },
    { name: "spectral lint", args: [bin("@stoplight/spectral-cli", "spectral"), "lint", json, ruleset, "--fail-severity=hint"] },
    {
      name: "openapi-typescript",
      args: [bin("openapi-typescript", "openapi-typescript"), json, ...rootTypes, `--output=${join(out, "types.ts")}`],
    },
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
  milliseconds: number;
  /** Peak of the process tree; absent where there is no /proc. */
  megabytes?: number;
}

/** One entry per run in `pipeline`; one per run and command line in `commandLines`. */
interface Comparison {
  pipeline: Measurement[];
  commandLines: Measurement[][];
}

/** Runs the two sides in turn, so that a slow moment of the machine hits both. */
async function compare(what: string, root: string, runs: number, workspace: string, signal: AbortSignal) {
  const result: Comparison = { pipeline: [], commandLines: [] };
  for (let run = 1; run <= runs; run += 1) {
    const out = mkdtempSync(join(workspace, "out-"));
    progress(`${what}: measuring the pipeline, run ${run} of ${runs} …`);
    result.pipeline.push(await measure(pipeline(root, join(out, "pipeline")), out, signal));
    const steps: Measurement[] = [];
    for (const command of commandLines(root, out)) {
      progress(`${what}: measuring ${command.name}, run ${run} of ${runs} …`);
      steps.push(await measure(command, out, signal));
    }
    result.commandLines.push(steps);
    rmSync(out, { recursive: true });
  }
  return result;
}

/** @throws {Error} with what the command printed if it fails */
async function measure({ name, args }: Command, cwd: string, signal: AbortSignal): Promise<Measurement> {
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };
  const said: Buffer[] = [];
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd, env, signal, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk));
  child.once("error", (error) => said.push(Buffer.from(error.message)));
  const peak = watchMemory(child.pid);
  const code = await new Promise((resolve) => child.once("close", resolve));
  const milliseconds = performance.now() - start;
  const megabytes = peak();
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`${name} failed (exit code ${code}):\n${Buffer.concat(said)}`);
  return { name, milliseconds, megabytes };
}

const sampleEvery = 15;

/** Watches a process and all below it until the returned function is called, which gives their highest sum of RSS. */
function watchMemory(root: number | undefined): () => number | undefined {
  if (process.platform !== "linux" || !root) return () => undefined;
  const parents = new Map<number, number>();
  const isInTree = (pid: number | undefined): boolean => pid === root || (!!pid && isInTree(parents.get(pid)));
  let peak = 0;
  const sample = () => {
    const pids = readdirSync("/proc").map(Number).filter(Boolean);
    for (const pid of pids) if (!parents.has(pid)) parents.set(pid, statusOf(pid, "PPid"));
    const kibibytes = pids.filter(isInTree).reduce((sum, pid) => sum + statusOf(pid, "VmRSS"), 0);
    peak = Math.max(peak, (kibibytes * 1024) / 1e6);
  };
  const timer = setInterval(sample, sampleEvery);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** A number in a process's status; 0 once the process is gone. */
function statusOf(pid: number, field: "PPid" | "VmRSS"): number {
  try {
    return Number(new RegExp(`^${field}:\\s*(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

// --- Synthetic contracts, laid out as spec/ is ---

/** Writes a contract of so many operations, each with a path, a schema and an example of its own. Returns its root. */
function writeContract(folder: string, operations: number): string {
  const names = Array.from({ length: operations }, (_, index) => String(index + 1).padStart(4, "0"));
  const files = { ...sharedFiles, ...Object.assign({}, ...names.map(operationFiles)), "openapi.yaml": rootDocument(names) };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), stringifyYaml(content, { noRefs: true }));
  }
  return join(folder, "openapi.yaml");
}

const ref = ($ref: string) => ({ $ref });

function rootDocument(names: string[]): object {
  const url = "https://example.com/synthetic";
  return {
    openapi: "3.0.3",
    info: {
      title: "Synthetic records",
      version: "1.0.0",
      description: "A contract of any size, to measure with.",
      contact: { name: "bench", url },
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "https://records.test", description: "A server that does not exist." }],
    tags: [{ name: "Records", description: "Records of every collection." }],
    security: [{ AuthToken: [] }],
    paths: Object.fromEntries(
      names.map((name) => [`/v2/{project_id}/collection-${name}-records`, ref(`paths/collection-${name}-records.yaml`)]),
    ),
    components: { securitySchemes: { AuthToken: ref("components/securitySchemes/AuthToken.yaml") } },
  };
}

function operationFiles(name: string): Record<string, object> {
  const [schema, example] = [`Records${name}Response`, `Records${name}Page`];
  const content = { schema: ref(`../components/schemas/${schema}.yaml`), examples: { [example]: ref(`../components/examples/${example}.yaml`) } };
  return {
    [`paths/collection-${name}-records.yaml`]: {
      get: {
        operationId: `listRecords${name}`,
        summary: `List the records of collection ${name}`,
        description: `Returns one page of the records of collection ${name}.`,
        tags: ["Records"],
        parameters: ["ProjectId", "Limit"].map((parameter) => ref(`../components/parameters/${parameter}.yaml`)),
        responses: {
          200: { description: "A page of records.", content: { "application/json": content } },
          400: ref("../components/responses/BadRequest.yaml"),
        },
      },
    },
    [`components/schemas/${schema}.yaml`]: {
      type: "object",
      description: `One page of the records of collection ${name}.`,
      properties: {
        total_num: { type: "integer", format: "int32", description: "Number of records.", example: 1 },
        latest_id: { type: "string", description: "ID of the latest record.", example: `record-${name}` },
        latest_size: { type: "integer", format: "int64", description: "Its size in bytes.", example: 880232 },
        updated_at: { type: "string", format: "date-time", description: "Time in UTC.", example: "2019-05-10T08:31:16.166Z" },
        remark: { type: "string", nullable: true, description: "What was said of it, or `null`.", example: null },
        record_ids: { type: "array", description: "IDs of all.", items: { type: "string", example: `record-${name}` } },
      },
    },
    [`components/examples/${example}.yaml`]: {
      summary: "One record",
      description: "A page with one record.",
      value: {
        total_num: 1,
        latest_id: `record-${name}`,
        latest_size: 880232,
        updated_at: "2019-05-10T08:31:16.166Z",
        remark: null,
        record_ids: [`record-${name}`],
      },
    },
  };
}

const sharedFiles: Record<string, object> = {
  "components/parameters/ProjectId.yaml": {
    name: "project_id",
    in: "path",
    required: true,
    description: "ID of the project.",
    schema: { type: "string" },
    example: "0b33da72c10045ecbd8b3b4ac4b34ca7",
  },
  "components/parameters/Limit.yaml": {
    name: "limit",
    in: "query",
    required: false,
    description: "Number of records on a page.",
    schema: { type: "integer", format: "int32" },
    example: 10,
  },
  "components/schemas/ErrorResponse.yaml": {
    type: "object",
    description: "Why a request failed.",
    properties: {
      error_code: { type: "string", description: "For a program to compare.", example: "TEST.0001" },
      error_msg: { type: "string", description: "For a person to read.", example: "Invalid limit." },
    },
  },
  "components/responses/BadRequest.yaml": {
    description: "The request is invalid.",
    content: {
      "application/json": {
        schema: ref("../schemas/ErrorResponse.yaml"),
        examples: { InvalidLimit: ref("../examples/InvalidLimit.yaml") },
      },
    },
  },
  "components/examples/InvalidLimit.yaml": {
    summary: "The limit is invalid",
    description: "The limit is not a number.",
    value: { error_code: "TEST.0001", error_msg: "Invalid limit." },
  },
  "components/securitySchemes/AuthToken.yaml": {
    type: "apiKey",
    in: "header",
    name: "X-Auth-Token",
    description: "A token for the project.",
  },
};

// --- Report ---

interface Growth {
  operations: number;
  files: number;
  comparison: Comparison;
}

function describeMachine(): string {
  const cores = cpus();
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${counted(cores.length, "CPU")} (${cores[0]?.model})`;
}

function describeTimes({ pipeline, commandLines }: Comparison): string {
  const row = (name: string, times: number[]) => [name, median(times), Math.min(...times), Math.max(...times)].map(inSeconds);
  const steps = (commandLines[0] ?? []).map(({ name }, step) =>
    row(`  ${name}`, commandLines.map((run) => run[step]?.milliseconds ?? Number.NaN)),
  );
  const all = { pipeline, commandLines };
  return `
Wall time on spec/openapi.yaml, ${pipeline.length} runs of each side in turn, start-up of each process included

${table([
  ["", "median", "lowest", "highest"],
  ...steps,
  row("command lines, one after the other", commandLines.map(total)),
  row("node scripts/build.ts", pipeline.map(({ milliseconds }) => milliseconds)),
])}

ratio, median of the pairs of runs: ${ratio(all).toFixed(2)}  (${verdict(ratio(all), aims.ratio, "")})
Only the pipeline's time contains what has no command line here: ${withoutCommandLine}.`;
}

function describeMemory(comparison: Comparison): string {
  const [ours, theirs] = peaks(comparison);
  if (ours === undefined || theirs === undefined) return "\npeak memory: only measured on Linux";
  return `
Peak memory on spec/openapi.yaml: RSS summed over the process tree every ${sampleEvery} ms, highest of all runs

${table([
  ["node scripts/build.ts, its child process included", `${ours.toFixed(0)} MB`],
  ["command lines, the largest of them", `${theirs.toFixed(0)} MB`],
])}

${verdict(ours, aims.megabytes, " MB")}`;
}

function describeGrowth(growth: Growth[]): string {
  const rows = growth.map(({ operations, files, comparison }) => {
    const memory = peaks(comparison).map((megabytes) => (megabytes === undefined ? "Linux only" : `${megabytes.toFixed(0)} MB`));
    const ours = median(comparison.pipeline.map(({ milliseconds }) => milliseconds));
    const theirs = median(comparison.commandLines.map(total));
    const times = [ours, theirs].map(inSeconds);
    return [operations, files, comparison.pipeline.length, ...times, ratio(comparison).toFixed(2), ...memory].map(String);
  });
  const head = ["operations", "files", "runs", "pipeline", "command lines", "ratio", "peak, pipeline", "peak, command lines"];
  return `
Growth, on synthetic contracts; medians where there are several runs

${table([head, ...rows])}`;
}

function ratio({ pipeline, commandLines }: Comparison): number {
  return median(pipeline.map(({ milliseconds }, run) => milliseconds / total(commandLines[run] ?? [])));
}

function peaks({ pipeline, commandLines }: Comparison): (number | undefined)[] {
  return [pipeline, commandLines.flat()].map((measurements) => {
    const known = measurements.map(({ megabytes }) => megabytes).filter((value) => value !== undefined);
    return known.length > 0 ? Math.max(...known) : undefined;
  });
}

const total = (steps: Measurement[]) => steps.reduce((sum, { milliseconds }) => sum + milliseconds, 0);

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

const inSeconds = (cell: string | number) => (typeof cell === "string" ? cell : `${(cell / 1000).toFixed(2)} s`);

const verdict = (value: number, aim: number, unit: string) => `aim: ${aim}${unit} or less, ${value <= aim ? "met" : "missed"}`;

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Columns aligned with spaces: the first to the left if it holds names, all others to the right. */
function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const align = (cell: string, column: number) => (column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0));
  return rows.map((row) => row.map(align).join("  ").trimEnd()).join("\n");
}

const print = (text: string) => process.stdout.write(`${text}\n`);

const progress = (text: string) => process.stderr.write(`${text}\n`);

// --- Command line ---

async function main(): Promise<number> {
  let sizes: number[];
  try {
    const { values } = parseArgs({ options: { sizes: { type: "string", default: "1,10,100,1000" }, help: { type: "boolean" } } });
    if (values.help) {
      print(help.trimEnd());
      return 0;
    }
    sizes = values.sizes.split(",").map(Number);
    if (!sizes.every((size) => Number.isInteger(size) && size > 0)) throw new Error("--sizes takes numbers like 1,10,100.");
  } catch (error) {
    progress(`${(error as Error).message}\n\n${help.trimEnd()}`);
    return 2;
  }
  const interrupted = new AbortController();
  for (const [name, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) process.once(name, () => interrupted.abort(code));
  const workspace = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    await bench(sizes, workspace, interrupted.signal);
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) return interrupted.signal.reason as number;
    progress((error as Error).message);
    return 1;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

if (import.meta.main) process.exitCode = await main();
