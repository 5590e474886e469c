// `npm run watch`: told when the service moves. The newest revision is compared with what the vendor publishes for machines; each
// difference is a fact, and `--draft` gives the overlay that would say it. `npm run watch -- --help`

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, parse } from "node:path";
import { parseArgs } from "node:util";
import { StageError } from "./problem.ts";
import { repository } from "./repository.ts";
import { openSource } from "./source.ts";
import { bundleContract } from "./stages/bundle.ts";
import { baseForm, dateOf, type Revision, readRevisions } from "./stages/revisions.ts";
import { type Difference, differences, tell, unreached } from "./watch/compare.ts";
import { readDescription } from "./watch/description.ts";
import { draftOverlay } from "./watch/draft.ts";
import { type Known, readKnown, sort } from "./watch/known.ts";
import { type Choice, readSources } from "./watch/read.ts";
import { SourceError, type Statement } from "./watch/statement.ts";

const help = `Usage: npm run watch [-- OPTION …]

Compares the newest revision of the contract with what Huawei Cloud publishes for machines, and prints each difference as a
fact. What spec/watch.yaml lists, with a reason, stays silent; an entry that is needed no longer is told too.

  --sdk WHAT              the Python SDK, huaweicloudsdkdcs: a version such as 3.1.219, a wheel, the folder of an unpacked
                          wheel, or none (default: the newest version on PyPI). pip fetches it into a temporary folder; none
                          of its code is run
  --description FILE|URL  also a description of the call, as Huawei Cloud's API Explorer has it: JSON, Swagger 2.0 or
                          OpenAPI 3.0
  --draft                 also print an overlay that says the differences, in the form of spec/revisions/, to edit; the
                          differences then go to the standard error
  --out FILE              with --draft: write the overlay to FILE, which is named after the date of its revision, such as
                          spec/revisions/2026-11-28.yaml
  --help                  print this text

An option with an empty value counts as not given.
Exit code: 0 no difference, 1 differences, 2 it could not run.
`;

/** What is compared with the sources. */
export interface Watched {
  /** The newest revision of the publisher whose page the contract restates. */
  newest: Revision;
  revisions: Revision[];
  known: Known[];
}

/** @throws {StageError} if the contract, a revision or watch.yaml is wrong */
export async function openWatched(root = join(repository, "spec/openapi.yaml")): Promise<Watched> {
  const source = await openSource(root);
  const base = await baseForm(source, await bundleContract(source));
  const publisher = base.reference?.page.publisher;
  const revisions = await readRevisions(base);
  const newest = revisions.findLast(({ reference }) => reference.page.publisher === publisher);
  if (newest) return { newest, revisions, known: await readKnown(source.written, join(dirname(root), "watch.yaml")) };
  const message = "There is no later revision of the page to compare with.";
  throw new StageError([{ file: join(dirname(root), "revisions"), message, rule: "watch" }]);
}

/** What the command uses of `process`; a test puts something else in its place. */
type Surroundings = Pick<NodeJS.Process, "stdout" | "stderr">;

/** Runs the command, and returns the exit code. */
export async function main(args: string[], { stdout, stderr }: Surroundings, open = openWatched): Promise<number> {
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
    const watched = await open();
    const { newest } = watched;
    const statements = await readSources(options, folder);
    const revision = dateOf(newest) ?? "";
    const ours = readDescription(newest.bundle);
    const found = [...statements].flatMap(([source, theirs]) => differences(source, theirs, ours));
    const skipped = new Map([...statements].map(([source, theirs]) => [source, unreached(theirs, ours)]));
    const { news, silent, stale } = sort(found, watched.known, skipped);
    const lines = [
      ...news.map((one) => `${one.of}: ${tell(one, revision)}`),
      ...stale,
      summary([...statements.values()], revision, [news, silent, stale]),
    ];
    (options.draft ? stderr : stdout).write(`${lines.join("\n")}\n`);
    if (options.draft && news.length > 0) await writeDraft(watched, news, options.out, { stdout, stderr });
    return news.length + stale.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof StageError || error instanceof SourceError)) throw error;
    stderr.write(`${error.message}\n`);
    return 2;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function summary(statements: Statement[], revision: string, [news, silent, stale]: [unknown[], unknown[], unknown[]]) {
  const names = statements.map(({ name }) => name).join(" and ");
  const counts = [
    `${news.length || "no"} difference${news.length === 1 ? "" : "s"}`,
    `${silent.length} known and silent (spec/watch.yaml)`,
    ...(stale.length > 0 ? [`${stale.length} known that ${stale.length === 1 ? "is" : "are"} no longer there`] : []),
  ];
  return `${names} against revision ${revision}: ${counts.join(", ")}`;
}

interface Options extends Choice {
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
  if (options.out !== undefined && !/^\d{4}-\d{2}-\d{2}\.yaml$/.test(parse(options.out).base))
    throw new Error("--out needs a file that is named after the date of its revision, such as 2026-11-28.yaml.");
  if (options.sdk === "none" && options.description === undefined)
    throw new Error("Nothing to compare: --sdk none needs --description.");
  return options;
}

async function writeDraft(watched: Watched, news: Difference[], out: string | undefined, around: Surroundings) {
  const date = out === undefined ? new Date().toISOString().slice(0, 10) : parse(out).name;
  const overlay = await draftOverlay(watched, news, date);
  if (out === undefined) return around.stdout.write(overlay);
  await writeFile(out, overlay).catch((error: Error) => {
    throw new SourceError(`${out} cannot be written: ${error.message}.`);
  });
  return around.stderr.write(`wrote ${out}\n`);
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), process);
