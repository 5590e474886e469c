// The building blocks of the page: texts of the contract as elements, labels with their words filled in, headings with
// links, blocks of code.

import type { Element, ElementContent } from "hast";
import { h } from "hastscript";
import bash from "highlight.js/lib/languages/bash";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import typescript from "highlight.js/lib/languages/typescript";
import { createLowlight } from "lowlight";
import { fromMarkdown } from "mdast-util-from-markdown";
import { toHast } from "mdast-util-to-hast";
import type { DocsDocument } from "../../document.ts";
import type { Labels } from "../../labels.ts";
import type { Anchors } from "./anchors.ts";

/** A language of the docs: its tag, its own name, and its files. */
export interface Language {
  tag: string;
  name: string;
  page: string;
  markdown: string;
}

export interface View {
  language: Language;
  document: DocsDocument;
  anchors: Anchors;
  labels: Labels;
  /** What later revisions change in a part, by the id of the part or of the one around it. */
  later: Map<string, Later[]>;
}

export interface Later {
  name: string;
  date: string;
  publisher: string;
  /** The id of the change on the page. */
  anchor: string;
}

/** Markdown as elements. HTML in it is dropped. */
export function prose(markdown = ""): ElementContent[] {
  const tree = toHast(fromMarkdown(markdown)) as Element;
  return tree.children.filter((node) => node.type === "element");
}

/** Markdown of one paragraph as inline elements. */
export function phrase(markdown = ""): ElementContent[] {
  return prose(markdown).flatMap((node) => (node.type === "element" ? node.children : []));
}

/**
 * A label with its words in braces filled in.
 * @throws {Error} if the label lacks one of the words, or has an unknown one
 */
export function fill<T>(label: string, words: Record<string, T>): (string | T)[] {
  const used = new Set<string>();
  const parts = label.split(/\{(\w+)\}/).map((part, index) => {
    if (index % 2 === 0) return part;
    if (!Object.hasOwn(words, part)) throw new Error(`The label "${label}" has {${part}}, which nothing fills in`);
    used.add(part);
    return words[part] as T;
  });
  const unused = Object.keys(words).find((word) => !used.has(word));
  if (unused !== undefined) throw new Error(`The label "${label}" lacks {${unused}}`);
  return parts.filter((part) => part !== "");
}

export const fillText = (label: string, words: Record<string, string | number>) => fill(label, words).join("");

export const since = ({ labels }: View, { date, publisher }: Pick<Later, "date" | "publisher">): (string | Element)[] =>
  fill<string | Element>(labels.since, { date: h("time", date), publisher });

/** Where to read what later revisions say about a part. */
export function laterRemark(view: View, id: string): Element[] {
  const links = (view.later.get(id) ?? []).flatMap((later, index) => [
    index > 0 ? "; " : "",
    h("a", { href: `#${later.anchor}` }, h("code", later.name)),
    " ",
    ...since(view, later),
  ]);
  return links.length > 0 ? [h("p.remark", [`${view.labels.later}: `, ...links])] : [];
}

type Level = 2 | 3 | 4 | 5;

/** A heading with a link to itself, beside it so that screen readers read its name only once. */
export function heading(
  { labels }: View,
  level: Level,
  id: string,
  title: (string | ElementContent)[],
  name: string,
): Element {
  return h("div.heading", [h(`h${level}`, title), " ", selfLink(labels, id, name)]);
}

export function selfLink(labels: Labels, id: string, name: string): Element {
  const props = { href: `#${id}`, ariaLabel: fillText(labels.linkTo, { name }) };
  return h("a.anchor", props, "#");
}

/** Whether an element is only useful on a screen: a heading's link, the bar of a code block. */
export const isForScreen = ({ properties: { className } }: Element): boolean =>
  Array.isArray(className) && (className.includes("anchor") || className.includes("bar"));

const lowlight = createLowlight({ bash, go, java, json, python, typescript });

/** A block of code with a copy button; it scrolls if it is too wide. */
export function codeBlock({ labels }: View, language: string, code: string, name: string, caption: string): Element {
  const copy = { type: "button", hidden: true, ariaLabel: fillText(labels.copyOf, { name }) };
  return h("div.code", [
    h("div.bar", [h("span", { translate: "no" }, caption), h("button.copy", copy, labels.copy)]),
    h("pre", { tabIndex: 0, role: "group", ariaLabel: name }, [
      h("code", { className: [`language-${language}`] }, lowlight.highlight(language, code.trimEnd()).children),
    ]),
  ]);
}

/** Alternative blocks, one below the other; the script turns them into tabs. */
export function alternatives(
  name: string,
  blocks: { id: string; heading: Element; content: ElementContent[] }[],
): Element {
  const sections = blocks.map(({ id, heading, content }) => h("section", { id }, [heading, ...content]));
  return h("div", { dataTabs: name }, sections);
}
