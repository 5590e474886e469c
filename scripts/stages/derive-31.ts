// Stage: the same contract in OpenAPI 3.1. It is written in 3.0.3, which every generator reads; going up loses nothing.

import { upgradeFromThreeToThreeOne } from "@scalar/openapi-upgrader/3.0-to-3.1";
import type { OpenApiDocument } from "./bundle.ts";

export function derive31(bundle: OpenApiDocument): OpenApiDocument {
  const upgraded = upgradeFromThreeToThreeOne(structuredClone(bundle) as never);
  return keepExamples(upgraded) as OpenApiDocument;
}

/**
 * The upgrader turns a parameter's `example` into an entry of `examples` called "default", which reads as a default
 * value. 3.1 has `example` as well.
 */
function keepExamples(node: unknown): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map(keepExamples);
  const { examples, ...rest } = node as { examples?: { default?: { value?: unknown } } };
  const isRenamed = examples?.default !== undefined && !Array.isArray(examples) && "value" in examples.default;
  const children = Object.entries(isRenamed ? { ...rest, example: examples.default?.value } : node);
  return Object.fromEntries(children.map(([key, child]) => [key, keepExamples(child)]));
}
