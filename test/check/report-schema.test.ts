// The published JSON Schema of the report: real reports match it, spoiled ones do not, and it agrees with the type.

import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import type { Report } from "../../src/check/index.ts";
import { makeReports } from "./reports.ts";

let reports: Awaited<ReturnType<typeof makeReports>>;
beforeAll(async () => {
  reports = await makeReports();
});

describe("the schema of the report", () => {
  const schema = createRequire(import.meta.url)("dcs-backup-records/check-report.schema.json");
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  const errorsOf = (report: unknown) => {
    validate(report);
    return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
  };

  it("accepts each real report", () => {
    for (const [name, report] of Object.entries(reports)) expect(errorsOf(report), name).toEqual([]);
  });

  it.each<[string, (report: Report) => void]>([
    [" required", (report) => delete (report as Partial<Report>).ok],
    [" additionalProperties", (report) => Object.assign(report, { token: "x" })],
    ["/outcome enum", (report) => Object.assign(report, { outcome: "passed" })],
    ["/startedAt format", (report) => Object.assign(report, { startedAt: "today" })],
    ["/durationMs type", (report) => Object.assign(report, { durationMs: 0.5 })],
    ["/summary/passed minimum", ({ summary }) => Object.assign(summary, { passed: -1 })],
    ["/summary required", ({ summary }) => delete (summary as Partial<typeof summary>).warned],
    ["/rules/0/result enum", ({ rules }) => Object.assign(rules[0] as object, { result: "ok" })],
    ["/findings/0/severity enum", ({ findings }) => Object.assign(findings[0] as object, { severity: "info" })],
    ["/findings/0/pointer type", ({ findings }) => Object.assign(findings[0] as object, { pointer: null })],
    ["/findings/0/contract/line minimum", ({ findings }) => Object.assign(findings[0]?.contract ?? {}, { line: 0 })],
    ["/coverage required", ({ coverage }) => delete (coverage as Partial<NonNullable<typeof coverage>>).of],
    ["/coverage/percent maximum", ({ coverage }) => Object.assign(coverage ?? {}, { percent: 101 })],
    ["/coverage/neverSeen/0/id type", ({ coverage }) => Object.assign(coverage?.neverSeen[0] ?? {}, { id: 1 })],
    ["/coverage/outOfReach/0/what type", ({ coverage }) => Object.assign(coverage?.outOfReach[0] ?? {}, { what: 1 })],
    ["/findings/0 additionalProperties", ({ findings }) => Object.assign(findings[0] as object, { secret: "x" })],
    ["/scenarios/0/command type", ({ scenarios = [] }) => Object.assign(scenarios[0] as object, { command: 1 })],
    [
      "/scenarios/0/neverAsked required",
      ({ scenarios: [run] = [] }) => Object.assign(run ?? {}, { neverAsked: { count: 1 } }),
    ],
  ])("refuses a report that is spoiled: %s", (error, spoil) => {
    const report = structuredClone({ ...reports.departed, scenarios: reports.inScenario.scenarios });
    expect(errorsOf(report)).toEqual([]);
    spoil(report);
    expect(errorsOf(report)).toEqual([error]);
  });

  it("has the same fields as the type", () => {
    const file = join(repository, "src/check/model/report.ts");
    const { config } = ts.readConfigFile(join(repository, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [file] }, ts.sys, repository);
    const program = ts.createProgram([file], options);
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(file) as ts.SourceFile;
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol);
    const report = exported.find(({ name }) => name === "Report") as ts.Symbol;
    const shape = shapeOfType(checker, checker.getDeclaredTypeOfSymbol(report));
    expect(shape).toMatchObject({ ok: "boolean", findings: [{ severity: ["error", "warning"], "actual?": "string" }] });
    expect(shape).toEqual(shapeOfSchema(schema, schema));
  });
});

type Shape = string | { [field: string]: Shape } | Shape[];

/** Fields with a `?` where they may be missing; texts and numbers by their type, enumerations by their values. */
function shapeOfType(checker: ts.TypeChecker, type: ts.Type): Shape {
  if (type.flags & ts.TypeFlags.BooleanLike) return "boolean";
  if (type.isUnion()) {
    const values = type.types.filter((part) => !(part.flags & ts.TypeFlags.Undefined));
    if (values.length === 1) return shapeOfType(checker, values[0] as ts.Type);
    return values.map((value) => (value as ts.StringLiteralType).value).sort();
  }
  if (type.flags & (ts.TypeFlags.String | ts.TypeFlags.Number)) return checker.typeToString(type);
  if (checker.isArrayType(type))
    return [shapeOfType(checker, checker.getTypeArguments(type as ts.TypeReference)[0] as ts.Type)];
  return Object.fromEntries(
    checker.getPropertiesOfType(type).map((property) => {
      const isOptional = property.flags & ts.SymbolFlags.Optional;
      return [`${property.name}${isOptional ? "?" : ""}`, shapeOfType(checker, checker.getTypeOfSymbol(property))];
    }),
  );
}

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  enum?: string[];
  items?: Schema;
  required?: string[];
  properties?: Record<string, Schema>;
}

function shapeOfSchema(root: Schema, schema: Schema): Shape {
  if (schema.$ref) return shapeOfSchema(root, root.$defs?.[schema.$ref.replace("#/$defs/", "")] as Schema);
  if (schema.enum) return [...schema.enum].sort();
  if (schema.items) return [shapeOfSchema(root, schema.items)];
  if (schema.type !== "object") return (schema.type as string).replace("integer", "number");
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [
      `${name}${schema.required?.includes(name) ? "" : "?"}`,
      shapeOfSchema(root, property),
    ]),
  );
}
