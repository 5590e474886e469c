// Stage: where each fact of the contract rests, for those who run the contract check: the place on the reference page, and
// the line of the bundle that says it.

import { getLineColLocation, Source } from "@redocly/openapi-core";
import type { Claim, OpenApiDocument, Place, Reference } from "../document.ts";

/** @param yaml the bundle as it is written */
export function generateSources(bundle: OpenApiDocument, reference: Reference | undefined, yaml: string): string {
  const { facts = [], additions = [] } = reference ?? {};
  const claims: Claim[] = [...facts, ...additions];
  const source = new Source("openapi.yaml", yaml);
  const lines = claims
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

function describe({ table, tables, section, line }: Place): string {
  const where = [
    section && `section ${section}`,
    table && `table ${table}`,
    tables && `tables ${tables.join(" and ")}`,
    line && `line ${line}`,
  ];
  return where.filter(Boolean).join(", ");
}
