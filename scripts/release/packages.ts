// The two packages that only a rehearsal needs. They have their own manifest beside this file, so that nobody who works on the
// contract installs them; `npm ci --prefix scripts/release` does.

import { createRequire } from "node:module";
import { npm } from "./run.ts";

const require = createRequire(import.meta.url);

export const installPackages = () =>
  npm(["ci", "--ignore-scripts", "--no-audit", "--prefer-offline"], { cwd: import.meta.dirname });

/** As much of https://www.npmjs.com/package/tar as is used: npm's own. */
interface Tar {
  create(options: TarOptions & { gzip: true; portable: true; mtime: Date }, files: string[]): Promise<void>;
  extract(options: TarOptions & { strip?: number }): Promise<void>;
  list(options: TarOptions & { onReadEntry(entry: { path: string }): void }): Promise<void>;
}

interface TarOptions {
  file: string;
  cwd?: string;
  prefix?: string;
}

export const loadTar = (): Tar => require("tar");

interface SchemaError {
  instancePath: string;
  message?: string;
}

/** The validator of https://www.npmjs.com/package/@cyclonedx/cyclonedx-library, with the published JSON Schemas in it. */
interface CycloneDx {
  Validation: {
    JsonStrictValidator: new (version: string) => { validate(json: string): Promise<SchemaError[] | null> };
  };
}

export const loadCycloneDx = (): CycloneDx => require("@cyclonedx/cyclonedx-library");
