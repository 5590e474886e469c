// As much of package.json as a release reads.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Manifest {
  name: string;
  version: string;
  repository: { url: string };
  files: string[];
  bin: Record<string, string>;
  /** A file, or a file for each condition. */
  exports: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
