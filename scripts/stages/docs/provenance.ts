// Where the contract comes from, entry by entry of spec/reference.yaml.

import type { Element } from "hast";
import { h } from "hastscript";
import { type Entry, nodeAt, type Place, type Reference } from "../../document.ts";
import { anchorOf, sections } from "./anchors.ts";
import { fill, fillText, heading, phrase, type View } from "./view.ts";

type Contradiction = Reference["contradictions"][number];

export function provenance(view: View, reference: Reference): Element {
  const { labels } = view;
  const { title, url, revision } = reference.page;
  const words = { revision: h("time", revision), page: h("a", { href: url }, title) };
  return h("section.provenance", { id: sections.provenance }, [
    heading(view, 2, sections.provenance, [labels.provenance], labels.provenance),
    h("p", fill<string | Element>(labels.provenanceLead, words)),
    contradictions(view, reference.contradictions),
    facts(view, reference.facts),
    additions(view, reference.additions),
  ]);
}

function contradictions(view: View, all: Reference["contradictions"]): Element {
  const { labels } = view;
  return h("section", { id: sections.contradictions }, [
    heading(view, 3, sections.contradictions, [labels.contradictions], labels.contradictions),
    ...all.map((one) => contradiction(view, one)),
  ]);
}

export function contradiction(view: View, { id, says, decision, reason, places, facts }: Contradiction): Element {
  const { labels } = view;
  const line = (label: string, text: (string | Element)[] | ReturnType<typeof phrase>) =>
    h("p", [h("strong", `${label}:`), " ", ...text]);
  const at = `contradiction.${id}`;
  const known = view.document["x-reference"]?.facts.map((fact) => fact.id) ?? [];
  const links = facts.flatMap((fact, index) => [
    index > 0 ? ", " : "",
    known.includes(fact) ? h("a", { href: `#fact.${fact}` }, h("code", fact)) : h("code", fact),
  ]);
  return h("div.entry", { id: at }, [
    heading(view, 4, at, phrase(says), id),
    line(labels.decided, phrase(decision)),
    line(labels.because, phrase(reason)),
    line(labels.places, [places.map((place) => describePlace(view, place)).join("; "), " (", ...links, ")"]),
  ]);
}

function facts(view: View, all: Reference["facts"]): Element {
  const { labels } = view;
  const items = all.map((fact) =>
    h("li", { id: `fact.${fact.id}` }, [
      h("span.place", describePlace(view, fact.place)),
      " ",
      h("span", [what(view, fact), ...meaning(view, fact), ...reason(fact.reading)]),
    ]),
  );
  return h("section", { id: sections.facts }, [
    heading(view, 3, sections.facts, [labels.facts], labels.facts),
    h("p", labels.factsLead),
    h("ul.trace", items),
  ]);
}

function additions(view: View, all: Reference["additions"]): Element {
  const { labels } = view;
  const items = all.map((addition) =>
    h("li", { id: `addition.${addition.id}` }, [what(view, addition), ...reason(addition.reason)]),
  );
  return h("section", { id: sections.additions }, [
    heading(view, 3, sections.additions, [labels.additions], labels.additions),
    h("p", labels.additionsLead),
    h("ul.trace", items),
  ]);
}

/** The entry's name, which links to its part of the contract, and what the entry says about it, except prose. */
function what({ anchors, labels }: View, { id, pointer, value, absent }: Entry): Element {
  const text = compact(value);
  const says = absent ? [" ", labels.absent] : text === "" ? [] : [" ", h("code", text)];
  return h("span.what", [h("a", { href: `#${anchorOf(anchors, pointer)}` }, h("code", id)), ...says]);
}

/** For an entry about prose: the first paragraph of the prose. */
function meaning({ document }: View, { pointer, mentions }: Entry): (string | Element)[] {
  if (!mentions) return [];
  const [first] = String(nodeAt(document, pointer)).split("\n\n");
  return [" ", h("span", phrase(first))];
}

const reason = (text?: string): (string | Element)[] =>
  text === undefined ? [] : [" ", h("span.reason", phrase(text))];

/** Data in one line: `type: integer, format: int32`. */
function compact(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inBraces).join(", ")}]`;
  if (typeof value !== "object" || value === null) return value === undefined ? "" : scalar(value);
  if ("$ref" in value) return String(value.$ref).split("/").at(-1) ?? "";
  return Object.entries(value)
    .filter(([key]) => key !== "x-enumDescriptions")
    .map(([key, child]) => (isEmpty(child) ? key : `${key}: ${inBraces(child)}`))
    .join(", ");
}

const inBraces = (value: unknown): string => {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value) && !("$ref" in value);
  return isObject ? `{ ${compact(value)} }` : compact(value);
};

const isEmpty = (value: unknown) => typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** Quotes a string that would be read as something else. */
const scalar = (value: unknown) =>
  typeof value === "string" && !/^(true|false|null|[\d.]*|.*[,{}[\]].*)$/i.test(value) ? value : JSON.stringify(value);

function describePlace({ labels }: View, { section, table, tables, line, lines }: Place): string {
  const list = (numbers: number[]) => numbers.join(` ${labels.and} `);
  const parts = [
    section,
    table && fillText(labels.table, { number: table }),
    tables && fillText(labels.tables, { numbers: list(tables) }),
    line && fillText(labels.line, { number: line }),
    lines && fillText(labels.lines, { numbers: list(lines) }),
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}
