// What the repository links to is there: files, headings, places in the docs, exports of the package, and the project's own
// addresses on the web. Other addresses would need a network.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { join as joinPosix } from "node:path/posix";
import { promisify } from "node:util";
import { fromMarkdown } from "mdast-util-from-markdown";
import { visit } from "unist-util-visit";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";

let files: string[];
let manifest: { exports: Record<string, unknown>; repository: { url: string }; homepage: string; bugs: string };
let own: string;
beforeAll(async () => {
  const listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await promisify(execFile)("git", listing, { cwd: repository, maxBuffer: 2 ** 26 });
  files = stdout.split("\0").filter(Boolean);
  manifest = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
  own = manifest.repository.url.replace(/^git\+|\.git$/g, "");
});

const read = (file: string) => readFile(join(repository, file), "utf8");

interface Page {
  links: string[];
  /** Where a fragment may lead. */
  ids: string[];
  /** In code, such as a path of an import. */
  code: string[];
}

/** As GitHub derives it from a heading. */
const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");

function readMarkdown(text: string): Page {
  const page: Page = { links: [], ids: [], code: [] };
  visit(fromMarkdown(text), (node) => {
    if (node.type === "link" || node.type === "definition" || node.type === "image") page.links.push(node.url);
    if (node.type === "heading") {
      const words: string[] = [];
      visit(node, (part) => void ("value" in part && words.push(part.value)));
      page.ids.push(slug(words.join("")));
    }
    if (node.type === "inlineCode" || node.type === "code") page.code.push(node.value);
    if (node.type === "html") page.ids.push(...(/\bid="([^"]+)"/.exec(node.value)?.slice(1) ?? []));
  });
  return page;
}

const unescaped = (text: string) => text.replaceAll("&#x26;", "&").replaceAll("&amp;", "&");

