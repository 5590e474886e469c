// The README is true: its TypeScript compiles, and everything that it shows and names exists. (test/package runs its commands
// in a fresh checkout.)

import { access, glob, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { formats } from "../../src/check/formats/index.ts";
import { checkProvider, checkRecorded } from "../../src/check/index.ts";
import { help as mockHelp } from "../../src/cli/mock.ts";
import { example } from "../check/reports.ts";
import { everyStatus, type Request, serve, service, token } from "../check/service.ts";
import { startServer } from "../client/server.ts";
import { compile } from "../compile.ts";

const readme = await readFile(join(repository, "README.md"), "utf8");

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)\n\`\`\`$`, "gms"))].map(([, code]) => code as string);

describe("the README's commands", () => {
  const scripts = async () => {
    const { scripts } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    return Object.keys(scripts).filter((name) => name !== "prepack"); // npm's own
  };

  it("begin with the first two of .ci/run", async () => {
    const ci = await readFile(join(repository, ".ci/run"), "utf8");
    const [first, second] = blocks("sh") as [string, string];
    for (const command of [first, second]) expect(ci).toContain(`\n(${command})\n`);
  });

  it("are exactly those of package.json", async () => {
    const named = [...readme.matchAll(/npm (?:run ([\w:]+)|(test)\b)/g)].map(([, script, test]) => script ?? test);
    expect([...new Set(named)].sort()).toEqual((await scripts()).sort());
  });

  it("are in a table, each with what it needs", async () => {
    const rows = [...readme.matchAll(/^\| `npm (?:run )?([\w:]+)[^|]*\|[^|]+\| ([^|]+) \|/gm)];
    const needs = Object.fromEntries(rows.map(([, name = "", need]) => [name, need]));
    expect(Object.keys(needs).sort()).toEqual((await scripts()).sort());
    const { scripts: lines } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    for (const [name, line] of Object.entries<string>(lines)) {
      if (line.includes("npm ci --prefix")) expect(needs[name]).toContain("the npm registry");
    }
    expect(needs.test).toContain("not even a network");
  });
});

describe("the README's report of a violation", () => {
  it("is the check's report on such a server", async () => {
    const conforming = service({ records: everyStatus });
    const sizesAsStrings = (request: Request) => {
      const { body, ...rest } = conforming(request);
      const text = JSON.stringify(body).replaceAll(/"size":(\d+)/g, '"size":"$1"');
      return { ...rest, body: JSON.parse(text) };
    };
    await using server = await startServer(serve(sizesAsStrings));
    const report = await checkProvider({ server: server.url, ...example, credentials: { token } });
    const contractFile = "generated/openapi.yaml";
    const printed = formats
      .pretty(report, { colour: false, contractFile, failOn: "error" })
      .replaceAll(server.url, "https://dcs.example.com")
      .replace(/\(\d+\.\d s\)/, "(0.1 s)");
    expect(blocks("text")).toHaveLength(2);
    expect(blocks("text")[0]).toEqual(printed.trimEnd());
  });

  it("in a recording is that of the command that it shows, without the coverage", async () => {
    const [, file = ""] = /check recorded (\S+)/.exec(blocks("sh").join("\n")) ?? [];
    const report = await checkRecorded({ files: [join(repository, file)] });
    const printed = formats
      .pretty(report, { colour: false, contractFile: "generated/openapi.yaml", failOn: "error" })
      .replaceAll(join(repository, file), file)
      .replace(/\(\d+\.\d s\)/, "(0.1 s)");
    expect(blocks("text")[1]).toEqual(printed.split("\n  Coverage")[0]);
  });
});

describe("the README's TypeScript", () => {
  it("compiles", () => {
    const code = blocks("ts");
    expect(code).not.toEqual([]);
    expect(compile(code.join("\n"))).toEqual([]);
    expect(compile(code.join("\n").replace('new Date("2026-11-01")', "20261101"))).not.toEqual([]);
  });
});

describe("the README's step for GitHub", () => {
  it("uses this version of the action with its required inputs, and credentials in the environment", async () => {
    const [[step] = [], ...more] = blocks("yaml").map((block) => parseYaml(block) as Record<string, unknown>[]);
    expect(more).toEqual([]);
    const { name, version } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    const action = parseYaml(await readFile(join(repository, "action.yml"), "utf8")) as Record<string, object>;
    const needed = ["server", "project-id", "instance-id"];
    expect(Object.keys({ ...action.inputs })).toEqual(expect.arrayContaining([...needed, "recording"]));
    expect(step?.uses).toBe(`${name}/${name}@v${version}`);
    expect(Object.keys(step?.with ?? {})).toEqual(needed);
    expect(Object.keys(step?.env ?? {})).toEqual(["DCS_AUTH_TOKEN"]);
  });
});

describe("CONTRIBUTING.md", () => {
  it("names existing files and folders, and commands of package.json", async () => {
    const text = await readFile(join(repository, "CONTRIBUTING.md"), "utf8");
    const paths = [...text.matchAll(/`((?:spec|scripts|generated|released|src|test)\/[\w./-]*)`/g)].map(
      ([, path]) => path as string,
    );
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) await access(join(repository, path));
    const tests = [...text.matchAll(/`npx vitest run (\S+)`/g)].map(([, path]) => path as string);
    expect(tests.length).toBeGreaterThan(0);
    for (const path of tests) await access(join(repository, path));
    const { scripts } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});

describe("everything that the README names", () => {
  it("exists", async () => {
    const paths = [
      ...readme.matchAll(/`((?:spec|scripts|generated|released|src|templates|examples|test)\/[\w./-]*)`/g),
    ].map(([, path]) => path as string);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) await access(join(repository, path));
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path as string);
    expect(links).toEqual(["CONSUMERS.md", "REVISIONS.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE"]);
    for (const path of links) await access(join(repository, path));
  });

  it("includes each folder in its table, and no others", async () => {
    const ignored = (await readFile(join(repository, ".gitignore"), "utf8")).replaceAll("/", "").split("\n");
    const folders = (await readdir(repository, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !ignored.includes(entry.name))
      .map(({ name }) => name);
    const rows = [...readme.matchAll(/^\| `(\w+)\/` \|/gm)].map(([, folder]) => folder);
    expect(rows.sort()).toEqual(folders.sort());
  });

  it("in the docs exists: the pages and the address of a value", async () => {
    const docs = join(repository, "generated/docs");
    const read = readme.split("**Read it.**")[1]?.split("```")[0] ?? "";
    const files = [...read.matchAll(/`([\w-]+\.(?:html|md))`/g)].map(([, file]) => file as string);
    expect(files).not.toEqual([]);
    for (const file of files) await access(join(docs, file));
    const [, page = "", id] = /`(\w+\.html)#([\w.]+)`/.exec(read) ?? [];
    expect(await readFile(join(docs, page), "utf8")).toContain(`id="${id}"`);
  });

  it("includes each contradiction in spec/reference.yaml", async () => {
    const { page, contradictions } = parseYaml(await readFile(join(repository, "spec/reference.yaml"), "utf8")) as {
      page: { revision: string };
      contradictions: { id: string }[];
    };
    const section = readme.split("## Where the contract differs from the page")[1] ?? "";
    expect(section.match(/^- \*\*/gm)).toHaveLength(contradictions.length);
    expect(section).toContain(`its revision of ${page.revision}.`);
  });

  it("includes the mock's port, and the package to install for it", async () => {
    const [, port = ""] = /listens on port (\d+) /.exec(readme) ?? [];
    expect(await mockHelp()).toContain(`(default: PORT, or ${port})`);
    expect(readme).toContain(`http://127.0.0.1:${port}/`);
    const { peerDependencies } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    const [, added] = /`npm install --save-dev ([^`]+)`/.exec(readme) ?? [];
    expect([added]).toEqual(Object.keys(peerDependencies));
  });

  it("includes only environment variables that are read or set", async () => {
    let code = "";
    for await (const file of glob("{src,scripts,test}/**/*.ts", { cwd: repository, exclude: ["**/node_modules/**"] }))
      code += await readFile(join(repository, file), "utf8");
    const variables = [...readme.matchAll(/`([A-Z]+(?:_[A-Z]+)*)(?:=1)?`/g)].map(([, name]) => name as string);
    expect(variables.length).toBeGreaterThan(0);
    for (const name of variables) expect(code).toMatch(new RegExp(`env\\.${name}\\b|read\\("${name}"\\)|${name}: `));
  });

  it("includes the Node version of package.json", async () => {
    const { engines } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    expect(readme).toContain(`Node (${engines.node.replace(">=", "")} or newer)`);
  });
});
