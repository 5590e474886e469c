// Stage: what the docs show, in each language.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import type { ContractSource } from "../source.ts";
import type { OpenApiDocument } from "./bundle.ts";

export interface DocsDocument extends OpenApiDocument {
  "x-reference": object;
  "x-labels": Record<string, string>;
}
export interface Translation {
  /** A language tag, such as `pt-BR`. */
  language: string;
  document: DocsDocument;
}
export async function docsDocument(
  source: ContractSource,
  contract: OpenApiDocument,
  labels: Record<string, string>,
): Promise<DocsDocument> {
  const parsed = parseYaml(await readFile(join(dirname(source.root), "reference.yaml"), "utf8"));
  return structuredClone({ ...contract, "x-reference": parsed as object, "x-labels": labels });
}
export async function translate(_: ContractSource, document: DocsDocument): Promise<Translation[]> {
  return [{ language: "en", document }];
}
