// Stage: the schemas of the answers as functions that need no package at run time, for those who run the contract check.

import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import { createAjv } from "../schemas.ts";
import { repository } from "../source.ts";
import type { OpenApiDocument } from "./bundle.ts";

/** What the contract check looks at: whole answers, and the records of a page one by one. */
const schemas = ["ListBackupRecordsResponse", "BackupRecordResponse", "ErrorResponse"];

export async function generateValidators(bundle: OpenApiDocument): Promise<string> {
  const ajv = createAjv(bundle, { code: { source: true, esm: true } });
  const references = schemas.map((name) => [name, `contract#/components/schemas/${name}`]);
  const contents = standalone.default(ajv, Object.fromEntries(references));
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: repository },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    charset: "utf8",
  });
  return `// @ts-nocheck: what Ajv writes has no types; src/check/validate.ts gives them\n\n${outputFiles[0]?.text}`;
}
