// `npm run release -- X.Y.Z`: the change that the pull request of a release makes. All is checked before anything is written.

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../build.ts";
import { changesBetween } from "../changes.ts";
import { compareVersions, faults, isVersion, numbers, openRelease, type Release, versionAfter } from "../compat.ts";
import { formatProblem, StageError } from "../problem.ts";
import { hasEntries, sectionOf, unreleased, withRelease } from "./changelog.ts";
import { isClean } from "./commit.ts";
import { Refusal } from "./refusal.ts";
import { agreedVersion, withVersion } from "./versions.ts";

const changelogFile = "CHANGELOG.md";
const overrulesFile = "released/overrules.yaml";

/**
 * Writes the change, and returns what is to be reviewed.
 * @param date Of the release, as YYYY-MM-DD.
 * @throws {Refusal} if the version or the checkout is not fit for a release, or the build fails; all files are as they were then
 */
export async function prepareRelease(folder: string, version: string, date: string): Promise<string[]> {
  const texts = await inOneLine(() => edits(folder, version, date));
  const names = [...texts.keys()];
  const old = await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const));
  const kept = join(folder, "released", version);
  const out = join(folder, "generated");
  try {
    for (const [name, text] of texts) await writeFile(join(folder, name), text);
    await inOneLine(() => build({ root: join(folder, "spec/openapi.yaml"), out }));
    await mkdir(kept);
    await cp(join(out, "openapi.yaml"), join(kept, "openapi.yaml"));
  } catch (error) {
    for (const [name, text] of old) await writeFile(join(folder, name), text);
    await rm(kept, { recursive: true, force: true });
    throw error;
  }
  return [...names, `released/${version}/openapi.yaml`, "generated/"];
}

/** The new texts of the files that change. */
async function edits(folder: string, version: string, date: string): Promise<Map<string, string>> {
  if (!isVersion(version)) throw new Refusal(`"${version}" is no version such as 0.2.0.`);
  if (!(await isClean(folder)))
    throw new Refusal(
      "This checkout has changes that are not committed (git status lists them). Commit or stash them.",
    );
  const now = await agreedVersion(folder);
  const release = await openRelease(folder);
  refuseVersion(version, now, release);
  const changelog = await readFile(join(folder, changelogFile), "utf8");
  if (!hasEntries(sectionOf(changelog, unreleased) ?? ""))
    throw new Refusal(
      `${changelogFile}: the section [${unreleased}] has no entry. A release tells its users what is new.`,
    );
  await refuseChanges(version, release);
  const overrules = await readFile(join(folder, overrulesFile), "utf8");
  return new Map([
    ...(await withVersion(folder, version)),
    [changelogFile, withRelease(changelog, version, date)],
    [overrulesFile, overrules.replace(/^once:[\s\S]*/m, "once: []\n")],
  ]);
}

function refuseVersion(version: string, now: string, { last }: Release): void {
  if (compareVersions(version, last) <= 0)
    throw new Refusal(`${version} is not above ${last}, the last release (released/${last}).`);
  const [major, minor, patch] = numbers(last);
  const next = [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`];
  if (!next.includes(version))
    throw new Refusal(`${version} does not follow ${last}. One of these does: ${next.join(", ")}.`);
  if (compareVersions(version, now) < 0)
    throw new Refusal(`${version} is below ${now}, the version that package.json has already.`);
}

/** As `npm run compat` judges them, if the version were raised to this one. */
async function refuseChanges(version: string, release: Release): Promise<void> {
  const changes = await changesBetween(release, release.overrules);
  const asked = versionAfter(release.last, changes);
  if (compareVersions(version, asked) < 0)
    throw new Refusal(
      `${version} is too low: the contract has changes that ask for ${asked} (npm run compat lists them).`,
    );
  const raised = release.next.map(({ name }) => ({ name, version }));
  const left = faults({ ...release, next: raised }, changes);
  if (left.length > 0) throw new StageError(left);
}

/** Problems of a contract as one line: the first, and how many more there are. */
async function inOneLine<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    const [first = "", ...more] = error.problems.map(formatProblem);
    throw new Refusal(more.length > 0 ? `${first} And ${more.length} more.` : first);
  }
}
