// The docs as a function from contract to files: what they reject, and what they show for other contracts than ours.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { DocsDocument, OpenApiDocument, Schema } from "../../scripts/document.ts";
import { labels } from "../../scripts/labels.ts";
import { repository } from "../../scripts/repository.ts";
import { openSource } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { findAnchors } from "../../scripts/stages/docs/anchors.ts";
import { laterRevisions } from "../../scripts/stages/docs/changes.ts";
import { renderDocs } from "../../scripts/stages/docs.ts";
import { baseForm, readRevisions } from "../../scripts/stages/revisions.ts";
import { docsDocument } from "../../scripts/stages/translate.ts";
import { changed, known } from "../document.ts";

let ours: DocsDocument;
beforeAll(async () => {
  const source = await openSource(`${repository}/spec/openapi.yaml`);
  const bundle = await bundleContract(source);
  ours = await docsDocument(source, bundle, labels, await readRevisions(await baseForm(source, bundle)));
});

const render = (...documents: DocsDocument[]) =>
  renderDocs(
    documents.map((document, index) => ({ language: ["en", "pt-BR", "fr"][index] ?? "", document })),
    [{ id: "curl", label: "curl", language: "bash", code: "curl 'https://example.com' | cat\n" }],
  );

const rawPage = (document: DocsDocument) => render(document).get("docs/index.html") ?? "";

