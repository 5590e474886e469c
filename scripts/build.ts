// The pipeline: from the hand-written contract in spec/ to everything in generated/. `npm run build -- --help`

import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { stringifyYaml } from "@redocly/openapi-core";
import type { OpenApiDocument } from "./document.ts";
import { labels } from "./labels.ts";
import { fileSizes, notice, openOutput } from "./output.ts";
import { formatProblem, type Problem, StageError } from "./problem.ts";
import { repository } from "./repository.ts";
import { openSource } from "./source.ts";
import { bundleContract } from "./stages/bundle.ts";
import { checkExamples } from "./stages/check-examples.ts";
import { aliasOf, generateContract, generateFacts, generateRevisions } from "./stages/contract.ts";
import { derive31 } from "./stages/derive-31.ts";
import { renderDocsBeside } from "./stages/docs/worker.ts";
import { lintBundle } from "./stages/lint-bundle.ts";
import { lintSource } from "./stages/lint-source.ts";
import { postmanCollection } from "./stages/postman.ts";
import { baseForm, type Form, type Revision, readRevisions } from "./stages/revisions.ts";
import { samples } from "./stages/samples.ts";
import { deriveTolerant } from "./stages/tolerant.ts";
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
  /** The folders of the modules that are written, by their contents. */
  const owners = new Map<string, string>();

  const output = await openOutput(out);
  try {
    const source = await openSource(root);
    await stage("lint source", () => lintSource(source), "files, Redocly");
    const bundle = await stage("bundle", () => bundleContract(source), describeBundle);
    const programs = await stage(
      "samples",
      () => samples(bundle),
      ({ length }) => `${length} programs`,
    );
    const base = await inStage("revisions", () => baseForm(source, bundle));
    const revisions = await stage("revisions", () => readRevisions(base), describeRevisions);

    const english = await inStage("translate", () => docsDocument(source, bundle, labels, revisions));
    const translated = stage("translate", () => translate(source, english), describeTranslations);
    await translated.catch(() => {}); // awaited again below: what the linters find in a revision is told first
    const docs = translated.then((translations) =>
      inStage("docs", () => timed(() => renderDocsBeside({ translations, samples: programs }, done.signal))),
    );
    docs.catch(() => {}); // awaited below

    const tolerant = await stage("tolerant", () => deriveTolerant(base, revisions), "for whoever reads answers");
    const forms = [base, ...revisions, tolerant];

    await each(forms, "lint bundle", ({ source, bundle }) => lintBundle(source, bundle), describeLint);
    await translated;
    await each(forms, "check examples", ({ source, bundle }) => checkExamples(source, bundle), describeExamples);
    await each([base, ...revisions], "trace", traceContract, describeTrace);
    const yaml = await each(
      forms,
      "write 3.0",
      ({ folder, bundle }) => writeDocument(`${folder}openapi`, bundle),
      bundle.openapi,
    );
    const bundles31 = await each(forms, "write 3.1", write31, describe31);
    await each(forms, "types", writeTypes, "openapi-typescript");
    await each(forms, "contract", (form, index) => writeContract(form, yaml[index] ?? ""), "as data, with its facts");
    await each(forms, "validators", (form, index) => writeValidators(form, bundles31[index] ?? bundle), "Ajv, esbuild");
    await inStage("contract", () => writeRevisions(base, revisions));
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
  /** A stage that handles one document after the other. */
  async function each<T>(
    forms: Form[],
    name: string,
    work: (form: Form, index: number) => T | Promise<T>,
    detail: string | ((results: T[]) => string),
  ) {
    const all = async () => {
      const results: T[] = [];
      for (const [index, form] of forms.entries()) results.push(await work(form, index));
      return results;
    };
    return stage(name, all, detail);
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
  async function write31({ folder, bundle }: Form) {
    const bundle31 = derive31(bundle);
    await writeDocument(`${folder}openapi-3.1`, bundle31);
    return bundle31;
  }
  async function writeTypes(form: Form) {
    const code = await generateTypes(form.bundle);
    await writeShared(form, "types", code, () => code);
  }
  async function writeValidators(form: Form, bundle31: OpenApiDocument) {
    const schemas = JSON.stringify(bundle31.components.schemas ?? {});
    await writeShared(form, "validators", schemas, () => generateValidators(bundle31));
  }
  /** Documents that have the same content share a module. */
  async function writeShared({ folder }: Form, name: string, content: string, code: () => string | Promise<string>) {
    const key = `${name} ${content}`;
    const owner = owners.get(key);
    owners.set(key, owner ?? folder);
    await writeModule(`${folder}${name}`, owner === undefined ? await code() : aliasOf(name, folder, owner));
  }
  async function writeContract({ folder, bundle, reference }: Form, yaml: string) {
    const contract = generateContract(bundle, folder);
    if (contract === undefined) return;
    await writeModule(`${folder}contract`, contract);
    await writeModule(`${folder}facts`, generateFacts(reference, yaml));
  }
  async function writeRevisions(base: Form, revisions: Revision[]) {
    if (base.reference) await writeModule("revisions", generateRevisions([base, ...revisions]));
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

const describeRevisions = (revisions: Revision[]) =>
  revisions.map(({ overlay }) => overlay["x-revision"].page.revision).join(", ") || "none";

const describeLint = (rules: number[]) =>
  `${Math.min(...rules)} to ${Math.max(...rules)} rules on ${rules.length} documents, Spectral and Redocly`;

const describeExamples = (examples: number[]) => `${sum(examples)} examples, Ajv`;

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

const describe31 = ([bundle]: OpenApiDocument[]) => bundle?.openapi ?? "";

function describeTrace([base, ...later]: (number | undefined)[]): string {
  if (base === undefined) return "no reference.yaml";
  const entries = sum(later.map((entries = 0) => entries));
  return `${base} entries of reference.yaml and ${entries} of revisions, which cover everything`;
}

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
