// Stage: the same contract in OpenAPI 3.1. It is written in 3.0.3, which every generator reads; going up loses nothing.

import { upgradeFromThreeToThreeOne } from "@scalar/openapi-upgrader/3.0-to-3.1";
import type { OpenApiDocument } from "../document.ts";

export function derive31(bundle: OpenApiDocument): OpenApiDocument {
  const upgraded = upgradeFromThreeToThreeOne(structuredClone(bundle) as never);
  return keepExamples(bundle, upgraded) as OpenApiDocument;
}

/**
 * The upgrader turns a parameter's `example` into an entry of `examples` called "default", which reads like a default
 * value. 3.1 has `example` too. (A schema's becomes a list of `examples`, which is right.)
 */
function keepExamples(before: unknown, after: unknown): unknown {
  if (typeof before !== "object" || before === null || typeof after !== "object" || after === null) return after;
  if (Array.isArray(after)) return after.map((child, index) => keepExamples((before as unknown[])[index], child));
  const old = before as Record<string, unknown>;
  const isRenamed = "example" in old && "examples" in after && !Array.isArray(after.examples);
  const { examples: _, ...rest } = after as Record<string, unknown>;
  const node = isRenamed ? { ...rest, example: old.example } : after;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, keepExamples(old[key], child)]));
}
