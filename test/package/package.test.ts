// The published package: the packed tarball, as another project sees it.

import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { revisions } from "../../generated/revisions.ts";
import { listFiles } from "../../scripts/output.ts";
import { repository } from "../../scripts/repository.ts";
import { type Mock, startMock } from "../../src/mock/index.ts";
import { example } from "../check/reports.ts";
import { reply, startServer } from "../client/server.ts";
import { inherited } from "../environment.ts";
import { readManifest as manifest, run } from "./install.ts";

const project = inject("project");
let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock?.close());

const list = (endpoint: string, credentials: object = { token: "any" }) => `
  const credentials = ${JSON.stringify(credentials)};
  const client = createDcsClient({ endpoint: "${endpoint}", projectId: "my-project", credentials });
  client.listBackupRecords("my-instance", { limit: 10 }).then(
    ({ backup_record_response: [record] }) => console.log(record.status, record.size),
    ({ name, status }) => console.log(name, status),
  );`;
const imported = 'import { createDcsClient } from "dcs-backup-records";';
const required = 'const { createDcsClient } = require("dcs-backup-records");';
const modules = [
  { kind: "an ES module", file: "list.mjs", load: imported },
  { kind: "a CommonJS module", file: "list.cjs", load: required },
];

const later = revisions.slice(1).map(({ date }) => date);
const parts = ["contract", "facts", "types", "validators"];
const folders = ["", ...later.map((date) => `revisions/${date}/`), "tolerant/"];
const documents = folders.flatMap((folder) =>
  ["openapi.json", "openapi.yaml", "openapi-3.1.json", "openapi-3.1.yaml"].map((name) => `${folder}${name}`),
);

/** As in `exports`, where a `*` also stands for slashes. */
function isMatch(name: string, pattern: string): boolean {
  const [head = "", tail] = pattern.split("*");
  return tail === undefined ? name === head : name.startsWith(head) && name.endsWith(tail);
}

