// Stage: what the docs show, in each language. English is what spec/ says; spec/overlays/ has an OpenAPI Overlay 1.0 for
// each other language, which holds its texts and nothing else. Beside each text stands the English that it translates
// (`x-source`), so that a change of the English shows; a text that is the same in both is declared (`x-same`).

import { dirname, join, parse, relative } from "node:path";
import { BaseResolver, bundle, lint, Source } from "@redocly/openapi-core";
import { query } from "jsonpath-rfc9535";
import type { DocsDocument, OpenApiDocument } from "../document.ts";
import type { Labels } from "../labels.ts";
import { formatPointer, type Path } from "../pointer.ts";
import { refuseIf, StageError } from "../problem.ts";
import { type ContractSource, filesBelow, fromRedocly, positionOf, readObject, readReference } from "../source.ts";

export interface Translation {
  /** A language tag, such as `pt-BR`. */
  language: string;
  document: DocsDocument;
}

/**
 * The contract, where each part of it comes from (reference.yaml, if it has one), and what the docs say of their own accord.
 * @throws {StageError} if reference.yaml cannot be read
 */
export async function docsDocument(
  source: ContractSource,
  contract: OpenApiDocument,
  labels: Labels,
): Promise<DocsDocument> {
  const { reference } = (await readReference(source)) ?? {};
  return structuredClone({ ...contract, "x-labels": labels, ...(reference && { "x-reference": reference }) });
}

/**
 * The document in every language, English first.
 * @throws {StageError} for each text without a translation, and for each translation of what is no longer said
 */
export async function translate(source: ContractSource, document: DocsDocument): Promise<Translation[]> {
  const translations: Translation[] = [{ language: "en", document }];
  const folder = join(dirname(source.root), "overlays");
  for (const file of await filesBelow(folder)) {
    const { dir, name: language, ext } = parse(relative(folder, file));
    if (dir !== "" || ext !== ".yaml" || !isLanguage(language)) {
      const message = "Name this file after its language, as pt-BR.yaml is.";
      throw new StageError([{ file, message, rule: "translation" }]);
    }
    translations.push({ language, document: await applyOverlay(source, document, file) });
  }
  return translations;
}

/** Whether this is a language tag as `lang` and `hreflang` take it. */
function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}

async function applyOverlay(source: ContractSource, document: DocsDocument, file: string): Promise<DocsDocument> {
  const { config, resolver } = source;
  const { parsed, problem } = await readObject(source, file);
  if (problem) throw new StageError([problem]);
  if (!/^1\.0\.\d+$/.test(String((parsed as { overlay?: unknown }).overlay))) {
    const position = await positionOf(source.written, { file, path: ["overlay"] });
    throw new StageError([{ ...position, message: "This is no OpenAPI Overlay 1.0.", rule: "translation" }]);
  }
  refuseIf((await lint({ ref: file, config, externalRefResolver: resolver })).map(fromRedocly));
  const faults = checkOverlay(document, parsed as Overlay);
  refuseIf(
    await Promise.all(
      faults.map(async ({ at, message }) => {
        const position = await positionOf(source.written, { file, path: at });
        return { ...position, message, rule: "translation" };
      }),
    ),
  );
  const original = { source: new Source(source.root, "", "application/json"), parsed: structuredClone(document) };
  const result = await bundle({ doc: original, config, externalRefResolver: new BaseResolver(), overlays: [file] });
  refuseIf(result.problems.map(fromRedocly));
  return result.bundle.parsed as DocsDocument;
}

export interface Overlay {
  actions: Action[];
}

export interface Action {
  target: string;
  /** What the target says in English, each text under its key. */
  "x-source"?: Tree;
  /** The same texts in the other language. */
  update?: Tree;
  /** English that stands in the other language as it is. */
  "x-same"?: Tree;
}

type Tree = { [key: string]: Tree | string };

interface Fault {
  /** Where in the overlay. */
  at: Path;
  message: string;
}

