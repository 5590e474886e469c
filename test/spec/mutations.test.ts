// Shows that the traceability check fails: it names every change of the contract, except in prose.

import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { OpenApiDocument, Reference } from "../../scripts/document.ts";
import { parsePointer } from "../../scripts/pointer.ts";
import { repository } from "../../scripts/repository.ts";
import { openSource, readReference } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { trace } from "../../scripts/stages/trace.ts";
import { changed, known } from "../document.ts";

let bundle: OpenApiDocument;
let reference: Reference;

beforeAll(async () => {
  const source = await openSource(join(repository, "spec/openapi.yaml"));
  bundle = await bundleContract(source);
  reference = known<Reference>((await readReference(source)) ?? {}, "/reference");
});

type Node = Record<string, unknown>;

interface Mutation {
  name: string;
  /** Where the mutation is possible. */
  appliesTo: (value: unknown, parent: Node) => boolean;
  mutate: (parent: Node, key: string) => void;
}

const isScalar = (value: unknown) => typeof value !== "object" || value === null;

const mutations: Mutation[] = [
  {
    name: "dropped",
    appliesTo: () => true,
    mutate: (parent, key) => (Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key]),
  },
  {
    name: "changed",
    appliesTo: isScalar,
    mutate: (parent, key) => {
      const value = parent[key];
      if (typeof value === "number") parent[key] = value + 1;
      else if (typeof value === "boolean") parent[key] = !value;
      else parent[key] = `${value}x`;
    },
  },
  {
    name: "renamed",
    appliesTo: (_value, parent) => !Array.isArray(parent),
    mutate: (parent, key) => {
      parent[`${key}_x`] = parent[key];
      delete parent[key];
    },
  },
  {
    name: "given another inside",
    appliesTo: (value) => !isScalar(value),
    mutate: (parent, key) => {
      const node = parent[key] as Node;
      if (Array.isArray(node)) node.push("x");
      else node.x = "x";
    },
  },
];

/** Every place in the bundle whose change would change the contract, as a path of keys. */
function places(node: unknown, path: string[] = []): string[][] {
  const isProse = ["description", "summary"].includes(path.at(-1) ?? "");
  const isFree = /^(info\/(title|version)|components\/examples\/EveryStatus\/value)/.test(path.join("/"));
  if (isProse || isFree) return [];
  const below = isScalar(node) ? [] : Object.entries(node as Node);
  return [...(path.length > 0 ? [path] : []), ...below.flatMap(([key, child]) => places(child, [...path, key]))];
}

const reach = (root: object, path: string[]) => path.reduce<Node>((at, key) => at[key] as Node, root as Node);

describe.each(mutations)("a part of the contract that is $name", ({ appliesTo, mutate }) => {
  it("is noticed, wherever it is", () => {
    const targets = places(bundle).filter((path) => appliesTo(reach(bundle, path), reach(bundle, path.slice(0, -1))));
    expect(targets.length).toBeGreaterThan(0);
    const unnoticed = targets.filter((path) => {
      const mutant = structuredClone(bundle);
      mutate(reach(mutant, path.slice(0, -1)), path.at(-1) ?? "");
      return trace(mutant, reference).length === 0;
    });
    expect(unnoticed.map((path) => path.join("/"))).toEqual([]);
  });
});

describe("a new keyword", () => {
  it.each([
    ["/components/schemas/BackupRecordResponse", { required: ["backup_id"] }],
    ["/components/schemas/BackupRecordResponse", { additionalProperties: false }],
    ["/components/schemas/BackupRecordResponse/properties/remark", { nullable: true }],
    ["/components/schemas/BackupRecordResponse/properties/remark", { deprecated: true }],
    ["/components/schemas/BackupRecordResponse/properties/remark", { title: "Remark" }],
    ["/components/schemas/BackupRecordResponse/properties", { description: { type: "string" } }],
    ["/components/parameters/Limit/schema", { maximum: 1000 }],
    ["/components/parameters/Limit", { allowEmptyValue: true }],
    ["/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get", { security: [] }],
    ["/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get/responses", { 204: { description: "None." } }],
    ["", { externalDocs: { url: "https://example.com" } }],
  ])("in %s is noticed: %o", (pointer, addition) => {
    const [[key, value]] = Object.entries(addition) as [[string, unknown]];
    const mutant = changed(bundle, `${pointer}/${key}`, value);
    const path = parsePointer(`${pointer}/${key}`);
    const message = expect.stringContaining(`${pointer}/${key}`);
    expect(trace(mutant, reference)).toEqual([{ where: "contract", path, message }]);
  });
});

