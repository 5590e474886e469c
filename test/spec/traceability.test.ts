// The contract says exactly what the reference page says, plus the listed additions.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Claim, OpenApiDocument, Reference } from "../../scripts/document.ts";
import { repository } from "../../scripts/repository.ts";
import { openSource, readReference } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { trace } from "../../scripts/stages/trace.ts";
import { known, nodeAt } from "../document.ts";

const operation = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get";

let bundle: OpenApiDocument;
let reference: Reference;

beforeAll(async () => {
  const source = await openSource(join(repository, "spec/openapi.yaml"));
  bundle = await bundleContract(source);
  reference = known<Reference>((await readReference(source)) ?? {}, "/reference");
});

describe("the contract and the reference page", () => {
  it("agree: every entry holds, and everything in the contract is claimed", () => {
    expect(trace(bundle, reference)).toEqual([]);
  });

  it("agree on the page's example, where { } is null", async () => {
    const printed = await readFile(join(import.meta.dirname, "page-example.json"), "utf8");
    const read = JSON.parse(printed, (_key, value) => (JSON.stringify(value) === "{}" ? null : value));
    expect(printed.match(/\{ \}/g)).toHaveLength(2);
    expect(nodeAt(bundle, "/components/examples/OneManualBackup/value")).toEqual(read);
  });
});

describe("spec/reference.yaml", () => {
  it("has an entry for each line of each table of the page", () => {
    const linesOfTables = { 1: 2, 2: 4, 3: 2, 4: 13, 5: 3, 6: 3 };
    for (const [table, lines] of Object.entries(linesOfTables)) {
      const entries = reference.facts.filter(({ place }) =>
        [place.table, ...(place.tables ?? [])].includes(Number(table)),
      );
      const found = new Set(entries.map(({ place }) => place.line).filter((line) => line !== undefined));
      expect(
        [...found].sort((a, b) => a - b),
        `table ${table}`,
      ).toEqual(Array.from({ length: lines }, (_, i) => i + 1));
    }
  });

  it("has each property and query parameter at the same line of its table as the contract", () => {
    const parameters = known<{ $ref: string }[]>(bundle, `${operation}/parameters`).map(({ $ref }) => $ref.slice(1));
    const inQuery = parameters.filter((pointer) => known(bundle, `${pointer}/in`) === "query");
    const placed = reference.facts.filter(({ place, value }) => place.line && !place.section && value);
    const lines = placed.map(({ pointer, place: { line } }) => {
      const [, properties, name] = /^(.*\/properties)\/(\w+)$/.exec(pointer) ?? [];
      if (properties) return [pointer, line, Object.keys(known<object>(bundle, properties)).indexOf(name ?? "") + 1];
      return [pointer, line, inQuery.includes(pointer) ? inQuery.indexOf(pointer) + 1 : line];
    });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter(([, line, found]) => line !== found)).toEqual([]);
  });

  it("has each status at its line, and each remark on a part beside the entry of that part", () => {
    const statuses = reference.facts.filter(({ place }) => place.section === "Status codes");
    const lines = statuses.map(({ pointer, place }) => [/\/responses\/(\w+)/.exec(pointer)?.[1], place.line]);
    expect(lines).toEqual([
      ["200", 1],
      ["BackupRecordsPage", 1],
      ["400", 2],
      ["BadRequest", 2],
      ["500", 3],
      ["InternalServerError", 3],
    ]);
    const inTables = reference.facts.filter(({ mentions, place }) => mentions && (place.table || place.tables));
    expect(inTables.length).toBeGreaterThan(0);
    for (const { id, pointer, place } of inTables) {
      const part = reference.facts.find((fact) => `${fact.pointer}/description` === pointer);
      expect([id.replace(/\.\w+$/, ""), place]).toEqual([part?.id, part?.place]);
    }
  });

  it("has as many entries as when it was last compared with the page", () => {
    const { facts, additions } = reference;
    expect({ facts: facts.length, additions: additions.length }).toEqual({ facts: 52, additions: 36 });
  });

  it("has an entry for each status code and each named section of the page", () => {
    const sections = reference.facts.map(({ place: { section, line } }) => [section, line].filter(Boolean).join(", "));
    expect(sections).toEqual(
      expect.arrayContaining(["URI", "Status codes, 1", "Status codes, 2", "Status codes, 3", "Example responses"]),
    );
  });

  it("names each entry once, gives each fact a place and each addition a reason", () => {
    const ids = [...reference.facts, ...reference.additions, ...reference.contradictions].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids.filter(Boolean))]);
    const claims = [...reference.facts, ...reference.additions].filter(({ mentions }) => !mentions);
    const pointers = claims.map(({ pointer }) => pointer);
    expect(pointers).toEqual([...new Set(pointers)]);
    const says = ({ value, mentions, absent }: Claim) => value !== undefined || mentions || absent;
    expect(reference.facts.filter((fact) => !fact.place || !says(fact))).toEqual([]);
    expect(reference.additions.filter((addition) => !addition.reason)).toEqual([]);
  });

  it("records the page's contradictions, with the decision and the affected facts", () => {
    expect(reference.contradictions.map(({ id }) => id)).toEqual(["begin-time", "empty-object", "two-error-codes"]);
    for (const { places, says, decision, reason, facts } of reference.contradictions) {
      expect(places).toHaveLength(2);
      expect([says, decision, reason].every((text) => text.length > 0)).toBe(true);
      expect(facts.length).toBeGreaterThan(0);
      for (const id of facts) expect(reference.facts.map((fact) => fact.id)).toContain(id);
    }
  });
});