describe("the package", () => {
  it("has its exports, the documents of the repository, and nothing else", async () => {
    const sources = await listFiles(join(repository, "src"));
    expect(sources).toEqual(expect.arrayContaining(["cli.ts", "check/index.ts", "client/index.ts"]));
    const modules = sources.filter((file) => file.endsWith(".ts")).map((file) => `src/${file}`);
    const ofRevisions = later.flatMap((date) => parts.map((name) => `revisions/${date}/${name}`));
    const generated = [...parts, "revisions", ...ofRevisions, "tolerant/types"].map((name) => `generated/${name}.ts`);
    const compiled = [...modules, ...generated].map((file) => `dist/${file.replace(/\.ts$/, "")}`);
    const expected = [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      ...compiled.flatMap((file) => [`${file}.d.ts`, `${file}.js`]),
      ...documents.map((name) => `generated/${name}`),
      "package.json",
      "src/check/model/report.schema.json",
      "src/check/recorded/exchange.schema.json",
    ];
    expect(await listFiles(join(project, "node_modules/dcs-backup-records"))).toEqual(expected.sort());
  });

  it("installs @noble/hashes, openapi-fetch, the types that it needs, and nothing else", async () => {
    expect(Object.keys((await manifest()).dependencies)).toEqual(["@noble/hashes", "openapi-fetch"]);
    const packages = (await readdir(join(project, "node_modules"))).filter((name) => !name.startsWith("."));
    expect(packages.sort()).toEqual(["@noble", "dcs-backup-records", "openapi-fetch", "openapi-typescript-helpers"]);
    expect(await readdir(join(project, "node_modules/@noble"))).toEqual(["hashes"]);
  });

  it("resolves and loads each of its exports", async () => {
    const exported = Object.keys((await manifest()).exports);
    const schemas = ["./check-report.schema.json", "./recorded-exchange.schema.json"];
    const others = [".", "./check", "./mock", ...schemas, "./package.json"];
    const types = folders.map((folder) => `./${folder}types`);
    const names = [...others, ...types, ...documents.map((name) => `./${name}`)];
    const used = names.map((name) => exported.find((pattern) => isMatch(name, pattern)));
    expect(used).not.toContain(undefined);
    expect([...new Set(used)].sort()).toEqual(exported.sort());
    await writeFile(
      join(project, "use.js"),
      `import { readFileSync } from "node:fs";
       import { fileURLToPath } from "node:url";
       import { createDcsClient, defaultBaseUrl } from "dcs-backup-records";
       import openapi from "dcs-backup-records/openapi.json" with { type: "json" };
       import newest from "dcs-backup-records/revisions/${later.at(-1)}/openapi.json" with { type: "json" };
       import tolerant from "dcs-backup-records/tolerant/openapi.json" with { type: "json" };
       ${types.map((name) => `import "${name.replace(".", "dcs-backup-records")}";`).join("\n")}
       for (const name of ${JSON.stringify(names)}) {
         readFileSync(fileURLToPath(import.meta.resolve(name.replace(".", "dcs-backup-records"))));
       }
       const statuses = ({ paths }) => Object.keys(Object.values(paths)[0].get.responses).join();
       console.log(typeof createDcsClient, defaultBaseUrl, [openapi, newest, tolerant].map(statuses).join(" "));`,
    );
    const { stdout } = await run(process.execPath, ["use.js"], { cwd: project });
    expect(stdout).toBe("function https://dcs.sa-brazil-1.myhuaweicloud.com 200,400,500 200,400,500 200,204,400,500\n");
  });

  it.each(modules)("lists backup records from the mock in $kind", async ({ file, load }) => {
    await writeFile(join(project, file), load + list(mock.url));
    expect((await run(process.execPath, [file], { cwd: project })).stdout).toBe("succeed 880232\n");
    await writeFile(join(project, file), load + list(`${mock.url}/elsewhere`));
    expect((await run(process.execPath, [file], { cwd: project })).stdout).toBe("DcsApiError 404\n");
  });

  it("is what the examples use, once they import it by its name", async () => {
    const file = "stale-instances.ts";
    const example = await readFile(join(repository, "examples", file), "utf8");
    const placed = example.replace('"../src/client/index.ts"', '"dcs-backup-records"');
    expect(placed).not.toBe(example);
    await writeFile(join(project, file), placed);
    const env = inherited({ DCS_ENDPOINT: mock.url, DCS_PROJECT_ID: "my-project", DCS_AUTH_TOKEN: "any" });
    const asked = run(process.execPath, [file, "my-instance"], { cwd: project, env });
    await expect(asked).rejects.toMatchObject({ code: 1, stdout: "my-instance\n", stderr: "" });
  });

  it("cannot be required by a Node that cannot require ES modules", async () => {
    await writeFile(join(project, "require.cjs"), 'require("dcs-backup-records");');
    await run(process.execPath, ["require.cjs"], { cwd: project });
    const old = run(process.execPath, ["--no-experimental-require-module", "require.cjs"], { cwd: project });
    await expect(old).rejects.toMatchObject({ stderr: expect.stringContaining("ERR_REQUIRE_ESM") });
  });
});

