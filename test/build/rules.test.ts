// Each of this repository's own rules finds the fault that it is for. (test/spec and test/build/drift.test.ts show that they
// are silent on the contract itself.)

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lintFromString, parseYaml } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpenApiDocument } from "../../scripts/document.ts";
import { StageError } from "../../scripts/problem.ts";
import { repository } from "../../scripts/repository.ts";
import { type ContractSource, openSource } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { checkExamples } from "../../scripts/stages/check-examples.ts";
import { lintBundle } from "../../scripts/stages/lint-bundle.ts";
import { lintSource } from "../../scripts/stages/lint-source.ts";
import { absent, changed, known } from "../document.ts";

let folder: string;
let source: ContractSource;
let bundle: OpenApiDocument;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rules-"));
  source = await openSource(join(repository, "spec/openapi.yaml"));
  bundle = await bundleContract(source);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The rules that a stage reports. */
async function broken(stage: () => Promise<unknown>): Promise<string[]> {
  try {
    await stage();
    return [];
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    return [...new Set(error.problems.map(({ rule }) => rule))];
  }
}

/** A fault, and the change that causes it. */
type Case = [what: string, pointer: string, value: unknown];

describe("a rule of .spectral.yaml", () => {
  const record = "/components/schemas/BackupRecordResponse/properties";
  const time = "/components/parameters/EndTime/schema";
  const cases: Record<string, Case[]> = {
    "component-name-pascal-case": [["a component called backupId", "/components/schemas/backupId", { type: "string" }]],
    "parameter-name-snake-case": [["beginTime", "/components/parameters/BeginTime/name", "beginTime"]],
    "property-name-snake-case": [["backupId", `${record}/backupId`, { type: "string", description: "An ID." }]],
    "property-described": [
      ["a property without a description", `${record}/size/description`, absent],
      ["a property inside a property", `${record}/size/properties`, { later: { type: "string" } }],
    ],
    "description-is-a-sentence": [
      ["a description without a full stop", "/components/schemas/BackupType/description", "Who started the backup"],
      ["a description in lower case", "/components/schemas/BackupType/description", "who started the backup."],
    ],
    "object-open": [
      ["a closed object", "/components/schemas/ErrorResponse/additionalProperties", false],
      ["a closed object inside", `${record}/remark`, { type: "object", additionalProperties: false }],
    ],
    "enum-of-strings": [
      ["booleans", "/components/schemas/RestoreSupport/enum", [true, false]],
      ["no type", "/components/schemas/RestoreSupport/type", absent],
    ],
    "integer-has-width": [
      ["a property without a format", `${record}/size/format`, absent],
      ["a parameter with another format", "/components/parameters/Limit/schema/format", "int16"],
    ],
    "pattern-portable": [
      ["\\d", `${time}/pattern`, "^\\d{14}$"],
      ["lookaround", `${time}/pattern`, "^(?=2)[0-9]{14}$"],
      ["no anchor", `${time}/pattern`, "[0-9]{14}"],
    ],
  };

  it("has a case here, each of them, beside all of Spectral's own", async () => {
    const ruleset = parseYaml(await readFile(join(repository, ".spectral.yaml"), "utf8")) as Record<string, object>;
    expect(ruleset.extends).toEqual([["spectral:oas", "all"]]);
    const { rules = {} } = ruleset;
    const off = Object.keys(rules).filter((name) => rules[name as keyof typeof rules] === "off");
    expect(off).toEqual(["contact-properties"]);
    expect([...Object.keys(cases), ...off].sort()).toEqual(Object.keys(rules).sort());
  });

  it.each(Object.entries(cases).flatMap(([rule, list]) => list.map((fault) => [rule, ...fault] as const)))(
    "%s refuses %s",
    async (rule, _what, pointer, value) => {
      expect(await broken(() => lintBundle(source, changed(bundle, pointer, value)))).toContain(rule);
    },
  );
});

