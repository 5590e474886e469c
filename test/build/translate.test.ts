// The overlays hold the docs' texts in other languages: all current texts, and nothing else.

import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DocsDocument } from "../../scripts/document.ts";
import { labels } from "../../scripts/labels.ts";
import { formatPointer } from "../../scripts/pointer.ts";
import { repository } from "../../scripts/repository.ts";
import { type ContractSource, openSource } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { baseForm, readRevisions } from "../../scripts/stages/revisions.ts";
import {
  type Action,
  checkOverlay,
  docsDocument,
  findTexts,
  type Overlay,
  translate,
} from "../../scripts/stages/translate.ts";
import { absent, changed, known } from "../document.ts";

async function readDocument(source: ContractSource): Promise<DocsDocument> {
  const bundle = await bundleContract(source);
  return docsDocument(source, bundle, labels, await readRevisions(await baseForm(source, bundle)));
}

let english: DocsDocument;
let portuguese: DocsDocument;
let overlay: Overlay & { overlay: string };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "overlay-"));
  const source = await openSource(join(repository, "spec/openapi.yaml"));
  english = await readDocument(source);
  const translations = await translate(source, english);
  expect(translations.map(({ language }) => language)).toEqual(["en", "pt-BR"]);
  portuguese = translations[1]?.document as DocsDocument;
  overlay = parseYaml(await readFile(join(repository, "spec/overlays/pt-BR.yaml"), "utf8")) as typeof overlay;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const textsOf = (document: DocsDocument) =>
  new Map([...findTexts(document, [])].map(({ path, text }) => [formatPointer(path), text]));

function withoutTexts(document: DocsDocument): DocsDocument {
  const copy = structuredClone(document);
  for (const { parent, path } of findTexts(copy, [])) (parent as Record<string, unknown>)[String(path.at(-1))] = "";
  return copy;
}

/** Every string of a document that has a space, by its pointer. */
function phrases(node: unknown, path: string[] = []): [pointer: string, text: string][] {
  if (typeof node === "string") return node.includes(" ") ? [[formatPointer(path), node]] : [];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, child]) => phrases(child, [...path, key]));
}

describe("spec/overlays/pt-BR.yaml", () => {
  it("is an Overlay 1.0 with only updates", () => {
    expect(overlay.overlay).toBe("1.0.0");
    const keys = new Set(overlay.actions.flatMap((action) => Object.keys(action)));
    expect([...keys].sort()).toEqual(["target", "update", "x-same", "x-source"]);
  });

  it("changes no semantics: without their texts, the English and the Portuguese document are the same", () => {
    expect(withoutTexts(portuguese)).toEqual(withoutTexts(english));
    expect(portuguese).not.toEqual(english);
  });

  it("translates every text, except those that it declares to be the same", () => {
    const after = textsOf(portuguese);
    const same = [...textsOf(english)].filter(([pointer, text]) => after.get(pointer) === text);
    expect(after.size).toBeGreaterThan(0);
    const declared = overlay.actions.flatMap((action) => Object.values(action["x-same"] ?? {}));
    expect(declared.length).toBeGreaterThan(0);
    expect(new Set(same.map(([, text]) => text))).toEqual(new Set(declared));
  });

  it("leaves no English that a reader would see: only data and quotations of the contract stay", () => {
    const before = new Map(phrases(english));
    const left = phrases(portuguese).filter(([pointer, text]) => before.get(pointer) === text);
    const isData = (pointer: string) => /\/(value|mentions|example|pattern|publisher)(\/|$)/.test(pointer);
    const isLabel = (pointer: string) => ["/x-labels/inYaml", "/x-labels/inJson"].includes(pointer);
    expect(left.map(([pointer]) => pointer).filter((pointer) => !isData(pointer) && !isLabel(pointer))).toEqual([]);
    expect(before.size - left.length).toBeGreaterThan(0);
  });

  it("uses the words of the reference page", () => {
    const text = [...textsOf(portuguese).values()].join("\n");
    for (const word of [
      "registros de backup",
      "Deslocamento",
      "Carimbo de data/hora",
      "código de estado",
      "instância do DCS",
      "ID do projeto",
      "solicitação",
      "valores de enumeração",
    ]) {
      expect(text).toContain(word);
    }
    const meanings = (schema: string) => Object.values(known<object>(portuguese, `${schema}/x-enumDescriptions`));
    expect(meanings("/components/schemas/BackupStatus")).toEqual(
      ["esperando", "em andamento", "bem-sucedido", "falhou", "expirou", "excluído manualmente"].map((word) =>
        expect.stringContaining(word),
      ),
    );
    const codes = ["iniciar", "tempo limite", "excluir", "AK/SK", "criar", "tamanho", "sincronizar", "agendada"];
    expect(meanings("/components/schemas/BackupRecordResponse/properties/error_code")).toEqual(
      codes.map((word) => expect.stringContaining(word)),
    );
    const european = /\b(ficheiro|utiliza|registo|ecrã|palavra-passe|cópia de segurança|requisição)/i;
    expect(text).not.toMatch(european);
  });
});

