// Stage: the hand-written files become one OpenAPI document, in which each file is a component of its name.

import { bundle } from "@redocly/openapi-core";
import { refuseIf } from "../problem.ts";
import { type ContractSource, fromRedocly } from "../source.ts";

/** An OpenAPI document, as far as the stages look into it. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string; variables?: Record<string, { default: string }> }[];
  paths: Record<string, unknown>;
  components: Record<string, Record<string, unknown>>;
}

/** @throws {StageError} if a reference does not resolve */
export async function bundleContract(source: ContractSource): Promise<OpenApiDocument> {
  const result = await bundle({ ref: source.root, config: source.config, externalRefResolver: source.resolver });
  refuseIf(result.problems.map(fromRedocly));
  return result.bundle.parsed as OpenApiDocument;
}
