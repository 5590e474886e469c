// The bundles in OpenAPI 3.1 and 3.0 mean the same: they accept and reject the same values.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Path } from "../../scripts/pointer.ts";
import { repository } from "../../scripts/repository.ts";
import { compileSchemas, type Validate } from "../../scripts/schemas.ts";
import { derive31 } from "../../scripts/stages/derive-31.ts";

const versions = ["openapi", "openapi-3.1"] as const;
let validators: Record<(typeof versions)[number], Validate>;

const read = (name: string) => readFile(join(repository, "generated", name), "utf8");

beforeAll(async () => {
  const [v30, v31] = await Promise.all(versions.map(async (name) => JSON.parse(await read(`${name}.json`))));
  validators = { openapi: compileSchemas(v30), "openapi-3.1": compileSchemas(v31) };
});

/** Whether the two versions accept a value; fails if they differ. */
function accepted(path: Path, value: unknown): boolean {
  const [v30, v31] = versions.map((version) => validators[version](path, value).length === 0);
  expect(v31, `3.1 ${v31 ? "accepts" : "refuses"} ${JSON.stringify(value)}, 3.0 does not`).toBe(v30);
  return v30 === true;
}

const schema = (name: string, ...path: string[]) => ["components", "schemas", name, ...path];
const parameter = (name: string) => ["components", "parameters", name, "schema"];
const inRecord = (property: string) => schema("BackupRecordResponse", "properties", property);
const inError = (property: string) => schema("ErrorResponse", "properties", property);

describe("3.0 and 3.1", () => {
  it.each<[Path, unknown[], unknown[]]>([
    [parameter("ProjectId"), ["p", ""], [1, null]],
    [parameter("InstanceId"), ["i", ""], [1, null]],
    [parameter("BeginTime"), ["20170718235959"], ["2017071823595", "20171318235959", 20170718235959, null]],
    [parameter("EndTime"), ["20170718235959"], ["2017071823595", "20170718245959", null]],
    [parameter("Limit"), [0, -1, 2 ** 31 - 1], [1.5, 2 ** 31, "10", null]],
    [parameter("Offset"), [0, 2 ** 31 - 1], [-1, 0.5, 2 ** 31, null]],
    [inRecord("backup_id"), ["x"], [1, null, {}]],
    [inRecord("period"), ["22:00-23:00", null], [1, {}, []]],
    [inRecord("size"), [0, 2 ** 40, -1], [0.5, "1", null]],
    [inRecord("created_at"), ["2019-05-10T08:31:16.166Z", "2019-05-10T08:31:16+08:00"], ["2019-05-10", "", null]],
    [inRecord("updated_at"), ["2019-05-10T08:32:30Z"], ["2019-13-10T08:32:30Z", 1, null]],
    [inRecord("progress"), ["100.00", ""], [100, null]],
    [inRecord("error_code"), ["dcs.08.0001", "dcs.99.9999", null], [1, {}]],
    [schema("BackupType"), ["manual", "auto"], ["Manual", "", null]],
    [schema("BackupStatus"), ["waiting", "deleted"], ["succeeded", 1, null]],
    [schema("RestoreSupport"), ["TRUE", "FALSE"], [true, "true", null]],
    [inError("error_msg"), ["x".repeat(1024)], ["x".repeat(1025), null]],
    [inError("error_code"), ["x".repeat(9)], ["x".repeat(10), null]],
    [inError("error_ext_msg"), ["x".repeat(1024), null], ["x".repeat(1025), 1]],
    [schema("ErrorResponse"), [{}, { later: 1 }, { error_code: "DCS.4800" }], [[], null, { error_code: 1 }]],
    [
      schema("ListBackupRecordsResponse"),
      [{}, { total_num: 0, backup_record_response: [] }, { backup_record_response: [{}, { later: true }] }],
      [null, { total_num: "1" }, { backup_record_response: {} }, { backup_record_response: [{ size: "1" }] }],
    ],
    [
      schema("BackupRecordResponse"),
      [{}, { period: null, error_code: null }, { status: "failed", error_code: "dcs.08.0002" }],
      [{ period: {} }, { status: "unknown" }, { backup_id: null }, { is_support_restore: true }],
    ],
  ])("agree on %j", (path, right, wrong) => {
    for (const value of right) expect(accepted(path, value), JSON.stringify(value)).toBe(true);
    for (const value of wrong) expect(accepted(path, value), JSON.stringify(value)).toBe(false);
  });

  it("both pass Redocly's rules, as bundles", async () => {
    const config = await createConfig({ extends: ["recommended-strict"] });
    for (const version of versions) {
      expect(await lintFromString({ source: await read(`${version}.yaml`), config })).toEqual([]);
    }
  });

  it("keep named examples, even one called default", () => {
    const examples = { default: { value: "a" }, other: { value: "b" } };
    const parameter = { name: "x", in: "query", schema: { type: "string" }, examples };
    const document = { openapi: "3.0.3", components: { parameters: { X: parameter } } };
    expect(derive31(document as never).components.parameters?.X).toEqual(parameter);
  });

  it.each(versions)("say the same as YAML and as JSON: %s", async (version) => {
    const { parseYaml } = await import("@redocly/openapi-core");
    expect(parseYaml(await read(`${version}.yaml`))).toEqual(JSON.parse(await read(`${version}.json`)));
  });

  it("differ only in their version and in how a schema writes null and its example", async () => {
    const [v30, v31] = await Promise.all(versions.map(async (version) => JSON.parse(await read(`${version}.json`))));
    expect([v30.openapi, v31.openapi]).toEqual(["3.0.3", "3.1.1"]);
    const asWritten = (node: unknown): unknown => {
      if (typeof node !== "object" || node === null || Array.isArray(node)) return node;
      const { type, examples, ...rest } = node as { type?: unknown; examples?: unknown };
      const children = Object.fromEntries(Object.entries(rest).map(([key, child]) => [key, asWritten(child)]));
      if (Array.isArray(type)) Object.assign(children, { type: type[0], nullable: true });
      else if (type !== undefined) children.type = asWritten(type);
      if (Array.isArray(examples)) children.example = examples[0];
      else if (examples) children.examples = asWritten(examples);
      return children;
    };
    expect({ ...(asWritten(v31) as object), openapi: v30.openapi }).toEqual(v30);
  });
});
