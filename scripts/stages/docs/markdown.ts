// The content of the page as Markdown, for terminals and language models.

import { join } from "node:path/posix";
import type { Element, Root } from "hast";
import { toMdast } from "hast-util-to-mdast";
import type { Nodes, Table } from "mdast";
import { type State, toMarkdown } from "mdast-util-to-markdown";
import { visit } from "unist-util-visit";
import { type DocsDocument, operationsOf } from "../../document.ts";
import { downloadable, laterDownloads } from "./downloads.ts";
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
  return toMarkdown(toMdast(tree) as Nodes, { bullet: "-", rule: "-", fences: true, handlers: { table } });
}

/** A table as GitHub's Markdown has it. */
function table({ children }: Table, _: unknown, state: State): string {
  const exit = state.enter("table" as never);
  const [head = "", ...body] = children.map((row) => {
    const cells = row.children.map((cell) =>
      state.containerPhrasing(cell as never, { before: " ", after: " " } as never),
    );
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  });
  exit();
  return [head, `|${" --- |".repeat(children[0]?.children.length ?? 0)}`, ...body].join("\n");
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
    listOf([reference, ...translated, ...files]),
    ...laterDownloads(document).flatMap(({ name, files }) => [`${name}:`, listOf(files)]),
    "",
  ].join("\n\n");
}

const listOf = (files: { href: string; name: string }[]) =>
  files.map(({ href, name }) => `- [${name}](${join("docs", href)})`).join("\n");
