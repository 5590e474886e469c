// Each rule fails on servers that are broken in one place, and is silent on the same server unbroken.

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, it } from "vitest";
import { type Format, formats } from "../../src/check/formats/index.ts";
import { checkProvider, type Report } from "../../src/check/index.ts";
import schema from "../../src/check/model/report.schema.json" with { type: "json" };
import { rules } from "../../src/check/provider/rules/index.ts";
import type { Received } from "../client/server.ts";
import { type Broken, startBroken } from "./broken.ts";
import { harmless } from "./gallery/harmless.ts";
import { gallery } from "./gallery/index.ts";
import { instanceId, projectId, token } from "./service.ts";

interface Checked {
  report: Report;
  received: Received[];
}

const checked = new Map<string, Checked>();

async function check(entry: Pick<Broken, "name" | "start" | "options" | "records">): Promise<Checked> {
  await using server = await startBroken({ meant: [], outcome: "conforms", ...entry });
  const options = { server: server.url, projectId, instanceId, credentials: { token }, ...entry.options };
  return { report: await checkProvider(options), received: server.received };
}

beforeAll(async () => {
  const queue = [...gallery];
  const work = async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) checked.set(entry.name, await check(entry));
  };
  await Promise.all(Array.from({ length: 8 }, work));
});

const of = (name: string) => checked.get(name) as Checked;
const found = ({ report }: Checked) => new Set(report.findings.map(({ rule }) => rule));

describe("the check finds that", () => {
  it.each(gallery)("$name", ({ name, meant, also = [], outcome, requests }) => {
    const { report, received } = of(name);
    expect([...found(of(name))].sort(), JSON.stringify(report.findings, null, 2)).toEqual([...meant, ...also].sort());
    expect(report.outcome).toBe(outcome);
    expect(report.ok).toBe(outcome === "conforms");
    if (requests !== undefined) expect(received).toHaveLength(requests);
  });
});

describe("the report on each such server", () => {
  const reports = () => gallery.map(({ name }) => ({ name, report: of(name).report }));

  it("matches the published schema", () => {
    const ajv = new Ajv2020();
    addFormats.default(ajv);
    const validate = ajv.compile(schema);
    const wrong = reports().flatMap(({ name, report }) =>
      validate(report) ? [] : [{ name, errors: validate.errors }],
    );
    expect(wrong).toEqual([]);
  });

  it.each(Object.keys(formats) as Format[])("can be read as %s, and has no secret", (format) => {
    const setting = { colour: true, contractFile: undefined, failOn: "error" } as const;
    const texts = reports().map(({ report }) => formats[format](report, setting));
    expect(texts.filter((text) => text === "" || text.includes(token))).toEqual([]);
    // A server cannot make the report long.
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(200_000);
  });
});

describe("a server conforms that", () => {
  it.each(harmless)("$name", async (entry) => {
    const { report } = await check(entry);
    expect(report.findings).toEqual([]);
    expect(report.outcome).toBe("conforms");
    expect(report.summary).toEqual({ passed: rules.length, failed: 0, warned: 0, skipped: 0 });
  });
});

describe("the gallery", () => {
  it("has no server twice", () => {
    expect(new Set(gallery.map(({ name }) => name)).size).toBe(gallery.length);
  });

  it("has a server for each rule, and a rule for each server", () => {
    const caught = gallery.map(({ name, meant }) => ({ name, by: meant.filter((rule) => found(of(name)).has(rule)) }));
    const shownRed = new Set(caught.flatMap(({ by }) => by));
    expect(rules.map(({ id }) => id).filter((id) => !shownRed.has(id))).toEqual([]);
    expect(caught.filter(({ by }) => by.length === 0)).toEqual([]);
  });
});
