// Tests the contract with its consumers, and writes CONSUMERS.md. `npm run test:consumers -- --help`

import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs, styleText } from "node:util";
import { repository } from "../../scripts/repository.ts";
import { type Outcome, prove, type Step } from "./prove.ts";
import { readResults, renderReport } from "./report.ts";
import { documents, readRevisions, renderRevisions, usable } from "./revisions.ts";
import { parsers, rows } from "./rows.ts";

const report = join(repository, "CONSUMERS.md");
const revisions = join(repository, "REVISIONS.md");
const everything = [...rows, ...parsers];
const width = Math.max(...everything.map(({ name }) => name.length));

const help = `Usage: npm run test:consumers [-- NAME … --require-all --newest]

Generates code from the contract with every generator of the matrix, builds it, and runs a program that uses it against
the mock; has every parser read the contract; and writes what it found to CONSUMERS.md. The code also meets the answers of
the later service, generated from the base and from the tolerant form, which REVISIONS.md tells. With names, only those.

A row whose toolchain the machine lacks is not run. What is installed, generated and built stays in .consumers/, which
makes the next run faster and can be deleted at any time.

Options:
  --require-all  fail if a row was not run
  --newest       generate from Huawei Cloud's newest revision too
  --help         print this

Exit codes: 0 all that was run passes; 1 something failed; 2 wrong usage.

Names:
${everything.map(({ name, language }) => `  ${name.padEnd(width)}  ${language}`).join("\n")}`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "require-all": { type: "boolean", default: false },
      newest: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(help);
  for (const name of positionals.filter((name) => !everything.some((row) => row.name === name))) {
    throw new Error(`There is no row "${name}". Choose from: ${everything.map(({ name }) => name).join(", ")}`);
  }

  const stop = new AbortController();
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"])
    process.once(signal, () => stop.abort(new Error(`Stopped by ${signal}.`)));
  const chosen = everything.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const matrix: Proven = new Map();
  for (const { name, folder } of documents.filter(({ name }) => name !== "newest" || values.newest)) {
    console.log(`\nGenerated from ${folder}/:`);
    const tried = name === "base" ? chosen : chosen.filter((row) => "answers" in row);
    const options = { from: join(repository, folder), onStep: printStep, signal: stop.signal };
    matrix.set(name, await prove(tried, options));
  }
  const outcomes = [...matrix.values()].flat();
  printTable(outcomes);
  await writeRevisions(matrix);
  await writeReport(matrix.get("base") ?? []);

  const failed = outcomes.filter(hasFailed).length;
  const notRun = outcomes.filter(({ lacks }) => lacks.length > 0).length;
  console.log(
    `\n${outcomes.length - failed - notRun} of ${outcomes.length} pass, ${failed} failed, ${notRun} not run.`,
  );
  if (failed > 0 || (values["require-all"] && notRun > 0)) process.exitCode = 1;
}

type Proven = Map<string, Outcome[]>;

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1).padStart(6)} s`;
const mark = (good: boolean) => (good ? styleText("green", "✓") : styleText("red", "✗"));
const hasFailed = ({ steps }: Outcome) => steps.some(({ failure }) => failure !== undefined);

function printStep({ of, name, milliseconds, failure }: Step): void {
  console.log(`${mark(failure === undefined)} ${of.padEnd(width)}  ${name.padEnd(9)} ${seconds(milliseconds)}`);
  if (failure !== undefined) console.log(failure.replace(/^/gm, "    "));
}

function printTable(outcomes: Outcome[]): void {
  console.log();
  for (const { row, lacks, steps, findings } of outcomes) {
    const cells = steps.map(({ name, failure }) => `${mark(failure === undefined)} ${name}`);
    if (lacks.length > 0) cells.push(styleText("yellow", `not run: needs ${lacks.join(" and ")}`));
    if (findings) cells.push(`unknown enum value ${findings.unknownStatus.replace(/:.*/, "")}`);
    console.log(`${row.language.padEnd(10)}  ${row.name.padEnd(width)}  ${row.version.padEnd(7)}  ${cells.join("  ")}`);
  }
}

/** Writes the results that passed; every other row keeps its earlier result. */
async function writeReport(outcomes: Outcome[]): Promise<void> {
  if (!outcomes.some(({ steps }) => steps.length > 0)) return;
  const later = usable(readRevisions(await readFile(revisions, "utf8")));
  await rewrite(report, (before) => {
    const results = readResults(before);
    for (const { row, findings } of outcomes) if (findings) results.set(row.name, findings);
    return renderReport(rows, parsers, results, later);
  });
}

async function writeRevisions(proven: Proven): Promise<void> {
  if (![...proven.values()].flat().some(({ outcomes }) => outcomes)) return;
  await rewrite(revisions, (before) => {
    const matrix = readRevisions(before);
    for (const [name, tried] of proven) {
      const results = matrix.get(name) ?? new Map();
      for (const { row, outcomes } of tried) if (outcomes) results.set(row.name, outcomes);
      matrix.set(name, results);
    }
    return renderRevisions(
      rows.filter(({ answers }) => answers),
      matrix,
    );
  });
}

async function rewrite(file: string, render: (before: string) => string): Promise<void> {
  const before = await readFile(file, "utf8").catch(() => "");
  const after = render(before);
  if (after === before) return;
  await writeFile(file, after);
  console.log(`\nwrote ${relative(process.cwd(), file)}`);
}

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
