// The definitions of the GitHub Action and the GitLab component. (test/package runs them as their services do.)

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { help } from "../../src/cli/provider.ts";

type Inputs = Record<string, { default?: string }>;

interface Step {
  run?: string;
  if?: string;
  uses?: string;
  with?: Record<string, string>;
}

let steps: Step[];
let scripts: string[];
let inputs: { name: string; inputs: Inputs }[];
beforeAll(async () => {
  const action = (await read("action.yml")) as { inputs: Inputs; runs: { steps: Step[] } };
  const { spec } = (await read("templates/contract-check.yml", 0)) as { spec: { inputs: Inputs } };
  const [job] = Object.values(await read("templates/contract-check.yml", 1)) as { script: string[] }[];
  steps = action.runs.steps;
  scripts = [...steps.map(({ run = "" }) => run), ...(job?.script ?? [])];
  inputs = [
    { name: "action.yml", inputs: action.inputs },
    { name: "templates/contract-check.yml", inputs: spec.inputs },
  ];
});

async function read(file: string, document = 0): Promise<object> {
  const text = (await readFile(join(repository, file), "utf8")).split("\n---\n")[document] ?? "";
  return parseYaml(text) as object;
}

describe("the Action and the component", () => {
  it("have the command's defaults", async () => {
    const text = await help();
    for (const option of ["timeout", "deadline", "fail-on"]) {
      const [, own] = new RegExp(`  --${option} .*?\\(default:\\s+(\\w+)\\)`, "s").exec(text) ?? [];
      expect(inputs.map(({ inputs }) => inputs[option]?.default)).toEqual([own, own]);
    }
  });

  it("have an input for each of the command's options on requests and reports", async () => {
    const [all = ""] = (await help()).split("Environment");
    const options = [...all.matchAll(/^ {2}--([\w-]+) [A-Z']/gm)].map(([, option]) => option as string);
    const otherwise: Record<string, string> = { header: "headers", format: "junit", output: "json" };
    expect(options.length).toBeGreaterThan(0);
    for (const { name, inputs: own } of inputs) {
      for (const option of options) expect(Object.keys(own), name).toContain(otherwise[option] ?? option);
    }
  });

  it("use the version of their own package, and have no inputs for credentials", async () => {
    const { version } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    const [action, component] = inputs.map(({ inputs: own }) => own.version?.default);
    expect(component).toBe(version);
    expect(action, "of the Action's own package.json").toBe("");
    for (const { inputs: own } of inputs) {
      expect(Object.keys(own).filter((input) => /token|key|secret|password/i.test(input))).toEqual([]);
    }
  });

  it("have no input in a script, where it could change the script", () => {
    expect(scripts).not.toEqual([]);
    for (const script of scripts) expect(script).not.toMatch(/\$\{\{|\$\[\[/);
  });
});

describe("the Action", () => {
  it("keeps the reports whatever the result", () => {
    const [, upload] = steps;
    expect(upload).toMatchObject({
      if: "always() && inputs.artifact != ''",
      uses: expect.stringMatching(/^actions\/upload-artifact@/),
    });
    expect(upload?.with).toMatchObject({
      name: expect.stringMatching(/^\S+ inputs\.artifact }}$/),
      path: expect.stringMatching(/^\S+ inputs\.junit }}\n\S+ inputs\.json }}\n$/),
      "if-no-files-found": "ignore",
    });
  });
});