/** Without the marks for a browser that translates. */
const page = (document: DocsDocument) => rawPage(document).replaceAll(' translate="no"', "");

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
    expect(files.get("docs/index.html")).toContain(
      '<a href="fr.html" hreflang="fr" lang="fr" translate="no">Français</a>',
    );
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
    expect(unused.sort()).toEqual([
      "authenticationOne",
      "boolean",
      "inHeader",
      "number",
      "object",
      "readOther",
      "removed",
    ]);
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

  it.each(["index.html", "pt-BR.html"])("let a browser translate no code, names and values: %s", async (name) => {
    const html = await readFile(join(repository, "generated/docs", name), "utf8");
    const [, body = ""] = /<body>(.*)<script>/s.exec(html) ?? [];
    const kept = /<(\w+)[^>]* translate="no"[^>]*>.*?<\/\1>/gs;
    const translated = body.replaceAll(kept, "…");
    expect(translated).not.toMatch(/<(code|var|time|kbd|samp)\b|<pre[^>]*>[^…]/);

    // A name is marked everywhere, unless it is also a word, such as "status".
    const names = [...body.matchAll(/<code[^>]*>([^<]+)<\/code>/g)].map(([, text = ""]) => text);
    const known = names.filter((name) => /^[\w.-]+$/.test(name) && /[^a-z].*\D/.test(name));
    expect(known).toEqual(
      expect.arrayContaining(["begin_time", "BackupStatus", "X-Auth-Token", "dcs.08.0001", "TRUE"]),
    );
    const words = new Set(translated.replaceAll(/<[^>]*>/g, " ").match(/[\w.-]*\w/g));
    expect(known.filter((name) => words.has(name))).toEqual([]);
    for (const language of ["curl", "Go", "Java", "JSON"])
      expect(body).toMatch(new RegExp(`<(h4|span) translate="no">${language}</`));
  });

  it("let it translate the rest", () => {
    const html = rawPage(ours);
    for (const prose of ["The backup task is waiting to start.", ours.info.title, labels.provenance])
      expect(html).toMatch(new RegExp(`<(?![^>]*translate)[^>]*>${prose}</`));
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

describe("the later revisions", () => {
  /** The part of a page, without tags. */
  const section = (html: string, id: string) => {
    const [, rest = ""] = html.split(` id="${id}"`);
    const text = rest.split(/<section|<div class="entry"/)[0] ?? "";
    return text
      .slice(text.indexOf(">") + 1)
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll(/\s+/g, " ");
  };
  const rows = (html: string) =>
    [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => cell.replaceAll(/<[^>]*>/g, "")),
    );

  it("are one table: what changed when, who published it, and what it breaks", () => {
    const [titles, ...found] = rows(page(ours));
    expect(titles).toEqual(["Since", "Published by", "Change", "What it breaks"]);
    expect(found.map((cells) => cells.slice(0, 3).join(" | "))).toEqual([
      "2023-12-13 | Huawei Cloud | BackupRecordResponse.execution_at: new",
      "2023-12-13 | Huawei Cloud | BackupRecordResponse.backup_format: new",
      "2024-04-24 | Open Telekom Cloud | 204: new",
      "2025-03-17 | Open Telekom Cloud | ErrorResponse.error_msg: changed · no longer: at most 1024 characters",
      "2025-03-17 | Open Telekom Cloud | ErrorResponse.error_code: changed · no longer: at most 9 characters",
      "2025-03-17 | Open Telekom Cloud | ErrorResponse.error_ext_msg: changed · no longer: at most 1024 characters",
      "2025-10-23 | Huawei Cloud | listBackupRecords: changed",
      "2025-10-23 | Huawei Cloud | limit: changed · 1 or greater · 1000 or less · Default: 10",
      "2025-10-23 | Huawei Cloud | offset: changed · Default: 0",
    ]);
    expect(found.map((cells) => /\b(\d+) fail|none fails|Not measured/.exec(cells[3] ?? "")?.[0])).toEqual([
      "none fails",
      "none fails",
      "6 fail",
      "Not measured",
      "4 fail",
      "Not measured",
      ...Array(3).fill("Not measured"),
    ]);
  });

  it("say of unknown fields what CONSUMERS.md says", async () => {
    const table = (await readFile(join(repository, "CONSUMERS.md"), "utf8")).matchAll(
      /^\|(?: [^|]* \|){8} (kept|dropped|fails) \|/gm,
    );
    const cells = [...table].map(([, cell]) => cell);
    const dropped = cells.filter((cell) => cell === "dropped").length;
    expect(cells).not.toContain("fails");
    expect(rows(page(ours))[1]?.[3]).toBe(
      `Of the ${cells.length} generated clients of CONSUMERS.md that run, none fails on a field that it does not know, and ${dropped} drop it.`,
    );
  });

  it("say of the 204 and of a longer error code what REVISIONS.md says", async () => {
    const text = await readFile(join(repository, "REVISIONS.md"), "utf8");
    const [, base = ""] = text.split("## Generated from base");
    const [table = ""] = base.split("\n- ");
    const clients = [...table.matchAll(/^\| \[([\w-]+)\]\([^)]*\) \| ([^|]+) \|(?: [^|]+ \|){2} ([^|]+) \|/gm)];
    const failing = (column: number, fails: RegExp) =>
      clients.filter((cells) => fails.test(cells[column] ?? "")).map(([, name]) => name);
    const [on204, onCode] = [failing(2, /^(crash|error)$/), failing(3, /^crash$/)];
    expect(clients.length).toBeGreaterThan(10);
    const told = rows(page(ours)).map((cells) => cells[3] ?? "");
    const of = `Of the ${clients.length} clients of REVISIONS.md, generated from the contract of 2022-11-09,`;
    expect(told).toContain(
      `${of} ${on204.length} fail on a 204 without a body (${on204.join(", ")}). The other ${clients.length - on204.length} do not fail, and have nothing for their caller.`,
    );
    expect(told).toContain(`${of} ${onCode.length} fail on a code of 10 characters (${onCode.join(", ")}).`);
  });

  it("show each later part in full, with its mark, and what is gone", () => {
    const html = page(ours);
    for (const [id, ...texts] of [
      ["BackupRecordResponse.execution_at", "since 2023-12-13, Huawei Cloud · string, date and time", "since 3.1.65"],
      ["BackupRecordResponse.backup_format", "since 2023-12-13, Huawei Cloud · string", "aof: An append-only file"],
      [
        "listBackupRecords.204",
        "since 2024-04-24, Open Telekom Cloud",
        "without a body",
        "6 fail on a 204 without a body",
      ],
      ["ErrorResponse.error_msg.2025-03-17", "no longer: at most 1024 characters · string", "for a person to read"],
      ["listBackupRecords.limit.2025-10-23", "1 or greater · 1000 or less · Default: 10", "from 1 to 1000"],
      ["listBackupRecords.2025-10-23", "The caller needs the permission dcs:instance:getDataBackupLog."],
      ["revision.2025-10-23", "It was read in part. It follows the revision of 2023-12-13."],
    ] as [string, ...string[]][]) {
      for (const text of texts) expect(section(html, id), id).toContain(text);
    }
    expect(section(html, "listBackupRecords.2025-10-23")).not.toContain("Deleted backups stay"); // as before
    expect(section(html, "ErrorResponse.error_msg")).toContain("string · at most 1024 characters"); // the base is as it was
    expect(html).toContain('id="BackupFormat.aof"');
  });

  it("are linked where a reader of the base looks", () => {
    const html = page(ours);
    const remarks = [...html.matchAll(/<p class="remark">Later revisions: (.*?)<\/p>/g)].map(([, text = ""]) => text);
    const links = remarks.map((text) => [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id));
    expect(links).toEqual([
      ["listBackupRecords.limit.2025-10-23"],
      ["listBackupRecords.offset.2025-10-23"],
      ["BackupRecordResponse.execution_at", "BackupRecordResponse.backup_format"],
      ["ErrorResponse.error_msg.2025-03-17"],
      ["ErrorResponse.error_code.2025-03-17"],
      ["ErrorResponse.error_ext_msg.2025-03-17"],
      ["listBackupRecords.204", "listBackupRecords.2025-10-23"],
    ]);
    expect(section(html, "listBackupRecords.limit")).toContain("limit since 2025-10-23, Huawei Cloud");
  });

  it.each<[string, string, (document: OpenApiDocument) => void, RegExp]>([
    [
      "a parameter that is gone",
      "listBackupRecords.offset.2030-01-01",
      ({ paths }) => Object.values(paths)[0]?.get?.parameters?.pop(),
      /no longer documented · integer, 32 bits/,
    ],
    [
      "a field that is gone",
      "BackupRecordResponse.remark.2030-01-01",
      ({ components }) => delete known<Schema>(components, "/schemas/BackupRecordResponse").properties?.remark,
      /no longer documented · string.*Description of the backup/s,
    ],
    [
      "a status with a body of its own",
      "listBackupRecords.202",
      ({ components, paths }) => {
        const schema = { type: "object", properties: { job: { type: "string", description: "The job." } } };
        Object.assign(components.schemas ?? {}, { Accepted: schema });
        const content = { "application/json": { schema: { $ref: "#/components/schemas/Accepted" } } };
        Object.assign(Object.values(paths)[0]?.get?.responses ?? {}, { 202: { description: "Later.", content } });
      },
      /Response 202.*Later\..*Fields of Accepted.*job.*The job\./s,
    ],
    [
      "an enumeration value more",
      "BackupRecordResponse.status.2030-01-01",
      ({ components }) => known<Schema>(components, "/schemas/BackupStatus").enum?.push("paused"),
      /waiting.*paused/s,
    ],
  ])("show other changes too: %s", (_what, id, change, expected) => {
    const { "x-revisions": _, "x-reference": reference, "x-labels": _labels, ...base } = ours;
    const bundle = structuredClone(base);
    change(bundle);
    const revision = {
      bundle,
      followed: { bundle: base },
      overlay: { "x-revision": { read: "C", follows: "2022-11-09" } },
      reference: { ...reference, page: { ...reference?.page, revision: "2030-01-01" } },
      entries: [],
    };
    const html = page({ ...ours, "x-revisions": laterRevisions(base, [revision as never]) });
    const [, rest = ""] = html.split(` id="${id}"`);
    expect(
      rest
        .split("<section id=")[0]
        ?.replaceAll(/<[^>]*>|\s+/g, " ")
        .replaceAll(/ +/g, " "),
    ).toMatch(expected);
    expect(section(html, "revision.2030-01-01")).toContain("It was not read; an SDK or another artefact was.");
    expect(html.match(/ id="[^"]+"/g)?.length).toBe(new Set(html.match(/ id="[^"]+"/g)).size);
  });

  it("are absent where there are none", () => {
    const html = page({ ...ours, "x-revisions": undefined });
    expect(html).not.toContain('id="later-revisions"');
    expect(html).not.toContain("revisions/");
    expect(html).not.toContain("<table");
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
