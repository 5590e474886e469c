// The docs as a function from contract to files: what they reject, and what they show for other contracts than ours.

import { beforeAll, describe, expect, it } from "vitest";
import type { DocsDocument } from "../../scripts/document.ts";
import { labels } from "../../scripts/labels.ts";
import { repository } from "../../scripts/repository.ts";
import { openSource } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { findAnchors } from "../../scripts/stages/docs/anchors.ts";
import { renderDocs } from "../../scripts/stages/docs.ts";
import { docsDocument } from "../../scripts/stages/translate.ts";
import { changed } from "../document.ts";

let ours: DocsDocument;
beforeAll(async () => {
  const source = await openSource(`${repository}/spec/openapi.yaml`);
  ours = await docsDocument(source, await bundleContract(source), labels);
});

const render = (...documents: DocsDocument[]) =>
  renderDocs(
    documents.map((document, index) => ({ language: ["en", "pt-BR", "fr"][index] ?? "", document })),
    [{ id: "curl", label: "curl", language: "bash", code: "curl 'https://example.com' | cat\n" }],
  );

const page = (document: DocsDocument) => render(document).get("docs/index.html") ?? "";

describe("the docs", () => {
  it("have a page and a Markdown file for each language, and one index for all", () => {
    const french = changed(ours, "/x-labels/language", "Français");
    const files = render(ours, ours, french);
    expect([...files.keys()].sort()).toEqual([
      "docs/fr.html",
      "docs/index.html",
      "docs/pt-BR.html",
      "docs/reference.fr.md",
      "docs/reference.md",
      "docs/reference.pt-BR.md",
      "index.html",
      "llms.txt",
    ]);
    expect(files.get("docs/index.html")).toContain('<a href="fr.html" hreflang="fr" lang="fr">Français</a>');
    expect(files.get("docs/reference.fr.md")).toContain("](fr.html#");
  });

  it("have a title and a description, and say whom to contact", () => {
    const html = page(ours);
    expect(html).toContain("<title>DCS backup records: List the backup records of a DCS instance</title>");
    const lead =
      "One call of Huawei Cloud's Distributed Cache Service (DCS), API v2: list the backup records of a DCS instance.";
    expect(html).toContain(`<meta name="description" content="${lead.replace("'", "&#x27;")}">`);
    expect(html).toMatch(/<link rel="icon" href="data:image\/svg\+xml,/);
    const { version, license, contact } = ours.info;
    const link = ({ name = "", url = "" } = {}) => `<a href="${url}">${name}</a>`;
    expect(html).toContain(
      `Version ${version} of the contract, under ${link(license)}. Report errors at ${link(contact)}.`,
    );
    expect(render(ours).get("llms.txt")?.replaceAll("\n", " ")).toContain(`> ${lead} `);
  });

  it("use every label, except those for parts that this contract does not have", () => {
    const marked = Object.entries(labels).map(([key, label]) => [key, `@${key}@${label.match(/\{\w+\}/g) ?? ""}`]);
    const html = page({ ...ours, "x-labels": Object.fromEntries(marked) });
    const unused = Object.keys(labels).filter((key) => !html.includes(`@${key}@`));
    expect(unused.sort()).toEqual(["authenticationOne", "boolean", "default", "inHeader", "number", "object"]);
  });

  it("put the right text beside each value, file and entry", () => {
    const html = page(ours);
    for (const [schema, value, meaning] of [
      ["BackupStatus", "waiting", "The backup task is waiting to start."],
      ["BackupStatus", "expired", "The backup file has expired."],
      ["BackupRecordResponse.error_code", "dcs.08.0002", "The execution timed out."],
    ]) {
      expect(html).toContain(`<li id="${schema}.${value}"><code>${value}</code>: <span>${meaning}</span>`);
    }
    expect(html).toContain('<a href="../openapi.json"><code>openapi.json</code></a>: OpenAPI 3.0, JSON<');
    expect(html).toContain("<code>openapi-3.1.yaml</code></a>: OpenAPI 3.1, YAML<");
    expect(html).toMatch(
      /id="fact\.record\.is_support_restore\.values".*?>type: string, enum: \["TRUE", "FALSE"\], example: "TRUE"</,
    );
    expect(html).toContain('aria-label="Link to begin_time"');
    expect(html).not.toMatch(/aria-label="[^"]*[{}]/);
  });

  it("escape text that looks like markup", () => {
    const spoilt = changed(ours, "/components/schemas/BackupStatus/x-enumDescriptions/waiting", "<b>1 < 2 & 3</b>");
    const html = page(changed(spoilt, "/info/title", '</title><script>alert("1")</script>'));
    expect(html).not.toContain("<b>");
    expect(html).not.toContain("<script>alert");
    expect(html).toContain("&#x3C;/title>&#x3C;script>alert");
  });

  it("reject a label that lacks a placeholder or has an unknown one", () => {
    expect(() => page(changed(ours, "/x-labels/response", "Response"))).toThrow('"Response" lacks {status}');
    expect(() => page(changed(ours, "/x-labels/response", "{status} {code}"))).toThrow(
      "{code}, which nothing fills in",
    );
  });

  it("refuse a reference that leads nowhere", () => {
    const pointer = "/components/responses/BadRequest/content/application~1json/schema/$ref";
    expect(() => page(changed(ours, pointer, "#/components/schemas/Gone"))).toThrow(
      "The bundle has nothing at /components/schemas/Gone",
    );
  });

  it("work without reference.yaml, then without the part on sources", () => {
    const html = page({ ...ours, "x-reference": undefined });
    expect(html).toContain('id="listBackupRecords"');
    expect(html).not.toContain('id="provenance"');
  });

  it("show a required field, a default and a second operation", () => {
    const required = changed(ours, "/components/schemas/ErrorResponse", {
      ...(ours.components.schemas?.ErrorResponse as object),
      required: ["error_msg"],
    });
    const preset = changed(required, "/components/parameters/Limit/schema", { type: "integer", default: 10 });
    const [path = ""] = Object.keys(ours.paths);
    const get = { ...ours.paths[path]?.get, operationId: "getBackup", summary: "Get a backup" } as never;
    const html = page({ ...preset, paths: { ...preset.paths, "/v2/backup": { get } } });
    expect(html).toMatch(/id="ErrorResponse\.error_msg".{0,200}>string · required · at most 1024 characters/s);
    expect(html).toMatch(/id="listBackupRecords\.limit".{0,300}optional · Default: <code>10</s);
    expect(html).toContain('<section class="operation" id="getBackup">');
    const before = page({ ...ours, paths: { "/v2/backup": { get }, ...ours.paths } });
    for (const either of [html, before]) {
      const parts = either.split('<section class="operation" ').filter((part) => part.includes('id="sample-code"'));
      expect(parts.map((part) => part.slice(0, 22))).toEqual(['id="listBackupRecords"']);
    }
    expect(page(changed(ours, "/components/parameters/Offset/schema/default", 0))).toContain("Default: <code>0</code>");
    const operation = `/paths/${path.replaceAll("/", "~1")}/get`;
    const token = page(changed(ours, `${operation}/security`, [{ AuthToken: [] }]));
    expect(token).toContain(labels.authenticationOne);
    expect(token).not.toContain('id="AkSkSignature"');
    expect(html.match(/ id="[^"]+"/g)?.length).toBe(new Set(html.match(/ id="[^"]+"/g)).size);
  });
});

describe("the deep links", () => {
  it("are stable names: of operations, parameters, schemas, fields, values and examples", () => {
    const { ids } = findAnchors(ours);
    expect(ids.get("/components/parameters/BeginTime")).toBe("listBackupRecords.begin_time");
    expect(ids.get("/components/schemas/BackupRecordResponse/properties/size")).toBe("BackupRecordResponse.size");
    expect(ids.get("/components/schemas/BackupStatus/enum/succeed")).toBe("BackupStatus.succeed");
    expect(ids.get("/components/examples/NoBackups")).toBe("NoBackups");
    const html = page(ours);
    for (const id of ids.values()) expect(html).toContain(` id="${id}"`);
  });
});
