// What checking an answer costs, against validating it once with a schema that is compiled at run time.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "../../scripts/repository.ts";
import { compileSchemas } from "../../scripts/schemas.ts";
import { pageFaults } from "../../src/check/engine/validate.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { inherited } from "../environment.ts";
import { duel, summarize, time } from "./duel.ts";
import { install, pack } from "./footprint.ts";
import { pageBody } from "./page-body.ts";
import { describeMachine, median, note, table, verdict } from "./report.ts";

const run = promisify(execFile);
const schemaAim = 1.3;
const growthAim = 2;
const sizes = [1_000, 100_000, 1_000_000];

export async function benchCheck(workspace: string, signal: AbortSignal): Promise<string> {
  const readBundle = () => JSON.parse(readFileSync(join(repository, "generated/openapi.json"), "utf8"));
  const path = ["components", "schemas", "ListBackupRecordsResponse"];

  note("a page of 1000 records, the schema alone …");
  const page = JSON.parse(pageBody(1000).toString());
  const validate = compileSchemas(readBundle());
  const schema = summarize(
    await duel(
      async () => refuse(validate(path, page).length),
      async () => refuse([...pageFaults(baseContract, page)].length),
      5,
      signal,
    ),
  );

  note("the schema with its compilation …");
  const compiling: number[] = [];
  while (compiling.length < 11) {
    compiling.push(await time(async () => refuse(compileSchemas(readBundle())(path, page).length), 1));
  }

  note("packing, installing and starting …");
  const project = await install([await pack(workspace, signal)], workspace, signal);
  const cli = join(project, "node_modules/dcs-backup-records/dist/src/cli.js");
  const starts = { bare: [] as number[], help: [] as number[], check: [] as number[], ajv: [] as number[] };
  const programs = {
    bare: { args: ["--eval", "0"], cwd: project },
    help: { args: [cli, "check", "provider", "--help"], cwd: project },
    check: { args: ["--input-type=module", "--eval", 'await import("dcs-backup-records/check")'], cwd: project },
    ajv: { args: ["--input-type=module", "--eval", compilation], cwd: repository },
  };
  while (starts.bare.length < 9) {
    for (const [name, { args, cwd }] of Object.entries(programs)) {
      signal.throwIfAborted();
      const start = performance.now();
      await run(process.execPath, args, { cwd, env, signal });
      starts[name as keyof typeof starts].push(performance.now() - start);
    }
  }

  const rows = [["records", "body", "check, per record", "Ajv compiled, per record", "ratio", "peak memory", "Ajv's"]];
  const perRecord: number[] = [];
  for (const size of sizes) {
    note(`${size} records …`);
    const [ours, theirs] = await bestOf(3, size, signal);
    perRecord.push(ours.microseconds);
    rows.push([
      String(size),
      `${(ours.bytes / 1e6).toFixed(1)} MB`,
      `${ours.microseconds.toFixed(2)} µs`,
      `${theirs.microseconds.toFixed(2)} µs`,
      (ours.microseconds / theirs.microseconds).toFixed(2),
      `${ours.peakMB} MB`,
      `${theirs.peakMB} MB`,
    ]);
  }
  const growth = Math.max(...perRecord.slice(1)) / (perRecord[0] as number);
  const ms = (values: number[]) => `${median(values).toFixed(0)} ms`;
  return [
    describeMachine(),
    `Schema part, 1000 records: ${schema.ratio.toFixed(2)} of bare Ajv (middle half ${schema.spread}); at most ${schemaAim}: ${verdict(schema.ratio <= schemaAim)}`,
    `Compiling that schema at run time takes ${(median(compiling) / 1000).toFixed(1)} ms more in a warm process; ours is compiled by the build`,
    `Start, as installed: node alone ${ms(starts.bare)}, its --help ${ms(starts.help)}, the check loaded ${ms(starts.check)}; Ajv loaded and compiled ${ms(starts.ajv)}`,
    "",
    "A whole answer, from its bytes to the report, against JSON.parse and Ajv, each in a process of its own:",
    table(rows),
    `Per record at the largest against the smallest: ${growth.toFixed(2)}; linear if at most ${growthAim}: ${verdict(growth <= growthAim)}`,
  ].join("\n");
}

/** As a check would start that compiles its schema when it is run. */
const compilation = `
  import { readFileSync } from "node:fs";
  import Ajv from "ajv";
  import addFormats from "ajv-formats";
  const ajv = new Ajv.default({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  ajv.addSchema(JSON.parse(readFileSync("generated/openapi.json", "utf8")), "contract");
  ajv.getSchema("contract#/components/schemas/ListBackupRecordsResponse")({});`;

/** Nobody who runs the command once has compiled code lying about. */
const { NODE_COMPILE_CACHE: _cache, ...env } = inherited();

/** @throws {Error} if there are faults, since it would be another thing that was measured */
function refuse(faults: number): void {
  if (faults > 0) throw new Error(`The page of the benchmark has ${faults} faults`);
}

interface Measured {
  microseconds: number;
  bytes: number;
  peakMB: number;
}

/** The least of some rounds: what else the machine does only ever adds. */
async function bestOf(
  rounds: number,
  records: number,
  signal: AbortSignal,
): Promise<[ours: Measured, theirs: Measured]> {
  const [ours, theirs]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await inProcess("check", records, signal));
    theirs.push(await inProcess("ajv", records, signal));
  }
  const least = (all: Measured[]) => all.toSorted((a, b) => a.microseconds - b.microseconds)[0] as Measured;
  return [least(ours), least(theirs)];
}

async function inProcess(what: "check" | "ajv", records: number, signal: AbortSignal): Promise<Measured> {
  const program = join(import.meta.dirname, "page-body.ts");
  const options = ["--max-old-space-size=8192", program, what, String(records)];
  const { stdout } = await run(process.execPath, options, { cwd: repository, signal });
  return JSON.parse(stdout);
}
