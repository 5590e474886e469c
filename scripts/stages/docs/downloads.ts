// What the page offers to take along: the files that the build writes beside it.

import type { Element } from "hast";
import { h } from "hastscript";
import { sections } from "./anchors.ts";
import type { Labels } from "./labels.ts";
import { fill, fillText, heading, type View } from "./view.ts";

const bundles = ["openapi.yaml", "openapi.json", "openapi-3.1.yaml", "openapi-3.1.json"];
const postmanFile = "postman_collection.json";

/** The files of generated/ that are copied beside the page, so that the folder can be published as it is. */
export const copies = [...bundles, postmanFile];

export const markdownFile = "reference.md";

/** What can be taken along, and what each file is called. */
export function downloadable(labels: Labels): { file: string; name: string }[] {
  const bundle = (file: string) => {
    const version = file.includes("3.1") ? "3.1" : "3.0";
    return { file, name: fillText(file.endsWith(".yaml") ? labels.inYaml : labels.inJson, { version }) };
  };
  return [
    { file: markdownFile, name: labels.inMarkdown },
    ...bundles.map(bundle),
    { file: postmanFile, name: labels.forPostman },
  ];
}

export function downloads(view: View): Element {
  const { document, labels } = view;
  const { info } = document;
  const named = ({ name = "", url = "" } = {}) => h("a", { href: url }, name);
  const words = { version: info.version, license: named(info.license), contact: named(info.contact) };
  const files = downloadable(labels).map(({ file, name }) =>
    h("li", [h("a", { href: file }, h("code", file)), ": ", name]),
  );
  return h("section", { id: sections.downloads }, [
    heading(view, 2, sections.downloads, [labels.downloads], labels.downloads),
    h("p", labels.downloadsLead),
    h("ul.files", files),
    h("p", fill<string | Element>(labels.about, words)),
  ]);
}
