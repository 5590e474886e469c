// Stage: the contract as TypeScript types.

import { pathToFileURL } from "node:url";
import type { OpenApiDocument } from "../document.ts";

export async function generateTypes(bundle: OpenApiDocument): Promise<string> {
  // TypeScript takes long to load: not before the docs are being rendered beside it.
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const nodes = await openapiTS(structuredClone(bundle) as never, {
    alphabetize: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    cwd: pathToFileURL("/"), // to resolve nothing against: not the path of this folder, which may be no URL as it stands
  });
  return astToString(nodes);
}
