// Stage: the schemas of the responses as functions that need no package at run time, for the contract check.

import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import type { OpenApiDocument } from "../document.ts";
import { repository } from "../repository.ts";
import { createAjv } from "../schemas.ts";

export async function generateValidators(bundle: OpenApiDocument): Promise<string> {
  const ajv = createAjv(strictly(bundle), { code: { source: true, esm: true } });
  // For each object: the check validates whole responses, and the records of a page one by one.
  const objects = Object.entries(bundle.components.schemas ?? {}).filter(
    ([, schema]) => "properties" in (schema as object),
  );
  const references = objects.map(([name]) => [name, `contract#/components/schemas/${name}`]);
  const contents = standalone.default(ajv, Object.fromEntries(references));
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: repository },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    minify: true, // also leaves out the paths of this machine
  });
  return `// @ts-nocheck: what Ajv writes has no types; src/check/engine/validate.ts gives them\n\n${outputFiles[0]?.text}`;
}

/**
 * Stricter than Ajv's formats, which accept integers wider than 64 bits and, against RFC 3339, a space for the T and offsets
 * like +01. They are in an `allOf`, which no schema with a format has, to tell them from bounds of the contract itself.
 */
const strict: Record<string, object> = {
  int64: { minimum: -(2 ** 63), maximum: 2 ** 63 },
  "date-time": { pattern: "^.{10}[Tt].*([Zz]|:\\d\\d)$" },
};

function strictly(bundle: OpenApiDocument): OpenApiDocument {
  const text = JSON.stringify(bundle, (_, node) => {
    const more = strict[node?.format];
    return more ? { ...node, allOf: [more] } : node;
  });
  return JSON.parse(text);
}
