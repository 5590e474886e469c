// Stage: the contract as TypeScript types.

import openapiTS, { astToString } from "openapi-typescript";
import type { OpenApiDocument } from "./bundle.ts";

export async function generateTypes(bundle: OpenApiDocument): Promise<string> {
  const nodes = await openapiTS(structuredClone(bundle) as never, {
    alphabetize: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
  });
  return astToString(nodes);
}
