// What later revisions change: one table of all, then each revision with its parts in full.

import type { Element, ElementContent } from "hast";
import { toString as textOf } from "hast-util-to-string";
import { h } from "hastscript";
import {
  bodyOf,
  type DocsDocument,
  follow,
  type LaterPart,
  type LaterRevision,
  nodeAt,
  objectOf,
  operationsOf,
  type Parameter,
  type Response,
  type Schema,
} from "../../document.ts";
import { type Anchors, anchorOf, childId, findAnchors, sections } from "./anchors.ts";
import { withUpdate } from "./changes.ts";
import { parameter } from "./operation.ts";
import { contradiction } from "./provenance.ts";
import { type Detail, field, fields, limits, typeOf } from "./schema.ts";
import { fill, fillText, heading, type Later, phrase, prose, since, type View } from "./view.ts";

const revisionId = (date: string) => childId("revision", date);

const markOf = ({ date, page }: LaterRevision) => ({ date, publisher: page.publisher });

/** What later revisions change, by the part of the page where a reader looks for it. */
export function laterById(document: DocsDocument, anchors: Anchors): Map<string, Later[]> {
  const found = new Map<string, Later[]>();
  for (const revision of document["x-revisions"] ?? []) {
    for (const { name, anchor, pointers } of revision.parts) {
      const id = anchorOf(anchors, pointers[0] ?? "");
      found.set(id, [...(found.get(id) ?? []), { name, anchor, ...markOf(revision) }]);
    }
  }
  return found;
}

/** A revision, and the documents of it and of the one that it follows. */
interface Stand {
  revision: LaterRevision;
  view: View;
  before: View;
}

export function laterSection(view: View): Element[] {
  const { document, labels } = view;
  const stands = standsOf(view);
  if (stands.length === 0) return [];
  const words = { revision: h("time", document["x-reference"]?.page.revision ?? "") };
  return [
    h("section.later", { id: sections.later }, [
      heading(view, 2, sections.later, [labels.later], labels.later),
      h("p", fill<string | Element>(labels.laterLead, words)),
      h("p", h("strong", labels.laterTable)),
      overview(view, stands),
      ...stands.map(revisionSection),
    ]),
  ];
}

function standsOf(base: View): Stand[] {
  const views = new Map<string, View>();
  return (base.document["x-revisions"] ?? []).map((revision) => {
    const before = views.get(revision.follows) ?? base;
    const document = withUpdate(before.document, revision);
    const view = { ...base, document, anchors: findAnchors(document), later: new Map() };
    views.set(revision.date, view);
    return { revision, view, before };
  });
}

function overview(view: View, stands: Stand[]): Element {
  const { labels } = view;
  const titles = [labels.when, labels.publisher, labels.change, labels.breaks];
  const rows = stands.flatMap((stand) =>
    stand.revision.parts.map((part) => {
      const { date, page } = stand.revision;
      return h("tr", [
        h("td", h("a", { href: `#${revisionId(date)}` }, h("time", date))),
        h("td", page.publisher),
        h("td", [h("a", { href: `#${part.anchor}` }, h("code", part.name)), ": ", ...summary(stand, part)]),
        h("td", breaks(view, part)),
      ]);
    }),
  );
  return h("div.table", { tabIndex: 0, role: "group", ariaLabel: labels.laterTable }, [
    h("table", [
      h(
        "thead",
        h(
          "tr",
          titles.map((title) => h("th", { scope: "col" }, title)),
        ),
      ),
      h("tbody", rows),
    ]),
  ]);
}

/** New, changed or gone; of a changed part, its bounds too. */
function summary(stand: Stand, part: LaterPart): (string | Element)[] {
  const { labels } = stand.view;
  const { fresh, gone } = bounds(stand, part);
  const details: Detail[] = [labels[part.change], ...(part.change === "changed" ? [...fresh, ...gone] : [])];
  return details.flatMap((detail, index) => [index === 0 ? "" : " · ", detail].flat());
}

function breaks({ labels }: View, { facts }: LaterPart): ElementContent[] {
  const measured = facts.flatMap((fact) => (fact.breaks === undefined ? [] : [fact.breaks]));
  return measured.length > 0 ? phrase(measured.join(" ")) : phrase(labels.breaksUnknown);
}

