// `npm run watch`: told when the service moves. The newest revision is compared with what the vendor publishes for machines; each
// difference is a fact, and `--draft` gives the overlay that would say it. `npm run watch -- --help`

import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, parse } from "node:path";
import { parseArgs } from "node:util";
import { StageError } from "./problem.ts";
import { repository } from "./repository.ts";
import { openSource } from "./source.ts";
import { bundleContract } from "./stages/bundle.ts";
import { baseForm, dateOf, type Form, type Revision, readRevisions } from "./stages/revisions.ts";
import { type Difference, differences, tell } from "./watch/compare.ts";
import { readDescription } from "./watch/description.ts";
import { draftOverlay } from "./watch/draft.ts";
import { readKnown, sort } from "./watch/known.ts";
import { download, unpack } from "./watch/pip.ts";
import { readSdk } from "./watch/sdk.ts";
import { type Source, SourceError, type Statement } from "./watch/statement.ts";

const help = `Usage: npm run watch [-- OPTION …]

Compares the newest revision of the contract with what Huawei Cloud publishes for machines, and prints each difference as a
fact. What spec/watch.yaml lists, with a reason, stays silent; an entry that is needed no longer is told too.

  --sdk WHAT              the Python SDK, huaweicloudsdkdcs: a version such as 3.1.219, a wheel, the folder of an unpacked
                          wheel, or none (default: the newest version on PyPI, fetched by pip into a temporary folder; none
                          of its code is run)
  --description FILE|URL  also a description of the call, as Huawei Cloud's API Explorer has it: JSON, Swagger 2.0 or
                          OpenAPI 3.0
  --draft                 also print an overlay that says the differences, in the form of spec/revisions/, to edit; the
                          differences are then on the standard error
  --out FILE              with --draft: write the overlay to FILE, which is named after the date of the revision, such as
                          spec/revisions/2026-11-28.yaml
  --help                  print this text

An option with an empty value counts as not given.
Exit code: 0 no difference, 1 differences, 2 it could not run.
`;

/** What the command uses of \`process\`; a test puts something else in its place. */
type Surroundings = Pick<NodeJS.Process, "stdout" | "stderr">;

/** Runs the command, and returns the exit code. @param root the contract */
export async function main(
  args: string[],
  { stdout, stderr }: Surroundings,
  root = join(repository, "spec/openapi.yaml"),
): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    stderr.write(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (options.help) {
    stdout.write(help);
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), "watch-"));
  try {
    const statements = await readSources(options, folder);
    const { newest, known } = await readContract(root);
    const revision = dateOf(newest) ?? "";
    const ours = readDescription(newest.bundle);
    const found = [...statements].flatMap(([source, theirs]) => differences(source, theirs, ours));
    const { news, silent, stale } = sort(found, known, [...statements.keys()]);
    const lines = [...news.map((one) => `${one.of}: ${tell(one, revision)}`), ...stale];
    const names = [...statements.values()].map(({ name }) => name).join(" and ");
    const summary = `${names} against revision ${revision}: ${count(news.length, "difference")}, ${silent.length} known and silent (spec/watch.yaml)${stale.length > 0 ? `, ${count(stale.length, "reason")} to remove` : ""}`;
    const text = [...lines, summary].map((line) => `${line}\n`).join("");
    if (options.draft) {
      stderr.write(text);
      await writeDraft(newest, news, options.out, { stdout, stderr });
    } else stdout.write(text);
    return lines.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof StageError || error instanceof SourceError)) throw error;
    stderr.write(`${error.message}\n`);
    return 2;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const count = (number: number, what: string) => `${number === 0 ? "no" : number} ${what}${number === 1 ? "" : "s"}`;

interface Options {
  sdk?: string;
  description?: string;
  draft?: boolean;
  out?: string;
  help?: boolean;
}