/** What keeps the overlay from being a whole translation of the document, and nothing else. */
export function checkOverlay(document: DocsDocument, { actions }: Overlay): Fault[] {
  const texts = [...findTexts(document, [])];
  const translated = new Set<Text>();
  const faults: Fault[] = [];
  for (const [index, action] of actions.entries()) {
    const fault = (message: string, ...inside: Path) => faults.push({ at: ["actions", index, ...inside], message });
    const { target, "x-source": english = {}, update = {}, "x-same": same = {}, ...rest } = action;
    for (const key of Object.keys(rest)) {
      fault("An overlay holds texts alone: an action has target, x-source, update and x-same.", key);
    }
    if (byPosition.test(target.replaceAll(/'[^']*'|"[^"]*"/g, ""))) {
      fault("This target counts positions. Name what it means: [?@.id=='…'].", "target");
    }
    const nodes = select(document, target);
    if (nodes.length === 0) fault("This target leads nowhere. Mend it, or remove the action.", "target");

    const words = new Map(leaves(update).map(([path, text]) => [formatPointer(path), text]));
    for (const [path, text] of leaves(english)) {
      const word = words.get(formatPointer(path));
      if (word === undefined) fault("This has no translation in update.", "x-source", ...path);
      else if (word.trim() === "") fault("Write the translation here.", "update", ...path);
      else if (word === text)
        fault("This is still English. If it is to stay, declare it in x-same.", "update", ...path);
      else if (marks(word) !== marks(text)) {
        fault(`The translation must have these as they are: ${marks(text) || "nothing"}.`, "update", ...path);
      }
      words.delete(formatPointer(path));
      claim("x-source", path, text);
    }
    for (const [path] of leaves(update).filter(([path]) => words.has(formatPointer(path)))) {
      fault("Say what this translates: x-source has nothing here.", "update", ...path);
    }
    for (const [path, text] of leaves(same)) claim("x-same", path, text);

    /** Marks the text below each node of the target as translated, if it is what the overlay takes it to be. */
    function claim(key: string, path: Path, english: unknown) {
      for (const node of nodes) {
        const parent = path.slice(0, -1).reduce<unknown>((at, step) => (at as Tree | undefined)?.[step], node);
        const found = texts.find((text) => text.parent === parent && text.path.at(-1) === path.at(-1));
        if (!found) {
          fault("There is no text here any more. Remove this.", key, ...path);
          continue;
        }
        if (oneLine(found.text) !== oneLine(String(english))) {
          fault(`The English is now ${JSON.stringify(found.text)}. Copy it here, and translate it anew.`, key, ...path);
        } else if (translated.has(found)) {
          fault("Another action translates this too. Remove one.", key, ...path);
        }
        translated.add(found);
      }
    }
  }
  for (const { path, text } of texts.filter((text) => !translated.has(text))) {
    const message = `${formatPointer(path)} is not translated: ${JSON.stringify(text)}. Add an action for it.`;
    faults.push({ at: ["actions"], message });
  }
  return faults;
}

const byPosition = /\[[\s\d*:,-]+\]/;

/** Code, places to fill in and addresses, which no translation changes. */
const marks = (text: string) => (text.match(/`[^`]+`|\{\w+\}|https?:[^\s)]*[^\s).,;:!?]/g) ?? []).sort().join(", ");

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();

function select(document: DocsDocument, expression: string): unknown[] {
  try {
    return query(document as never, expression);
  } catch {
    return []; // not JSONPath: it leads nowhere
  }
}

/** What is no text, such as a number or a key with nothing behind it, counts as none. */
function leaves(tree: Tree | null, path: Path = []): [path: Path, text: string][] {
  return Object.entries(tree ?? {}).flatMap(([key, child]): [Path, string][] =>
    typeof child === "object" && child !== null
      ? leaves(child, [...path, key])
      : [[[...path, key], typeof child === "string" ? child : ""]],
  );
}

export interface Text {
  path: Path;
  /** The object that has the text. */
  parent: object;
  text: string;
}

const proseKeys = ["title", "summary", "description", "reason", "reading", "says", "decision", "section"];
/** Maps in which every value is a text, whatever its key. */
const proseMaps = ["x-enumDescriptions", "x-labels"];
/** Data: neither prose nor anything that has some. (`value` and `mentions` of x-reference repeat the contract.) */
const dataKeys = ["example", "value", "default", "enum", "mentions"];

/** Every text that a reader sees. */
export function* findTexts(node: object, path: Path): Generator<Text> {
  const key = String(path.at(-1));
  for (const [name, child] of Object.entries(node)) {
    const at = [...path, name];
    if (typeof child === "string") {
      if (proseMaps.includes(key) || proseKeys.includes(name)) yield { path: at, parent: node, text: child };
    } else if (typeof child === "object" && child !== null) {
      if (key === "properties" || !dataKeys.includes(name)) yield* findTexts(child, at);
    }
  }
}