describe("a new part", () => {
  const pointer = "/components/schemas/Other";
  const grown = () => changed(bundle, pointer, { type: "object", properties: { a: { type: "string" } } });

  it("is named once, as a whole", () => {
    expect(trace(grown(), reference).map(({ message }) => message)).toEqual([
      `No entry of reference.yaml claims ${pointer}. Add one: a fact of the page, or an addition with its reason.`,
    ]);
  });

  it("is claimed by one entry for all of it, or by entries for each of its pieces", () => {
    const claiming = (...pointers: string[]) =>
      pointers.map((at, index) => ({ id: `other-${index}`, pointer: at, reason: "To try it." }));
    const withAdditions = (...pointers: string[]) =>
      trace(grown(), { ...reference, additions: [...reference.additions, ...claiming(...pointers)] });
    expect(withAdditions(pointer)).toEqual([]);
    expect(withAdditions(`${pointer}/type`, `${pointer}/properties/a`)).toEqual([]);
    expect(withAdditions(`${pointer}/type`)).toMatchObject([{ path: parsePointer(`${pointer}/properties`) }]);
  });
});

describe("an entry that does not hold", () => {
  const withFact = (fact: object) => {
    const facts = [...reference.facts, { id: "other", place: { section: "URI" }, ...fact }] as Reference["facts"];
    return trace(bundle, { ...reference, facts });
  };
  const minimum = "/components/parameters/Offset/schema/minimum";

  it.each<[string, object, object, (string | number)[]]>([
    ["of another value", { pointer: minimum, value: 0 }, { pointer: minimum, value: 1 }, ["value"]],
    [
      "of a part that is gone",
      { pointer: minimum },
      { pointer: "/components/parameters/Offset/schema/maximum", value: 1 },
      ["pointer"],
    ],
    [
      "of a word that is missing",
      { pointer: "/info/title", mentions: ["DCS"] },
      { pointer: "/info/title", mentions: ["DCS", "GMT"] },
      ["mentions", 1],
    ],
    ["without a pointer", { pointer: minimum, value: 0 }, { value: 0 }, []],
  ])("is named with its place in reference.yaml: %s", (_what, holds, fails, path) => {
    const entry = ["facts", reference.facts.length];
    const claims = (faults: ReturnType<typeof trace>) => faults.filter(({ path: [, index] }) => index === entry[1]);
    expect(claims(withFact(holds))).toEqual([]);
    expect(claims(withFact(fails))).toMatchObject([{ where: "reference", path: [...entry, ...path] }]);
  });

  it("of absence is named with the place of the present part", () => {
    expect(withFact({ pointer: "/components/parameters/Offset/schema/maximum", absent: true })).toEqual([]);
    expect(withFact({ pointer: minimum, absent: true })).toMatchObject([
      { where: "contract", path: parsePointer(minimum) },
    ]);
  });
});

describe("words that the prose must mention", () => {
  it.each([
    ["/components/schemas/BackupRecordResponse/properties/size/description", "Size in megabytes."],
    ["/components/parameters/BeginTime/description", "Start of the time window, in local time."],
    ["/components/responses/InternalServerError/description", "Something else."],
  ])("is noticed when it goes: %s", (pointer, prose) => {
    expect(trace(changed(bundle, pointer, prose), reference)).not.toEqual([]);
  });
});

describe("prose", () => {
  it.each(["/info/title", "/components/schemas/BackupType/description"])("may change: %s", (pointer) => {
    expect(trace(changed(bundle, pointer, "Something else."), reference)).toEqual([]);
  });
});
