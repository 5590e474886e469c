// The page's downloads: the page itself as Markdown, and the files in the folder above it.

import { basename } from "node:path/posix";
import type { Element } from "hast";
import { h } from "hastscript";
import type { DocsDocument } from "../../document.ts";
import type { Labels } from "../../labels.ts";
import { sections } from "./anchors.ts";
import { fill, fillText, heading, type Language, type View } from "./view.ts";

interface Download {
  /** From the folder of the page. */
  href: string;
  name: string;
}

/** Files that go together. */
export interface DownloadGroup {
  name: string;
  files: Download[];
}

const bundles = ["openapi.yaml", "openapi.json", "openapi-3.1.yaml", "openapi-3.1.json"];

/** The downloads with their names; the page itself as Markdown comes first. */
export function downloadable(labels: Labels, { markdown }: Language): [Download, ...Download[]] {
  return [
    { href: markdown, name: labels.inMarkdown },
    ...bundlesIn("", labels),
    { href: "../postman_collection.json", name: labels.forPostman },
  ];
}

/** The bundles of each later revision, and of the form that is derived from all. */
export function laterDownloads({ "x-labels": labels, "x-revisions": revisions = [] }: DocsDocument): DownloadGroup[] {
  if (revisions.length === 0) return [];
  return [
    ...revisions.map(({ date, page: { publisher } }) => ({
      name: fillText(labels.revisionFiles, { date, publisher }),
      files: bundlesIn(`revisions/${date}/`, labels),
    })),
    { name: labels.tolerantFiles, files: bundlesIn("tolerant/", labels) },
  ];
}

const bundlesIn = (folder: string, labels: Labels): Download[] =>
  bundles.map((file) => {
    const version = file.includes("3.1") ? "3.1" : "3.0";
    const name = fillText(file.endsWith(".yaml") ? labels.inYaml : labels.inJson, { version });
    return { href: `../${folder}${file}`, name };
  });

export function downloads(view: View): Element {
  const { document, labels, language } = view;
  const { info } = document;
  const named = ({ name = "", url = "" } = {}) => h("a", { href: url }, name);
  const words = { version: info.version, license: named(info.license), contact: named(info.contact) };
  const files = downloadable(labels, language).map(({ href, name }) =>
    h("li", [h("a", { href }, h("code", basename(href))), ": ", name]),
  );
  return h("section", { id: sections.downloads }, [
    heading(view, 2, sections.downloads, [labels.downloads], labels.downloads),
    h("p", labels.downloadsLead),
    h("ul.files", files),
    ...laterDownloads(document).map(({ name, files }) =>
      h("div.files", [
        h("p", `${name}:`),
        h(
          "ul",
          files.map((file) => h("li", h("a", { href: file.href, ariaLabel: `${file.name}: ${name}` }, file.name))),
        ),
      ]),
    ),
    h("p", fill<string | Element>(labels.about, words)),
  ]);
}
