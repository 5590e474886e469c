// One call: how to make it, and its responses.

import type { Element, ElementContent } from "hast";
import { h } from "hastscript";
import {
  below,
  bodyOf,
  type Example,
  follow,
  type OperationPart,
  objectOf,
  type Parameter,
  type Part,
  parametersOf,
  type Response,
  type SecurityScheme,
} from "../../document.ts";
import { type Sample, tokenVariable } from "../samples.ts";
import { childId, sections } from "./anchors.ts";
import { type Detail, entry, example, fields, limits, pattern, typeOf } from "./schema.ts";
import { alternatives, codeBlock, fill, fillText, heading, laterRemark, phrase, prose, type View } from "./view.ts";

export function operationSection(view: View, part: OperationPart, samples: Sample[], isFirst: boolean): Element {
  const { operation, pointer } = part;
  const id = operation.operationId;
  const title = operation.summary ?? id;
  return h("section.operation", { id }, [
    h("div.split", [
      h("div", [
        heading(view, 2, id, [title], title),
        ...tag(view, operation.tags),
        ...prose(operation.description),
        ...(isFirst ? server(view) : []),
        ...(isFirst ? authentication(view, operation.security ?? view.document.security ?? []) : []),
        ...parameters(view, part),
      ]),
      h("div.aside", [endpoint(view, part), ...sampleCode(view, samples)]),
    ]),
    ...Object.keys(operation.responses).map((status) => response(view, childId(id, status), status, pointer)),
    ...laterRemark(view, id),
  ]);
}

/** The method and the path, with each parameter highlighted. */
export function route({ method, path }: Pick<OperationPart, "method" | "path">): (string | Element)[] {
  const parts = path.split(/(\{\w+\}|(?<=\w)(?=\/))/).filter((part) => part !== undefined);
  const marked = parts.map((part) => (part.startsWith("{") ? h("var", part) : part === "" ? h("wbr") : part));
  return [h("code.method", method), " ", h("code.path", marked)];
}

function endpoint(view: View, part: OperationPart): Element {
  const [first] = view.document.servers;
  const url = `${first?.url ?? ""}${part.path}`;
  return h("p.endpoint", route({ method: part.method, path: url }));
}

function tag({ document }: View, names: string[] = []): Element[] {
  const tags = (document.tags ?? []).filter(({ name }) => names.includes(name));
  return tags.map(({ name, description }) => h("p.tag", [h("strong", name), ": ", ...phrase(description)]));
}

function server(view: View): Element[] {
  const { document, labels } = view;
  if (document.servers.length === 0) return [];
  return [
    h("section#server", [
      heading(view, 3, "server", [labels.server], labels.server),
      ...document.servers.flatMap(({ url, description, variables = {} }) => [
        h("p.details", h("code", url)),
        ...prose(description),
        ...Object.entries(variables).map(([name, variable]) => {
          const words = { name: h("code", `{${name}}`), value: h("code", variable.default) };
          return h("p", fill(labels.serverDefault, words));
        }),
      ]),
    ]),
  ];
}

function authentication(view: View, requirements: Record<string, unknown>[]): Element[] {
  const { document, labels } = view;
  const names = requirements.flatMap((requirement) => Object.keys(requirement));
  if (names.length === 0) return [];
  return [
    h("section#authentication", [
      heading(view, 3, "authentication", [labels.authentication], labels.authentication),
      h("p", names.length === 1 ? labels.authenticationOne : labels.authenticationEither),
      ...names.map((id) => {
        const { node } = follow<SecurityScheme>(document, below("/components/securitySchemes", id));
        const parts = { id, name: node.name ?? id, details: [labels.header], content: prose(node.description) };
        return entry(view, { ...parts, level: 4 });
      }),
    ]),
  ];
}

function parameters(view: View, part: OperationPart): ElementContent[] {
  const { document, labels } = view;
  const { operation } = part;
  const id = childId(operation.operationId, "parameters");
  const all = parametersOf(document, part);
  if (all.length === 0) return [];
  return [
    h("section", { id }, [
      heading(view, 3, id, [labels.parameters], labels.parameters),
      ...all.map((one) => parameter(view, one, childId(operation.operationId, one.node.name), [])),
    ]),
  ];
}

/** @param marks come first in the line of details */
export function parameter(view: View, { node, pointer }: Part<Parameter>, id: string, marks: Detail[]): Element {
  const { document, labels } = view;
  const places = { path: labels.inPath, query: labels.inQuery, header: labels.inHeader };
  const schema = follow<Parameter["schema"]>(document, below(pointer, "schema"));
  const presence = node.required ? h("strong", labels.required) : labels.optional;
  return entry(view, {
    id,
    name: node.name,
    details: [...marks, ...typeOf(view, schema), places[node.in], presence, ...limits(view, schema.node)],
    level: 4,
    content: [
      ...prose(node.description),
      ...pattern(view, schema.node),
      ...(node.example === undefined ? [] : [example(view, String(node.example))]),
      ...laterRemark(view, id),
    ],
  });
}

function sampleCode(view: View, samples: Sample[]): Element[] {
  if (samples.length === 0) return [];
  const { labels } = view;
  const blocks = samples.map(({ id, label, language, code }) => ({
    id: childId(sections.samples, id),
    heading: h("h4", { translate: "no" }, label),
    content: [codeBlock(view, language, code, label, label)],
  }));
  return [
    h("section", { id: sections.samples }, [
      heading(view, 3, sections.samples, [labels.samples], labels.samples),
      h("p", fill(labels.samplesLead, { variable: h("code", tokenVariable) })),
      alternatives(labels.samples, blocks),
    ]),
  ];
}

function response(view: View, id: string, status: string, operation: string): Element {
  const { document, labels, anchors } = view;
  const part = follow<Response>(document, below(operation, "responses", status));
  const { schema, examples } = bodyOf(document, part);
  const title = fill<string | Element>(labels.response, { status: h("code.status", status) });
  const object = schema && objectOf(document, schema);
  const home = object && anchors.homes.get(object.pointer);
  return h("section.response.split", { id }, [
    h("div", [
      heading(view, 3, id, title, fillText(labels.response, { status })),
      ...prose(part.node.description),
      ...(object && home === id ? fields(view, object, id, 4) : []),
      ...(object && home !== id ? [bodyAbove(view, object, home ?? "")] : []),
      ...laterRemark(view, id),
    ]),
    h("div.aside", exampleResponses(view, id, examples)),
  ]);
}

function bodyAbove({ labels }: View, { name }: { name: string }, home: string): Element {
  const schema = h("a", { href: `#${name}` }, h("code", name));
  const status = h("a", { href: `#${home}` }, home.split(".").at(-1) ?? "");
  return h("p", fill(labels.bodyAbove, { status, schema }));
}

function exampleResponses(view: View, id: string, examples: Part<Example>[]): Element[] {
  if (examples.length === 0) return [];
  const blocks = examples.map(({ name, node, pointer }) => {
    const title = node.summary ?? name;
    return {
      id: view.anchors.homes.get(pointer) === id ? name : childId(id, name),
      heading: h("h5", title),
      content: [
        ...prose(node.description),
        codeBlock(view, "json", JSON.stringify(node.value, null, 2), title, "JSON"),
      ],
    };
  });
  return [h("h4", view.labels.examples), alternatives(view.labels.examples, blocks)];
}
