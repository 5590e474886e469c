// The fields of an object: each with its type, meaning, allowed values and an example.

import type { Element, ElementContent } from "hast";
import { h } from "hastscript";
import { below, fieldsOf, follow, objectOf, type Part, type Schema, valuesOf } from "../../document.ts";
import { childId, isComponent } from "./anchors.ts";
import { fill, fillText, laterRemark, phrase, prose, selfLink, type View } from "./view.ts";

/** The fields of an object, and of the objects inside it. */
export function fields(view: View, object: Part<Schema>, owner: string, level: 4 | 5): ElementContent[] {
  const { document, labels } = view;
  const id = isComponent(object.pointer) ? object.name : owner;
  const all = fieldsOf(document, object);
  const areAllOptional = all.every(({ required }) => !required);
  const title = h(`h${level}`, fill(labels.fields, { schema: h("code", object.name) }));
  return [
    h("section.fields", isComponent(object.pointer) ? { id } : {}, [
      title,
      ...prose(object.node.description),
      ...(areAllOptional ? [h("p.remark", labels.allOptional)] : []),
      ...all.map(({ name, schema, required }) => {
        const presence = areAllOptional ? [] : [required ? labels.required : labels.optional];
        const details = [...typeOf(view, schema), ...presence, ...limits(view, schema.node)];
        return field(view, { id: childId(id, name), name, details, level: level === 4 ? 5 : 6 }, schema);
      }),
      ...(isComponent(object.pointer) ? laterRemark(view, id) : []),
    ]),
  ];
}

export function field(view: View, parts: Omit<EntryParts, "content">, schema: Part<Schema>): Element {
  const { id } = parts;
  const object = objectOf(view.document, schema);
  const isHome = object && view.anchors.homes.get(object.pointer) === id;
  const link = object && !isHome && isComponent(object.pointer);
  return entry(view, {
    ...parts,
    content: [
      ...prose(schema.node.description),
      ...pattern(view, schema.node),
      ...values(view, schema, id),
      ...(schema.node.example === undefined ? [] : [example(view, JSON.stringify(schema.node.example))]),
      ...(link
        ? [h("p", h("a", { href: `#${object.name}` }, fill(view.labels.fields, { schema: h("code", object.name) })))]
        : []),
      ...(object && isHome ? fields(view, object, id, 5) : []),
      ...laterRemark(view, id),
    ],
  });
}

export type Detail = string | Element | (string | Element)[];

export interface EntryParts {
  id: string;
  name: string;
  details: Detail[];
  level: 4 | 5 | 6;
  content: ElementContent[];
}

/** An item with a name, a line of details and an explanation: a field, a parameter, a way to authenticate. */
export function entry({ labels }: View, { id, name, details, level, content }: EntryParts): Element {
  const line = details.flatMap((detail, index) => [index === 0 ? "" : " · ", detail].flat());
  return h("div.entry", { id }, [
    h(`h${level}`, h("code", name)),
    h("p.details", [...line, " ", selfLink(labels, id, name)]),
    ...content,
  ]);
}

export function typeOf(view: View, { pointer, node }: Part<Schema>): Detail[] {
  const { labels, document } = view;
  const plain = (schema: Schema): string => {
    if (schema.type === "integer") return fillText(labels.integer, { bits: schema.format === "int64" ? 64 : 32 });
    if (schema.format === "date-time") return labels.dateTime;
    const names: Record<string, string> = {
      string: labels.string,
      number: labels.number,
      boolean: labels.boolean,
      object: labels.object,
    };
    return names[schema.type ?? ""] ?? schema.type ?? labels.object;
  };
  const named = (part: Part<Schema>): string | Element =>
    part.node.properties && isComponent(part.pointer)
      ? h("a", { href: `#${part.name}` }, h("code", part.name))
      : plain(part.node);
  const type: Detail = node.items
    ? fill<string | Element>(labels.arrayOf, { type: named(follow(document, below(pointer, "items"))) })
    : named({ pointer, node, name: pointer.split("/").at(-1) ?? "" });
  return node.nullable ? [[...[type].flat(), ` ${labels.orNull}`]] : [type];
}

/** The bounds of a schema. */
export function limits({ labels }: View, { minimum, maximum, maxLength, default: preset }: Schema): Detail[] {
  return [
    ...(minimum === undefined ? [] : [fillText(labels.atLeast, { number: minimum })]),
    ...(maximum === undefined ? [] : [fillText(labels.atMost, { number: maximum })]),
    ...(maxLength === undefined ? [] : [fillText(labels.maxLength, { number: maxLength })]),
    ...(preset === undefined ? [] : [[`${labels.default}: `, h("code", JSON.stringify(preset))]]),
  ];
}

export const pattern = ({ labels }: View, { pattern: form }: Schema): Element[] =>
  form === undefined ? [] : [h("p.example", [h("span", `${labels.pattern}:`), " ", h("code", form)])];

export const example = ({ labels }: View, value: string): Element =>
  h("p.example", [h("span", `${labels.example}:`), " ", h("code", value)]);

function values({ labels, anchors }: View, schema: Part<Schema>, id: string): Element[] {
  const all = valuesOf(schema);
  if (all.length === 0) return [];
  const isHome = anchors.homes.get(schema.pointer) === id;
  const owner = isComponent(schema.pointer) ? schema.name : id;
  const meanings = schema.node["x-enumDescriptions"] ?? {};
  const items = all.map((value) =>
    h("li", isHome ? { id: childId(owner, value) } : {}, [
      h("code", value),
      ": ",
      h("span", phrase(meanings[value])),
      ...(isHome ? [" ", selfLink(labels, childId(owner, value), value)] : []),
    ]),
  );
  return [h("p.remark", schema.node.enum ? labels.values : labels.valuesOpen), h("ul.values", items)];
}
