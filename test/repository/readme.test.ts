// The README is true: its commands run, its TypeScript compiles, what it names is there.

import { execFile } from "node:child_process";
import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseYaml } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listFiles } from "../../scripts/output.ts";
import { repository } from "../../scripts/source.ts";
import { type Mock, startMock } from "../../src/mock.ts";
import { example } from "../check/reports.ts";
import { compile } from "../compile.ts";
import { curl } from "../curl.ts";
import { inherited } from "../environment.ts";

const run = promisify(execFile);

const readme = await readFile(join(repository, "README.md"), "utf8");

let mock: Mock;
let folder: string;
beforeAll(async () => {
  mock = await startMock();
  folder = await mkdtemp(join(tmpdir(), "readme-"));
});
afterAll(async () => {
  await mock.close();
  await rm(folder, { recursive: true, force: true });
});

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)\n\`\`\`$`, "gms"))].map(([, code]) => code as string);

/** A copy in which commands may write: the repository's files, with its packages. */
async function checkout(): Promise<string> {
  const copy = join(folder, "checkout");
  const without = ["node_modules", ".git", ".consumers", "dist"].map((name) => join(repository, name));
  await cp(repository, copy, { recursive: true, filter: (path) => !without.includes(path) });
  await symlink(join(repository, "node_modules"), join(copy, "node_modules"), "junction");
  return copy;
}

/** Runs the package's own command as `npx` does where the package is installed. */
const runOwn = (command: string, environment: Record<string, string>, cwd = folder) => {
  const program = `"${process.execPath}" "${join(repository, "src/cli.ts")}"`;
  const line = command.replace(/^npx dcs-backup-records /, `${program} `);
  return run(line, { shell: true, cwd, env: inherited(environment) });
};

async function runsInCi(command: string): Promise<void> {
  expect(await readFile(join(repository, ".ci/run"), "utf8")).toContain(`\n(${command})\n`);
}

describe("the README's commands", () => {
  // Each command has its proof: here, or in the test or script that is named.
  const proofs: Record<string, (command: string) => Promise<void>> = {
    // .ci/run begins with these two; test/package/ci.test.ts runs that.
    "npm ci && npm run build": runsInCi,
    "npm ci && npm test": runsInCi,
    "npx openapi-typescript generated/openapi.yaml": async (command) => {
      const { stdout } = await run(command, { shell: true, cwd: repository });
      expect(stdout).toContain("BackupRecordResponse: {");
    },
    "npm run build -- --out public": async (command) => {
      const cwd = await checkout();
      const { stdout } = await run(command, { shell: true, cwd });
      expect(stdout).toContain("wrote public/");
      expect(await listFiles(join(cwd, "public"))).toEqual(await listFiles(join(repository, "generated")));
    },
    "npx dcs-backup-records check provider --server https://dcs.sa-brazil-1.myhuaweicloud.com --project-id my-project --instance-id my-instance":
      async (command) => {
        const here = command.replace("https://dcs.sa-brazil-1.myhuaweicloud.com", mock.url);
        const { projectId, instanceId } = example;
        const args = here.replace("my-project", projectId).replace("my-instance", instanceId);
        const { stdout } = await runOwn(args, { DCS_AUTH_TOKEN: "any-token" });
        expect(stdout).toMatch(/^✓ http.* keeps to contract /);
      },
    "npx dcs-backup-records check consumer -- npm test": async (command) => {
      const suite = `fetch(process.env.DCS_ENDPOINT + '/v2/p/instances/i/backups', { headers: { 'x-auth-token': 'any' } })`;
      const project = join(folder, "consumer");
      await mkdir(project);
      const scripts = { test: `node -e "${suite}"` };
      await writeFile(join(project, "package.json"), JSON.stringify({ scripts }));
      const { stdout } = await runOwn(command, {}, project);
      expect(stdout).toMatch(/^✓ The command keeps to contract /m);
    },
    // test/contract/mock-command.test.ts starts it and tries what it prints.
    "npm run mock": async () => access(join(repository, "test/contract/mock-command.test.ts")),
  };

  const commands = blocks("sh").flatMap((block) => block.split("\n"));
  const requests = commands.filter((command) => command.startsWith("curl "));

  it("each have a proof", () => {
    expect(commands.filter((command) => !requests.includes(command))).toEqual(Object.keys(proofs));
  });

  it.each(Object.entries(proofs))("work: %s", (command, prove) => prove(command));

  it("work: requests to the mock, each with the answer that it chooses", async () => {
    const answers = requests.map((request) => curl(request.replace("http://127.0.0.1:4010", mock.url)));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 500, 400]);
  });

  it("are those of package.json, all of them and no others", async () => {
    const { scripts } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    const named = [...readme.matchAll(/npm (?:run ([\w:]+)|(test)\b)/g)].map(([, script, test]) => script ?? test);
    expect([...new Set(named)].sort()).toEqual(
      Object.keys(scripts)
        .filter((name) => name !== "prepack")
        .sort(),
    );
  });
});

