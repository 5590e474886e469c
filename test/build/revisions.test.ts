// The contracts of the later revisions say exactly what their facts say, and what they inherit.

import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BaseResolver, type Document } from "@redocly/openapi-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../scripts/build.ts";
import type { Claim } from "../../scripts/document.ts";
import { StageError } from "../../scripts/problem.ts";
import { repository } from "../../scripts/repository.ts";
import { openSource } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { generateFacts } from "../../scripts/stages/contract.ts";
import {
  applyRevision,
  baseForm,
  type Form,
  ownEntries,
  type Revision,
  type RevisionOverlay,
  readRevisions,
} from "../../scripts/stages/revisions.ts";
import { trace, traceContract, traceRevision, unclaimedDifferences } from "../../scripts/stages/trace.ts";
import { absent, changed, known } from "../document.ts";
import { Surroundings } from "../surroundings.ts";

let revisions: Revision[];

async function read(root: string): Promise<[Form, Revision[]]> {
  const source = await openSource(root);
  const base = await baseForm(source, await bundleContract(source));
  return [base, await readRevisions(base)];
}

beforeAll(async () => {
  [, revisions] = await read(join(repository, "spec/openapi.yaml"));
});

const dateOf = ({ reference }: Form) => reference?.page.revision ?? "";
const revisionOf = (date: string) => revisions.find((revision) => dateOf(revision) === date) as Revision;
const claimsOf = (revision: Revision) => ownEntries(revision).map(({ claim }) => claim);

