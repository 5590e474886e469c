// What a release on GitHub has to download, beside the package: names that stay the same from release to release, so that
// `releases/latest/download/openapi.yaml` always leads to the newest.

import { cp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { listFiles } from "../output.ts";
import { loadTar } from "./packages.ts";
import { Refusal } from "./refusal.ts";
import { digest } from "./tarball.ts";

/** The bundles in generated/, each with its name as an asset: those of a revision, or of the tolerant form, begin with its name. */
export function bundleAssets(generated: string[]): Map<string, string> {
  const bundles = generated.filter((file) => /^openapi.*\.(json|yaml)$/.test(basename(file)));
  return new Map(bundles.map((file) => [file, file.replace(/^revisions\//, "").replaceAll("/", "-")]));
}

/** Copies the bundles and the Postman collection, packs the docs, and returns the names of all. */
export async function writeAssets(generated: string, version: string, folder: string): Promise<string[]> {
  const files = await listFiles(generated);
  const named = [...bundleAssets(files), ["postman_collection.json", "postman_collection.json"] as const];
  for (const [file, name] of named) await cp(join(generated, file), join(folder, name));
  const docs = `docs-${version}.tar.gz`;
  await writeArchive(generated, files, `docs-${version}`, join(folder, docs));
  return [...named.map(([, name]) => name), docs];
}

/**
 * Everything that is published as a site, since the pages link to the bundles.
 * @throws {Refusal} if the same files give other bytes
 */
async function writeArchive(generated: string, files: string[], prefix: string, file: string): Promise<void> {
  const create = async (file: string) => {
    const options = { gzip: true, portable: true, mtime: new Date(0) } as const;
    await loadTar().create({ file, cwd: generated, prefix, ...options }, files);
    return digest(file);
  };
  const again = `${file}.again`;
  if ((await create(file)) !== (await create(again))) throw new Refusal(`${basename(file)} has other bytes each time.`);
  await rm(again);
}

/** SHA256SUMS, as `sha256sum --check` reads it. */
export async function writeChecksums(folder: string): Promise<void> {
  const files = await listFiles(folder);
  const lines = await Promise.all(
    files.map(async (file) => `${await digest(join(folder, file), "sha256")}  ${file}\n`),
  );
  await writeFile(join(folder, "SHA256SUMS"), lines.join(""));
}
