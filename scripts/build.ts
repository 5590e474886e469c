// The pipeline: from the hand-written contract in spec/ to everything in generated/. `npm run build -- --help`

import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { stringifyYaml } from "@redocly/openapi-core";
import type { DocsDocument } from "./document.ts";
import { labels } from "./labels.ts";
import { fileSizes, notice, openOutput } from "./output.ts";
import { formatProblem, type Problem, StageError } from "./problem.ts";
import { repository } from "./repository.ts";
import { openSource } from "./source.ts";
import { bundleContract } from "./stages/bundle.ts";
import { checkExamples } from "./stages/check-examples.ts";
import { generateContract, generateFacts } from "./stages/contract.ts";
import { derive31 } from "./stages/derive-31.ts";
import { renderDocsBeside } from "./stages/docs/worker.ts";
import { lintBundle } from "./stages/lint-bundle.ts";
import { lintSource } from "./stages/lint-source.ts";
import { postmanCollection } from "./stages/postman.ts";
import { samples } from "./stages/samples.ts";
import { traceContract } from "./stages/trace.ts";
import { docsDocument, type Translation, translate } from "./stages/translate.ts";
import { generateTypes } from "./stages/types.ts";
import { generateValidators } from "./stages/validators.ts";

export interface BuildOptions {
  /** Root document of the contract. Default: `spec/openapi.yaml` */
  root?: string;
  /** Folder to write. Default: `generated` */
  out?: string;
  /** Called at the end of each stage. */
  onStage?: (stage: Stage) => void;
  /** Stops the build, which then leaves `out` as it was. */
  signal?: AbortSignal;
}

export interface Stage {
  name: string;
  milliseconds: number;
  detail: string;
}

export interface BuildResult {
  stages: Stage[];
  files: { file: string; bytes: number }[];
}

/**
 * Runs every stage and then replaces `out` as a whole.
 * @throws {StageError} if the contract is wrong; another error if something else failed. `out` then stays as it was.
 */
export async function build(options: BuildOptions = {}): Promise<BuildResult> {
  const root = resolve(options.root ?? join(repository, "spec/openapi.yaml"));
  const out = resolve(options.out ?? join(repository, "generated"));
  const stages: Stage[] = [];
  const done = new AbortController();

  const output = await openOutput(out);
  try {
    const source = await openSource(root);
    await stage("lint source", () => lintSource(source), "files, Redocly");
    const bundle = await stage("bundle", () => bundleContract(source), describeBundle);
    const yaml = await stage("write 3.0", () => writeDocument("openapi", bundle), bundle.openapi);

    const programs = await stage(
      "samples",
      () => samples(bundle),
      ({ length }) => `${length} programs`,
    );
    const english = await inStage("translate", () => docsDocument(source, bundle, labels));
    const translations = await stage("translate", () => translate(source, english), describeTranslations);
    const docs = inStage("docs", () => timed(() => renderDocsBeside({ translations, samples: programs }, done.signal)));
    docs.catch(() => {}); // awaited below

    await stage("lint bundle", () => lintBundle(source, bundle), "rules, Spectral");
    await stage("check examples", () => checkExamples(source, bundle), "examples, Ajv");
    await stage("trace", () => traceContract(source, bundle), describeTrace);
    const bundle31 = await inStage("write 3.1", () => derive31(bundle));
    await stage("write 3.1", () => writeDocument("openapi-3.1", bundle31), bundle31.openapi);
    await stage("types", async () => writeModule("types", await generateTypes(bundle)), "openapi-typescript");
    await stage("contract", () => writeContract(english, yaml), "as data, with its facts");
    await stage(
      "validators",
      async () => writeModule("validators", await generateValidators(bundle31)),
      "Ajv, esbuild",
    );
    await stage("postman", () => writePostman(postmanCollection(english)), "collection v2.1");
    const { result: files, milliseconds } = await docs;
    await inStage("docs", () => writeDocs(files));
    report("docs", milliseconds, `${files.size} pages and texts, beside the others`);

    await output.commit();
    return { stages, files: await fileSizes(out) };
  } finally {
    done.abort();
    await output.discard();
  }

  /** Does the work and reports it; a number as the result is put before the detail. */
  async function stage<T>(name: string, work: () => T | Promise<T>, detail: string | ((result: T) => string)) {
    const { result, milliseconds } = await inStage(name, () => timed(work));
    const text = typeof detail === "string" ? detail : detail(result);
    report(name, milliseconds, typeof result === "number" ? `${result} ${text}` : text);
    return result;
  }
  function report(name: string, milliseconds: number, detail: string) {
    options.signal?.throwIfAborted();
    stages.push({ name, milliseconds, detail });
    options.onStage?.({ name, milliseconds, detail });
  }
  async function writeDocument(name: string, document: object) {
    const yaml = `# ${notice}\n${stringifyYaml(document, { noRefs: true, lineWidth: -1 })}`;
    await output.write(`${name}.json`, `${JSON.stringify(document, null, 2)}\n`);
    await output.write(`${name}.yaml`, yaml);
    return yaml;
  }
  async function writeContract(document: DocsDocument, yaml: string) {
    const contract = generateContract(document);
    if (contract === undefined) return;
    await writeModule("contract", contract);
    await writeModule("facts", generateFacts(document, yaml));
  }
  async function writePostman(collection: object) {
    await output.write("postman_collection.json", `${JSON.stringify(collection, null, 2)}\n`);
  }
  async function writeDocs(files: Map<string, string>) {
    for (const [name, text] of files) await output.write(name, text);
  }
  async function writeModule(name: string, code: string) {
    await output.write(`${name}.ts`, `// ${notice}\n\n${code}`);
  }
}

