// Stage: the hand-written files become one OpenAPI document, in which each file is a component with the file's name.

import { bundle } from "@redocly/openapi-core";
import type { OpenApiDocument } from "../document.ts";
import { refuseIf } from "../problem.ts";
import { type ContractSource, fromRedocly } from "../source.ts";

/** @throws {StageError} if a reference does not resolve */
export async function bundleContract(source: ContractSource): Promise<OpenApiDocument> {
  const result = await bundle({ ref: source.root, config: source.config, externalRefResolver: source.resolver });
  refuseIf(result.problems.map(fromRedocly));
  return result.bundle.parsed as OpenApiDocument;
}
