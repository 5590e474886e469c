// Stage: every example in the bundle matches its schema. The linters' rules for this do not look at every place where an
// example can be.

import type { OpenApiDocument } from "../document.ts";
import { type Path, parsePointer } from "../pointer.ts";
import { type Problem, refuseIf } from "../problem.ts";
import { compileSchemas } from "../schemas.ts";
import { type ContractSource, locate } from "../source.ts";

interface Example {
  /** Where the value is written. */
  at: Path;
  schema: Path;
  value: unknown;
}

/**
 * @returns the number of examples checked
 * @throws {StageError} for each example that violates its schema, and if there is no example at all
 */
export async function checkExamples(source: ContractSource, bundle: OpenApiDocument): Promise<number> {
  const validate = compileSchemas(bundle);
  const examples = [...findExamples(bundle, bundle, [])];
  const problems: Promise<Problem>[] = [];
  for (const { at, schema, value } of examples) {
    for (const { instancePath, message } of validate(schema, value)) {
      const where = instancePath ? ` at ${instancePath}` : "";
      problems.push(
        locate(source, [...at, ...parsePointer(instancePath)]).then((place) => ({
          ...place,
          message: `The example violates its schema${where}: it ${message}.`,
          rule: "example",
        })),
      );
    }
  }
  refuseIf(await Promise.all(problems));
  if (examples.length === 0) {
    refuseIf([{ file: source.root, message: "There is no example to check.", rule: "example" }]);
  }
  return examples.length;
}

/** Maps whose keys are names: `properties` may hold a property called "example", which is not an example. */
const namesOf = new Set([
  "properties",
  "schemas",
  "parameters",
  "headers",
  "responses",
  "examples",
  "paths",
  "content",
]);

function* findExamples(bundle: OpenApiDocument, node: unknown, at: Path): Generator<Example> {
  if (typeof node !== "object" || node === null) return;
  const object = node as Record<string, unknown>;
  const areNames = namesOf.has(String(at.at(-1))) && at.at(-2) !== "properties" && !Array.isArray(node);
  if (!areNames) {
    // A parameter, header or media type has its schema beside the example; a schema is its own.
    const schema = "schema" in object ? [...at, "schema"] : at;
    if ("example" in object) yield { at: [...at, "example"], schema, value: object.example };
    if ("default" in object && "type" in object) yield { at: [...at, "default"], schema, value: object.default };
    for (const [name, entry] of Object.entries((object.examples as object | undefined) ?? {})) {
      const [component, path] = dereference(bundle, entry, [...at, "examples", name]);
      if ("value" in component) yield { at: [...path, "value"], schema, value: component.value };
    }
  }
  for (const [key, child] of Object.entries(object)) {
    const isExample = !areNames && ["example", "examples", "default", "enum"].includes(key);
    const isExtension = !areNames && key.startsWith("x-");
    if (!isExample && !isExtension) yield* findExamples(bundle, child, [...at, key]);
  }
}

function dereference(bundle: OpenApiDocument, entry: unknown, path: Path): [{ value?: unknown }, Path] {
  const { $ref } = entry as { $ref?: string };
  if (!$ref) return [entry as { value?: unknown }, path];
  const [kind = "", name = ""] = $ref.split("/").slice(2);
  return [bundle.components[kind]?.[name] as { value?: unknown }, ["components", kind, name]];
}