function readHtml(text: string): Page {
  const attribute = (name: string) =>
    [...text.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map(([, value]) => unescaped(value as string));
  return { links: attribute("href"), ids: attribute("id"), code: [] };
}

const pageOf = (file: string, text: string) => (file.endsWith(".md") ? readMarkdown(text) : readHtml(text));

/** What is wrong with the links of a page; nothing if all lead somewhere. */
async function faultsOf(file: string, text: string): Promise<string[]> {
  const { links, ids, code } = pageOf(file, text);
  const faults: string[] = [];
  for (const link of links) if (!(await leads(file, ids, link))) faults.push(`${file}: ${link} leads nowhere`);
  for (const name of code.flatMap((part) => part.match(/(?<![\w./-])dcs-backup-records\/(?!dcs-)[\w./*-]*\w/g) ?? []))
    if (!(await isExported(name))) faults.push(`${file}: ${name} is no export of the package`);
  return faults;
}

async function leads(from: string, ids: string[], link: string): Promise<boolean> {
  if (link.startsWith(own)) return isOwn(link.slice(own.length));
  if (/^(https?:\/\/[^/\s]+\.[^/\s]+|data:)/.test(link)) return true;
  const [path = "", fragment = ""] = link.split("#").map(decodeURIComponent);
  if (path === "") return fragment === "" || ids.includes(fragment);
  const file = joinPosix(dirname(from), path);
  if (!(await isThere(file))) return false;
  return fragment === "" || pageOf(file, await read(file)).ids.includes(fragment);
}

/** A file of the repository, or a folder. */
const isThere = async (file: string) =>
  files.includes(file) || files.some((other) => other.startsWith(`${file.replace(/\/$/, "")}/`));

const pages = [
  "",
  "#readme",
  "/issues",
  "/releases",
  "/releases/latest",
  "/security/advisories/new",
  "/security/policy",
];

/** A page of the project on GitHub. */
async function isOwn(path: string): Promise<boolean> {
  if (pages.includes(path)) return true;
  const isRelease = (version: string) =>
    version === "HEAD" || files.includes(`released/${version.replace("v", "")}/openapi.yaml`);
  const [, tag] = /^\/releases\/tag\/(v\S+)$/.exec(path) ?? [];
  if (tag !== undefined) return isRelease(tag);
  const [, older, newer] = /^\/compare\/(v\S+?)\.\.\.(\S+)$/.exec(path) ?? [];
  if (older !== undefined && newer !== undefined) return isRelease(older) && isRelease(newer);
  const [, file] = /^\/(?:blob|tree)\/main\/([^#]+)/.exec(path) ?? [];
  return file !== undefined && (await isThere(file));
}

/** An export, which leads to a file of the repository or to what one is compiled to. */
async function isExported(name: string): Promise<boolean> {
  const path = name.replace("dcs-backup-records", ".");
  const own = Object.keys(manifest.exports).find((pattern) => {
    const [head = "", tail] = pattern.split("*");
    return tail === undefined ? path === head : path.startsWith(head) && path.endsWith(tail);
  });
  if (own === undefined) return false;
  const [head = "", tail = ""] = own.split("*");
  const star = own.includes("*") ? path.slice(head.length, path.length - tail.length) : "";
  const target = Object(manifest.exports[own]).default ?? manifest.exports[own];
  const file = joinPosix(String(target).replace("*", star));
  return isThere(file.replace(/^dist\/(.+)\.js$/, "$1.ts"));
}

describe("every link", () => {
  it("of the texts and the docs leads somewhere", async () => {
    const linked = files.filter((file) => /\.(md|html)$/.test(file));
    const wanted = [
      "README.md",
      "CONTRIBUTING.md",
      "SECURITY.md",
      "CHANGELOG.md",
      "generated/docs/index.html",
      "generated/docs/pt-BR.html",
    ];
    expect(linked).toEqual(expect.arrayContaining(wanted));
    const faults = await Promise.all(linked.map(async (file) => faultsOf(file, await read(file))));
    expect(faults.flat()).toEqual([]);
  });

  it("of package.json and the issue forms to this project leads somewhere", async () => {
    const texts = await Promise.all([".github/ISSUE_TEMPLATE/config.yml", "spec/openapi.yaml"].map(read));
    const found = texts.flatMap((text) => text.match(/https:\/\/\S+/g) ?? []).filter((link) => link.startsWith(own));
    expect(found).toHaveLength(2);
    for (const link of [manifest.homepage, manifest.bugs, ...found])
      expect(await leads(".", [], link), link).toBe(true);
  });

  it.each([
    ["a file", "[a](CONTRIBUTING.md)", "[a](CONTRIBUTE.md)"],
    ["a folder", "[a](examples/)", "[a](example/)"],
    ["a heading", "[a](#b-c)\n\n# B, `c`!", "[a](#b-c)\n\n# B"],
    ["a heading of another file", "[a](CONTRIBUTING.md#deprecations)", "[a](CONTRIBUTING.md#deprecation)"],
    [
      "a place in the docs",
      "[a](generated/docs/index.html#BackupStatus.failed)",
      "[a](generated/docs/index.html#BackupStatus.lost)",
    ],
    ["a page of the project", "[a](OWN/issues)", "[a](OWN/issue)"],
    ["a file on GitHub", "[a](OWN/blob/main/README.md#x)", "[a](OWN/blob/main/READ.md)"],
    ["a release", "[a]: OWN/releases/tag/v0.1.0", "[a]: OWN/releases/tag/v0.0.1"],
    ["a comparison", "[a]: OWN/compare/v0.1.0...HEAD", "[a]: OWN/compare/v0.0.1...HEAD"],
    ["an export", "`dcs-backup-records/check`", "`dcs-backup-records/checks`"],
    [
      "an export of a revision",
      "`dcs-backup-records/revisions/2025-10-23/openapi.json`",
      "`dcs-backup-records/revisions/2025-10-24/openapi.json`",
    ],
    ["an address", "[a](https://example.com)", "[a](https://)"],
  ])("is refused if it leads nowhere: %s", async (_what, good, bad) => {
    const faults = (text: string) => faultsOf("README.md", text.replace("OWN", own));
    expect(await faults(good)).toEqual([]);
    expect(await faults(bad)).toHaveLength(1);
  });

  it("of an HTML page is looked at too", async () => {
    const file = "generated/docs/index.html";
    expect(await faultsOf(file, '<a href="../openapi.yaml"></a><a href="#a&amp;b"></a><p id="a&amp;b">')).toEqual([]);
    expect(await faultsOf(file, '<a href="openapi.yaml"></a><a href="#a"></a><p id="b">')).toHaveLength(2);
  });
});