describe("a text of the contract or of the docs", () => {
  it("cannot be changed without its translation", () => {
    expect(checkOverlay(english, overlay)).toEqual([]);
    for (const pointer of textsOf(english).keys()) {
      const messages = checkOverlay(changed(english, pointer, "Something else."), overlay).map(
        (fault) => fault.message,
      );
      expect(messages.join("\n"), pointer).toContain('"Something else."');
    }
  });

  it.each([
    ["a property", "/components/schemas/BackupRecordResponse/properties/extra", { description: "Another field." }],
    ["an enumeration value", "/components/schemas/BackupType/x-enumDescriptions/other", "Another field."],
    [
      "a property that is named like data",
      "/components/schemas/ErrorResponse/properties/value",
      { title: "Another field." },
    ],
    ["a response", "/components/responses/NotFound", { description: "Another field." }],
    ["a label", "/x-labels/extra", "Another field."],
    ["an addition", "/x-reference/additions/0/reading", "Another field."],
  ])("cannot be added without its translation: %s", (_what, pointer, value) => {
    const [fault, ...more] = checkOverlay(changed(english, pointer, value), overlay);
    expect(fault?.message).toContain(pointer);
    expect(fault?.message).toContain('is not translated: "Another field."');
    expect(more).toEqual([]);
  });

  it("can be rewrapped, and an example can be added, without a translation", () => {
    const { description } = english.info as unknown as { description: string };
    const wrapped = changed(english, "/info/description", description.replaceAll(/(\w)\n(\w)/g, "$1 $2"));
    expect(checkOverlay(wrapped, overlay)).toEqual([]);
    const data = { value: { description: "An answer." } };
    expect(checkOverlay(changed(english, "/components/examples/Other", data), overlay)).toEqual([]);
  });
});

