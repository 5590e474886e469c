// What the page offers to take along: the files that the build writes beside it.

import type { Element } from "hast";
import { h } from "hastscript";
import type { Labels } from "../../labels.ts";
import { sections } from "./anchors.ts";
import { bundles, postmanFile } from "./copies.ts";
import { fill, fillText, heading, type Language, type View } from "./view.ts";

interface Download {
  file: string;
  name: string;
}

/** What can be taken along, the page itself as Markdown first, and what each file is called. */
export function downloadable(labels: Labels, { markdown }: Language): [Download, ...Download[]] {
  const bundle = (file: string) => {
    const version = file.includes("3.1") ? "3.1" : "3.0";
    return { file, name: fillText(file.endsWith(".yaml") ? labels.inYaml : labels.inJson, { version }) };
  };
  return [
    { file: markdown, name: labels.inMarkdown },
    ...bundles.map(bundle),
    { file: postmanFile, name: labels.forPostman },
  ];
}

export function downloads(view: View): Element {
  const { document, labels, language } = view;
  const { info } = document;
  const named = ({ name = "", url = "" } = {}) => h("a", { href: url }, name);
  const words = { version: info.version, license: named(info.license), contact: named(info.contact) };
  const files = downloadable(labels, language).map(({ file, name }) =>
    h("li", [h("a", { href: file }, h("code", file)), ": ", name]),
  );
  return h("section", { id: sections.downloads }, [
    heading(view, 2, sections.downloads, [labels.downloads], labels.downloads),
    h("p", labels.downloadsLead),
    h("ul.files", files),
    h("p", fill<string | Element>(labels.about, words)),
  ]);
}
