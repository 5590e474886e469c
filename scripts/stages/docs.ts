// Stage: the contract as something to read. One HTML page a language, each a file that needs nothing but itself, and
// the same as Markdown.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import type { DocsDocument } from "./docs/document.ts";
import { markdownFile } from "./docs/downloads.ts";
import { llmsText, renderMarkdown } from "./docs/markdown.ts";
import { type Language, renderContent, renderPage } from "./docs/page.ts";
import type { Sample } from "./samples.ts";
import type { Translation } from "./translate.ts";

/** The files of docs/, each by its name. The first translation is the original. */
export function renderDocs(translations: Translation[], samples: Sample[]): Map<string, string> {
  const documents = translations.map(({ document }) => document as DocsDocument);
  const languages = translations.map(({ language }, index) => ({
    tag: language,
    file: index === 0 ? "index.html" : `${language}.html`,
    name: documents[index]?.["x-labels"].language ?? language,
  }));
  const parts = { samples, languages, style: read("page.css"), script: withoutTypes(read("browser.ts")) };
  const files = new Map<string, string>();
  for (const [index, document] of documents.entries()) {
    const language = languages[index] as Language;
    files.set(language.file, renderPage(document, language.tag, parts));
  }
  const [original] = documents as [DocsDocument];
  files.set(markdownFile, renderMarkdown(renderContent(original, samples), "index.html"));
  files.set("llms.txt", llmsText(original));
  return files;
}

const read = (name: string) => readFileSync(join(import.meta.dirname, "docs", name), "utf8");
const withoutTypes = (code: string) => transformSync(code, { loader: "ts", target: "es2022" }).code;