describe("a translation", () => {
  const at = (target: string) => {
    const index = overlay.actions.findIndex((action) => action.target === target);
    return [`/actions/${index}`, overlay.actions[index] as Action] as const;
  };
  const faultsWith = (pointer: string, value: unknown) =>
    checkOverlay(english, changed(overlay, pointer, value)).map(({ at, message }) => `${formatPointer(at)} ${message}`);

  it("of a removed text is rejected", () => {
    for (const [index, action] of overlay.actions.entries()) {
      const gone = { ...action, target: "$.components.schemas.Gone" };
      const [first] = faultsWith(`/actions/${index}`, gone);
      expect(first).toBe(`/actions/${index}/target This target leads nowhere. Fix it, or remove the action.`);
    }
    const property = "/components/schemas/BackupRecordResponse/properties/remark";
    const messages = checkOverlay(changed(english, property, absent), overlay).map(({ message }) => message);
    expect(messages).toEqual(["There is no text here any more. Remove this."]);
  });

  it("that is missing is rejected, each of them", () => {
    for (const index of overlay.actions.keys()) {
      expect(faultsWith(`/actions/${index}`, absent).join("\n")).toContain("is not translated");
    }
  });

  it.each<[string, string, (action: Action) => unknown, RegExp]>([
    ["that repeats the English", "update/title", () => "DCS backup records", /\/update\/title This is still English/],
    ["without its English", "x-source/title", () => absent, /\/update\/title x-source has nothing here/],
    ["that is missing beside its English", "update/title", () => absent, /\/x-source\/title This has no translation/],
    ["with no update at all", "update", () => null, /\/x-source\/title This has no translation/],
    ["that is empty", "update/title", () => " ", /\/update\/title Write the translation here/],
    ["with an empty key", "update/title", () => null, /\/update\/title Write the translation here/],
    ["that is a number", "update/title", () => 5, /\/update\/title Write the translation here/],
    ["that changes more than texts", "update/version", () => "2", /\/update\/version x-source has nothing here/],
    ["of something that is not text", "x-source/version", () => "0.1.0", /\/x-source\/version There is no text here/],
    ["that removes", "remove", () => true, /\/remove An overlay holds only texts/],
    ["that uses a position", "target", () => "$.servers[0]", /\/target This target uses a position/],
    ["with an invalid JSONPath", "target", () => "$.info[", /\/target This target leads nowhere/],
  ])("%s is refused", (_what, inside, spoil, message) => {
    const [pointer, action] = at("$.info");
    expect(faultsWith(`${pointer}/${inside}`, spoil(action)).join("\n")).toMatch(message);
  });

  it("that loses code or a placeholder is rejected", () => {
    const [failed] = at("$.components.schemas.BackupStatus");
    const words = `${failed}/update/x-enumDescriptions/failed`;
    expect(faultsWith(words, "O backup falhou; o `error_code` diz por quê.")).toEqual([]);
    expect(faultsWith(words, "O backup falhou; o código diz por quê.")).toEqual([
      `${words} The translation must have these unchanged: \`error_code\`.`,
    ]);
    const [docs] = at("$['x-labels']");
    expect(faultsWith(`${docs}/update/searchFound`, "Achados: {count}")).toEqual([]);
    expect(faultsWith(`${docs}/update/searchFound`, "Achados: {conta}")).toHaveLength(1);
  });

  it("that loses an address, or one of two equal codes, is rejected", () => {
    const schema = "/components/schemas/BackupStatus";
    const [action] = at("$.components.schemas.BackupStatus");
    const said = "Status, `a` and `a`. See https://example.com/status.";
    const withWords = (words: string) =>
      checkOverlay(
        changed(english, `${schema}/description`, said),
        changed(changed(overlay, `${action}/x-source/description`, said), `${action}/update/description`, words),
      ).map(({ message }) => message);
    const message = "The translation must have these unchanged: `a`, `a`, https://example.com/status.";
    expect(withWords("Em https://example.com/status está o status, `a` e `a`.")).toEqual([]);
    expect(withWords("Veja o status, `a` e `a`.")).toEqual([message]);
    expect(withWords("Em https://example.com/status está o status, `a`.")).toEqual([message]);
  });

  it("that is there twice is rejected", () => {
    const [, action] = at("$.info");
    const twice = { ...overlay, actions: [...overlay.actions, action] };
    expect(checkOverlay(english, twice).map(({ message }) => message)).toEqual([
      "Another action translates this too. Remove one.",
      "Another action translates this too. Remove one.",
    ]);
  });
});

describe("another language", () => {
  const translateCopy = async () => {
    const source = await openSource(join(folder, "spec/openapi.yaml"));
    return translate(source, await readDocument(source));
  };

  it("is an additional file, named after the language", async () => {
    await cp(join(repository, "spec"), join(folder, "spec"), { recursive: true });
    const [ptBR, es] = ["pt-BR", "es"].map((name) => join(folder, `spec/overlays/${name}.yaml`)) as [string, string];
    const text = await readFile(ptBR, "utf8");
    await writeFile(es, text.replace("title: Registros de backup do DCS", "title: Copias de seguridad de DCS"));
    const translations = await translateCopy();
    expect(translations.map(({ language, document }) => [language, known(document, "/info/title")])).toEqual([
      ["en", "DCS backup records"],
      ["es", "Copias de seguridad de DCS"],
      ["pt-BR", "Registros de backup do DCS"],
    ]);
    await writeFile(join(folder, "spec/overlays/.es.yaml.swp"), "an editor's");
    expect(await translateCopy()).toHaveLength(3);
    for (const name of ["es_ES.yaml", "es.yml", "es", "more/es.yaml"]) {
      const misnamed = join(folder, "spec/overlays", name);
      await mkdir(dirname(misnamed), { recursive: true });
      await rename(es, misnamed);
      await expect(translateCopy()).rejects.toThrow(`${name}  Name this file after its language`);
      await rename(misnamed, es);
    }
  });
});