describe("the README's TypeScript", () => {
  it("compiles", () => {
    const code = blocks("ts");
    expect(code).toHaveLength(1);
    expect(compile(code.join("\n"))).toEqual([]);
    expect(compile(code.join("\n").replace('new Date("2026-11-01")', "20261101"))).not.toEqual([]);
  });
});

describe("the README's step for GitHub", () => {
  it("gives the action of this version the inputs that it needs, and credentials by the environment", async () => {
    const [[step] = [], ...more] = blocks("yaml").map((block) => parseYaml(block) as Record<string, unknown>[]);
    expect(more).toEqual([]);
    const { name, version } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    const action = parseYaml(await readFile(join(repository, "action.yml"), "utf8")) as Record<string, object>;
    const required = Object.entries<{ required?: boolean }>({ ...action.inputs }).filter(([, input]) => input.required);
    expect(step?.uses).toBe(`${name}/${name}@v${version}`);
    expect(Object.keys(step?.with ?? {})).toEqual(required.map(([input]) => input));
    expect(Object.keys(step?.env ?? {})).toEqual(["DCS_AUTH_TOKEN"]);
  });
});

describe("what the README names", () => {
  it("is there", async () => {
    const paths = [...readme.matchAll(/`((?:spec|scripts|generated|src|templates|examples|test)\/[\w./-]*)`/g)].map(
      ([, path]) => path as string,
    );
    expect(paths.length).toBeGreaterThan(8);
    for (const path of paths) await access(join(repository, path));
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path as string);
    expect(links).toEqual(["CONSUMERS.md", "LICENSE"]);
    for (const path of links) await access(join(repository, path));
  });

  it("has each folder, and no other, in its table", async () => {
    const ignored = (await readFile(join(repository, ".gitignore"), "utf8")).replaceAll("/", "").split("\n");
    const folders = (await readdir(repository, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !ignored.includes(entry.name))
      .map(({ name }) => name);
    const rows = [...readme.matchAll(/^\| `(\w+)\/` \|/gm)].map(([, folder]) => folder);
    expect(rows.sort()).toEqual(folders.sort());
  });

  it("of the docs is there: the pages and the address of a value", async () => {
    const docs = join(repository, "generated/docs");
    const read = readme.split("**Read it.**")[1]?.split("```")[0] ?? "";
    const files = [...read.matchAll(/`([\w-]+\.(?:html|md))`/g)].map(([, file]) => file as string);
    expect(files).toHaveLength(2);
    for (const file of files) await access(join(docs, file));
    const [, page = "", id] = /`(\w+\.html)#([\w.]+)`/.exec(read) ?? [];
    expect(await readFile(join(docs, page), "utf8")).toContain(`id="${id}"`);
  });

  it("has each contradiction of the page, as spec/reference.yaml has it", async () => {
    const { page, contradictions } = parseYaml(await readFile(join(repository, "spec/reference.yaml"), "utf8")) as {
      page: { revision: string };
      contradictions: { id: string }[];
    };
    const section = readme.split("## Where the contract departs from the page")[1] ?? "";
    expect(section.match(/^- \*\*/gm)).toHaveLength(contradictions.length);
    expect(section).toContain(`its revision of ${page.revision}.`);
  });

  it("has the port of the mock, and the package that brings it", async () => {
    const { stdout: help } = await runOwn("npx dcs-backup-records mock --help", {});
    const [, port = ""] = /listens on port (\d+) /.exec(readme) ?? [];
    expect(help).toContain(`(default: PORT, or ${port})`);
    expect(readme).toContain(`http://127.0.0.1:${port}/`);
    const { peerDependencies } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    const [, added] = /`npm install --save-dev ([^`]+)`/.exec(readme) ?? [];
    expect([added]).toEqual(Object.keys(peerDependencies));
  });

  it("has variables of the environment that are read or set, and tests that are there", async () => {
    const folders = ["src", "scripts", "test"];
    const names = await Promise.all(
      folders.map(async (name) =>
        (await listFiles(join(repository, name))).map((file) => join(repository, name, file)),
      ),
    );
    const code = (
      await Promise.all(
        names
          .flat()
          .filter((file) => file.endsWith(".ts"))
          .map((file) => readFile(file, "utf8")),
      )
    ).join();
    const variables = [...readme.matchAll(/`([A-Z]+(?:_[A-Z]+)*)(?:=1)?`/g)].map(([, name]) => name as string);
    expect(variables.length).toBeGreaterThan(6);
    for (const name of variables) expect(code).toMatch(new RegExp(`env\\.${name}\\b|read\\("${name}"\\)|${name}: `));
    const [, tests = ""] = /`npx vitest run (\S+)`/.exec(readme) ?? [];
    expect(await listFiles(join(repository, tests))).toContainEqual(expect.stringMatching(/\.test\.ts$/));
  });

  it("has the Node that package.json asks for", async () => {
    const { engines } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    expect(readme).toContain(`Node (${engines.node.replace(">=", "")} or newer)`);
  });
});