function revisionSection(stand: Stand): Element {
  const { revision, view } = stand;
  const { labels } = view;
  const { date, page, follows, parts, contradictions, read } = revision;
  const id = revisionId(date);
  const lead = { A: labels.readWhole, B: labels.readPart, C: labels.readOther }[read];
  const words = { page: page.url ? h("a", { href: page.url }, page.title) : page.title, followed: h("time", follows) };
  return h("section", { id }, [
    heading(view, 3, id, [h("time", date), `, ${page.publisher}`], `${date}, ${page.publisher}`),
    h("p", fill<string | Element>(lead, words)),
    ...parts.map((part) => partEntry(stand, part)),
    ...contradictions.map((one) => contradiction(view, one)),
  ]);
}

/** A part as the revision has it, with what it no longer has, and how the page was read. */
function partEntry(stand: Stand, part: LaterPart): Element {
  const { revision, view, before } = stand;
  const { labels } = view;
  const mark = since(view, markOf(revision));
  const gone = part.change === "removed" ? [labels.removed] : bounds(stand, part).gone;
  const shown = part.change === "removed" ? before : view;
  const entry = render(shown, part, [mark, ...gone]);
  const readings = part.facts.flatMap(({ reading }) => (reading === undefined ? [] : prose(reading)));
  const measured = part.facts.some((fact) => fact.breaks !== undefined)
    ? [h("p", [h("strong", `${labels.breaks}:`), " ", ...breaks(view, part)])]
    : [];
  entry.children.push(...readings, ...measured);
  return entry;

  function render(
    view: View,
    { kind, anchor: id, name, pointers: [pointer = ""] }: LaterPart,
    marks: Detail[],
  ): Element {
    const { document } = view;
    if (kind === "parameter") return parameter(view, follow<Parameter>(document, pointer), id, marks);
    if (kind === "field") {
      const schema = follow<Schema>(document, pointer);
      const details = [...marks, ...typeOf(view, schema), ...limits(view, schema.node)];
      return field(view, { id, name, details, level: 4 }, schema);
    }
    const line = marks.flatMap((detail, index) => [index === 0 ? "" : " · ", detail].flat());
    const under = (title: string, content: ElementContent[]) =>
      h("div.entry", { id }, [heading(view, 4, id, [title], title), h("p.details", line), ...content]);
    if (kind === "call") return under(callTitle(document, name), news(String(nodeAt(document, pointer)), pointer));
    const response = follow<Response>(document, pointer);
    const { schema } = bodyOf(document, response);
    const object = schema && objectOf(document, schema);
    const isHome = object && view.anchors.homes.get(object.pointer) === id;
    const title = fillText(view.labels.response, { status: name });
    return under(title, [...prose(response.node.description), ...(isHome ? fields(view, object, id, 5) : [])]);
  }

  /** The paragraphs that the followed revision does not have. */
  function news(text: string, pointer: string): ElementContent[] {
    const known = paragraphs(String(nodeAt(before.document, pointer))).map(oneLine);
    return paragraphs(text)
      .filter((paragraph) => !known.includes(oneLine(paragraph)))
      .flatMap(prose);
  }
}

const callTitle = (document: DocsDocument, id: string) =>
  operationsOf(document).find(({ operation }) => operation.operationId === id)?.operation.summary ?? id;

const paragraphs = (text: string) => text.split("\n\n");
const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();

/** The bounds that the followed revision does not have, and those that only it has. */
function bounds({ view, before }: Stand, { kind, pointers: [pointer = ""] }: LaterPart) {
  const boundsIn = (view: View): Detail[] => {
    const { document } = view;
    if (!["parameter", "field"].includes(kind) || nodeAt(document, pointer) === undefined) return [];
    const { node } = follow<Schema & { schema?: Schema }>(document, pointer);
    return limits(view, node.schema ?? node);
  };
  const [old, fresh] = [boundsIn(before), boundsIn(view)];
  const isIn = (list: Detail[], detail: Detail) => list.some((one) => text(one) === text(detail));
  return {
    fresh: fresh.filter((bound) => !isIn(old, bound)),
    gone: old
      .filter((bound) => !isIn(fresh, bound))
      .map((bound): Detail => fill<string | Element>(view.labels.noLonger, { bound: h("span", bound) })),
  };
}

const text = (detail: Detail) => textOf(h("p", detail));
