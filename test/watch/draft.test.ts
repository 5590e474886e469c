// `npm run watch -- --draft`: the overlay that it drafts is one of spec/revisions/. It builds, and after that the source says
// what the newest revision says.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { main as buildMain } from "../../scripts/build.ts";
import { repository } from "../../scripts/repository.ts";
import type { RevisionOverlay } from "../../scripts/stages/revisions.ts";
import { main, openWatched } from "../../scripts/watch.ts";
import { newest } from "../../src/wire/contract.ts";
import { absent, changed } from "../document.ts";
import { Surroundings } from "../surroundings.ts";
import { descriptionOf, saidBy, sdkOf, writeSdk } from "./sources.ts";

const watched = await openWatched();

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "draft-"));
  root = join(folder, "spec/openapi.yaml");
  await cp(join(repository, "spec"), join(folder, "spec"), { recursive: true });
  await rm(join(folder, "spec/overlays"), { recursive: true }); // a draft is not translated
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const date = "2099-01-31";
const draft = () => join(folder, `spec/revisions/${date}.yaml`);

const watch = (args: string[]) =>
  new Surroundings().run((args, around) => main(args, around, () => openWatched(root)), args);

/** Drafts, builds with the draft, and compares again. */
async function roundTrip(args: string[]): Promise<{ overlay: RevisionOverlay; told: string; after: string[] }> {
  const drafted = await watch([...args, "--draft", "--out", draft()]);
  expect(drafted).toMatchObject({ code: 1, stdout: "" });
  const text = await readFile(draft(), "utf8");
  const built = await new Surroundings().run(buildMain, ["--root", root, "--out", join(folder, "generated")]);
  expect({ code: built.code, stderr: built.stderr }).toEqual({ code: 0, stderr: "" });
  const { stdout, stderr } = await watch(args);
  expect(stderr).toBe("");
  const after = stdout.trimEnd().split("\n");
  expect(after.pop()).toContain(` against revision ${date}: no differences, `);
  return { overlay: parseYaml(text) as RevisionOverlay, told: drafted.stderr, after };
}

it("says what is new in the SDK", async () => {
  const ours = saidBy("sdk", watched);
  const record = "answer/backup_record_response";
  const { name, fields } = ours.objects.get(record) as NonNullable<ReturnType<typeof ours.objects.get>>;
  const { remark: _, ...kept } = Object.fromEntries(fields);
  const status = { ...kept.status, values: [...((kept.status?.values ?? []) as string[]), "paused"] };
  const news = { checksum: { type: "string", values: ["md5", "sha256"] }, shards: { type: "integer" } };
  const objects = new Map([
    ...ours.objects,
    [record, { name, fields: new Map(Object.entries({ ...kept, status, ...news })) }],
  ]);
  const { offset: gone, ...left } = Object.fromEntries(ours.parameters);
  expect(gone).toBeDefined();
  const parameters = new Map(Object.entries({ ...left, sort_key: { in: "query", required: false, type: "string" } }));
  await writeSdk(sdkOf({ ...ours, objects, parameters }), join(folder, "sdk"));

  const { overlay, told, after } = await roundTrip(["--sdk", join(folder, "sdk")]);
  expect(after).toEqual([]);
  expect(told.split("\n")).toHaveLength(9);
  expect(overlay["x-revision"]).toMatchObject({
    page: { title: "huaweicloudsdkdcs 3.9.9", publisher: "Huawei Cloud", revision: date },
    read: "C",
    follows: newest,
  });
  const facts = Object.fromEntries(overlay["x-revision"].facts.map((fact) => [fact.id, fact]));
  expect(facts["record.checksum"]?.reading).toBe(
    `huaweicloudsdkdcs 3.9.9: field \`checksum\` of BackupRecordResponse, String, values \`md5\`, \`sha256\`, not in revision ${newest}.`,
  );
  expect(facts["record.remark"]).toMatchObject({ absent: true });
  expect(Object.keys(facts)).toEqual(
    expect.arrayContaining(["query.sort_key", "record.shards", "record.status.values", "parameters", "query.offset"]),
  );
  for (const action of overlay.actions) expect(action["x-facts"]?.length, action.target).toBeGreaterThan(0);
});

