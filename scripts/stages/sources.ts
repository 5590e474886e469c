// Stage: where each fact of the contract rests, for those who run the contract check: the place on the reference page, and
// the line of the bundle that says it.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { getLineColLocation, parseYaml, Source } from "@redocly/openapi-core";
import { StageError } from "../problem.ts";
import type { OpenApiDocument } from "./bundle.ts";

interface Entry {
  id: string;
  pointer: string;
  place?: { table?: number; tables?: number[]; section?: string; line?: number };
  reason?: string;
  absent?: true;
}

/**
 * @param yaml the bundle as it is written
 * @throws {StageError} if there is no reference.yaml beside the root document
 */
export async function generateSources(root: string, bundle: OpenApiDocument, yaml: string): Promise<string> {
  const file = join(dirname(root), "reference.yaml");
  const text = await readFile(file, "utf8").catch(({ message }) => {
    throw new StageError([{ file, message: `The facts of the contract cannot be read: ${message}.`, rule: "source" }]);
  });
  const { facts, additions } = parseYaml(text) as { facts: Entry[]; additions: Entry[] };
  const source = new Source("openapi.yaml", yaml);
  const lines = [...facts, ...additions]
    .filter(({ absent }) => !absent)
    .map(({ id, pointer, place, reason = "" }) => {
      const { start } = getLineColLocation({ source, pointer: `#${pointer}`, reportOnKey: true });
      const says = place ? `reference page, ${describe(place)}` : `not on the reference page: ${reason.trim()}`;
      return `  ${JSON.stringify(id)}: ${JSON.stringify({ says, pointer: `#${pointer}`, line: start.line })},`;
    });
  return `/** Version of the contract. */
export const contractVersion = ${JSON.stringify(bundle.info.version)};

/** By id in spec/reference.yaml: what the fact rests on, its place in the bundle, and the line of that in openapi.yaml. */
export const sources = {
${lines.join("\n")}
};
`;
}

function describe({ table, tables, section, line }: NonNullable<Entry["place"]>): string {
  const where = [
    section && `section ${section}`,
    table && `table ${table}`,
    tables && `tables ${tables.join(" and ")}`,
    line && `line ${line}`,
  ];
  return where.filter(Boolean).join(", ");
}
