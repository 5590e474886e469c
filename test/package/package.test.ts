// The published package: the packed tarball, as another project sees it.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
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

describe("the package", () => {
  it("has its exports, the documents of the repository, and nothing else", async () => {
    const sources = await listFiles(join(repository, "src"));
    expect(sources).toEqual(expect.arrayContaining(["cli.ts", "check/index.ts", "client/index.ts"]));
    const modules = sources.filter((file) => file.endsWith(".ts")).map((file) => `src/${file}`);
    const generated = ["contract", "facts", "types", "validators"].map((name) => `generated/${name}.ts`);
    const compiled = [...modules, ...generated].map((file) => `dist/${file.replace(/\.ts$/, "")}`);
    const expected = [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      ...compiled.flatMap((file) => [`${file}.d.ts`, `${file}.js`]),
      "generated/openapi-3.1.json",
      "generated/openapi-3.1.yaml",
      "generated/openapi.json",
      "generated/openapi.yaml",
      "package.json",
      "src/check/model/report.schema.json",
    ];
    expect(await listFiles(join(project, "node_modules/dcs-backup-records"))).toEqual(expected.sort());
  });

  it("installs openapi-fetch, the types that it needs, and nothing else", async () => {
    expect(Object.keys((await manifest()).dependencies)).toEqual(["openapi-fetch"]);
    const packages = (await readdir(join(project, "node_modules"))).filter((name) => !name.startsWith("."));
    expect(packages).toEqual(["dcs-backup-records", "openapi-fetch", "openapi-typescript-helpers"]);
  });

  it("resolves and loads each of its exports", async () => {
    const names = Object.keys((await manifest()).exports);
    const documents = ["openapi", "openapi-3.1"].flatMap((name) => [`./${name}.json`, `./${name}.yaml`]);
    const others = [".", "./types", "./check", "./check-report.schema.json", "./package.json"];
    expect([...names].sort()).toEqual([...documents, ...others].sort());
    await writeFile(
      join(project, "use.js"),
      `import { readFileSync } from "node:fs";
       import { fileURLToPath } from "node:url";
       import { createDcsClient, defaultBaseUrl } from "dcs-backup-records";
       import openapi from "dcs-backup-records/openapi.json" with { type: "json" };
       import "dcs-backup-records/types";
       for (const name of ${JSON.stringify(names)}) {
         readFileSync(fileURLToPath(import.meta.resolve(name.replace(".", "dcs-backup-records"))));
       }
       console.log(typeof createDcsClient, defaultBaseUrl, openapi.openapi);`,
    );
    const { stdout } = await run(process.execPath, ["use.js"], { cwd: project });
    expect(stdout).toBe("function https://dcs.sa-brazil-1.myhuaweicloud.com 3.0.3\n");
  });

  const list = (endpoint: string) => `
    const credentials = { token: "any" };
    const client = createDcsClient({ endpoint: "${endpoint}", projectId: "my-project", credentials });
    client.listBackupRecords("my-instance", { limit: 10 }).then(
      ({ backup_record_response: [record] }) => console.log(record.status, record.size),
      ({ name, status }) => console.log(name, status),
    );`;
  const modules = [
    { kind: "an ES module", file: "list.mjs", load: 'import { createDcsClient } from "dcs-backup-records";' },
    { kind: "a CommonJS module", file: "list.cjs", load: 'const { createDcsClient } = require("dcs-backup-records");' },
  ];

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

  it("is not loaded by a program that only calls the service", async () => {
    await writeFile(join(project, "client.mjs"), 'import "dcs-backup-records";');
    const env = inherited({ NODE_DEBUG: "esm" });
    const { stderr } = await run(process.execPath, ["client.mjs"], { cwd: project, env, maxBuffer: 2 ** 28 });
    const loaded = new Set(stderr.match(/dcs-backup-records\/dist\/[\w/.-]+/g)?.map((path) => path.split("/dist/")[1]));
    expect(loaded).toContain("src/wire/signature.js");
    expect(
      [...loaded].filter(
        (path) => !/^(src\/client\/|generated\/contract\.js|src\/wire\/(?!contract|redact))/.test(path ?? ""),
      ),
    ).toEqual([]);
  });
});
