// `npm run compat`: each kind of change of the contract asks for its version, in a copy of what the command reads.

import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseYaml, stringifyYaml } from "@redocly/openapi-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Change, changesBetween } from "../../scripts/changes.ts";
import { faults, main, openRelease } from "../../scripts/compat.ts";
import { formatProblem } from "../../scripts/problem.ts";
import { repository } from "../../scripts/repository.ts";
import { absent, changed } from "../document.ts";
import { Surroundings } from "../surroundings.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "compat-"));
  vi.spyOn(process, "cwd").mockReturnValue(folder); // paths are told as seen from there
  // As if this contract were that of 0.1.0, whichever version it has now.
  const read = (name: string) => readFile(join(repository, name), "utf8");
  const contract = (await read(bundle)).replace(/^ {2}version: .+$/m, "  version: 0.1.0");
  const files = {
    [bundle]: contract,
    [released]: contract,
    [overrules]: (await read(overrules)).replace(/^once:[\s\S]*/m, "once: []\n"),
    "released/redocly.yaml": await read("released/redocly.yaml"),
    "package.json": '{\n  "version": "0.1.0"\n}\n',
    "CHANGELOG.md":
      "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- `x`\n\n## [0.1.0] - 2026-11-23\n\n- The contract.\n",
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const bundle = "generated/openapi.yaml";
const overrules = "released/overrules.yaml";
const released = "released/0.1.0/openapi.yaml";

async function edit(name: string, change: (text: string) => string) {
  const file = join(folder, name);
  const text = await readFile(file, "utf8");
  const edited = change(text);
  expect(edited, `${name} is edited`).not.toBe(text);
  await writeFile(file, edited);
}

/** A change of the contract: what is where then. */
type Edits = [pointer: string, value: unknown][];

const editBundle = (...edits: Edits) =>
  edit(bundle, (text) => {
    const document = edits.reduce((copy, [pointer, value]) => changed(copy, pointer, value), parseYaml(text) as object);
    return stringifyYaml(document, { noRefs: true, lineWidth: -1 });
  });

async function raise(version: string) {
  await edit("package.json", (text) => text.replace(/"version": ".+"/, `"version": "${version}"`));
  await editBundle(["/info/version", version]);
}

const announce = (entry: string) =>
  edit("CHANGELOG.md", (text) => text.replace("### Added\n\n", `### Added\n\n- ${entry}\n`));

const allow = (entry: object | null) =>
  edit(overrules, (text) => text.replace("once: []", `once:\n  - ${JSON.stringify(entry)}`));

const command = () => new Surroundings().run((_args, around) => main(around, folder), []);

/** What the command writes where it refuses, a line each. */
async function refused(): Promise<string[]> {
  const { code, stdout, stderr } = await command();
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  return stderr.trimEnd().split("\n");
}

async function changesNow(): Promise<Change[]> {
  const release = await openRelease(folder);
  return changesBetween(release, release.overrules);
}

/** What has to follow the changes, as the files are now; without another run of Redocly. */
async function missing(changes: Change[]): Promise<string[]> {
  return faults(await openRelease(folder), changes).map(formatProblem);
}

const list = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get";
const schemas = "/components/schemas";
const record = `${schemas}/BackupRecordResponse/properties`;
const parameters = "/components/parameters";
const sort = { name: "sort", in: "query", schema: { type: "string" } };
const values = ["waiting", "backuping", "succeed", "failed", "expired"];
const code = `${record}/error_code`;

interface Row {
  edits: Edits;
  /** The change in the report, as Redocly's diff and as we judge it. */
  name: string;
  tool: Change["asks"];
  asks: Change["asks"];
  /** What the changelog has to name. */
  calls: string;
}

const rows: Record<string, Row> = {
  "a value removed": {
    edits: [[`${schemas}/BackupStatus/enum`, values]],
    name: `modified Schema.enum #${schemas}/BackupStatus`,
    tool: "patch",
    asks: "major",
    calls: "status",
  },
  "a value added": {
    edits: [[`${schemas}/BackupStatus/enum/6`, "paused"]],
    name: `modified Schema.enum #${schemas}/BackupStatus`,
    tool: "major",
    asks: "major",
    calls: "BackupStatus",
  },
  "a field removed": {
    edits: [[`${record}/remark`, absent]],
    name: `removed Schema #${record}/remark`,
    tool: "major",
    asks: "major",
    calls: "remark",
  },
  "a field renamed": {
    edits: [
      [`${record}/remark`, absent],
      [`${record}/note`, { type: "string" }],
    ],
    name: `removed Schema #${record}/remark`,
    tool: "major",
    asks: "major",
    calls: "remark",
  },
  "a type changed": {
    edits: [[`${record}/size/type`, "string"]],
    name: `modified Schema.type #${record}/size`,
    tool: "major",
    asks: "major",
    calls: "size",
  },
  "a field that may be null": {
    edits: [[`${record}/remark/nullable`, true]],
    name: `added Schema.nullable #${record}/remark`,
    tool: "major",
    asks: "major",
    calls: "remark",
  },
  "a field that is null no longer": {
    edits: [[`${record}/period/nullable`, absent]],
    name: `removed Schema.nullable #${record}/period`,
    tool: "patch",
    asks: "major",
    calls: "period",
  },
  "a field required": {
    edits: [[`${schemas}/BackupRecordResponse/required`, ["size"]]],
    name: `added Schema.required #${schemas}/BackupRecordResponse`,
    tool: "patch",
    asks: "major",
    calls: "BackupRecordResponse",
  },
  "a maximum of an answer removed": {
    edits: [[`${schemas}/ErrorResponse/properties/error_code/maxLength`, absent]],
    name: `removed Schema.maxLength #${schemas}/ErrorResponse/properties/error_code`,
    tool: "major",
    asks: "major",
    calls: "error_code",
  },
  "a maximum of an answer lowered": {
    edits: [[`${schemas}/ErrorResponse/properties/error_code/maxLength`, 8]],
    name: `modified Schema.maxLength #${schemas}/ErrorResponse/properties/error_code`,
    tool: "patch",
    asks: "major",
    calls: "error_code",
  },
  "a required parameter added": {
    edits: [[`${list}/parameters/6`, { ...sort, required: true }]],
    name: `added Parameter #${list}/parameters/6`,
    tool: "major",
    asks: "major",
    calls: "sort",
  },
  "a parameter required": {
    edits: [[`${parameters}/BeginTime/required`, true]],
    name: `modified Parameter.required #${parameters}/BeginTime`,
    tool: "major",
    asks: "major",
    calls: "begin_time",
  },
  "a parameter removed": {
    edits: [[`${list}/parameters/2`, absent]],
    name: `removed Parameter #${list}/parameters/2`,
    tool: "major",
    asks: "major",
    calls: "begin_time",
  },
  "an optional parameter added": {
    edits: [[`${list}/parameters/6`, sort]],
    name: `added Parameter #${list}/parameters/6`,
    tool: "minor",
    asks: "minor",
    calls: "sort",
  },
  "a bound tightened": {
    edits: [[`${parameters}/Offset/schema/minimum`, 1]],
    name: `modified Schema.minimum #${parameters}/Offset/schema`,
    tool: "major",
    asks: "major",
    calls: "offset",
  },
  "a bound added": {
    edits: [[`${parameters}/Limit/schema/maximum`, 1000]],
    name: `added Schema.maximum #${parameters}/Limit/schema`,
    tool: "major",
    asks: "major",
    calls: "limit",
  },
  "a bound loosened": {
    edits: [[`${parameters}/Offset/schema/minimum`, absent]],
    name: `removed Schema.minimum #${parameters}/Offset/schema`,
    tool: "patch",
    asks: "minor",
    calls: "offset",
  },
  "a status added": {
    edits: [[`${list}/responses/204`, { description: "No backup records." }]],
    name: `added Response #${list}/responses/204`,
    tool: "minor",
    asks: "major",
    calls: "204",
  },
  "a media type added": {
    edits: [["/components/responses/BadRequest/content/text~1html", { schema: { type: "string" } }]],
    name: "added MediaType #/components/responses/BadRequest/content/text~1html",
    tool: "minor",
    asks: "major",
    calls: "400",
  },
  "a status removed": {
    edits: [[`${list}/responses/500`, absent]],
    name: `removed Response #${list}/responses/500`,
    tool: "major",
    asks: "major",
    calls: "500",
  },
  "an optional field added": {
    edits: [[`${record}/execution_at`, { type: "string", format: "date-time" }]],
    name: `added Schema #${record}/execution_at`,
    tool: "minor",
    asks: "minor",
    calls: "execution_at",
  },
  "a code documented": {
    edits: [[`${code}/x-enumDescriptions/dcs.08.0009`, "Another."]],
    name: `added SpecExtension.dcs.08.0009 #${code}/x-enumDescriptions`,
    tool: "patch",
    asks: "minor",
    calls: "dcs.08.0009",
  },
  "a code documented no longer": {
    edits: [[`${code}/x-enumDescriptions/dcs.08.0008`, absent]],
    name: `removed SpecExtension.dcs.08.0008 #${code}/x-enumDescriptions`,
    tool: "patch",
    asks: "major",
    calls: "dcs.08.0008",
  },
  "a schema renamed": {
    edits: [
      [`${record}/is_support_restore`, { $ref: `#${schemas}/Restorable` }],
      [`${schemas}/RestoreSupport`, absent],
      [`${schemas}/Restorable`, { type: "string", enum: ["TRUE", "FALSE"] }],
    ],
    name: `removed Schema #${schemas}/RestoreSupport`,
    tool: "patch",
    asks: "major",
    calls: "RestoreSupport",
  },
  "an example renamed": {
    edits: [
      ["/components/responses/BadRequest/content/application~1json/examples", absent],
      ["/components/examples/InvalidOffset", absent],
    ],
    name: "removed Example #/components/examples/InvalidOffset",
    tool: "patch",
    asks: "major",
    calls: "InvalidOffset",
  },
  "a default told": {
    edits: [[`${parameters}/Limit/schema/default`, 10]],
    name: `added Schema.default #${parameters}/Limit/schema`,
    tool: "patch",
    asks: "minor",
    calls: "limit",
  },
  "a parameter of the path renamed": {
    edits: [[`${parameters}/ProjectId/name`, "project"]],
    name: `modified Parameter.name #${parameters}/ProjectId`,
    tool: "patch",
    asks: "major",
    calls: "project",
  },
  "an operationId changed": {
    edits: [[`${list}/operationId`, "listRecords"]],
    name: `modified Operation.operationId #${list}`,
    tool: "major",
    asks: "major",
    calls: "operationId",
  },
  "a tag renamed": {
    edits: [[`${list}/tags`, ["Records"]]],
    name: `modified Operation.tags #${list}`,
    tool: "patch",
    asks: "major",
    calls: "tags",
  },
  "another default server": {
    edits: [["/servers/0/variables/dcs_endpoint/default", "dcs.example.com"]],
    name: "modified ServerVariable.default #/servers/0/variables/dcs_endpoint",
    tool: "patch",
    asks: "major",
    calls: "dcs_endpoint",
  },
  "a field deprecated": {
    edits: [[`${record}/remark/deprecated`, true]],
    name: `added Schema.deprecated #${record}/remark`,
    tool: "patch",
    asks: "minor",
    calls: "remark",
  },
};

const prose: Record<string, Omit<Row, "asks" | "calls">> = {
  "a field's text": {
    edits: [[`${record}/remark/description`, "A remark."]],
    name: `modified Schema.description #${record}/remark`,
    tool: "patch",
  },
  "a status's text": {
    edits: [["/components/responses/BadRequest/description", "Bad."]],
    name: "modified Response.description #/components/responses/BadRequest",
    tool: "patch",
  },
  "a value's text": {
    edits: [[`${schemas}/BackupStatus/x-enumDescriptions/failed`, "It failed."]],
    name: `modified SpecExtension.failed #${schemas}/BackupStatus/x-enumDescriptions`,
    tool: "patch",
  },
  "an example's value": {
    edits: [[`${parameters}/Limit/example`, 20]],
    name: `modified Parameter.example #${parameters}/Limit`,
    tool: "patch",
  },
  "one more example": {
    edits: [["/components/responses/BadRequest/content/application~1json/examples/Other", { value: {} }]],
    name: "added Example #/components/responses/BadRequest/content/application~1json/examples/Other",
    tool: "minor",
  },
  "a remark for tools": {
    edits: [[`${record}/remark/x-since`, "2023-12-13"]],
    name: `added Schema.x-since #${record}/remark`,
    tool: "patch",
  },
};

describe("the contract as it is", () => {
  it("follows its last release", async () => {
    const result = await new Surroundings().run((_args, around) => main(around), []);
    expect(result).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("a change of the contract", () => {
  it.each(Object.entries(rows))("asks for a version and an entry: %s", async (_what, row) => {
    const { edits, name, tool, asks, calls } = row;
    await editBundle(...edits);
    const changes = await changesNow();
    expect(changes).toContainEqual(expect.objectContaining({ name, tool, asks }));
    const lines = await missing(changes);
    const low = lines.find((line) => line.includes(`  ${name} is ${asks} and asks for `));
    expect(low).toMatch(/^(generated|released\/0\.1\.0)\/openapi\.yaml:[1-9]\d*:[1-9]\d* {2}/);
    expect(low).toContain(" asks for 0.2.0, but package.json has 0.1.0 and info.version has 0.1.0.");
    expect(lines).toContainEqual(expect.stringMatching(/^CHANGELOG\.md {2}No entry since 0\.1\.0 tells of "/));

    await raise("0.2.0");
    await announce(`The contract: \`${calls}\`; also \`note\`, \`format\`.`);
    expect(await missing(changes)).toEqual([]);
  });

  it("is only one of words, and asks for nothing", async () => {
    await editBundle(...Object.values(prose).flatMap(({ edits }) => edits));
    const changes = await changesNow();
    for (const { name, tool } of Object.values(prose)) {
      expect(changes).toContainEqual(expect.objectContaining({ name, tool, asks: "patch" }));
    }
    expect(changes).toHaveLength(Object.keys(prose).length);
    expect(await missing(changes)).toEqual([]);
  });

  it("is refused by the command, and passes with what it asks for", async () => {
    await editBundle(...both);
    const lines = await refused();
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^generated\/openapi\.yaml:\d+:\d+ {2}added Response .+\. .+ {2}\(compat\)$/);
    await raise("0.2.0");
    await announce("The contract has `execution_at` and `204`.");
    const { code, stdout } = await command();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^major {2}added Response #.+\nminor {2}added Schema #.+\n.+ 0\.1\.0: 2\. .+: 0\.2\.0\.\n$/);
  });
});

/** One that asks for a minor version, and one that breaks. */
const added: Edits = [[`${record}/execution_at`, { type: "string" }]];
const both: Edits = [...added, [`${list}/responses/204`, { description: "No backup records." }]];

describe("the version", () => {
  /** Makes another version the last release. */
  async function release(version: string) {
    await rename(join(folder, "released/0.1.0"), join(folder, "released", version));
    await edit(`released/${version}/openapi.yaml`, (text) => text.replace("version: 0.1.0", `version: ${version}`));
    await edit("CHANGELOG.md", (text) => text.replace("## [0.1.0]", `## [${version}]`));
    await raise(version);
    await announce("The contract: `execution_at`, `204`.");
  }

  it.each<[string, string, Edits, string, string[]]>([
    ["0.9.3", "a field", added, "0.10.0", ["0.9.4", "0.10.0", "1.0.0"]],
    ["0.9.3", "a status", both, "0.10.0", ["0.9.9", "0.10.0", "0.11.2"]],
    ["1.2.3", "a field", added, "1.3.0", ["1.2.4", "1.3.0", "2.0.0"]],
    ["1.2.3", "a status", both, "2.0.0", ["1.10.0", "2.0.0", "2.0.1"]],
    ["10.0.0", "a status", both, "11.0.0", ["9.12.0", "11.0.0", "100.0.0"]],
  ])("after %s and %s is raised as semver has it", async (last, _what, edits, wanted, [low = "", ...enough]) => {
    await release(last);
    await editBundle(...edits);
    const changes = await changesNow();
    expect((await missing(changes))[0]).toContain(` asks for ${wanted}, but package.json has ${last} and `);
    await raise(low);
    expect((await missing(changes))[0]).toContain(` asks for ${wanted}, but package.json has ${low} and `);
    for (const version of enough) {
      await raise(version);
      expect(await missing(changes)).toEqual([]);
    }
  });

  it("is raised in both places, as far as each change asks", async () => {
    await release("1.2.3");
    await editBundle(...both);
    const changes = await changesNow();
    await raise("2.0.0");
    await edit("package.json", (text) => text.replace('"2.0.0"', '"1.9.0"'));
    const told = " asks for 2.0.0, but package.json has 1.9.0. ";
    expect(await missing(changes)).toEqual([expect.stringContaining(told)]); // the field asks only for 1.3.0
  });

  it("is compared with the newest release", async () => {
    for (const version of ["0.10.0", "0.9.0"]) {
      await cp(join(folder, "released/0.1.0"), join(folder, "released", version), { recursive: true });
    }
    await edit("released/0.10.0/openapi.yaml", (text) => text.replace("version: 0.1.0", "version: 0.10.0"));
    await edit("CHANGELOG.md", (text) => text.replace("## [0.1.0]", "## [0.10.0]"));
    expect((await openRelease(folder)).last).toBe("0.10.0");
  });
});

describe("the changelog", () => {
  const untold = [
    expect.stringMatching(
      /^CHANGELOG\.md {2}No entry since 0\.1\.0 tells of "added Schema .+ names it: .+`execution_at`/,
    ),
  ];
  let changes: Change[];
  beforeEach(async () => {
    await editBundle(...added);
    await raise("0.2.0");
    changes = await changesNow();
  });

  it("is refused unless an entry of the contract names the change", async () => {
    expect(await missing(changes)).toEqual(untold);
    await announce("The contract has one more field.");
    await announce("The client reads `execution_at`.");
    await announce("The contract has `execution_at_end`.");
    expect(await missing(changes)).toEqual(untold);
    await announce("The contract has\n  `execution_at`.");
    expect(await missing(changes)).toEqual([]);
  });

  it("is refused if only an older release names it", async () => {
    await edit("CHANGELOG.md", (text) => `${text}\n- The contract has \`execution_at\`.\n`);
    expect(await missing(changes)).toEqual(untold);
  });

  it("may name it below the heading of the next release", async () => {
    const entry = "## [0.2.0] - 2026-12-01\n\n- The contract has `execution_at`.\n\n## [0.1.0]";
    await edit("CHANGELOG.md", (text) => text.replace("## [0.1.0]", entry));
    expect(await missing(changes)).toEqual([]);
  });
});

describe("overrules.yaml", () => {
  const change = `added Schema #${record}/execution_at`;
  const reason = "The service has always sent it.";

  it("has no standing entry that Redocly's verdict makes needless", async () => {
    const { standing } = parseYaml(await readFile(join(folder, overrules), "utf8")) as { standing: Entry[] };
    const judged = Object.values({ ...rows, ...prose }).map((row) => ({ asks: "patch", ...row }));
    for (const { change, tool, asks } of standing) {
      const fits = judged.filter(({ name }) => new RegExp(change).test(name) && tool !== asks);
      expect(fits, change).toContainEqual(expect.objectContaining({ tool, asks }));
    }
  });

  it("overrules a single change, with its reason", async () => {
    await editBundle(...added);
    await allow({ change, asks: "patch", reason });
    const changes = await changesNow();
    expect(await missing(changes)).toEqual([]);
    expect(changes).toMatchObject([
      { name: change, tool: "minor", asks: "patch", why: expect.stringContaining(reason) },
    ]);
  });

  it.each([
    ["its change is not there", () => {}, "patch"],
    ["it asks for the same as without it", () => editBundle(...added), "minor"],
  ])("is refused if an entry is stale: %s", async (_what, prepare, asks) => {
    await prepare();
    await allow({ change, asks, reason });
    expect(await refused()).toEqual([
      expect.stringMatching(/^released\/overrules\.yaml:\d+:\d+ {2}.+Remove this entry\./),
    ]);
  });

  it.each([
    ["no reason", { change, asks: "patch" }, "no reason"],
    ["an empty reason", { change, asks: "patch", reason: "" }, "no reason"],
    ["no change", { asks: "patch", reason }, "no change"],
    ["another impact", { change, asks: "none", reason }, '"asks" of this entry'],
    ["nothing", null, "no change"],
  ])("is refused if an entry has %s", async (_what, entry, told) => {
    await allow(entry);
    const lines = await refused();
    expect(lines).toEqual([expect.stringMatching(/^released\/overrules\.yaml:\d+:\d+ /)]);
    expect(lines).toEqual([expect.stringContaining(told)]);
  });

  it.each([
    ["a pattern that is none", "\\w+ \\w+\\.deprecated", "(", "Invalid regular expression"],
    ["no verdict of Redocly", "tool: minor", "tool: any", '"tool" of this entry'],
    ["no list", "once: []", "once: {}", '"once" is not a list'],
    ["no standing list", "standing:", "others:", '"standing" is not a list'],
  ])("is refused with %s", async (_what, text, other, told) => {
    await edit(overrules, (yaml) => yaml.replace(text, other));
    const lines = await refused();
    expect(lines).toEqual([expect.stringMatching(/^released\/overrules\.yaml:\d+:\d+ /)]);
    expect(lines).toEqual([expect.stringContaining(told)]);
  });

  interface Entry {
    change: string;
    tool: string;
    asks: string;
  }
});

describe("bad input is told in one line:", () => {
  const remove = (name: string) => rm(join(folder, name), { recursive: true });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ["no released/", () => remove("released"), /^released {2}There is no release here/],
    ["no release", () => remove("released/0.1.0"), /^released {2}There is no release here/],
    ["a release without its contract", () => remove(released), /^released\/0\.1\.0\/openapi\.yaml {2}ENOENT/],
    ["no contract", () => remove(bundle), /^generated\/openapi\.yaml {2}ENOENT/],
    ["no package.json", () => remove("package.json"), /^package\.json {2}ENOENT/],
    ["no changelog", () => remove("CHANGELOG.md"), /^CHANGELOG\.md {2}.*\[0\.1\.0\]/],
    ["no overrules.yaml", () => remove(overrules), /^released\/overrules\.yaml {2}ENOENT/],
    ["broken YAML", () => edit(bundle, () => "a: ["), /^generated\/openapi\.yaml:\d+:\d+ {2}This is not YAML/],
    ["an empty release", () => edit(released, () => ""), /^released\/0\.1\.0\/openapi\.yaml:1:1 /],
    [
      "another release in the folder",
      () => edit(released, (text) => text.replace("version: 0.1.0", "version: 0.1.1")),
      /^released\/0\.1\.0\/openapi\.yaml {2}This is 0\.1\.1, in the folder of 0\.1\.0\./,
    ],
    [
      "no version",
      () => edit("package.json", (text) => text.replace('"version": "0.1.0"', '"version": "next"')),
      /^package\.json {2}The version next is not x\.y\.z\./,
    ],
    [
      "a reference that leads nowhere",
      () => edit(bundle, (text) => text.replace("#/components/schemas/BackupType", "#/components/schemas/None")),
      /^generated\/openapi\.yaml {2}Redocly cannot compare this: Can't resolve \$ref/,
    ],
    [
      "no OpenAPI",
      () => edit(bundle, () => "info: { version: 0.1.0 }\n"),
      /^generated\/openapi\.yaml {2}Redocly cannot compare this: Unsupported specification/,
    ],
  ])("%s", async (_what, spoil, told) => {
    await spoil();
    expect(await refused()).toEqual([expect.stringMatching(told)]);
  });
});
