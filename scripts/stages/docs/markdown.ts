// The content of the page as Markdown, for terminals and language models.

import { join } from "node:path/posix";
import type { Element, Root } from "hast";
import { toMdast } from "hast-util-to-mdast";
import type { Nodes } from "mdast";
import { toMarkdown } from "mdast-util-to-markdown";
import { visit } from "unist-util-visit";
import { type DocsDocument, operationsOf } from "../../document.ts";
import { downloadable } from "./downloads.ts";
import { isForScreen, type Language } from "./view.ts";

/** Links into the page lead to the HTML file `page`, since Markdown has no ids. */
export function renderMarkdown(content: Element, page: string): string {
  const tree: Root = { type: "root", children: [structuredClone(content)] };
  visit(tree, "element", (node, index, parent) => {
    if (isForScreen(node)) {
      parent?.children.splice(index ?? 0, 1);
      return index;
    }
    if (String(node.properties.href ?? "").startsWith("#")) node.properties.href = page + node.properties.href;
  });
  return toMarkdown(toMdast(tree) as Nodes, { bullet: "-", rule: "-", fences: true });
}

/** An index of the docs in the format of llmstxt.org, in the folder above the page. */
export function llmsText(document: DocsDocument, [language, ...others]: [Language, ...Language[]]): string {
  const { info, "x-labels": labels } = document;
  const [lead = ""] = (info.description ?? "").split("\n\n");
  const [reference, ...files] = downloadable(labels, language);
  const translated = others.map(({ markdown, name }) => ({ href: markdown, name: `${labels.inMarkdown}: ${name}` }));
  return [
    `# ${info.title}`,
    `> ${lead.replaceAll("\n", " ")}`,
    ...operationsOf(document).map(({ method, path, operation }) => `\`${method} ${path}\`: ${operation.summary}`),
    `## ${labels.downloads}`,
    [reference, ...translated, ...files].map((to) => `- [${to.name}](${join("docs", to.href)})`).join("\n"),
    "",
  ].join("\n\n");
}