describe("spec/revisions/", () => {
  it("has the revisions of both publishers, each with the one that it follows", () => {
    const lines = revisions.map((revision) => {
      const { page, follows, read } = revision.overlay["x-revision"];
      return [dateOf(revision.followed), page.revision, page.publisher, read, follows === dateOf(revision.followed)];
    });
    expect(lines).toEqual([
      ["2022-11-09", "2023-12-13", "Huawei Cloud", "B", true],
      ["2023-12-13", "2024-04-24", "Open Telekom Cloud", "A", true],
      ["2024-04-24", "2025-03-17", "Open Telekom Cloud", "A", true],
      ["2023-12-13", "2025-10-23", "Huawei Cloud", "B", true],
    ]);
  });

  it("agrees with its facts, and each contract with all that it inherits", () => {
    for (const revision of revisions) {
      expect(traceRevision(revision), revision.folder).toEqual([]);
      expect(trace(revision.bundle, revision.reference), revision.folder).toEqual([]);
    }
  });

  it("changes the meaning of the contract in these places, and in no others", () => {
    const record = "/components/schemas/BackupRecordResponse/properties";
    const error = "/components/schemas/ErrorResponse/properties";
    const responses = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get/responses";
    const isMeaning = (pointer: string) => !/^\/components\/examples\/|\/description$/.test(pointer);
    const differences = revisions.map((revision) => [
      dateOf(revision),
      ...unclaimedDifferences(revision.followed.bundle, revision.bundle, "", []).filter(isMeaning).sort(),
    ]);
    expect(differences).toEqual([
      ["2023-12-13", "/components/schemas/BackupFormat", `${record}/backup_format`, `${record}/execution_at`],
      ["2024-04-24", "/components/responses/NoBackupRecords", `${responses}/204`],
      ["2025-03-17", ...["error_code", "error_ext_msg", "error_msg"].map((name) => `${error}/${name}/maxLength`)],
      [
        "2025-10-23",
        "/components/parameters/Limit/schema/default",
        "/components/parameters/Limit/schema/maximum",
        "/components/parameters/Limit/schema/minimum",
        "/components/parameters/Offset/schema/default",
      ],
    ]);
  });

  it("has an entry for each difference, prose included, and a difference for each entry", () => {
    for (const revision of revisions) {
      const { followed, bundle } = revision;
      const differences = unclaimedDifferences(followed.bundle, bundle, "", []);
      const claims = claimsOf(revision).map(({ pointer }) => pointer);
      const meets = (one: string, other: string) =>
        `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
      expect(differences.length).toBeGreaterThan(0);
      expect(differences.filter((pointer) => !claims.some((claim) => `${pointer}/`.startsWith(`${claim}/`)))).toEqual(
        [],
      );
      expect(claims.filter((claim) => !differences.some((pointer) => meets(claim, pointer)))).toEqual([]);
    }
  });

  it("gives each fact a place, each addition a reason, and each decision facts that are there", () => {
    for (const { overlay, reference } of revisions) {
      const { facts, additions, contradictions = [] } = overlay["x-revision"];
      expect(facts.filter(({ place }) => !place)).toEqual([]);
      expect(additions.filter(({ reason }) => !reason)).toEqual([]);
      const ids = reference.facts.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)]);
      for (const { decision, facts } of contradictions) {
        expect(facts.length, decision).toBeGreaterThan(0);
        expect(ids).toEqual(expect.arrayContaining(facts));
      }
    }
  });

  it("keeps the values of backup_format, whose list the page of 2025-03-17 no longer has, and says why", () => {
    const { bundle, reference } = revisionOf("2025-03-17");
    expect(known(bundle, "/components/schemas/BackupFormat/enum")).toEqual(["aof", "rdb"]);
    const decisions = reference.contradictions.filter(({ facts }) => facts.includes("record.backup_format.values"));
    expect(decisions).toMatchObject([{ id: "backup-format-values" }]);
  });

  it("has a 204 without a body", () => {
    const { bundle } = revisionOf("2024-04-24");
    expect(Object.keys(known<object>(bundle, "/components/responses/NoBackupRecords"))).toEqual(["description"]);
  });
});

describe("what a page was not read for", () => {
  it("is inherited and marked, whatever it is", () => {
    for (const revision of revisions) {
      const { unread = [], read } = revision.overlay["x-revision"];
      const marked = revision.reference.facts.filter((fact: Claim) => fact.page?.unread).map(({ pointer }) => pointer);
      const inherited = revision.reference.facts.filter((fact) => !claimsOf(revision).includes(fact));
      const wanted = inherited
        .map(({ pointer }) => pointer)
        .filter((pointer) => unread.some((part) => `${pointer}/`.startsWith(`${part}/`)));
      expect(marked).toEqual(wanted);
      expect(marked.length > 0).toBe(read !== "A");
    }
  });

  it("is told with each fact, and so is the page that a fact is from", () => {
    const says = (date: string) => generateFacts(revisionOf(date).reference, JSON.stringify(revisionOf(date).bundle));
    expect(says("2025-10-23")).toContain(
      `"record.size": {"says":"Huawei Cloud's page of 2022-11-09, table 4, line 5; the later page was not read for it"`,
    );
    expect(says("2025-10-23")).toContain(
      `"query.begin_time": {"says":"Huawei Cloud's page of 2022-11-09, table 2, line 1",`,
    );
    expect(says("2025-10-23")).toContain(`"query.limit": {"says":"Huawei Cloud's page of 2025-10-23, table 2",`);
    expect(says("2025-03-17")).toContain(
      `"status.204": {"says":"Open Telekom Cloud's page of 2024-04-24, section Status codes, line 2",`,
    );
  });
});

// --- Mutations ---

type Node = Record<string, unknown>;

/** Whether a fault is found if a revision's file has this content. */
async function isCaught(revision: Revision, overlay: RevisionOverlay): Promise<boolean> {
  const { file, followed } = revision;
  const written = new BaseResolver();
  const original = (await followed.source.written.resolveDocument(null, file, true)) as Document;
  written.cache.set(file, Promise.resolve({ ...original, parsed: overlay }));
  try {
    const mutant = await applyRevision({ ...followed, source: { ...followed.source, written } }, file, overlay);
    return [...traceRevision(mutant), ...trace(mutant.bundle, mutant.reference)].length > 0;
  } catch (error) {
    if (error instanceof StageError) return true;
    throw error;
  }
}

/** Each overlay with one fault in an action: [what and where, the overlay]. Prose is free, as in the base. */
function* mutants({ actions, ...overlay }: RevisionOverlay): Generator<[string, RevisionOverlay]> {
  const withActions = (change: (actions: Node[]) => unknown): RevisionOverlay => {
    const copy = structuredClone(actions) as unknown as Node[];
    change(copy);
    return { ...overlay, actions: copy } as unknown as RevisionOverlay;
  };
  for (const [index, action] of actions.entries()) {
    yield [`action ${index} dropped`, withActions((all) => all.splice(index, 1))];
    yield [
      `action ${index} elsewhere`,
      withActions((all) => Object.assign(all[index] as Node, { target: `${action.target}.x` })),
    ];
    if (action.remove) {
      yield [
        `action ${index} that does not remove`,
        withActions((all) => Object.assign(all[index] as Node, { remove: false })),
      ];
    }
    for (const [position, id] of (action["x-facts"] ?? []).entries()) {
      const factsOf = (all: Node[]) => all[index]?.["x-facts"] as string[];
      yield [`${id} not named`, withActions((all) => factsOf(all).splice(position, 1))];
      yield [`${id} misnamed`, withActions((all) => factsOf(all).splice(position, 1, `${id}.x`))];
    }
    for (const path of places(action.update)) {
      const key = path.at(-1) as string;
      const parentIn = (all: Node[]) =>
        path.slice(0, -1).reduce<Node>((at, step) => at[step] as Node, all[index]?.update as Node);
      const value = parentIn(actions as unknown as Node[])[key];
      const isList = Array.isArray(parentIn(actions as unknown as Node[]));
      const name = `${index}/${path.join("/")}`;
      const mutate = (change: (parent: Node) => unknown) => withActions((all) => change(parentIn(all)));
      yield [
        `${name} dropped`,
        mutate((parent) => (Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key])),
      ];
      if (!isList) {
        yield [
          `${name} renamed`,
          mutate((parent) => {
            delete parent[key];
            parent[`${key}_x`] = value;
          }),
        ];
      }
      if (typeof value === "object" && value !== null) {
        yield [
          `${name} with more inside`,
          mutate((parent) =>
            Array.isArray(value)
              ? (parent[key] as unknown[]).push("x")
              : Object.assign(parent[key] as Node, { x: "x" }),
          ),
        ];
      } else {
        yield [
          `${name} changed`,
          mutate((parent) => Object.assign(parent, { [key]: typeof value === "number" ? value + 1 : `${value}x` })),
        ];
      }
    }
  }
}

function places(node: unknown, path: string[] = []): string[][] {
  if (path.at(-1) === "description" && typeof node === "string") return [];
  const inside = typeof node === "object" && node !== null ? Object.entries(node) : [];
  return [...(path.length > 0 ? [path] : []), ...inside.flatMap(([key, child]) => places(child, [...path, key]))];
}

describe("a fault in a revision's overlay", () => {
  it("is caught, whatever it is and wherever", async () => {
    const counts = new Map<string, number>();
    for (const revision of revisions) {
      expect(await isCaught(revision, revision.overlay), revision.folder).toBe(false);
      const missed: string[] = [];
      let count = 0;
      for (const [name, overlay] of mutants(revision.overlay)) {
        count += 1;
        if (!(await isCaught(revision, overlay))) missed.push(name);
      }
      expect(missed, revision.folder).toEqual([]);
      counts.set(dateOf(revision), count);
    }
    for (const [date, count] of counts) expect(count, date).toBeGreaterThan(5);
    if (process.env.PRINT_FIGURES) console.log(Object.fromEntries(counts));
  });

  it("is caught in the facts too: one that is missing, says something else, or is about nothing new", async () => {
    for (const revision of revisions) {
      for (const list of ["facts", "additions"] as const) {
        for (const [index, claim] of (revision.overlay["x-revision"][list] as Claim[]).entries()) {
          const at = `/x-revision/${list}/${index}`;
          const spoilt = [
            changed(revision.overlay, at, absent),
            changed(revision.overlay, `${at}/pointer`, "/openapi"),
            changed(revision.overlay, `${at}/pointer`, `${claim.pointer}/x`),
            changed(
              revision.overlay,
              `${at}/${claim.mentions ? "mentions" : "value"}`,
              claim.mentions ? ["x y z"] : { x: "x" },
            ),
          ];
          for (const overlay of spoilt) expect(await isCaught(revision, overlay), claim.id).toBe(true);
        }
      }
    }
  });

  it("is caught in a text that a fact reads", async () => {
    for (const revision of revisions) {
      for (const { pointer } of claimsOf(revision).filter(({ mentions }) => mentions)) {
        const mutant = { ...revision, bundle: changed(revision.bundle, pointer, "Something else.") };
        expect(trace(mutant.bundle, mutant.reference), pointer).not.toEqual([]);
      }
    }
  });
});

// --- Bad input ---

describe("a revision is refused", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "revisions-"));
    await cp(join(repository, "spec"), join(folder, "spec"), { recursive: true });
    process.chdir(folder);
  });
  afterEach(async () => {
    process.chdir(repository);
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => process.chdir(repository));

  const at = (date: string) => join(folder, `spec/revisions/${date}.yaml`);

  async function edit(date: string, from: string | RegExp, to: string) {
    const text = await readFile(at(date), "utf8");
    expect(text.replace(from, to)).not.toBe(text);
    await writeFile(at(date), text.replace(from, to));
  }

  /** The first fault, and the line that it names. */
  async function fault(): Promise<[message: string, line: string]> {
    try {
      const [base, revisions] = await read(join(folder, "spec/openapi.yaml"));
      for (const form of [base, ...revisions]) await traceContract(form);
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
      const [{ file, line = 0 } = { file: "" }] = error.problems;
      return [error.message.split("\n")[0] ?? "", (await readFile(file, "utf8")).split("\n")[line - 1]?.trim() ?? ""];
    }
    return ["", ""];
  }

  it("only for a reason", async () => {
    expect(await fault()).toEqual(["", ""]);
  });

  it.each<[string, () => Promise<unknown>, RegExp, string]>([
    [
      "if a target matches nothing",
      () => edit("2025-10-23", "$.components.parameters.Limit\n", "$.components.parameters.Limits\n"),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:5 {2}This target matches nothing in the contract of 2023-12-13\. .*\(revision\)$/,
      "- target: $.components.parameters.Limits",
    ],
    [
      "if a target is no JSONPath",
      () => edit("2025-10-23", "$.components.parameters.Limit\n", "$.components[\n"),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:5 {2}This target matches nothing /,
      "- target: $.components[",
    ],
    [
      "if it follows an unknown revision",
      () => edit("2024-04-24", 'follows: "2023-12-13"', 'follows: "2023-12-12"'),
      /^spec\/revisions\/2024-04-24\.yaml:\d+:3 {2}There is no revision of 2023-12-12\. Those are: 2022-11-09, 2023-12-13, .*\(revision\)$/,
      'follows: "2023-12-12"',
    ],
    [
      "if two follow each other",
      () => edit("2023-12-13", 'follows: "2022-11-09"', 'follows: "2024-04-24"'),
      /^spec\/revisions\/2023-12-13\.yaml:\d+:3 {2}This leads back to this revision itself\. {2}\(revision\)$/,
      'follows: "2024-04-24"',
    ],
    [
      "if it follows itself",
      () => edit("2023-12-13", 'follows: "2022-11-09"', 'follows: "2023-12-13"'),
      /^spec\/revisions\/2023-12-13\.yaml:\d+:3 {2}This leads back to this revision itself\. {2}\(revision\)$/,
      'follows: "2023-12-13"',
    ],
    [
      "if it follows a later one",
      () => edit("2024-04-24", 'follows: "2023-12-13"', 'follows: "2025-10-23"'),
      /^spec\/revisions\/2024-04-24\.yaml:\d+:3 {2}A revision follows an earlier one, but 2025-10-23 is not before 2024-04-24\. {2}\(revision\)$/,
      'follows: "2025-10-23"',
    ],
    [
      "if it changes nothing",
      () =>
        edit(
          "2025-03-17",
          /actions:[\s\S]*/,
          "actions:\n  - target: $.info\n    update: { title: DCS backup records }\n",
        ),
      /^spec\/revisions\/2025-03-17\.yaml:\d+:1 {2}This overlay changes nothing in the contract of 2024-04-24\. .*\(revision\)$/,
      "actions:",
    ],
    [
      "if it has no actions",
      () => edit("2025-03-17", /actions:[\s\S]*/, "actions: []\n"),
      /^spec\/revisions\/2025-03-17\.yaml:\d+:1 {2}This overlay changes nothing in the contract of 2024-04-24\. .*\(revision\)$/,
      "actions: []",
    ],
    [
      "if it has the date of the base",
      async () => {
        await rename(at("2025-03-17"), at("2022-11-09"));
        await edit("2022-11-09", 'revision: "2025-03-17"', 'revision: "2022-11-09"');
      },
      /^spec\/revisions\/2022-11-09\.yaml:\d+:5 {2}The contract itself is of 2022-11-09\. Two revisions cannot have the same date\. {2}\(revision\)$/,
      'revision: "2022-11-09"',
    ],
    [
      "if it has the date of another, and so not that of its name",
      () => edit("2025-03-17", 'revision: "2025-03-17"', 'revision: "2024-04-24"'),
      /^spec\/revisions\/2025-03-17\.yaml:\d+:5 {2}The page is of 2024-04-24, but the file is 2025-03-17\.yaml\. .*\(revision\)$/,
      'revision: "2024-04-24"',
    ],
    [
      "if it is no Overlay",
      () => edit("2025-03-17", "overlay: 1.0.0", "overlay: 2.0.0"),
      /^spec\/revisions\/2025-03-17\.yaml:\d+:1 {2}This is not an OpenAPI Overlay 1\.0\. {2}\(revision\)$/,
      "overlay: 2.0.0",
    ],
    [
      "without x-revision",
      () => edit("2025-03-17", "x-revision:", "x-revisions:"),
      /^spec\/revisions\/2025-03-17\.yaml:\d+:\d+ {2}Add x-revision: .*\(revision\)$/,
      "overlay: 1.0.0",
    ],
    [
      "without a publisher",
      () => edit("2025-03-17", "    publisher: Open Telekom Cloud\n", ""),
      /^spec\/revisions\/2025-03-17\.yaml:\d+:3 {2}The page has no publisher\. Add it\. {2}\(revision\)$/,
      "page:",
    ],
    [
      "if it does not say how well the page was read",
      () => edit("2025-03-17", "read: A", "read: well"),
      /^spec\/revisions\/2025-03-17\.yaml:\d+:1 {2}Say in read how well the page was read: .*\(revision\)$/,
      "x-revision:",
    ],
    [
      "if a part of the page was read, but nothing is unread",
      () => edit("2025-03-17", "read: A", "read: B"),
      /^spec\/revisions\/2025-03-17\.yaml:\d+:3 {2}List in unread what the page was not read for, .*\(revision\)$/,
      "read: B",
    ],
    [
      "if the whole page was read, but something is unread",
      () => edit("2025-10-23", "read: B", "read: A"),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:3 {2}List in unread what the page was not read for, .*\(revision\)$/,
      "read: A",
    ],
    [
      "if what is unread is nowhere",
      () => edit("2025-10-23", "    - /components/schemas\n", "    - /components/schema\n"),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:7 {2}The contract of 2023-12-13 has nothing at \/components\/schema\. .*\(revision\)$/,
      "- /components/schema",
    ],
    [
      "if it has no facts",
      () => edit("2025-03-17", "  facts:", "  factz:"),
      /^spec\/revisions\/2025-03-17\.yaml:\d+:1 {2}Add facts, a list of .*\(revision\)$/,
      "x-revision:",
    ],
    [
      "if nothing claims a difference",
      () =>
        edit("2025-10-23", "        default: 10\n", "        default: 10\n      style: form\n").then(() =>
          edit(
            "2025-10-23",
            "  - target: $.components.parameters.Limit",
            "  - target: $.tags[0]\n    x-facts: [permission]\n    update:\n      name: Backup\n  - target: $.components.parameters.Limit",
          ),
        ),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:7 {2}\/tags\/0\/name is not as in 2023-12-13, and no fact of this revision says so\. Add one\. {2}\(traceability\)$/,
      "name: Backup",
    ],
    [
      "if a fact says something else",
      () => edit("2025-10-23", "minimum: 1, maximum: 1000", "minimum: 1, maximum: 999"),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:\d+ {2}\/components\/parameters\/Limit\/schema\/maximum is 1000, but this entry says 999\. .*\(traceability\)$/,
      "schema: { type: integer, format: int32, minimum: 1, maximum: 999, default: 10 }",
    ],
    [
      "if a fact is about what was so before",
      () =>
        edit(
          "2025-10-23",
          "  additions:\n",
          "  additions:\n    - { id: old, pointer: /openapi, value: 3.0.3, reason: None. }\n",
        ),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:7 {2}\/openapi is as in 2023-12-13: old is inherited\. Remove it\. {2}\(traceability\)$/,
      "- { id: old, pointer: /openapi, value: 3.0.3, reason: None. }",
    ],
    [
      "if a fact has no pointer",
      () => edit("2025-10-23", "  additions:\n", "  additions:\n    - { id: lost }\n"),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:7 {2}This entry has no pointer\. .*\(traceability\)$/,
      "- { id: lost }",
    ],
    [
      "if a fact is nothing",
      () => edit("2025-10-23", "  additions:\n", "  additions:\n    -\n"),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:3 {2}This entry has no pointer\. .*\(traceability\)$/,
      "additions:",
    ],
    [
      "if an action rests on nothing",
      () => edit("2025-10-23", "    x-facts: [query.offset, remark.offset-default]\n", ""),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:7 {2}No action rests on query\.offset\. .*\(traceability\)$/,
      "- id: query.offset",
    ],
    [
      "if an action rests on an unknown fact",
      () => edit("2025-10-23", "x-facts: [query.offset, ", "x-facts: [query.offset, query.offsets, "),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:\d+ {2}This revision has no fact query\.offsets\. {2}\(traceability\)$/,
      "x-facts: [query.offset, query.offsets, remark.offset-default]",
    ],
    [
      "if an action rests on a fact about something else",
      () => edit("2025-10-23", "x-facts: [query.offset, ", "x-facts: [query.offset, query.limit, "),
      /^spec\/revisions\/2025-10-23\.yaml:\d+:\d+ {2}query\.limit is about another place\. {2}\(traceability\)$/,
      "x-facts: [query.offset, query.limit, remark.offset-default]",
    ],
  ])("%s", async (_what, spoil, message, line) => {
    await spoil();
    const [found, where] = await fault();
    expect(found).toMatch(message);
    expect(where).toBe(line);
  });

  it.each(["2025.yaml", "2025-03-17.yml", "2025-03-17", "more/2025-03-17.yaml", "newest.yaml"])(
    "if its file has another name: %s",
    async (name) => {
      const misnamed = join(folder, "spec/revisions", name);
      await mkdir(dirname(misnamed), { recursive: true });
      await rename(at("2025-03-17"), misnamed);
      const [message] = await fault();
      expect(message).toBe(
        `spec/revisions/${name}  Name this file after the date of the page, such as 2023-12-13.yaml.  (revision)`,
      );
    },
  );

  it.each<[string, string, string, string, RegExp]>([
    [
      "a bad example",
      "2023-12-13",
      '      execution_at: "2019-05-11T22:00:01.220Z"',
      "      execution_at: yesterday",
      /^spec\/revisions\/2023-12-13\.yaml:\d+:7 {2}Example value must conform .*\(no-invalid-media-type-examples\)$/,
    ],
    [
      "what Spectral refuses",
      "2025-10-23",
      "description: Number of records on each page, from 1 to 1000; 10 if it is left out.",
      "description: Number of records on each page, from 1 to 1000; 10 if it is left out",
      /^spec\/revisions\/2025-10-23\.yaml:\d+:7 {2}Description does not .*\(description-is-a-sentence\)$/,
    ],
    [
      "what Redocly refuses",
      "2023-12-13",
      "          rdb: An RDB file, a snapshot of the data.\n        example",
      "        example",
      /^spec\/revisions\/2023-12-13\.yaml:\d+:\d+ {2}Value "rdb" has no meaning in x-enumDescriptions\. {2}\(contract\/values-described\)$/,
    ],
  ])("by the build, with its own line, for %s", async (_what, date, from, to, message) => {
    const text = await readFile(at(date), "utf8");
    await writeFile(
      at(date),
      text.slice(0, text.indexOf("\nactions:")) + text.slice(text.indexOf("\nactions:")).replace(from, to),
    );
    expect(await readFile(at(date), "utf8")).not.toBe(text);
    const { code, stderr } = await new Surroundings().run(main, ["--root", "spec/openapi.yaml", "--out", "generated"]);
    expect(stderr.split("\n")[0]).toMatch(message);
    expect(code).toBe(1);
  });
});
