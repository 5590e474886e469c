// The docs' site: the newest release at the root, and each release at its version (/v0.1.0/), so that a link to a release leads
// to the same text for ever. generated/ is committed, so that each tag still has the site of its release: nothing is built again.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compareVersions } from "../compat.ts";
import { taggedVersions, writeTree } from "./commit.ts";
import { readManifest } from "./manifest.ts";

/**
 * Writes the site into a new folder, and returns the versions in it, the newest first.
 * @param commit Is at the root if no tag has a higher version, and at its version if that has no tag yet.
 * @param version Of the commit.
 */
export async function writeSite(
  repository: string,
  commit: string,
  version: string,
  folder: string,
): Promise<string[]> {
  const tagged = await taggedVersions(repository);
  const versions = [...new Set([...tagged, version])].sort((a, b) => compareVersions(b, a));
  const treeOf = (one: string) => `${tagged.includes(one) ? `v${one}` : commit}:generated`;
  const [newest = version] = versions;
  await writeTree(repository, newest === version ? `${commit}:generated` : treeOf(newest), folder);
  for (const one of versions) await writeTree(repository, treeOf(one), join(folder, `v${one}`));
  const { name } = await readManifest(repository);
  await writeFile(join(folder, "versions.html"), versionsPage(name, versions));
  return versions;
}

function versionsPage(name: string, versions: string[]): string {
  const items = versions.map((version) => `<li><a href="v${version}/docs/index.html">${version}</a></li>`);
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${name}: the docs of each release</title>
<h1>The docs of each release</h1>
<ul>
${items.join("\n")}
</ul>
</html>
`;
}