it("says what is new in a description", async () => {
  const list = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get";
  const schemas = "/components/schemas";
  const record = `${schemas}/BackupRecordResponse/properties`;
  const at = (name: string) =>
    `${list}/parameters/${[...saidBy("description", watched).parameters.keys()].indexOf(name)}`;
  const edits: [string, unknown][] = [
    [`${record}/progress/type`, "number"],
    [`${record}/progress/format`, absent],
    [`${record}/remark/nullable`, true],
    [`${record}/tags`, { type: "array", items: { type: "string" } }],
    [`${record}/expires_at`, { type: "string", format: "date-time" }],
    [`${schemas}/ErrorResponse/properties/error_code/maxLength`, absent],
    [`${schemas}/ErrorResponse/properties/error_msg/maxLength`, 2048],
    [`${at("offset")}/schema/maximum`, 500],
    [`${at("begin_time")}/required`, true],
    [`${list}/responses/204`, { description: "无。" }],
    [
      `${list}/responses/404`,
      { description: "无。", content: { "application/json": { schema: { $ref: `#${schemas}/ErrorResponse` } } } },
    ],
    [`${list}/responses/500`, absent],
  ];
  const document = edits.reduce(
    (copy, [pointer, value]) => changed(copy, pointer, value),
    descriptionOf(saidBy("description", watched), "3.0"),
  );
  const file = join(folder, "dcs.json");
  await writeFile(file, JSON.stringify(document));
  const { told, after } = await roundTrip(["--sdk", "none", "--description", file]);
  expect(told.split("\n")).toHaveLength(edits.length - 1 + 3); // the format that was removed said nothing
  expect(after).toEqual([expect.stringContaining('no longer says "body: none" of status 500: ')]);
});

it("is printed without --out, for today, and the differences beside it", async () => {
  const ours = saidBy("sdk", watched);
  const parameters = new Map([...ours.parameters, ["sort", { in: "query", required: false, type: "string" }]]);
  await writeSdk(sdkOf({ ...ours, parameters }), join(folder, "sdk"));
  const { code, stdout, stderr } = await watch(["--sdk", join(folder, "sdk"), "--draft"]);
  expect(code).toBe(1);
  expect(stderr).toContain(`huaweicloudsdkdcs 3.9.9: parameter \`sort\` in query, String, not in revision ${newest}\n`);
  const overlay = parseYaml(stdout) as RevisionOverlay;
  expect(overlay["x-revision"].page.revision).toBe(new Date().toISOString().slice(0, 10));
});

it("leaves what needs a decision to a comment, and is empty if nothing differs", async () => {
  const sdk = sdkOf(saidBy("sdk", watched));
  const model = "huaweicloudsdkdcs/v2/model/backup_record_response.py";
  await writeSdk({ ...sdk, [model]: (sdk[model] ?? "").replace(" - expired：文字。", "") }, join(folder, "sdk"));
  const { code, stdout } = await watch(["--sdk", join(folder, "sdk"), "--draft"]);
  expect(code).toBe(1);
  const line = `# - huaweicloudsdkdcs 3.9.9: field \`status\` of BackupRecordResponse: no value \`expired\`, which revision ${newest} has\n`;
  expect(stdout).toContain(line);
  expect((parseYaml(stdout) as RevisionOverlay).actions.map(({ target }) => target)).toEqual(["$.info"]);
  await writeSdk(sdk, join(folder, "sdk"));
  expect(await watch(["--sdk", join(folder, "sdk"), "--draft"])).toMatchObject({ code: 0, stdout: "" });
});
