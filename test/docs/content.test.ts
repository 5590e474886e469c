// The docs show the whole contract and all of spec/reference.yaml, to every reader, on load, without a click.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DocsDocument, nodeAt } from "../../scripts/document.ts";
import { samples } from "../../scripts/stages/samples.ts";
import { launchChromium } from "./chromium.ts";
import { names, open, paragraphs, readDocuments, readText, squeeze } from "./site.ts";

let browser: Browser;
let documents: Map<string, DocsDocument>;
beforeAll(async () => {
  browser = await launchChromium();
  documents = await readDocuments();
});
afterAll(() => browser?.close());

const documentOf = (name: string) => documents.get(name) as DocsDocument;

/** The texts that are missing in the readable text. */
const missing = (shown: string, texts: string[]) => texts.filter((text) => !shown.includes(squeeze(text)));

/** Every text of the contract that is meant for a person. */
function readTexts(node: unknown, key = ""): string[] {
  if (typeof node === "string") return ["description", "summary"].includes(key) ? paragraphs(node) : [];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, child]) => {
    if (key === "x-enumDescriptions") return paragraphs(String(child));
    return name === "value" || name.startsWith("x-ref") ? [] : readTexts(child, name);
  });
}

/** Data for programs: names, values, codes, examples. */
function readData({ components, paths }: DocsDocument): string[] {
  const schemas = Object.values(components.schemas ?? {}) as Schema[];
  const properties = schemas.flatMap((schema) => Object.entries(schema.properties ?? {}));
  const parameters = Object.values(components.parameters ?? {}) as (Schema & { name: string })[];
  const schemes = Object.values(components.securitySchemes ?? {}) as { name: string }[];
  return [
    ...Object.keys(paths),
    ...schemes.map(({ name }) => name),
    ...parameters.flatMap(({ name, example, schema }) => [name, String(example), schema?.pattern ?? name]),
    ...properties.flatMap(([name, { example, "x-extensible-enum": codes = [] }]) => [
      name,
      ...(example === undefined ? [] : [JSON.stringify(example)]),
      ...codes,
    ]),
    ...schemas.flatMap((schema) => schema.enum ?? []),
  ];
}

interface Schema {
  properties?: Record<string, Schema>;
  schema?: Schema;
  pattern?: string;
  example?: unknown;
  enum?: string[];
  "x-extensible-enum"?: string[];
}

/** The leaves of an entry's value. */
function leaves(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return value === undefined ? [] : [String(value)];
  const reference = (value as { $ref?: string }).$ref;
  if (reference) return [reference.split("/").at(-1) ?? ""];
  return Object.entries(value).flatMap(([key, child]) => (key === "x-enumDescriptions" ? [] : leaves(child)));
}

/** The line below a name, by the id of the part and the page. */
const details: Record<string, Record<string, string>> = {
  "index.html": {
    AuthToken: "header",
    "listBackupRecords.project_id": "string · in the path · required",
    "listBackupRecords.limit": "integer, 32 bits · in the query · optional",
    "listBackupRecords.offset": "integer, 32 bits · in the query · optional · 0 or greater",
    "ListBackupRecordsResponse.backup_record_response": "array of BackupRecordResponse",
    "BackupRecordResponse.size": "integer, 64 bits",
    "BackupRecordResponse.created_at": "string, date and time",
    "BackupRecordResponse.period": "string or null",
    "ErrorResponse.error_code": "string · at most 9 characters",
    "ErrorResponse.error_ext_msg": "string or null · at most 1024 characters",
  },
  "pt-BR.html": {
    AuthToken: "cabeçalho",
    "listBackupRecords.project_id": "string · no caminho · obrigatório",
    "listBackupRecords.offset": "inteiro, 32 bits · na consulta · opcional · 0 ou maior",
    "ListBackupRecordsResponse.backup_record_response": "matriz de BackupRecordResponse",
    "BackupRecordResponse.size": "inteiro, 64 bits",
    "BackupRecordResponse.created_at": "string, data e hora",
    "BackupRecordResponse.period": "string ou null",
    "ErrorResponse.error_ext_msg": "string ou null · no máximo 1024 caracteres",
  },
};

const readers = names.flatMap((name) => [
  { name, reader: "with JavaScript", conditions: {} },
  { name, reader: "without JavaScript", conditions: { javaScriptEnabled: false } },
  { name, reader: "without JavaScript on a phone", conditions: { javaScriptEnabled: false, width: 320 } },
]);

