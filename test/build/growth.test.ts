// A contract that grows: the build, the check and the mock follow a change of spec/, without an edit elsewhere. A second
// operation is handled by a stage, or stops the build with a message.

import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../scripts/build.ts";
import { callOf, type OpenApiDocument, operationsOf, parametersOf } from "../../scripts/document.ts";
import { repository } from "../../scripts/repository.ts";
import { openSource } from "../../scripts/source.ts";
import { bundleContract } from "../../scripts/stages/bundle.ts";
import { postmanCollection } from "../../scripts/stages/postman.ts";
import { generateTypes } from "../../scripts/stages/types.ts";
import { itemsOf } from "../../src/check/coverage/items.ts";
import { checkConsumer, checkProvider } from "../../src/check/index.ts";
import { startMock } from "../../src/mock/index.ts";
import { baseContract, type Contract, makeContract } from "../../src/wire/contract.ts";
import { example } from "../check/reports.ts";
import { type BackupRecord, everyStatus, serve, service, token } from "../check/service.ts";
import { type Answer, reply, startServer } from "../client/server.ts";
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
  await writeFile(file, content.replaceAll(text, replacement));
}

/** Adds the list of restore records before the list of backup records. */
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
  it("stops the build, which names the stage that cannot handle it", async () => {
    await addRestores();
    const { code, stderr } = await build();
    expect(stderr.split("\n")[0]).toBe(
      'Stage "samples": the contract has a second operation, listRestoreRecords, but this stage can only handle listBackupRecords.',
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
  it("is built, without the files that only listBackupRecords has", async () => {
    for (const name of ["overlays", "revisions", "reference.yaml"])
      await rm(join(folder, "spec", name), { recursive: true });
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

  it("are found by their methods, each with all of its parameters, whatever else a path has", async () => {
    expect(operationsOf(contract).map(({ pointer }) => pointer)).toEqual([list]);
    await addRestores();
    const both = await bundle();
    const names = operationsOf(both).map((operation) => parametersOf(both, operation).map(({ node }) => node.name));
    expect(names).toEqual([
      ["project_id", "instance_id", "limit"],
      ["project_id", "instance_id", "begin_time", "end_time", "limit", "offset"],
    ]);
  });

  it("include the one to handle, found by its operationId, or none if it is missing", async () => {
    expect(callOf(contract)?.pointer).toBe(list);
    const other = changed(contract, `${list}/operationId`, "listBackups");
    expect(callOf(other)).toBeUndefined();
  });
});

/** Builds the copy of spec/, without its translations, its revisions and its reference page, and returns the contract. */
async function grow(): Promise<Contract> {
  for (const name of ["overlays", "revisions", "reference.yaml"])
    await rm(join(folder, "spec", name), { recursive: true });
  const { code, stderr } = await build();
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const written = (name: string) => import(/* @vite-ignore */ pathToFileURL(join(folder, "generated", name)).href);
  const [data, { facts }, validators] = await Promise.all(["contract.ts", "facts.ts", "validators.ts"].map(written));
  const document = JSON.parse(await readFile(join(folder, "generated/openapi.json"), "utf8"));
  return makeContract({ data, facts, validators, document: () => document });
}

/** The findings of a provider check under the original contract and under the changed one: rules and places. */
async function found(contract: Contract, answer: Answer) {
  await using server = await startServer(answer);
  const options = { ...example, server: server.url, credentials: { token } };
  const places = async (contract: Contract) => {
    const { findings } = await checkProvider({ ...options, contract });
    const told = findings.filter(({ more }) => more === undefined);
    return [...new Set(told.map(({ rule, pointer = "" }) => `${rule} ${pointer.replace(/\d+/, "N")}`.trim()))];
  };
  return { before: await places(baseContract), after: await places(contract) };
}

/** Ids of what there is more to cover than of the original contract. */
function toCover(contract: Contract): string[] {
  const known = new Set(itemsOf(baseContract).map(({ id }) => id));
  return itemsOf(contract).flatMap(({ id }) => (known.has(id) ? [] : [id]));
}

/** The service, with each record changed. */
const records = (change: (record: BackupRecord) => BackupRecord): Answer =>
  serve(service({ records: everyStatus.map(change) }));

/** The findings of a consumer check on a request with that query, and the status code of the mock's response. */
async function asked(contract: Contract, query: string) {
  const url = `process.env.DCS_ENDPOINT + "/v2/p/instances/i/backups?${query}"`;
  const args = ["-e", `fetch(${url}, { headers: { "X-Auth-Token": "any" } })`];
  const { findings } = await checkConsumer({ command: process.execPath, args, contract });
  const mock = await startMock({ contract });
  const { status } = await fetch(`${mock.url}/v2/p/instances/i/backups?${query}`, {
    headers: { "X-Auth-Token": "any" },
  });
  await mock.close();
  return { rules: findings.map(({ rule }) => rule), status };
}

/** The client, on the copy of what the build writes. */
async function grownClient(): Promise<typeof import("../../src/client/index.ts")> {
  await grow();
  for (const name of ["wire", "client"])
    await cp(join(repository, "src", name), join(folder, "src", name), { recursive: true });
  await symlink(join(repository, "node_modules"), join(folder, "node_modules"), "junction");
  return import(/* @vite-ignore */ pathToFileURL(join(folder, "src/client/index.ts")).href);
}

const record = "components/schemas/BackupRecordResponse.yaml";
const operation = "paths/v2_{project_id}_instances_{instance_id}_backups.yaml";

describe("a contract that grows", () => {
  it("by a status code without a body: the check no longer warns of it, and covers it", async () => {
    await writeFile(
      join(folder, "spec/components/responses/NoRecords.yaml"),
      "description: There is no backup record.\n",
    );
    await edit(operation, '    "400":', '    "204":\n      $ref: ../components/responses/NoRecords.yaml\n    "400":');
    const conforming = service({ records: everyStatus });
    const answer = serve((request) => {
      const { body, ...rest } = conforming(request);
      const isEmpty = JSON.stringify(body).includes('"backup_record_response":[]');
      return isEmpty ? { ...rest, status: 204, body: undefined } : { ...rest, body };
    });
    const contract = await grow();
    expect(toCover(contract)).toEqual(["status/204"]);
    const { before, after } = await found(contract, answer);
    expect(before).toEqual(["empty-204"]);
    expect(after).toEqual([]);
  });

  it("by a field: it is known, its type is checked, and it counts as covered or not", async () => {
    const field = "execution_at:\n    type: string\n    format: date-time\n    description: Time of the execution.";
    await edit(record, "  remark:", `  ${field}\n    example: "2019-05-10T08:31:16.166Z"\n  remark:`);
    const contract = await grow();
    expect(toCover(contract)).toEqual(["field/BackupRecordResponse/execution_at"]);
    const right = await found(
      contract,
      records((one) => ({ ...one, execution_at: "2019-05-10T08:31:16Z" })),
    );
    expect(right.before).toContain("known-fields /backup_record_response/N/execution_at");
    expect(right.after).toEqual([]);
    const wrong = await found(
      contract,
      records((one) => ({ ...one, execution_at: "yesterday" })),
    );
    expect(wrong.after).toContain("page-schema /backup_record_response/N/execution_at");
  });

  it("by an enumeration value: it is known", async () => {
    await edit("components/schemas/BackupType.yaml", "  - auto\n", "  - auto\n  - weekly\n");
    await edit("components/schemas/BackupType.yaml", "  auto: ", "  weekly: Weekly backup.\n  auto: ");
    const contract = await grow();
    expect(toCover(contract)).toEqual(["value/BackupRecordResponse/backup_type/weekly"]);
    const { before, after } = await found(
      contract,
      records((one) => ({ ...one, backup_type: "weekly" })),
    );
    expect(before).toEqual(["known-values /backup_record_response/N/backup_type"]);
    expect(after).toEqual([]);
  });

  it("by a query parameter: a consumer may send it, and the mock accepts it", async () => {
    const sort =
      "name: sort\nin: query\nrequired: false\ndescription: The order.\nschema:\n  type: string\nexample: size\n";
    await writeFile(join(folder, "spec/components/parameters/Sort.yaml"), sort);
    await edit(
      operation,
      "    - $ref: ../components/parameters/Limit.yaml\n",
      "    - $ref: ../components/parameters/Limit.yaml\n    - $ref: ../components/parameters/Sort.yaml\n",
    );
    expect(await asked(baseContract, "sort=size")).toEqual({ rules: ["unknown-parameter"], status: 200 });
    const contract = await grow();
    expect(toCover(contract)).toEqual(["parameter/sort/absent", "parameter/sort/given"]);
    expect(await asked(contract, "sort=size")).toEqual({ rules: [], status: 200 });
  });

  it("by a bound: a probe exceeds it, the mock rejects that, and a consumer that exceeds it violates the contract", async () => {
    await edit("components/parameters/Limit.yaml", "format: int32", "format: int32\n  minimum: 1\n  maximum: 1000");
    const contract = await grow();
    expect(toCover(contract)).toEqual(["parameter/limit/minimum", "parameter/limit/maximum"]);
    expect(await asked(baseContract, "limit=1001")).toEqual({ rules: [], status: 200 });
    expect(await asked(contract, "limit=1001")).toEqual({ rules: ["parameter"], status: 400 });
    const targets: string[] = [];
    const refusing = serve(service({ records: everyStatus, contract }));
    const kept = await found(contract, (request, response) => {
      targets.push(request.url ?? "");
      refusing(request, response);
    });
    expect(kept).toEqual({ before: [], after: [] });
    for (const limit of [0, 1000, 1001])
      expect(targets.filter((url) => url.endsWith(`?limit=${limit}`))).toHaveLength(1);
    const lenient: Answer = (request, response) => {
      request.url = request.url?.replace(/limit=(0|1001)$/, "limit=1000");
      refusing(request, response);
    };
    expect(await found(contract, lenient)).toEqual({ before: [], after: ["refused"] });
  });

  it("by a lower bound of a count: a lower value is reported by the keyword that failed", async () => {
    await edit("components/schemas/ListBackupRecordsResponse.yaml", "format: int32", "format: int32\n    minimum: 0");
    const contract = await grow();
    const answer = reply(200, { total_num: -1, backup_record_response: [] });
    await using server = await startServer(answer);
    const options = { ...example, server: server.url, credentials: { token }, only: ["page-schema", "list"], contract };
    const { findings } = await checkProvider(options);
    expect(findings.map(({ message, expected }) => [message, expected])).toEqual([
      ["total_num should be at least 0", "at least 0"],
    ]);
  });

  it("and renames a field: the check warns of the old name, not of the new one", async () => {
    await edit(record, "  remark:", "  note:");
    for (const name of ["OneManualBackup", "EveryStatus"])
      await edit(`components/examples/${name}.yaml`, " remark:", " note:");
    const contract = await grow();
    const { before, after } = await found(
      contract,
      records(({ remark, ...one }) => ({ ...one, note: remark })),
    );
    expect(before).toEqual(["known-fields /backup_record_response/N/note"]);
    expect(after).toEqual([]);
    expect(
      (
        await found(
          contract,
          records((one) => one),
        )
      ).after,
    ).toEqual(["known-fields /backup_record_response/N/remark"]);
  });

  it("and removes an enumeration value: the check warns of it", async () => {
    await edit("components/schemas/BackupType.yaml", "  - auto\n", "");
    await edit("components/schemas/BackupType.yaml", "  auto: Automatic backup.\n", "");
    await edit("components/examples/EveryStatus.yaml", "backup_type: auto", "backup_type: manual");
    const { before, after } = await found(
      await grow(),
      records((one) => ({ ...one, backup_type: "auto" })),
    );
    expect(before).toEqual([]);
    expect(after).toEqual(["known-values /backup_record_response/N/backup_type"]);
  });

  it("takes the client along: path, default server, form of times, fields that may be null", async () => {
    await edit("openapi.yaml", "{instance_id}/backups:", "{instance_id}/snapshots:");
    await edit("openapi.yaml", "default: dcs.sa-brazil-1.my", "default: dcs.eu-de.my");
    for (const name of ["BeginTime", "EndTime"])
      await edit(`components/parameters/${name}.yaml`, "pattern: ^[0-9]{4}", "pattern: ^20[0-9]{2}");
    await edit(record, "  remark:\n    type: string", "  remark:\n    type: string\n    nullable: true");
    const { createDcsClient, defaultBaseUrl } = await grownClient();
    expect(defaultBaseUrl).toBe("https://dcs.eu-de.myhuaweicloud.com");
    const body = { backup_record_response: [{ remark: null, backup_name: null }] };
    await using server = await startServer(reply(200, body));
    const dcs = createDcsClient({ endpoint: server.url, projectId: "p", credentials: { token } });
    expect((await dcs.listBackupRecords("i")).backup_record_response).toEqual([{ remark: null }]);
    expect(server.received[0]?.target).toBe("/v2/p/instances/i/snapshots");
    await expect(dcs.listBackupRecords("i", { beginTime: "19990101000000" })).rejects.toThrow("beginTime must be");
    await dcs.listBackupRecords("i", { beginTime: "20000101000000" });
  });
});