describe("a rule of redocly.yaml", () => {
  const operation = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get";
  const page = "/components/responses/BackupRecordsPage/content";
  const at = (path: string) => ({ [path]: known<object>(bundle, dirname(operation)) });
  const array = { type: "array", items: { type: "string" } };
  const cases: Record<string, () => [pointer: string, value: unknown]> = {
    "array-parameter-serialization": () => ["/components/parameters/Limit/schema", array],
    "boolean-parameter-prefixes": () => ["/components/parameters/Limit/schema", { type: "boolean" }],
    "info-contact": () => ["/info/contact", absent],
    "no-http-verbs-in-paths": () => ["/paths", at("/v2/{project_id}/instances/{instance_id}/get-backups")],
    "operation-description": () => [`${operation}/description`, absent],
    "operation-singular-tag": () => [`${operation}/tags`, ["Backups", "Backups"]],
    "operation-tag-defined": () => [`${operation}/tags`, ["Restores"]],
    "parameter-description": () => ["/components/parameters/Limit/description", absent],
    "path-params-defined": () => [`${operation}/parameters/0`, absent],
    "path-segment-plural": () => ["/paths", at("/v2/{project_id}/instance/{instance_id}/backups")],
    "response-mime-type": () => [page, { "text/plain": known(bundle, `${page}/application~1json`) }],
    "scalar-property-missing-example": () => [
      "/components/schemas/BackupRecordResponse/properties/size/example",
      absent,
    ],
    "spec-example-values": () => ["/components/examples/NoBackups/externalValue", "package.json"],
    "spec-strict-refs": () => ["/info/contact", { $ref: "#/info/license" }],
    "tags-alphabetical": () => ["/tags", [{ name: "Restores" }, { name: "Backups" }]],
    // Of the preset:
    "operation-operationId": () => [`${operation}/operationId`, absent],
    "security-defined": () => ["/security", absent],
  };
  /** Their fault is in the files, not in a bundle of them. */
  const ofFiles = ["component-name-unique", "contract/values-described"];

  it("has a case here or below, each of them, and is an error", async () => {
    const { rules, ...rest } = parseYaml(await readFile(join(repository, "redocly.yaml"), "utf8")) as {
      rules: Record<string, string | { severity: string }>;
      extends: string[];
      oas3_0Rules: object;
    };
    expect(rest.extends).toEqual(["recommended-strict"]);
    expect(rest.oas3_0Rules).toEqual({ "info-contact": "error" });
    expect(Object.keys({ ...cases, ...Object.fromEntries(ofFiles.map((rule) => [rule, 0])) })).toEqual(
      expect.arrayContaining(Object.keys(rules)),
    );
    const severities = Object.values(rules).map((rule) => (typeof rule === "string" ? rule : rule.severity));
    expect(new Set(severities)).toEqual(new Set(["error"]));
  });

  it.each(Object.entries(cases))("%s turns red", async (rule, fault) => {
    const [pointer, value] = fault();
    const document = JSON.stringify(changed(bundle, pointer, value));
    const found = await lintFromString({ source: document, config: source.config });
    expect(found.map(({ ruleId }) => ruleId)).toContain(rule);
  });

  it("component-name-unique turns red", async () => {
    const spec = join(folder, "unique");
    await cp(join(repository, "spec"), spec, { recursive: true });
    const schemas = join(spec, "components/schemas");
    await cp(join(schemas, "BackupType.yaml"), join(schemas, "other/BackupType.yaml"));
    const record = join(schemas, "BackupRecordResponse.yaml");
    const content = await readFile(record, "utf8");
    await writeFile(record, content.replace("backup_name:", "other:\n    $ref: other/BackupType.yaml\n  backup_name:"));
    const changed = await openSource(join(spec, "openapi.yaml"));
    expect(await broken(() => lintSource(changed))).toContain("component-name-unique");
  });
});

describe("a rule of scripts/redocly-plugin.ts", () => {
  it.each([
    ["a value without a meaning", "BackupType", "  - auto\n", "  - auto\n  - weekly\n"],
    ["a meaning without a value", "BackupType", "  auto: Auto", "  weekly: Never.\n  auto: Auto"],
    ["no meanings at all", "BackupStatus", /x-enumDescriptions:\n( {2}.*\n)+/, ""],
    [
      "an open value without a meaning",
      "BackupRecordResponse",
      "      - dcs.08.0008\n",
      "      - dcs.08.0008\n      - dcs.08.0009\n",
    ],
  ])("contract/values-described refuses %s", async (_what, schema, text, replacement) => {
    const spec = join(folder, "spec");
    await cp(join(repository, "spec"), spec, { recursive: true });
    const file = join(spec, "components/schemas", `${schema}.yaml`);
    const content = await readFile(file, "utf8");
    expect(content.replace(text, replacement)).not.toBe(content);
    await writeFile(file, content.replace(text, replacement));
    const changed = await openSource(join(spec, "openapi.yaml"));
    expect(await broken(() => lintSource(changed))).toEqual(["contract/values-described"]);
    await writeFile(file, content);
    const fixed = await openSource(join(spec, "openapi.yaml"));
    expect(await broken(() => lintSource(fixed))).toEqual([]);
  });
});

describe("the check of examples", () => {
  const record = "/components/schemas/BackupRecordResponse/properties";
  const records = "/components/examples/EveryStatus/value/backup_record_response";
  it.each<Case>([
    ["a property's example of another type", `${record}/size/example`, "880232"],
    ["a property's example in another format", `${record}/created_at/example`, "2019-05-10 08:31:16"],
    ["one too wide for int32", "/components/schemas/ListBackupRecordsResponse/properties/total_num/example", 2 ** 31],
    ["one too long", "/components/schemas/ErrorResponse/properties/error_code/example", "DCS.480000"],
    ["an enumeration's example that is not one of its values", "/components/schemas/BackupType/example", "weekly"],
    ["null in a field that is not nullable", `${record}/remark/example`, null],
    ["a parameter's example", "/components/parameters/BeginTime/example", "20171318235959"],
    ["a parameter's default", "/components/parameters/Offset/schema/default", -1],
    ["a named example deep inside", `${records}/3/status`, "broken"],
    ["a named error", "/components/examples/InvalidOffset/value/error_code", 4800],
  ])("refuses %s", async (_what, pointer, value) => {
    expect(await broken(() => checkExamples(source, bundle))).toEqual([]);
    expect(await broken(() => checkExamples(source, changed(bundle, pointer, value)))).toEqual(["example"]);
  });

  it("names the fault, and its place in the hand-written files", async () => {
    await expect(checkExamples(source, changed(bundle, `${records}/3/size`, -0.5))).rejects.toThrow(
      /spec\/components\/examples\/EveryStatus\.yaml:\d+:7 {2}The example violates its schema at \/backup_record_response\/3\/size: it must be integer\. {2}\(example\)/,
    );
  });

  it("rejects a contract without an example", async () => {
    const bare = JSON.parse(JSON.stringify(bundle, (key, value) => (/^examples?$/.test(key) ? undefined : value)));
    expect(await broken(() => checkExamples(source, bare))).toEqual(["example"]);
  });
});
