// Stage: the texts of the docs in each language. The English is in spec/; spec/overlays/ has an OpenAPI Overlay 1.0 for each
// other language, which holds only texts. Beside each text is the English that it translates (`x-source`), so that a change
// of the English is noticed; a text that is the same in both is declared (`x-same`).

import { dirname, join, parse, relative } from "node:path";
import { type DocsDocument, nodeAt, type OpenApiDocument } from "../document.ts";
import type { Labels } from "../labels.ts";
import { applyOverlays, readOverlay, select } from "../overlay.ts";
import { formatPointer, type Path } from "../pointer.ts";
import { refuseIf, StageError } from "../problem.ts";
import { type ContractSource, filesBelow, positionOf, readReference } from "../source.ts";
import { laterRevisions } from "./docs/changes.ts";
import type { Revision } from "./revisions.ts";

export interface Translation {
  /** A language tag, such as `pt-BR`. */
  language: string;
  document: DocsDocument;
}

/**
 * The contract, the source of each part (reference.yaml, if there is one), what later revisions change, and the docs' own
 * texts.
 * @throws {StageError} if reference.yaml cannot be read
 */
export async function docsDocument(
  source: ContractSource,
  contract: OpenApiDocument,
  labels: Labels,
  revisions: Revision[] = [],
): Promise<DocsDocument> {
  const { reference } = (await readReference(source)) ?? {};
  return structuredClone({
    ...contract,
    "x-labels": labels,
    ...(reference && { "x-reference": reference }),
    ...(revisions.length > 0 && { "x-revisions": laterRevisions(contract, revisions) }),
  });
}

/**
 * The document in every language, English first.
 * @throws {StageError} for each text without a translation, and for each translation whose text is gone
 */
export async function translate(source: ContractSource, document: DocsDocument): Promise<Translation[]> {
  const translations: Translation[] = [{ language: "en", document }];
  const folder = join(dirname(source.root), "overlays");
  for (const file of await filesBelow(folder)) {
    const { dir, name: language, ext } = parse(relative(folder, file));
    if (dir !== "" || ext !== ".yaml" || !isLanguage(language)) {
      const message = "Name this file after its language, such as pt-BR.yaml.";
      throw new StageError([{ file, message, rule: "translation" }]);
    }
    translations.push({ language, document: await applyTexts(source, document, file) });
  }
  return translations;
}

/** Whether this is a language tag that `lang` and `hreflang` accept. */
function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}

async function applyTexts(source: ContractSource, document: DocsDocument, file: string): Promise<DocsDocument> {
  const overlay = (await readOverlay(source, file, "translation")) as Overlay;
  const faults = checkOverlay(document, overlay);
  refuseIf(
    await Promise.all(
      faults.map(async ({ at, message }) => {
        const position = await positionOf(source.written, { file, path: at });
        return { ...position, message, rule: "translation" };
      }),
    ),
  );
  return applyOverlays(source, document, [file]);
}

export interface Overlay {
  actions: Action[];
}

export interface Action {
  target: string;
  /** The English texts of the target, by key. */
  "x-source"?: Tree;
  /** The same texts in the other language. */
  update?: Tree;
  /** English texts that are the same in the other language. */
  "x-same"?: Tree;
}

type Tree = { [key: string]: Tree | string };

interface Fault {
  /** Where in the overlay. */
  at: Path;
  message: string;
}

/** The faults of an overlay, which must translate the whole document and change nothing else. */
export function checkOverlay(document: DocsDocument, { actions }: Overlay): Fault[] {
  const texts = [...findTexts(document, [])];
  const translated = new Set<Text>();
  const faults: Fault[] = [];
  for (const [index, action] of actions.entries()) {
    const fault = (message: string, ...inside: Path) => faults.push({ at: ["actions", index, ...inside], message });
    const { target, "x-source": english = {}, update = {}, "x-same": same = {}, ...rest } = action;
    for (const key of Object.keys(rest)) {
      fault("An overlay holds only texts: an action has target, x-source, update and x-same.", key);
    }
    if (byPosition.test(target.replaceAll(/'[^']*'|"[^"]*"/g, ""))) {
      fault("This target uses a position. Name the element: [?@.id=='…'].", "target");
    }
    const nodes = select(document, target).map((path) => nodeAt(document, formatPointer(path)));
    if (nodes.length === 0) fault("This target leads nowhere. Fix it, or remove the action.", "target");

    const words = new Map(leaves(update).map(([path, text]) => [formatPointer(path), text]));
    for (const [path, text] of leaves(english)) {
      const word = words.get(formatPointer(path));
      if (word === undefined) fault("This has no translation in update.", "x-source", ...path);
      else if (word.trim() === "") fault("Write the translation here.", "update", ...path);
      else if (word === text) fault("This is still English. If it is right, declare it in x-same.", "update", ...path);
      else if (marks(word) !== marks(text)) {
        fault(`The translation must have these unchanged: ${marks(text) || "nothing"}.`, "update", ...path);
      }
      words.delete(formatPointer(path));
      claim("x-source", path, text);
    }
    for (const [path] of leaves(update).filter(([path]) => words.has(formatPointer(path)))) {
      fault("x-source has nothing here: add the English text.", "update", ...path);
    }
    for (const [path, text] of leaves(same)) claim("x-same", path, text);

    /** Marks the text below each node of the target as translated, if it still is the English of the overlay. */
    function claim(key: string, path: Path, english: unknown) {
      for (const node of nodes) {
        const parent = path.slice(0, -1).reduce<unknown>((at, step) => (at as Tree | undefined)?.[step], node);
        const found = texts.find((text) => text.parent === parent && text.path.at(-1) === path.at(-1));
        if (!found) {
          fault("There is no text here any more. Remove this.", key, ...path);
          continue;
        }
        if (oneLine(found.text) !== oneLine(String(english))) {
          fault(
            `The English is now ${JSON.stringify(found.text)}. Copy it here, and translate it again.`,
            key,
            ...path,
          );
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

/** Code, placeholders and addresses, which a translation must not change. */
const marks = (text: string) => (text.match(/`[^`]+`|\{\w+\}|https?:[^\s)]*[^\s).,;:!?]/g) ?? []).sort().join(", ");

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();

/** Undefined for anything but text, such as a number or an empty key. */
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

const proseKeys = ["title", "summary", "description", "reason", "reading", "breaks", "says", "decision", "section"];
/** Maps in which every value is a text, whatever its key. */
const proseMaps = ["x-enumDescriptions", "x-labels"];
/** Data: it has no prose. (`value` and `mentions` of x-reference repeat the contract.) */
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
