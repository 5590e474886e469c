// The mock in another project's tests: `import { startMock } from "dcs-backup-records/mock"`, of the packed package.

import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, expect, inject, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { run } from "./install.ts";

const project = inject("project");

const body = `
  await using mock = await startMock({ records: 25, scenario: "growing", credentials: { token: "the-token" } });
  const client = createDcsClient({ endpoint: mock.url, projectId: "p", credentials: { token: "the-token" } });
  const ids = new Set();
  for await (const { backup_id } of client.backupRecords("i", { limit: 10 })) ids.add(backup_id);
  check(ids.size >= 25 && mock.neverAsked.length === 0 && mock.requests.every(({ violations }) => violations.length === 0));
  mock.reset();
  check(mock.requests.length === 0 && mock.neverAsked.length === 25);`;

const imports = `
  import { createDcsClient } from "dcs-backup-records";
  import { startMock } from "dcs-backup-records/mock";`;

const prism = "node_modules/@stoplight/prism-http-server";

/** As `npm install --save-dev` of the optional peer does. */
beforeAll(async () => {
  const folder = join(project, "in-tests/node_modules/@stoplight");
  await mkdir(folder, { recursive: true });
  await symlink(join(repository, prism), join(folder, "prism-http-server"), "junction");
});

async function write(file: string, code: string): Promise<string> {
  const folder = join(project, "in-tests");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, file), code);
  return folder;
}

it("runs in node:test", async () => {
  const code = `import assert from "node:assert"; import { test } from "node:test"; ${imports}
    test("pages", async () => { const check = (is) => assert.ok(is); ${body} });`;
  const cwd = await write("pages.test.mjs", code);
  const { stdout } = await run(process.execPath, ["--test", "--test-reporter=tap", "pages.test.mjs"], { cwd });
  expect(stdout).toContain("# pass 1");
});

it("runs in Vitest", async () => {
  const code = `${imports} test("pages", async () => { const check = (is) => expect(is).toBe(true); ${body} });`;
  const cwd = await write("pages.vitest.mjs", code);
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  await write("vitest.config.mjs", 'export default { test: { include: ["*.vitest.mjs"], globals: true } };');
  const { stdout } = await run(process.execPath, [vitest, "run", "--root", cwd], { cwd });
  expect(stripVTControlCharacters(stdout)).toMatch(/Tests +1 passed/);
});
