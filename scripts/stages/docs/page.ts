// A page of the docs: one file with its content, style and script, which loads nothing.

import { createHash } from "node:crypto";
import type { Element, ElementContent, Root } from "hast";
import { toHtml } from "hast-util-to-html";
import { toString as textOf } from "hast-util-to-string";
import { h } from "hastscript";
import { SKIP, visit } from "unist-util-visit";
import { type DocsDocument, type OperationPart, operationsOf, served } from "../../document.ts";
import type { Sample } from "../samples.ts";
import { findAnchors, sections } from "./anchors.ts";
import { downloads } from "./downloads.ts";
import { laterById, laterSection } from "./later.ts";
import { operationSection, route } from "./operation.ts";
import { provenance } from "./provenance.ts";
import { type Language, phrase, prose, type View } from "./view.ts";

/** The parts that are the same in all languages. */
export interface PageParts {
  languages: Language[];
  style: string;
  script: string;
}

/** The content, in reading order. */
export function renderContent(document: DocsDocument, language: Language, samples: Sample[]): Element {
  const anchors = findAnchors(document);
  const view: View = { document, language, anchors, labels: document["x-labels"], later: laterById(document, anchors) };
  const [lead, ...rest] = prose(document.info.description);
  const all = operationsOf(document);
  const reference = document["x-reference"];
  return h("main", { id: "content" }, [
    h("section.lead", { id: sections.top }, [
      h("h1", document.info.title),
      ...(lead ? [lead] : []),
      h("ul.routes", all.map(routeTo)),
      ...rest,
    ]),
    ...all.map((part, index) =>
      operationSection(view, part, part.operation.operationId === served ? samples : [], index === 0),
    ),
    ...(reference ? [provenance(view, reference)] : []),
    ...laterSection(view),
    downloads(view),
  ]);
}

const routeTo = (part: OperationPart) => h("li", h("a", { href: `#${part.operation.operationId}` }, route(part)));

export function renderPage(document: DocsDocument, content: Element, language: Language, parts: PageParts): string {
  const { title, description } = document.info;
  const calls = operationsOf(document);
  const labels = document["x-labels"];
  const policy = `default-src 'none'; script-src '${hash(parts.script)}'; style-src '${hash(parts.style)}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const head = h("head", [
    h("meta", { charSet: "utf-8" }),
    h("meta", { httpEquiv: "Content-Security-Policy", content: policy }),
    h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    h("title", calls.length === 1 ? `${title}: ${calls[0]?.operation.summary}` : title),
    h("meta", { name: "description", content: textOf(h("p", phrase(description).slice(0, 1))) }),
    h("meta", { name: "color-scheme", content: "light dark" }),
    h("link", { rel: "icon", href: icon }),
    ...parts.languages.map((other) => h("link", { rel: "alternate", hrefLang: other.tag, href: other.page })),
    h("style", parts.style),
  ]);
  const body = h("body", [
    h("a.skip", { href: "#content" }, labels.skip),
    h("div.layout", [banner(document, language, parts.languages, content), content]),
    h("p#said.unseen", { role: "status", dataCopied: labels.copied, dataFailed: labels.copyFailed }),
    h("script", parts.script),
  ]);
  visit(body, "element", keepLiteral);
  const root: Root = { type: "root", children: [{ type: "doctype" }, h("html", { lang: language.tag }, [head, body])] };
  return `${toHtml(root, { upperDoctype: true })}\n`;
}

/** A browser that translates the page does not change code, names and values. */
function keepLiteral({ tagName, properties }: Element) {
  if (!["code", "var", "time"].includes(tagName)) return undefined;
  properties.translate = "no";
  return SKIP; // this holds for its content too
}

/** The root page of a site with the docs: redirects to them, and keeps the fragment of the address. */
export function renderEntrance({ info }: DocsDocument, { tag, page }: Language): string {
  const docs = `docs/${page}`;
  const head = h("head", [
    h("meta", { charSet: "utf-8" }),
    h("title", info.title),
    h("script", `location.replace(${JSON.stringify(docs)} + location.hash)`),
    h("meta", { httpEquiv: "refresh", content: `0; url=${docs}` }),
  ]);
  const body = h("body", h("a", { href: docs }, info.title));
  const root: Root = { type: "root", children: [{ type: "doctype" }, h("html", { lang: tag }, [head, body])] };
  return `${toHtml(root, { upperDoctype: true })}\n`;
}

function banner(document: DocsDocument, language: Language, languages: Language[], content: Element): Element {
  const labels = document["x-labels"];
  return h("header.banner", [
    h("p.title", h("a", { href: `#${sections.top}` }, document.info.title)),
    h("nav.languages", { ariaLabel: labels.languages }, [
      h(
        "ul",
        languages.map(({ tag, page, name }) => {
          const current = tag === language.tag ? "page" : undefined;
          return h("li", h("a", { href: page, hrefLang: tag, lang: tag, translate: "no", ariaCurrent: current }, name));
        }),
      ),
    ]),
    h("search", { hidden: true, dataFound: labels.searchFound, dataNone: labels.searchNone }, [
      h("label", { htmlFor: "search" }, labels.search),
      h("input#search", { type: "search", autoComplete: "off" }),
      h("p", { role: "status" }),
      h("ul"),
    ]),
    h("nav.contents", { ariaLabel: labels.contents }, outline(content)),
  ]);
}

/** Links to the sections with a heading of level 2 or 3, nested as the sections are. */
function outline(content: Element): Element {
  const found = headings(content).filter(({ level }) => level <= 3);
  const groups: { title: Element; below: Element[] }[] = [];
  for (const { level, id, text } of found) {
    const link = h("a", { href: `#${id}` }, text);
    if (level === 2) groups.push({ title: link, below: [] });
    else groups.at(-1)?.below.push(link);
  }
  const list = (links: Element[]) =>
    h(
      "ul",
      links.map((link) => h("li", link)),
    );
  return h(
    "ul",
    groups.map(({ title, below }) => h("li", [title, ...(below.length > 0 ? [list(below)] : [])])),
  );
}

function headings(node: Element, owner = ""): { level: number; id: string; text: string }[] {
  const id = typeof node.properties.id === "string" ? node.properties.id : owner;
  const level = Number(/^h([2-6])$/.exec(node.tagName)?.[1]);
  if (level) return [{ level, id, text: textOf(node) }];
  return node.children.flatMap((child: ElementContent) => (child.type === "element" ? headings(child, id) : []));
}

const hash = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#0b6b58"/><path d="M4 5h8M4 8h8M4 11h5" stroke="#fff" stroke-width="1.6" stroke-linecap="round"/></svg>',
)}`;