describe.each(readers)("$name, read $reader,", ({ name, reader, conditions }) => {
  const visit = async <T>(read: (shown: string, tab: Awaited<ReturnType<typeof open>>["tab"]) => T) => {
    const { tab, close } = await open(browser, name, conditions);
    const result = await read(await readText(tab, "main"), tab);
    await close();
    return result;
  };

  it("shows every text of the contract", async () => {
    const { info, servers, tags, paths, components } = documentOf(name);
    const { examples = {}, ...others } = components;
    const texts = readTexts({ info, servers, tags, paths, others });
    expect(texts.length).toBeGreaterThan(0);
    expect(await visit((shown) => missing(shown, texts))).toEqual([]);
    if (reader === "with JavaScript") return; // which makes tabs of them: below
    expect(await visit((shown) => missing(shown, readTexts(examples)))).toEqual([]);
  });

  it("shows every name, value, code and example of a field or parameter", async () => {
    const data = readData(documentOf(name));
    expect(data.length).toBeGreaterThan(0);
    expect(await visit((shown) => missing(shown, data))).toEqual([]);
  });

  it("shows every fact, contradiction and addition of spec/reference.yaml", async () => {
    const document = documentOf(name);
    const { page, facts, additions, contradictions } = document["x-reference"] as NonNullable<
      DocsDocument["x-reference"]
    >;
    expect([facts.length, additions.length, contradictions.length].every((count) => count > 2)).toBe(true);
    await visit(async (shown, tab) => {
      expect(missing(shown, [page.title, page.revision])).toEqual([]);
      const entry = async (kind: string, id: string) => {
        const text = await tab.locator(`[id="${kind}.${id}"]`).innerText();
        return squeeze(text.replaceAll(/\\(.)/g, "$1"));
      };
      for (const { id, place, reading = "", value, mentions, pointer } of facts) {
        const numbers = [place.section ?? "", place.table, ...(place.tables ?? []), place.line].filter(Boolean);
        const prose = mentions ? paragraphs(String(nodeAt(document, pointer))).slice(0, 1) : [];
        const texts = [id, ...numbers.map(String), ...paragraphs(reading), ...leaves(value), ...prose];
        expect(missing(await entry("fact", id), texts), id).toEqual([]);
      }
      for (const { id, reason, value } of additions) {
        expect(missing(await entry("addition", id), [id, ...paragraphs(reason), ...leaves(value)]), id).toEqual([]);
      }
      for (const { id, says, decision, reason, facts: about } of contradictions) {
        const texts = [says, decision, reason].flatMap(paragraphs);
        expect(missing(await entry("contradiction", id), [...texts, ...about]), id).toEqual([]);
      }
      if (name !== "index.html") return;
      expect(await entry("fact", "error.error_msg")).toMatch(/^Tables 5 and 6, line 1 /);
      expect(await entry("contradiction", "empty-object")).toContain("Table 4, lines 2 and 10; Example responses (");
      const mentioned = [...facts, ...additions].flatMap(({ mentions = [] }) => mentions.flatMap(paragraphs));
      expect(missing(shown, mentioned)).toEqual([]);
    });
  });

  it("shows what each later revision changes: every text, name and value, with its mark", async () => {
    const document = documentOf(name);
    const labels = document["x-labels"];
    const revisions = document["x-revisions"] ?? [];
    expect(revisions.map(({ date }) => date)).toEqual(["2023-12-13", "2024-04-24", "2025-03-17", "2025-10-23"]);
    await visit(async (shown, tab) => {
      for (const { date, page, parts, contradictions, update } of revisions) {
        const facts = parts.flatMap((part) => part.facts);
        const prose = [page.title, ...facts.flatMap(({ reading = "", breaks = "" }) => [reading, breaks])];
        const decided = contradictions.flatMap(({ says, decision, reason }) => [says, decision, reason]);
        const texts = [...readTexts(update), ...[...prose, ...decided].flatMap(paragraphs)];
        expect(texts.length).toBeGreaterThan(1);
        expect(missing(shown, texts), date).toEqual([]);
        const mark = labels.since.replace("{date}", date).replace("{publisher}", page.publisher);
        for (const { anchor } of parts) {
          expect(await readText(tab, `[id="${anchor}"] > .details`), anchor).toContain(mark);
          expect(await tab.locator(`.later table a[href="#${anchor}"]`).count(), anchor).toBe(1);
        }
      }
      expect(missing(await readText(tab, '[id="BackupRecordResponse.backup_format"]'), ["aof", "rdb"])).toEqual([]);
    });
  });

  it("shows the type and the limits of each parameter and field, and whether it can be null", async () => {
    await visit(async (_, tab) => {
      expect(Object.keys(details)).toContain(name);
      for (const [id, text] of Object.entries(details[name] ?? {})) {
        const line = await readText(tab, `[id="${id}"] > .details`);
        expect(line.replace(/ #$/, ""), id).toBe(text);
      }
    });
  });

  it("says what is open: values, fields, ways to authenticate, the server", async () => {
    const labels = documentOf(name)["x-labels"];
    const expected = {
      "BackupRecordResponse.status": `${labels.values} waiting:`,
      "BackupRecordResponse.error_code": `${labels.valuesOpen} dcs.08.0001:`,
      ListBackupRecordsResponse: labels.allOptional,
      BackupRecordResponse: labels.allOptional,
      ErrorResponse: labels.allOptional,
      authentication: labels.authenticationEither,
      server: labels.serverDefault
        .replace("{name}", "{dcs_endpoint}")
        .replace("{value}", "dcs.sa-brazil-1.myhuaweicloud.com"),
      "listBackupRecords.500": labels.bodyAbove.replace("{status}", "400").replace("{schema}", "ErrorResponse"),
      "sample-code": labels.samplesLead.replace("{variable}", "DCS_AUTH_TOKEN"),
    };
    await visit(async (_, tab) => {
      for (const [id, text] of Object.entries(expected)) {
        expect(await readText(tab, `[id="${id}"]`), id).toContain(text);
      }
      expect(await readText(tab, ".endpoint")).toBe(
        "GET https://{dcs_endpoint}/v2/{project_id}/instances/{instance_id}/backups",
      );
    });
  });
});

describe.each(names)("%s", (name) => {
  it("shows every example and sample at once without JavaScript and in print, otherwise one at a time", async () => {
    const document = documentOf(name);
    const examples = Object.values(document.components.examples ?? {}) as { value: unknown; summary: string }[];
    expect(examples.length).toBeGreaterThan(0);
    const all = [
      ...examples.flatMap(({ value, summary }) => [JSON.stringify(value, null, 2), summary]),
      ...samples(document).flatMap(({ code, label }) => [code, label]),
    ];
    for (const javaScriptEnabled of [true, false]) {
      const { tab, close } = await open(browser, name, { javaScriptEnabled });
      await tab.emulateMedia({ media: "print" });
      expect(missing(await readText(tab, "main"), all)).toEqual([]);
      await tab.emulateMedia({ media: "screen" });
      if (!javaScriptEnabled) expect(missing(await readText(tab, "main"), all)).toEqual([]);
      await close();
    }
    const { tab, close } = await open(browser, name);
    const seen: string[] = [await readText(tab, "main")];
    for (const choice of await tab.locator("[role=tab]").all()) {
      await choice.click();
      seen.push(await readText(tab, "main"));
    }
    expect(seen.length).toBeGreaterThan(0);
    expect(missing(seen.join(" "), all)).toEqual([]);
    await close();
  });

  it("has the operation on the first screen of a desktop, and of a phone", async () => {
    for (const width of [320, 1440]) {
      const { tab, close } = await open(browser, name, { width });
      const box = await tab.locator("main .routes").boundingBox();
      expect((box?.y ?? 800) + (box?.height ?? 0)).toBeLessThan(800);
      await close();
    }
  });
});

describe("where the contract comes from", () => {
  it("links each entry to its part of the contract", async () => {
    const { tab, close } = await open(browser, "index.html");
    const links = async (id: string) =>
      tab.locator(`[id="${id}"] a:not(.anchor)`).evaluateAll((found) => found.map((link) => link.getAttribute("href")));
    expect(await links("fact.record.size.unit")).toEqual(["#BackupRecordResponse.size"]);
    expect(await links("fact.status.400.meaning")).toEqual(["#listBackupRecords.400"]);
    expect(await links("addition.server")).toEqual(["#server"]);
    expect(await links("addition.tag")).toEqual(["#listBackupRecords"]);
    expect(await links("addition.license")).toEqual(["#downloads"]);
    expect(await links("contradiction.begin-time")).toEqual(["#fact.query.begin_time"]);
    expect(await links("listBackupRecords.500")).toContain("#listBackupRecords.400");
    await close();
  });
});

describe("on paper", () => {
  it("there are no controls, no code is cut, and addresses are printed", async () => {
    const { tab, close } = await open(browser, "index.html");
    const controls = tab.locator(".banner, .skip, .anchor, .bar, [role=tablist]");
    expect(await controls.count()).toBeGreaterThan(0);
    await tab.emulateMedia({ media: "print" });
    expect(await controls.filter({ visible: true }).count()).toBe(0);
    const cut = await tab
      .locator("pre")
      .evaluateAll((blocks) =>
        blocks.filter((pre) => pre.scrollHeight > pre.clientHeight || pre.scrollWidth > pre.clientWidth),
      );
    expect(cut).toEqual([]);
    const table = tab.locator(".table");
    expect(await table.evaluate((box) => [getComputedStyle(box).overflowX, box.scrollWidth > box.clientWidth])).toEqual(
      ["visible", false],
    );
    const link = tab.locator("#provenance a[href^='https:']").first();
    expect(await link.evaluate((element) => getComputedStyle(element, "::after").content)).toContain(
      "support.huaweicloud.com",
    );
    await close();
  });
});

describe("the gate", () => {
  it("fails on a text that is not shown", async () => {
    const { tab, close } = await open(browser, "index.html");
    await tab
      .locator('[id="BackupRecordResponse.backup_name"]')
      .evaluate((entry) => ((entry as HTMLElement).hidden = true));
    const shown = await readText(tab, "main");
    expect(missing(shown, readTexts(documentOf("index.html").components))).toContain("Name of the backup record.");
    await close();
  });
});
