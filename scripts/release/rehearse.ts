// `npm run release -- --rehearse`: everything that a release does but the publishing, from the commit as it is. What it leaves in
// artifacts/release/ is what the workflow publishes.

import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { changesBetween } from "../changes.ts";
import { faults, openRelease } from "../compat.ts";
import { listFiles } from "../output.ts";
import { refuseIf } from "../problem.ts";
import { writeAssets, writeChecksums } from "./assets.ts";
import { hasEntries, sectionOf, unreleased } from "./changelog.ts";
import { isClean, momentOf, taggedVersions, writeTree } from "./commit.ts";
import { askCommands, install } from "./installed.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { installPackages } from "./packages.ts";
import { Refusal } from "./refusal.ts";
import { git } from "./run.ts";
import { checkSbom, makeSbom } from "./sbom.ts";
import { writeSite } from "./site.ts";
import { contentFaults, packTwice, tarballName } from "./tarball.ts";
import { agreedVersion } from "./versions.ts";

/** Called at the end of each step. */
type Report = (step: string, milliseconds: number, detail: string) => void;

/**
 * @returns The folder that it wrote: assets/ for the release on GitHub, notes.md, and site/ for the docs.
 * @throws {Refusal} or StageError, at the first step that fails; the folder of an earlier rehearsal is left as it was
 */
export async function rehearse(repository: string, report: Report): Promise<string> {
  const temporary = await mkdtemp(join(tmpdir(), "release-"));
  const artifacts = join(repository, "artifacts");
  await mkdir(artifacts, { recursive: true });
  const fresh = await mkdtemp(join(artifacts, ".release-"));
  await chmod(fresh, 0o777 & ~process.umask()); // mkdtemp makes a folder that nobody else can read
  const assets = join(fresh, "assets");
  const checkout = join(temporary, "checkout");
  try {
    const commit = (await git(["rev-parse", "HEAD"], { cwd: repository })).trim();
    await step("commit", async () => {
      await writeTree(repository, commit, checkout);
      await installPackages();
      await mkdir(assets);
      return `${commit}${(await isClean(repository)) ? "" : ", without what is not committed"}`;
    });
    const manifest = await readManifest(checkout);
    const { name, version } = manifest;
    const tagged = await taggedVersions(repository, commit);

    await step("versions", async () => `${await agreedVersion(checkout)} everywhere`);
    await step("notes", async () => {
      const section = await notes(checkout, version, tagged);
      await writeFile(join(fresh, "notes.md"), `${section.text}\n\n${docsOf(manifest)}\n`);
      return `the section [${section.name}] of CHANGELOG.md`;
    });
    await step("compat", () => compatible(checkout));
    const tarball = await step(
      "pack",
      () => packTwice(repository, commit, temporary),
      () => "twice, with the same bytes",
    );
    await rename(tarball, join(assets, tarballName(manifest)));
    await step("content", async () => {
      const sources = await listFiles(checkout);
      const wrong = await contentFaults(`${tarball}-content`, sources);
      if (wrong.length > 0) throw new Refusal(`The package ${wrong.join(", and ")}.`);
      return `${(await listFiles(`${tarball}-content`)).length} files, each needed by an export or a command`;
    });
    await step("install", async () => {
      const project = await install(join(assets, tarballName(manifest)), temporary);
      return (await askCommands(project, name)).join(", ");
    });
    await step("sbom", async () => {
      const sbom = await makeSbom(checkout, await momentOf(repository, commit), temporary);
      const listed = await checkSbom(sbom, checkout);
      await writeFile(join(assets, "sbom.cdx.json"), sbom);
      return listed.join(", ");
    });
    await step("assets", async () => {
      const written = await writeAssets(join(checkout, "generated"), version, assets);
      await writeChecksums(assets);
      return `${written.length} of generated/, and SHA256SUMS`;
    });
    await step("site", async () => (await writeSite(repository, commit, version, join(fresh, "site"))).join(", "));

    const target = join(artifacts, "release");
    await rm(target, { recursive: true, force: true });
    await rename(fresh, target);
    return target;
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await rm(fresh, { recursive: true, force: true });
  }

  async function step<T>(name: string, work: () => Promise<T>, detail: (result: T) => string = String): Promise<T> {
    const start = performance.now();
    const result = await work();
    report(name, Math.round(performance.now() - start), detail(result));
    return result;
  }
}

/**
 * The changelog's section for the release. A commit with the tag of a version is that release, and must be complete; any other
 * one is rehearsed with the entries since the last release.
 */
export async function notes(
  checkout: string,
  version: string,
  tagged: string[],
): Promise<{ name: string; text: string }> {
  const changelog = await readFile(join(checkout, "CHANGELOG.md"), "utf8");
  const since = sectionOf(changelog, unreleased) ?? "";
  const own = sectionOf(changelog, version) ?? "";
  if (tagged.length === 0 && hasEntries(since)) return { name: unreleased, text: since };
  const wrong = tagged.find((tag) => tag !== version);
  if (wrong !== undefined) throw new Refusal(`This commit has the tag v${wrong}, but its version is ${version}.`);
  if (!hasEntries(own))
    throw new Refusal(`CHANGELOG.md: the section [${version}] has no entry. Fix it: npm run release -- ${version}`);
  if (hasEntries(since))
    throw new Refusal(
      `CHANGELOG.md: [${unreleased}] has entries, but this commit has the tag v${version}. They belong below [${version}].`,
    );
  const [bundle, kept] = await Promise.all(
    ["generated/openapi.yaml", `released/${version}/openapi.yaml`].map((file) =>
      readFile(join(checkout, file), "utf8").catch(() => undefined),
    ),
  );
  if (bundle !== kept)
    throw new Refusal(
      `released/${version}/openapi.yaml is not generated/openapi.yaml. Fix it: npm run release -- ${version}`,
    );
  return { name: version, text: own };
}

async function compatible(checkout: string): Promise<string> {
  const release = await openRelease(checkout);
  const changes = await changesBetween(release, release.overrules);
  refuseIf(faults(release, changes));
  return `${changes.length} changes of the contract since ${release.last}`;
}

/** Where GitHub Pages serves the docs of this version. */
function docsOf({ version, repository }: Manifest): string {
  const [, owner, name] = /github\.com\/([^/]+)\/([^/]+)\.git$/.exec(repository.url) ?? [];
  return `The docs of this version: https://${owner}.github.io/${name}/v${version}/`;
}

/** What a rehearsal left: files with their sizes, the site as a whole. */
export async function contentsOf(folder: string): Promise<string[]> {
  const files = await listFiles(folder);
  return files.filter((file) => !file.startsWith("site/") || basename(file) === "versions.html");
}
