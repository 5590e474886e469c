// Stage: the contract as TypeScript types.

import type { OpenApiDocument } from "../document.ts";

export async function generateTypes(bundle: OpenApiDocument): Promise<string> {
  // TypeScript takes long to load, so it is loaded while the docs are being rendered.
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const nodes = await openapiTS(structuredClone(bundle) as never, {
    alphabetize: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
  });
  return astToString(nodes);
}
