// A contract that grows by an operation: each stage serves it, or stops the build and says so.

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../scripts/build.ts";
import { callOf, type OpenApiDocument, operationsOf, parametersOf } from "../../scripts/document.ts";
import { repository } from "../../scripts/repository.ts";
import { openSource } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { postmanCollection } from "../../scripts/stages/postman.ts";
import { generateTypes } from "../../scripts/stages/types.ts";
import { changed } from "../document.ts";
import { Surroundings } from "../surroundings.ts";

const list = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "growth-"));
  await cp(join(repository, "spec"), join(folder, "spec"), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const root = () => join(folder, "spec/openapi.yaml");
const build = () => new Surroundings().run(main, ["--root", root(), "--out", join(folder, "generated")]);
const bundle = async () => bundleContract(await openSource(root()));

async function edit(name: string, text: string, replacement: string) {
  const file = join(folder, "spec", name);
  const content = await readFile(file, "utf8");
  expect(content).toContain(text);
  await writeFile(file, content.replace(text, replacement));
}

/** The list of restore records, before that of backup records. */
async function addRestores() {
  const path = "  /v2/{project_id}/instances/{instance_id}/restores:\n    $ref: paths/restores.yaml\n";
  await edit("openapi.yaml", "\npaths:\n", `\npaths:\n${path}`);
  const yaml = `parameters:
  - $ref: ../components/parameters/ProjectId.yaml
  - $ref: ../components/parameters/InstanceId.yaml
get:
  operationId: listRestoreRecords
  summary: List the restore records of a DCS instance
  description: Returns one page of the restore records of one instance.
  tags: [Backups]
  parameters:
    - $ref: ../components/parameters/Limit.yaml
  responses:
    "200":
      $ref: ../components/responses/BackupRecordsPage.yaml
    "400":
      $ref: ../components/responses/BadRequest.yaml
`;
  await writeFile(join(folder, "spec/paths/restores.yaml"), yaml);
}

describe("a second operation", () => {
  it("stops the build, which names the stage that does not serve it", async () => {
    await addRestores();
    const { code, stderr } = await build();
    expect(stderr.split("\n")[0]).toBe(
      'Stage "samples": the contract has a second operation, listRestoreRecords, and this stage serves listBackupRecords alone.',
    );
    expect(code).toBe(1);
    expect(await readdir(folder)).toEqual(["spec"]);
  });

  it("is in the types, and a request of the Postman collection", async () => {
    await addRestores();
    const both = await bundle();
    expect(await generateTypes(both)).toMatch(/listRestoreRecords: \{.*listBackupRecords: \{/s);
    const { item } = postmanCollection(both) as { item: { name: string; request: { url: { variable: object[] } } }[] };
    expect(item.map(({ name, request }) => [name, request.url.variable.length])).toEqual([
      ["List the restore records of a DCS instance", 2],
      ["List the backup records of a DCS instance", 2],
    ]);
  });
});

describe("a contract of another call", () => {
  it("is built, without what is made for listBackupRecords alone", async () => {
    for (const name of ["overlays", "reference.yaml"]) await rm(join(folder, "spec", name), { recursive: true });
    await edit("paths/v2_{project_id}_instances_{instance_id}_backups.yaml", "listBackupRecords", "listBackups");
    await addRestores();
    const { code, stdout, stderr } = await build();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^bundle .* 2 paths, /m);
    expect(stdout).toMatch(/^samples .* {2}0 programs$/m);
    expect(stdout).toMatch(/^trace .* {2}no reference\.yaml$/m);
    const page = await readFile(join(folder, "generated/docs/index.html"), "utf8");
    for (const id of ["listBackups", "listRestoreRecords"]) expect(page).toContain(`class="operation" id="${id}"`);
    expect(page).toContain("<title>DCS backup records</title>");
  });
});

describe("the operations of a contract", () => {
  let contract: OpenApiDocument;
  beforeEach(async () => {
    contract = await bundle();
  });

  it("are found by their methods, whatever else a path has, and each with all of its parameters", async () => {
    expect(operationsOf(contract).map(({ pointer }) => pointer)).toEqual([list]);
    await addRestores();
    const both = await bundle();
    const names = operationsOf(both).map((operation) => parametersOf(both, operation).map(({ node }) => node.name));
    expect(names).toEqual([
      ["project_id", "instance_id", "limit"],
      ["project_id", "instance_id", "begin_time", "end_time", "limit", "offset"],
    ]);
  });

  it("have the one to serve by its operationId, and none if it is not there", async () => {
    expect(callOf(contract)?.pointer).toBe(list);
    const other = changed(contract, `${list}/operationId`, "listBackups");
    expect(callOf(other)).toBeUndefined();
  });
});
