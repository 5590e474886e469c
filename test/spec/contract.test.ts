// Promises of the contract beyond its shape: no linter findings, valid examples, real times.

import { readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { OpenApiDocument } from "../../scripts/document.ts";
import { repository } from "../../scripts/repository.ts";
import { compileSchemas, type Validate } from "../../scripts/schemas.ts";
import { type ContractSource, contractFiles, openSource } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { checkExamples } from "../../scripts/stages/check-examples.ts";
import { lintSource } from "../../scripts/stages/lint-source.ts";
import { known } from "../document.ts";

let source: ContractSource;
let bundle: OpenApiDocument;
let validate: Validate;

beforeAll(async () => {
  source = await openSource(join(repository, "spec/openapi.yaml"));
  bundle = await bundleContract(source);
  validate = compileSchemas(bundle);
});

describe("the contract", () => {
  it("has no Redocly finding in any of its files", async () => {
    expect(await lintSource(source)).toBe((await contractFiles(source.root)).length);
  });

  it("has only examples that conform to their schemas", async () => {
    expect(await checkExamples(source, bundle)).toBeGreaterThan(0);
  });

  it("has one file per component and per path, each named after it", async () => {
    const folder = join(repository, "spec");
    const files = (await contractFiles(join(folder, "openapi.yaml"))).map((file) => relative(folder, file).split(sep));
    const components = Object.entries(bundle.components).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => ["components", kind, `${name}.yaml`]),
    );
    const paths = Object.keys(bundle.paths).map((path) => ["paths", `${path.slice(1).replaceAll("/", "_")}.yaml`]);
    expect(files.sort()).toEqual([["openapi.yaml"], ...components, ...paths].sort());
  });

  it("has the version of the package", async () => {
    const { version } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    expect(bundle.info.version).toBe(version);
  });
});

describe("a time of the query", () => {
  const accepted = "20170718235959";
  it.each([
    ["13 digits", "2017071823595"],
    ["15 digits", "201707182359590"],
    ["month 00", "20170018235959"],
    ["month 13", "20171318235959"],
    ["day 00", "20170700235959"],
    ["day 32", "20170732235959"],
    ["hour 24", "20170718245959"],
    ["minute 60", "20170718236059"],
    ["second 60", "20170718235960"],
    ["a letter", "2017071823595x"],
    ["digits that are not ASCII", "2017071823595\u0669"],
    ["a sign", "+0170718235959"],
    ["ISO 8601", "2017-07-18T23:59:59Z"],
    ["something before it", `x${accepted}`],
    ["something after it", `${accepted}x`],
    ["nothing", ""],
  ])("is refused for %s", (_fault, time) => {
    for (const name of ["BeginTime", "EndTime"]) {
      expect(validate(["components", "parameters", name, "schema"], accepted)).toEqual([]);
      expect(validate(["components", "parameters", name, "schema"], time)).not.toEqual([]);
    }
  });

  it.each(["00000101000000", "20000229000000", "20171231235959", "99991231235959"])("is accepted: %s", (time) => {
    expect(validate(["components", "parameters", "BeginTime", "schema"], time)).toEqual([]);
  });
});

describe("the example with every status", () => {
  const example = () => known<PageExample>(bundle, "/components/examples/EveryStatus/value");
  interface PageExample {
    total_num: number;
    backup_record_response: Record<string, string | number | null>[];
  }
  const values = (schema: string) => known<string[]>(bundle, `/components/schemas/${schema}/enum`);
  const properties = "/components/schemas/BackupRecordResponse/properties";

  it.each([
    ["status", "BackupStatus"],
    ["backup_type", "BackupType"],
    ["is_support_restore", "RestoreSupport"],
  ])("has every %s", (property, schema) => {
    const found = example().backup_record_response.map((record) => record[property]);
    expect(new Set(found)).toEqual(new Set(values(schema)));
  });

  it("has every property in every record, except the end of a running backup, and counts its records", () => {
    const all = Object.keys(known<object>(bundle, properties)).sort();
    expect(example().total_num).toBe(example().backup_record_response.length);
    for (const found of example().backup_record_response) {
      const goesOn = ["waiting", "backuping"].includes(String(found.status));
      const expected = goesOn ? all.filter((name) => name !== "updated_at") : all;
      expect(Object.keys(found).sort()).toEqual(expected);
    }
  });

  it("has a documented error code in each failed backup, and only there", () => {
    const documented = known<string[]>(bundle, `${properties}/error_code/x-extensible-enum`);
    for (const { status, error_code } of example().backup_record_response) {
      if (status === "failed") expect(documented).toContain(error_code);
      else expect(error_code).toBeNull();
    }
  });

  it("has a size of more than 32 bits", () => {
    expect(Math.max(...example().backup_record_response.map(({ size }) => Number(size)))).toBeGreaterThan(2 ** 32);
  });
});
