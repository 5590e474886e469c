// Stage: the contract as docs: one self-contained HTML page per language, and the same as Markdown. The folder above has
// files that lead to them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import type { DocsDocument } from "../document.ts";
import { llmsText, renderMarkdown } from "./docs/markdown.ts";
import { renderContent, renderEntrance, renderPage } from "./docs/page.ts";
import type { Sample } from "./samples.ts";
import type { Translation } from "./translate.ts";

/** The style sheets, in their order on the page. */
const styles = ["base", "banner", "content", "code", "provenance", "media"];

/** The files, each by its path in the output. The first translation is the original. */
export function renderDocs(translations: Translation[], samples: Sample[]): Map<string, string> {
  const documents = translations.map(({ document }) => document);
  const languages = translations.map(({ language: tag, document }, index) => ({
    tag,
    name: document["x-labels"].language,
    page: index === 0 ? "index.html" : `${tag}.html`,
    markdown: index === 0 ? "reference.md" : `reference.${tag}.md`,
  }));
  const parts = {
    languages,
    style: styles.map((name) => read(`style/${name}.css`)).join("\n"),
    script: withoutTypes(read("browser.ts")),
  };
  const files = new Map<string, string>();
  for (const [index, language] of languages.entries()) {
    const document = documents[index] as DocsDocument;
    const content = renderContent(document, language, samples);
    files.set(`docs/${language.page}`, renderPage(document, content, language, parts));
    files.set(`docs/${language.markdown}`, renderMarkdown(content, language.page));
    if (index > 0) continue;
    files.set("index.html", renderEntrance(document, language));
    files.set("llms.txt", llmsText(document, [language, ...languages.slice(1)]));
  }
  return files;
}

const read = (name: string) => readFileSync(join(import.meta.dirname, "docs", name), "utf8");
const withoutTypes = (code: string) => transformSync(code, { loader: "ts", target: "es2022" }).code;
