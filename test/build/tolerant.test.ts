// The tolerant form accepts every answer that any revision documents, and more. Requests stay as strict as in any revision.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { follow, type OpenApiDocument, type Schema } from "../../scripts/document.ts";
import { repository } from "../../scripts/repository.ts";
import { compileSchemas } from "../../scripts/schemas.ts";
import { openSource } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { checkExamples } from "../../scripts/stages/check-examples.ts";
import { baseForm, type Form, readRevisions } from "../../scripts/stages/revisions.ts";
import { deriveTolerant, rules } from "../../scripts/stages/tolerant.ts";
import { known, nodeAt } from "../document.ts";

let forms: Form[];
let tolerant: OpenApiDocument;
let folder: string;

async function read(root: string): Promise<[forms: Form[], tolerant: Form]> {
  const source = await openSource(root);
  const base = await baseForm(source, await bundleContract(source));
  const revisions = await readRevisions(base);
  return [[base, ...revisions], await deriveTolerant(base, revisions)];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tolerant-"));
  const [all, derived] = await read(join(repository, "spec/openapi.yaml"));
  forms = all;
  tolerant = derived.bundle;
  expect(forms.length).toBeGreaterThan(1);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const responses = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get/responses";
const answers = ["BackupRecordResponse", "ListBackupRecordsResponse", "ErrorResponse"];
const schemaOf = (document: OpenApiDocument, name: string) => known<Schema>(document, `/components/schemas/${name}`);
const fieldsOf = (document: OpenApiDocument, name: string) => Object.keys(schemaOf(document, name).properties ?? {});
const accepts = (document: OpenApiDocument, name: string, value: unknown) =>
  compileSchemas(document)(["components", "schemas", name], value).length === 0;

/** Every field of the answers: the schema that has it, and its name. */
const fields = () => answers.flatMap((schema) => fieldsOf(tolerant, schema).map((field) => [schema, field] as const));

describe("the rules of the tolerant form", () => {
  it("each have a name and a reason", () => {
    expect(rules.map(({ name }) => name)).toEqual(["open-values", "nullable-fields", "unbounded-errors"]);
    for (const { name, reason } of rules) expect(reason, name).toMatch(/^[A-Z].{20,}\.$/);
  });

  it("every-field: it has each field, status and component of every revision", () => {
    for (const { bundle, folder } of forms) {
      for (const schema of answers)
        expect(fieldsOf(tolerant, schema), folder).toEqual(expect.arrayContaining(fieldsOf(bundle, schema)));
      const statuses = Object.keys(known<object>(bundle, responses));
      expect(Object.keys(known<object>(tolerant, responses)), folder).toEqual(expect.arrayContaining(statuses));
      for (const [kind, named] of Object.entries(bundle.components)) {
        expect(Object.keys(tolerant.components[kind] ?? {}), folder).toEqual(
          expect.arrayContaining(Object.keys(named)),
        );
      }
    }
    const newest = forms.map(({ bundle }) => fieldsOf(bundle, "BackupRecordResponse").length);
    expect(fieldsOf(tolerant, "BackupRecordResponse").length).toBe(Math.max(...newest));
    expect(Object.keys(known<object>(tolerant, `${responses}`))).toEqual(["200", "204", "400", "500"]);
    expect(follow<object>(tolerant, `${responses}/204`).node).not.toHaveProperty("content");
  });

  it("every-field: it keeps what a later revision removes: a field, a value, a status", async () => {
    await cp(join(repository, "spec"), join(folder, "spec"), { recursive: true });
    const date = "2099-01-01";
    const text = await readFile(join(folder, "spec/revisions/2024-04-24.yaml"), "utf8");
    const targets = [
      "$.components.schemas.BackupRecordResponse.properties.remark",
      "$.components.schemas.BackupType.enum[1]",
      "$.components.schemas.BackupType['x-enumDescriptions'].auto",
      "$.paths[*].get.responses['204']",
    ];
    const actions = targets.map((target) => `  - target: ${target}\n    remove: true\n`).join("");
    const head = text.slice(0, text.indexOf("\nactions:")).replaceAll(/revision: "2024-04-24"/g, `revision: "${date}"`);
    const overlay = `${head.replace('follows: "2023-12-13"', 'follows: "2025-03-17"')}\nactions:\n${actions}`;
    await writeFile(join(folder, `spec/revisions/${date}.yaml`), overlay);
    const [later, { bundle }] = await read(join(folder, "spec/openapi.yaml"));
    const last = later.at(-1)?.bundle as OpenApiDocument;
    expect(fieldsOf(last, "BackupRecordResponse")).not.toContain("remark");
    expect(fieldsOf(bundle, "BackupRecordResponse")).toContain("remark");
    expect(schemaOf(last, "BackupType").enum).toEqual(["manual"]);
    expect(schemaOf(bundle, "BackupType")["x-extensible-enum"]).toEqual(["manual", "auto"]);
    expect(Object.keys(known<object>(last, responses))).not.toContain("204");
    expect(Object.keys(known<object>(bundle, responses))).toContain("204");
  });

  it("open-values: it lists the values of each enumeration of an answer, and accepts others", () => {
    const enumerations = new Map<string, readonly string[]>();
    for (const { bundle } of forms) {
      for (const [name, schema] of Object.entries(bundle.components.schemas ?? {})) {
        const { enum: values } = schema as Schema;
        if (values) enumerations.set(name, values);
      }
    }
    expect([...enumerations.keys()].sort()).toEqual(["BackupFormat", "BackupStatus", "BackupType", "RestoreSupport"]);
    for (const [name, values] of enumerations) {
      const schema = schemaOf(tolerant, name);
      expect(schema.enum, name).toBeUndefined();
      expect(schema["x-extensible-enum"], name).toEqual(values);
      expect(Object.keys(schema["x-enumDescriptions"] ?? {}), name).toEqual(values);
      for (const value of [...values, "unknown", ""]) expect(accepts(tolerant, name, value), value).toBe(true);
      expect(accepts(tolerant, name, 1), name).toBe(false);
    }
  });

  it("nullable-fields: it accepts null in each field of an answer, where no revision does in all", () => {
    for (const [schema, field] of fields()) expect(accepts(tolerant, schema, { [field]: null }), field).toBe(true);
    for (const { bundle, folder } of forms) {
      const refused = fields().filter(([schema, field]) => !accepts(bundle, schema, { [field]: null }));
      expect(refused.length, folder).toBeGreaterThan(10);
    }
    expect(accepts(tolerant, "ListBackupRecordsResponse", null)).toBe(false);
  });

  it("unbounded-errors: it accepts error fields of any length", () => {
    for (const length of [9, 10, 1024, 1025, 100_000]) {
      for (const field of fieldsOf(tolerant, "ErrorResponse")) {
        expect(accepts(tolerant, "ErrorResponse", { [field]: "x".repeat(length) }), `${field} ${length}`).toBe(true);
      }
    }
    expect(accepts(forms[0]?.bundle as OpenApiDocument, "ErrorResponse", { error_code: "APIGW.0301" })).toBe(false);
  });
});

describe("the tolerant form", () => {
  it("changes no bound of anything but an error", () => {
    const schema = { type: "string", maxLength: 3, minimum: 1 };
    const applied = (isError: boolean) =>
      rules.reduce<object>((changed, rule) => rule.apply(changed, { isField: false, isError }), schema);
    expect(applied(false)).toEqual(schema);
    expect(applied(true)).toEqual({ type: "string", minimum: 1 });
  });

  it("still refuses what no revision and no service has: another type, another shape", () => {
    for (const [schema, field] of fields()) {
      for (const value of [true, [1], { a: 1 }]) {
        expect(accepts(tolerant, schema, { [field]: value }), `${field} ${JSON.stringify(value)}`).toBe(false);
      }
    }
    expect(accepts(tolerant, "BackupRecordResponse", { execution_at: "yesterday" })).toBe(false);
  });

  it("accepts every example of an answer of every revision", async () => {
    const validate = compileSchemas(tolerant);
    for (const { bundle } of forms) {
      for (const [name, example] of Object.entries(bundle.components.examples ?? {})) {
        const { value } = example as { value: object };
        const schema = "error_code" in value ? "ErrorResponse" : "ListBackupRecordsResponse";
        expect(validate(["components", "schemas", schema], value), name).toEqual([]);
      }
    }
    const [, form] = await read(join(repository, "spec/openapi.yaml"));
    expect(await checkExamples(form.source, form.bundle)).toBeGreaterThan(0);
  });

  it("is strict with requests: what it accepts, every revision accepts", () => {
    const samples = [-1, 0, 1, 10, 1000, 1001, 2 ** 31, 0.5, null, true, "", "x", "20170718235959", "20171318235959"];
    const parameters = Object.keys(tolerant.components.parameters ?? {});
    const all = [...forms.map(({ bundle }) => bundle), tolerant];
    const verdicts = all.map((document) => {
      const validate = compileSchemas(document);
      return parameters.map((name) =>
        samples.map((value) => validate(["components", "parameters", name, "schema"], value).length === 0),
      );
    });
    const strict = verdicts.at(-1) as boolean[][];
    const wider = verdicts.map((verdict, form) =>
      strict.flatMap((row, name) =>
        row.filter((isAccepted, sample) => isAccepted && !verdict[name]?.[sample]).map(() => form),
      ),
    );
    expect(parameters.length).toBeGreaterThan(0);
    expect(wider.flat()).toEqual([]);
    const limits = strict[parameters.indexOf("Limit")] as boolean[];
    expect(samples.filter((_, index) => limits[index])).toEqual([1, 10, 1000]);
  });

  it("says what it is, and has a fact for each part of every revision", async () => {
    expect(tolerant.info.description).toMatch(/whichever revision/);
    const [, { reference }] = await read(join(repository, "spec/openapi.yaml"));
    const ids = reference?.facts.map(({ id }) => id) ?? [];
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toEqual(
      expect.arrayContaining(["record.execution_at", "status.204", "permission", "error.error_code"]),
    );
    for (const { pointer } of reference?.facts ?? []) expect(nodeAt(tolerant, pointer)).toBeDefined();
  });
});