function readOptions(args: string[]): Options {
  const text = { type: "string" } as const;
  const yes = { type: "boolean" } as const;
  const { values } = parseArgs({ args, options: { sdk: text, description: text, draft: yes, out: text, help: yes } });
  const { sdk, description, out, ...flags } = values;
  const options = { ...flags, sdk: sdk || undefined, description: description || undefined, out: out || undefined };
  if (options.out !== undefined && !options.draft) throw new Error("--out needs --draft.");
  if (options.out !== undefined && !isDate(parse(options.out).name))
    throw new Error("--out must name the file after the date of the revision, such as 2026-11-28.yaml.");
  if (options.sdk === "none" && options.description === undefined)
    throw new Error("Nothing to compare: --sdk none needs --description.");
  return options;
}

const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);

async function readContract(root: string) {
  const source = await openSource(root);
  const base = await baseForm(source, await bundleContract(source));
  const newest = newestOf(base, await readRevisions(base));
  return { newest, known: await readKnown(source.written, join(dirname(root), "watch.yaml")) };
}

/** The newest revision of the publisher whose page the contract restates. */
function newestOf({ source, reference }: Form, revisions: Revision[]): Revision {
  const publisher = reference?.page.publisher;
  const newest = revisions.findLast((revision) => revision.reference.page.publisher === publisher);
  if (newest) return newest;
  const message = `There is no revision of ${publisher} to compare with.`;
  throw new StageError([{ file: join(dirname(source.root), "revisions"), message, rule: "watch" }]);
}

async function readSources({ sdk, description }: Options, folder: string): Promise<Map<Source, Statement>> {
  const statements = new Map<Source, Statement>();
  if (sdk !== "none") statements.set("sdk", await readSdk(await folderOf(sdk, folder)));
  if (description !== undefined) {
    const text = await textOf(description);
    statements.set(
      "description",
      inFile(nameOf(description), () => readDescription(JSON.parse(text))),
    );
  }
  return statements;
}

/** The folder of an SDK, which is fetched or unpacked into another folder if need be. */
async function folderOf(sdk: string | undefined, folder: string): Promise<string> {
  const isVersion = sdk === undefined || /^\d+(\.\w+)+$/.test(sdk);
  const found = isVersion ? undefined : await stat(sdk).catch(() => undefined);
  if (!isVersion && !found)
    throw new SourceError(
      `--sdk ${sdk} is no version, and there is no such folder or wheel. Give one of these, or none.`,
    );
  if (sdk !== undefined && found?.isDirectory()) return sdk;
  const unpacked = join(folder, "unpacked");
  await unpack(isVersion ? await download(folder, sdk) : (sdk as string), unpacked);
  return unpacked;
}

const isUrl = (text: string) => /^https?:\/\//i.test(text);

/** A URL without its query, which may have a secret. */
const nameOf = (description: string) =>
  isUrl(description) ? description.replace(/[?#].*$|(?<=:\/\/)[^/]*@/g, "") : description;

async function textOf(description: string): Promise<string> {
  const failed = (reason: string) =>
    new SourceError(
      `${nameOf(description)} cannot be read: ${reason}. Give a JSON file or its URL with --description.`,
    );
  if (!isUrl(description))
    return readFile(description, "utf8").catch((error) => Promise.reject(failed(error.code ?? error.message)));
  try {
    const response = await fetch(description, { signal: AbortSignal.timeout(60_000) });
    if (response.ok) return await response.text();
    throw new Error(`status ${response.status}`);
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error };
    throw failed(cause?.message || message);
  }
}

/** An error names what it is about. */
function inFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new SourceError(`${name} is not JSON: ${error.message}. Give another with --description.`);
    throw error instanceof SourceError
      ? new SourceError(`${name}: ${error.message} Give another with --description.`)
      : error;
  }
}

async function writeDraft(
  newest: Revision,
  news: Difference[],
  out: string | undefined,
  { stdout, stderr }: Surroundings,
) {
  if (news.length === 0) return;
  const date = out === undefined ? new Date().toISOString().slice(0, 10) : parse(out).name;
  const overlay = await draftOverlay(newest, news, date);
  if (out === undefined) stdout.write(overlay);
  else {
    await writeFile(out, overlay).catch((error) =>
      Promise.reject(new SourceError(`${out} cannot be written: ${error.message}.`)),
    );
    stderr.write(`wrote ${out}\n`);
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), process);
