// Stage: the contract as TypeScript types.

import { pathToFileURL } from "node:url";
import type { OpenApiDocument } from "../document.ts";

export async function generateTypes(bundle: OpenApiDocument): Promise<string> {
  // TypeScript takes long to load, so it is loaded while the docs are being rendered.
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const nodes = await openapiTS(structuredClone(bundle) as never, {
    alphabetize: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    cwd: pathToFileURL("/"), // nothing is resolved against it; the default is the path of this folder, which may be no URL
  });
  return astToString(nodes);
}