// For users with CommonJS code: Jest compiles the client, since its `require` cannot load ES modules.
describe("Jest 29", () => {
  const { resolve } = createRequire(import.meta.url);
  const jest = join(resolve("jest/package.json"), "../bin/jest.js");
  const preset = resolve("@babel/preset-env");
  let folder: string;
  beforeAll(async () => {
    folder = join(project, "in-jest");
    await mkdir(folder);
    const files = {
      "package.json": "{}", // of CommonJS
      "babel.config.js": `module.exports = { presets: [[${JSON.stringify(preset)}, { targets: { node: "current" } }]] };`,
      "list.test.js": `${required}
        it.each([{ token: "any" }, { accessKey: "my-key", secretKey: "my-secret" }])("lists backups", async (credentials) => {
          const client = createDcsClient({ endpoint: "${mock.url}", projectId: "my-project", credentials });
          expect(await client.listBackupRecords("my-instance")).toMatchObject({ total_num: 1 });
        });`,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  });

  const runJest = (configuration: string) =>
    run(process.execPath, [jest, "--config", configuration], { cwd: folder, env: inherited({ NO_COLOR: "1" }) });

  it("cannot require it without configuration", async () => {
    await expect(runJest("{}")).rejects.toMatchObject({ stderr: expect.stringContaining("Unexpected token 'export'") });
  });

  it.each([
    ["the README says", "README.md"],
    ["an editor shows", "dist/src/client/client.d.ts"],
  ])("can require it as %s", async (_where, file) => {
    const text = await readFile(join(project, "node_modules/dcs-backup-records", file), "utf8");
    expect(text.replaceAll(/[\s*]+/g, " ")).toContain("with `@babel/preset-env` in `babel.config.js` and `");
    expect((await runJest(`{ ${patterns(text)} }`)).stderr).toMatch(/^Tests: +2 passed, 2 total$/m);
  });

  it("can require it if pnpm installed it", async () => {
    const installed = join(project, "node_modules");
    const store = join(folder, "node_modules/.pnpm/dcs-backup-records@1.0.0/node_modules");
    await cp(installed, store, { recursive: true, filter: (path) => !path.endsWith(".bin") });
    await symlink(join(store, "dcs-backup-records"), join(folder, "node_modules/dcs-backup-records"), "junction");
    const readme = await readFile(join(installed, "dcs-backup-records/README.md"), "utf8");
    expect((await runJest(`{ ${patterns(readme)} }`)).stderr).toMatch(/^Tests: +2 passed, 2 total$/m);
    await expect(runJest(`{ ${patterns(readme)?.replace(".*", "")} }`)).rejects.toThrow("Unexpected token 'export'");
  });

  const patterns = (text: string) => /"transformIgnorePatterns": \[[^\]]+\]/.exec(text)?.[0];
});

describe("an older Node", () => {
  const nodes = join(import.meta.dirname, "node_modules");
  const old = join(nodes, "node-18/bin/node");
  const oldest = join(nodes, "node-20.19/bin/node"); // of those that the package is for
  const cli = join(project, "node_modules/dcs-backup-records/dist/src/cli.js");
  const { projectId, instanceId } = example;
  const provider = ["check", "provider", "--project-id", projectId, "--instance-id", instanceId, "--server"];
  const env = inherited({ DCS_AUTH_TOKEN: "any-token" });

  it.each([[provider.concat("http://127.0.0.1:1")], [["check", "consumer", "--", "true"]], [["mock"]], [["--help"]]])(
    "gets one line that says which Node is needed: %j",
    async (args) => {
      await expect(run(old, [cli, ...args], { cwd: project, env })).rejects.toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringMatching(
          /^dcs-backup-records needs Node 20\.19 or newer, and this is Node 18\.20\.8\. [^\n]+\n$/,
        ),
      });
    },
  );

  it("that is just new enough checks a provider and calls the service", async () => {
    const { stdout: version } = await run(oldest, ["-p", "process.versions.node"]);
    expect(`>=${version}`).toBe(`${(await manifest()).engines.node}.0\n`);
    const { stdout } = await run(oldest, [cli, ...provider, mock.url], { cwd: project, env });
    expect(stdout).toMatch(/^✓ http.* conforms to contract /);
    await writeFile(join(project, "old.cjs"), required + list(mock.url));
    expect((await run(oldest, ["old.cjs"], { cwd: project })).stdout).toBe("succeed 880232\n");
  });

  it("of the next long-term line, from its first version on, does so too, and imports the client", async () => {
    const next = join(nodes, "node-22/bin/node");
    expect((await run(next, ["-p", "process.versions.node"])).stdout).toBe("22.0.0\n");
    const { stdout } = await run(next, [cli, ...provider, mock.url], { cwd: project, env });
    expect(stdout).toMatch(/^✓ http.* conforms to contract /);
    await writeFile(join(project, "next.mjs"), imported + list(mock.url));
    expect((await run(next, ["next.mjs"], { cwd: project })).stdout).toBe("succeed 880232\n");
  });

  it("that cannot load Prism gets a line that says which Node Prism is made for", async () => {
    const prism = "node_modules/@stoplight";
    const away = join(project, "with-prism");
    await mkdir(join(away, "node_modules"), { recursive: true });
    await symlink(join(repository, prism), join(away, prism), "junction");
    const { engines } = await manifest(join(repository, prism, "prism-http-server"));
    const cannot = ["--no-experimental-require-module", cli, "mock", "--port", "0"];
    const line = `^Prism is installed but does not run on Node [^\\n]+\\. It is made for Node ${engines.node}\\n$`;
    await expect(run(process.execPath, cannot, { cwd: away, env })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(new RegExp(line)),
    });
  });
});

