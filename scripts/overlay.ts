// OpenAPI Overlays 1.0, which change a document: Redocly checks and applies them.

import { bundle, lint, Source } from "@redocly/openapi-core";
import { paths } from "jsonpath-rfc9535";
import parse from "jsonpath-rfc9535/parser";
import type { Path } from "./pointer.ts";
import { refuseIf, StageError } from "./problem.ts";
import { type ContractSource, fromRedocly, positionOf, readObject } from "./source.ts";

/**
 * @param rule named in the problems
 * @throws {StageError} if the file is no overlay
 */
export async function readOverlay(source: ContractSource, file: string, rule: string): Promise<object> {
  const { config, resolver } = source;
  const { parsed, problem } = await readObject(source, file);
  if (problem) throw new StageError([problem]);
  if (!/^1\.0\.\d+$/.test(String((parsed as { overlay?: unknown }).overlay))) {
    const position = await positionOf(source.written, { file, path: ["overlay"] });
    throw new StageError([{ ...position, message: "This is not an OpenAPI Overlay 1.0.", rule }]);
  }
  refuseIf((await lint({ ref: file, config, externalRefResolver: resolver })).map(fromRedocly));
  return parsed;
}

/**
 * The document as the overlays in these files change it, one after the other.
 * @throws {StageError} for each action that cannot be applied
 */
export async function applyOverlays<Document extends object>(
  source: ContractSource,
  document: Document,
  files: string[],
): Promise<Document> {
  const { config, written } = source;
  const original = { source: new Source(source.root, "", "application/json"), parsed: structuredClone(document) };
  const result = await bundle({ doc: original, config, externalRefResolver: written, overlays: files });
  refuseIf(result.problems.map(fromRedocly));
  return result.bundle.parsed as Document;
}

/** The nodes of a document that a JSONPath selects; none if it is invalid. */
export function select(document: object, expression: string): Path[] {
  try {
    return paths(document as never, expression).map(keysOf);
  } catch {
    return [];
  }
}

/** The keys of a normalized path (RFC 9535), which has one name or index per segment. */
const keysOf = (normalized: string): Path =>
  parse(normalized).segments.flatMap(({ node }) =>
    node.type === "BracketedSelection"
      ? node.selectors.flatMap((selector) =>
          selector.type === "NameSelector" || selector.type === "IndexSelector" ? [selector.value] : [],
        )
      : [],
  );
