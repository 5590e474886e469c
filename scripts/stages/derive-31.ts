// Stage: the same contract in OpenAPI 3.1. It is written in 3.0.3, which every generator reads; going up loses nothing.

import { upgradeFromThreeToThreeOne } from "@scalar/openapi-upgrader/3.0-to-3.1";
import type { OpenApiDocument } from "./bundle.ts";

export function derive31(bundle: OpenApiDocument): OpenApiDocument {
  return upgradeFromThreeToThreeOne(structuredClone(bundle) as never) as unknown as OpenApiDocument;
}