describe("the installed command", () => {
  const npx = (args: string[], environment: Record<string, string> = {}) =>
    run("npx", ["--no-install", "dcs-backup-records", ...args], {
      cwd: project,
      env: inherited(environment),
      shell: process.platform === "win32",
    });
  const { projectId, instanceId } = example;
  const ids = ["--project-id", projectId, "--instance-id", instanceId];
  const token = { DCS_AUTH_TOKEN: "any-token" };

  it("has its help and its version", async () => {
    expect((await npx(["--help"])).stdout).toMatch(/^Usage: dcs-backup-records COMMAND /);
    expect((await npx(["check", "provider", "--help"])).stdout).toMatch(/^Usage: dcs-backup-records check provider /);
    expect((await npx(["--version"])).stdout).toBe(`${(await manifest()).version}\n`);
  });

  it("checks a provider, and names the contract's file in the project", async () => {
    const { stdout } = await npx(["check", "provider", "--server", mock.url, ...ids], token);
    expect(stdout).toMatch(/^✓ http.* conforms to contract /);
    await using broken = await startServer(reply(200, []));
    await expect(npx(["check", "provider", "--server", broken.url, ...ids], token)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/line {6}node_modules\/dcs-backup-records\/generated\/openapi\.yaml:\d+ #/),
    });
  });

  it("says how to add Prism if a command needs it", async () => {
    for (const args of [
      ["mock", "--port", "0"],
      ["check", "consumer", "--", "true"],
    ]) {
      await expect(npx(args)).rejects.toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringMatching(
          /^The mock needs Prism, .* npm install --save-dev @stoplight\/prism-http-server@\d\S+\n$/m,
        ),
      });
    }
  });

  it("is also a function", async () => {
    const options = JSON.stringify({ server: mock.url, ...example, credentials: { token: "any-token" } });
    await writeFile(
      join(project, "check.mjs"),
      `import { checkProvider } from "dcs-backup-records/check";
       import schema from "dcs-backup-records/check-report.schema.json" with { type: "json" };
       const { ok, side, findings } = await checkProvider(${options});
       console.log(ok, side, findings.length, schema.title);`,
    );
    const { stdout } = await run(process.execPath, ["check.mjs"], { cwd: project });
    expect(stdout).toBe("true provider 0 Report of a contract check\n");
  });

  it.each([
    ["a token, and neither is the signer", { token: "any" }, false],
    ["keys, and the signer is", { accessKey: "my-key", secretKey: "my-secret" }, true],
  ])("is not loaded by a program that only calls the service with %s", async (_what, credentials, signs) => {
    const file = "client.mjs";
    await writeFile(join(project, file), imported + list(mock.url, credentials));
    const env = inherited({ NODE_DEBUG: "esm" });
    const { stdout, stderr } = await run(process.execPath, [file], { cwd: project, env, maxBuffer: 2 ** 28 });
    expect(stdout).toBe("succeed 880232\n");
    const loaded = [
      ...new Set(stderr.match(/(?<=\/node_modules\/)(@noble\/hashes|dcs-backup-records\/dist)\/[\w/.-]+/g)),
    ];
    const signer = /^@noble\/hashes\/|\/wire\/signature[\w-]*\.js$/;
    const client = /\/dist\/(src\/client\/|generated\/contract\.js$|src\/wire\/(?!contract))/;
    expect(loaded).toContain("dcs-backup-records/dist/src/client/client.js");
    expect(loaded.filter((path) => !signer.test(path) && !client.test(path))).toEqual([]);
    const signing = ["@noble/hashes/sha2.js", "dcs-backup-records/dist/src/wire/signature.js"];
    expect(loaded.filter((path) => signer.test(path))).toEqual(signs ? expect.arrayContaining(signing) : []);
  });
});
