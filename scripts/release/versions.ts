// Every place where a version is written by hand. Nothing else repeats it: the build takes it from spec/, and the GitHub Action
// from its own package.json.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "./refusal.ts";

interface Place {
  file: string;
  /** Finds the version, and only that. */
  version: RegExp;
  times: number;
}

export const places: readonly Place[] = [
  { file: "package.json", version: /(?<=^ {2}"version": ")[^"]+/gm, times: 1 },
  { file: "package-lock.json", version: /(?<="name": "dcs-backup-records",\n +"version": ")[^"]+/g, times: 2 },
  { file: "spec/openapi.yaml", version: /(?<=^ {2}version: )\S+/gm, times: 1 },
  {
    file: "templates/contract-check.yml",
    version: /(?<=npm package dcs-backup-records\n +default: ")[^"]+/g,
    times: 1,
  },
  { file: "README.md", version: /(?<=dcs-backup-records@v|violates contract )\d+\.\d+\.\d+/g, times: 3 },
];

/** The files, with another version in each place. */
export async function withVersion(folder: string, version: string): Promise<Map<string, string>> {
  const texts = await Promise.all(
    places.map(async (place) => [place.file, (await read(folder, place)).replaceAll(place.version, version)] as const),
  );
  return new Map(texts);
}

/**
 * The version of package.json.
 * @throws {Refusal} if another place does not have it
 */
export async function agreedVersion(folder: string): Promise<string> {
  const found = await Promise.all(
    places.map(async (place) => ({ ...place, has: (await read(folder, place)).match(place.version) ?? [] })),
  );
  const version = found[0]?.has[0] ?? "";
  const other = found.flatMap(({ file, has }) =>
    has.filter((one) => one !== version).map((one) => `${file} has ${one}`),
  );
  if (other.length > 0) throw new Refusal(`package.json has the version ${version}, but ${other.join(" and ")}.`);
  return version;
}

async function read(folder: string, { file, version, times }: Place): Promise<string> {
  const text = await readFile(join(folder, file), "utf8");
  const found = text.match(version)?.length ?? 0;
  if (found === times) return text;
  const wanted = `found ${found} times, and not ${times}`;
  throw new Refusal(`${file}: the version is ${wanted}. Mend the file, or its entry in scripts/release/versions.ts.`);
}