/** An error without a place in a file names at least the stage in which it occurred. */
async function inStage<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StageError) throw error;
    throw new Error(`Stage "${name}": ${describe(error)}`, { cause: error });
  }
}

interface Timed<T> {
  result: T;
  milliseconds: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const result = await work();
  return { result, milliseconds: Math.round(performance.now() - start) };
}

function describeBundle({ paths, components }: { paths: object; components: Record<string, object> }): string {
  const counts = Object.entries(components).map(([kind, named]) => `${Object.keys(named).length} ${kind}`);
  const number = Object.keys(paths).length;
  return [`${number} path${number === 1 ? "" : "s"}`, ...counts].join(", ");
}

const describeTrace = (entries?: number) =>
  entries === undefined ? "no reference.yaml" : "entries of reference.yaml, which cover everything";

const describeTranslations = (translations: Translation[]) =>
  `${translations.map(({ language }) => language).join(", ")}, Redocly`;

const help = `Usage: npm run build [-- OPTION …]

Lints, bundles and checks the contract, and writes the bundles, types, data and docs.
On an error it says what to fix and where, and leaves the output folder as it was.

  --root FILE  root document of the contract (default: spec/openapi.yaml)
  --out DIR    folder to write (default: generated)
  --quiet      print only errors
  --json       print one JSON object: { ok, stages, files } or { ok, problems }
  --help       print this text

Exit code: 0 written, 1 not written because of an error, 2 wrong option, 129, 130 or 143 interrupted.
`;

/** What the command uses of `process`; a test puts something else in its place. */
type Surroundings = Pick<NodeJS.Process, "stdout" | "stderr" | "on">;

/** Runs the command, and returns the exit code. */
export async function main(args: string[], around: Surroundings): Promise<number> {
  let flags: { root?: string; out?: string; quiet?: boolean; json?: boolean; help?: boolean };
  try {
    const text = { type: "string" } as const;
    const yes = { type: "boolean" } as const;
    flags = parseArgs({ args, options: { root: text, out: text, quiet: yes, json: yes, help: yes } }).values;
  } catch (error) {
    around.stderr.write(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (flags.help) {
    around.stdout.write(help);
    return 0;
  }

  around.stdout.on("error", () => {}); // its reader is gone: no reason to stop
  const interrupted = new AbortController();
  const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
  for (const [name, code] of Object.entries(signals)) around.on(name, () => interrupted.abort(code));
  const print = (line: string) => flags.quiet || flags.json || around.stdout.write(`${line}\n`);
  const onStage = ({ name, milliseconds, detail }: Stage) =>
    print(`${name.padEnd(15)} ${seconds(milliseconds)}  ${detail}`);
  const start = performance.now();
  try {
    const { root, out } = flags;
    const { stages, files } = await build({ root, out, onStage, signal: interrupted.signal });
    const folder = relative(process.cwd(), resolve(out ?? join(repository, "generated"))) || ".";
    print(`\nwrote ${folder}/ in ${seconds(performance.now() - start).trim()}`);
    const width = Math.max(...files.map(({ file }) => file.length));
    for (const { file, bytes } of files) print(`  ${file.padEnd(width)} ${(bytes / 1000).toFixed(1).padStart(7)} kB`);
    if (flags.json) around.stdout.write(`${JSON.stringify({ ok: true, stages, files }, null, 2)}\n`);
    return 0;
  } catch (error) {
    const code = interrupted.signal.aborted ? (interrupted.signal.reason as number) : 1;
    reportFault(code === 1 ? error : new Error("The build was interrupted."), flags.json === true, around);
    return code;
  }
}

function reportFault(fault: unknown, json: boolean, { stdout, stderr }: Surroundings): void {
  const problems: readonly Problem[] = fault instanceof StageError ? fault.problems : [];
  const error = problems.length > 0 ? undefined : describe(fault);
  if (json) {
    stdout.write(`${JSON.stringify({ ok: false, problems, error }, null, 2)}\n`);
  } else {
    const lines = error ? [error] : problems.map(formatProblem);
    stderr.write(`${lines.join("\n")}\n\nNothing was written: the output folder is unchanged.\n`);
  }
}

/** Some tools throw several errors as one, which has no message itself. */
function describe(fault: unknown): string {
  const { message, errors = [] } = fault as { message?: string; errors?: unknown[] };
  return message || errors.map(describe).join("\n") || String(fault);
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`.padStart(7);

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), process);
