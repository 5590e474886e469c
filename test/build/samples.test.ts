// The docs' sample code is parsed in its language, and follows the contract. The TypeScript sample is run here, the others
// where their toolchains are: test/consumers/samples.test.ts.

import { spawnSync } from "node:child_process";
import { parser as goParser } from "@lezer/go";
import { parser as javaParser } from "@lezer/java";
import { parser as pythonParser } from "@lezer/python";
import { describe, expect, it } from "vitest";
import { defaultServer } from "../../scripts/document.ts";
import { type Sample, samples } from "../../scripts/stages/samples.ts";
import { compile } from "../compile.ts";
import { absent, changed } from "../document.ts";
import { all, bundle, describeRuns, ids, sample } from "./sample-runs.ts";

/** The errors of a parser of the language; none if it can read the code. */
function faults({ id, code }: Sample): string[] {
  if (id === "curl") {
    const { stderr } = spawnSync("sh", ["-n"], { input: code, encoding: "utf8" });
    return stderr ? [stderr] : [];
  }
  if (id === "typescript") return compile(code).map(({ message }) => message);
  const found: string[] = [];
  const tree = { python: pythonParser, go: goParser, java: javaParser }[id].parse(code);
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) found.push(`line ${code.slice(0, from).split("\n").length}`);
    },
  });
  return found;
}

describe("the samples", () => {
  it("are in the five documented languages", () => {
    expect(ids).toEqual(["curl", "typescript", "python", "go", "java"]);
  });

  it.each(all)("can be parsed in their language: $label", (one) => {
    expect(faults(one)).toEqual([]);
    const spoilt = one.code.replace(/[)}'](?=[^)}']*$)/, ""); // what closes last
    expect(spoilt).not.toBe(one.code);
    expect(faults({ ...one, code: spoilt })).not.toEqual([]);
  });

  it.each(all)("have the contract's examples, its token header and no prose: $label", ({ id, code }) => {
    const { parameters } = bundle.components as { parameters: Record<string, { example: unknown }> };
    expect(code).toContain(defaultServer(bundle));
    expect(code).toContain(parameters.ProjectId?.example);
    expect(code).toContain(parameters.InstanceId?.example);
    expect(code).toContain("DCS_AUTH_TOKEN");
    if (id !== "typescript") expect(code).toContain("X-Auth-Token");
    if (id !== "typescript") expect(code).toContain("?limit=10&offset=0");
    expect(code).not.toMatch(/^\s*(#|\/\/)/m);
  });

  it("do not depend on the order in which Go evaluates a variable and a call", () => {
    expect(sample("go").code).not.toMatch(/return result, \w+\.\w+\(.*&result/);
  });

  it("follow the contract", () => {
    const other = changed(bundle, "/components/securitySchemes/AuthToken/name", "X-Other");
    expect(samples(other)[0]?.code).toContain("X-Other: ");
  });

  it("do not exist for a contract of another call", () => {
    const operation = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get";
    expect(samples(changed(bundle, `${operation}/operationId`, "listInstances"))).toEqual([]);
  });

  it.each(["/components/parameters/Limit/example", "/components/schemas/BackupRecordResponse/properties/size"])(
    "cannot be made without %s",
    (pointer) => {
      expect(() => samples(changed(bundle, pointer, absent))).toThrow(
        /^The contract has no \w+, which the samples need\.$/,
      );
    },
  );
});

describeRuns(["typescript"]);
