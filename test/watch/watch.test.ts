// `npm run watch`: a copy of each source that says what the newest revision says stays silent; a difference that is planted in
// it is told, and only that.

import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BaseResolver } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { dateOf } from "../../scripts/stages/revisions.ts";
import { type Known, readKnown } from "../../scripts/watch/known.ts";
import { main, openWatched } from "../../scripts/watch.ts";
import { newest } from "../../src/wire/contract.ts";
import { reply, startServer } from "../client/server.ts";
import { absent, changed } from "../document.ts";
import { Surroundings } from "../surroundings.ts";
import { type Description, descriptionOf, type Sdk, saidBy, sdkOf, writeSdk } from "./sources.ts";

const watched = await openWatched();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "watch-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) =>
  new Surroundings().run((args, around) => main(args, around, async () => watched), args);

/** What is told of an SDK, without its name at the beginning of each line, and the exit code. */
async function watchSdk(sdk: Sdk) {
  const unpacked = await mkdtemp(join(folder, "sdk-"));
  await writeSdk(sdk, unpacked);
  return told(await run("--sdk", unpacked), "huaweicloudsdkdcs 3.9.9");
}

async function watchDescription(document: object) {
  const file = join(await mkdtemp(join(folder, "description-")), "dcs.json");
  await writeFile(file, JSON.stringify(document));
  return told(await run("--sdk", "none", "--description", file), "description DCS 2026-11-01");
}

function told({ code, stdout, stderr }: Awaited<ReturnType<typeof run>>, name: string) {
  expect(stderr).toBe("");
  const lines = stdout.trimEnd().split("\n");
  const summary = lines.pop();
  expect(summary).toMatch(new RegExp(`^${name} against revision ${newest}: `));
  return { code, lines: lines.map((line) => line.replace(`${name}: `, "").replaceAll(newest, "DATE")) };
}

const silent = { code: 0, lines: [] };

it("compares with the revision that the package calls the newest", () => {
  expect(dateOf(watched.newest)).toBe(newest);
});

describe("the SDK", () => {
  const client = "huaweicloudsdkdcs/v2/dcs_client.py";
  const model = "huaweicloudsdkdcs/v2/model/";
  const record = `${model}backup_record_response.py`;
  const page = `${model}list_backup_records_response.py`;
  const request = `${model}list_backup_records_request.py`;

  it("stays silent if it says what the contract says", async () => {
    expect(await watchSdk(sdkOf(saidBy("sdk", watched)))).toEqual(silent);
  });

  it.each<[string, [file: string, from: string | RegExp, to: string][], string[]]>([
    [
      "a field",
      [
        [record, "'status': 'str'", "'status': 'str',\n        'check_sum': 'int'"],
        [record, "'status': 'status'", "'status': 'status',\n        'check_sum': 'checksum'"],
      ],
      ["field `checksum` of BackupRecordResponse, Integer, not in revision DATE"],
    ],
    [
      "a field that is gone",
      [
        [record, /\s+'remark': 'str',/, ""],
        [record, /\s+'remark': 'remark',/, ""],
      ],
      ["no field `remark` of BackupRecordResponse, which revision DATE has"],
    ],
    [
      "a type",
      [[record, "'size': 'int'", "'size': 'str'"]],
      ["field `size` of BackupRecordResponse: type String; revision DATE has type Integer"],
    ],
    [
      "a type of elements",
      [[page, "'list[BackupRecordResponse]'", "'list[str]'"]],
      ["field `backup_record_response` of ListBackupRecordsResponse: items String; revision DATE has items Object"],
    ],
    [
      "a value",
      [[record, "- failed：文字。", "- failed：文字。 - paused：文字。"]],
      ["field `status` of BackupRecordResponse: value `paused`, not in revision DATE"],
    ],
    [
      "a value of the codes",
      [[record, "* &#x60;dcs.08.0008&#x60;", "* &#x60;dcs.08.0009&#x60; - 文字。 * &#x60;dcs.08.0008&#x60;"]],
      ["field `error_code` of BackupRecordResponse: value `dcs.08.0009`, not in revision DATE"],
    ],
    [
      "a value that is gone, and one instead",
      [[record, "取值为TRUE或FALSE", "取值为TRUE或NEVER"]],
      [
        "field `is_support_restore` of BackupRecordResponse: value `NEVER`, not in revision DATE",
        "field `is_support_restore` of BackupRecordResponse: no value `FALSE`, which revision DATE has",
      ],
    ],
    [
      "values as constants",
      [[record, "    sensitive_list = []", '    BACKUP_TYPE_MANUAL = "manual"\n    BACKUP_TYPE_WEEKLY = "weekly"\n']],
      [
        "field `backup_type` of BackupRecordResponse: value `weekly`, not in revision DATE",
        "field `backup_type` of BackupRecordResponse: no value `auto`, which revision DATE has",
      ],
    ],
    [
      "values of what has none",
      [[record, ":param remark: 一段文字。", ":param remark: 一段文字。 - one：文字。 - two：文字。"]],
      ["field `remark` of BackupRecordResponse: values `one`, `two`; revision DATE has no values"],
    ],
    [
      "values that are gone",
      [[record, /- manual：文字。 - auto：文字。/, ""]],
      ["field `backup_type` of BackupRecordResponse: no values; revision DATE has values `manual`, `auto`"],
    ],
    [
      "a field that must be there",
      [[record, /if backup_id is not None:\n\s+/, ""]],
      ["field `backup_id` of BackupRecordResponse: required true; revision DATE has required false"],
    ],
    [
      "a parameter",
      [
        [request, "'limit': 'int'", "'limit': 'int',\n        'sort_key': 'str'"],
        [request, "'limit': 'limit'", "'limit': 'limit',\n        'sort_key': 'sort_key'"],
        [
          client,
          "        query_params = []\n",
          "        query_params = []\n        query_params.append(('sort_key', 1))\n",
        ],
      ],
      ["parameter `sort_key` in query, String, not in revision DATE"],
    ],
    [
      "a parameter that is gone",
      [
        [request, /\s+'offset': 'int'/, ""],
        [request, /\s+'offset': 'offset'/, ""],
      ],
      ["no parameter `offset`, which revision DATE has"],
    ],
    [
      "a parameter that must be there",
      [[request, /if limit is not None:\n\s+/, ""]],
      ["parameter `limit`: required true; revision DATE has required false"],
    ],
    [
      "a parameter in another place",
      [
        [
          client,
          "query_params.append(('limit', local_var_params['limit']))",
          "header_params['limit'] = local_var_params['limit']",
        ],
      ],
      ["parameter `limit`: in `header`; revision DATE has in `query`"],
    ],
    [
      "another path",
      [[client, "{instance_id}/backups", "{instance_id}/backup-records"]],
      [
        "the call: path `/v2/{project_id}/instances/{instance_id}/backup-records`; revision DATE has path `/v2/{project_id}/instances/{instance_id}/backups`",
      ],
    ],
    [
      "another method",
      [[client, '"method": "GET"', '"method": "POST"']],
      ["the call: method `POST`; revision DATE has method `GET`"],
    ],
  ])("is told of %s", async (_what, edits, lines) => {
    const sdk = { ...sdkOf(saidBy("sdk", watched)) };
    for (const [file, from, to] of edits) {
      const text = sdk[file] ?? "";
      expect(text.replace(from, to), file).not.toBe(text);
      sdk[file] = text.replace(from, to);
    }
    expect(await watchSdk(sdk)).toEqual({ code: 1, lines });
  });

  it("is read in its newest version of the API", async () => {
    const sdk = sdkOf(saidBy("sdk", watched));
    const next = Object.fromEntries(Object.entries(sdk).map(([name, text]) => [name.replace("/v2/", "/v3/"), text]));
    expect(await watchSdk({ ...sdk, ...next })).toEqual(silent);
    const path = { [client.replace("v2", "v3")]: (sdk[client] ?? "").replaceAll("/v2/", "/v3/") };
    const { lines } = await watchSdk({ ...sdk, ...next, ...path });
    expect(lines).toEqual([expect.stringContaining("the call: path `/v3/")]);
  });

  it.each<[string, (sdk: Sdk) => Sdk, RegExp]>([
    [
      "without the call",
      ({ [client]: text = "", ...sdk }) => ({ ...sdk, [client]: text.replaceAll("backup_records", "x") }),
      /^.+ has no huaweicloudsdkdcs with list_backup_records\. Choose another /,
    ],
    [
      "in another form",
      ({ [client]: text = "", ...sdk }) => ({ ...sdk, [client]: text.replace('"resource_path"', '"path"') }),
      /^.+ has list_backup_records in a form that this does not know\. Choose /,
    ],
    [
      "without a model",
      ({ [record]: _, ...sdk }) => sdk,
      /^.+backup_record_response\.py has no class BackupRecordResponse\. Choose another /,
    ],
  ])("that is %s cannot be compared, and says how to mend it", async (_what, spoil, message) => {
    const unpacked = await mkdtemp(join(folder, "sdk-"));
    await writeSdk(spoil(sdkOf(saidBy("sdk", watched))), unpacked);
    const { code, stdout, stderr } = await run("--sdk", unpacked);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toEqual([expect.stringMatching(message)]);
  });
});

describe.each<[Description, string, (name: string) => string]>([
  ["2.0", "/paths/~1{project_id}~1instances~1{instance_id}~1backups/get", (name) => `/definitions/${name}`],
  ["3.0", "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get", (name) => `/components/schemas/${name}`],
])("a description in %s", (version, call, schema) => {
  const record = `${schema("BackupRecordResponse")}/properties`;
  const error = `${schema("ErrorResponse")}/properties`;
  const write = () => descriptionOf(saidBy("description", watched), version);
  const parameter = (name: string) => {
    const { parameters } = saidBy("description", watched);
    return `${call}/parameters/${[...parameters.keys()].indexOf(name)}`;
  };
  const value = version === "2.0" ? "" : "/schema";
  const type = version === "2.0" ? { type: "string" } : { schema: { type: "string" } };

  it("stays silent if it says what the contract says", async () => {
    expect(await watchDescription(write())).toEqual(silent);
  });

  it.each<[string, [pointer: string, value: unknown][], string[]]>([
    [
      "a field",
      [[`${record}/checksum`, { type: "string", enum: ["a", "b"] }]],
      ["field `checksum` of BackupRecordResponse, String, values `a`, `b`, not in revision DATE"],
    ],
    [
      "a field with a format",
      [[`${record}/used`, { type: "integer", format: "int64" }]],
      ["field `used` of BackupRecordResponse, Integer (int64), not in revision DATE"],
    ],
    [
      "a field that is gone",
      [[`${record}/remark`, absent]],
      ["no field `remark` of BackupRecordResponse, which revision DATE has"],
    ],
    [
      "a type",
      [[`${record}/size/type`, "number"]],
      ["field `size` of BackupRecordResponse: type Number; revision DATE has type Integer"],
    ],
    [
      "a format",
      [[`${record}/size/format`, "int32"]],
      ["field `size` of BackupRecordResponse: format `int32`; revision DATE has format `int64`"],
    ],
    [
      "a value",
      [[`${record}/status/enum/0`, "paused"]],
      [
        "field `status` of BackupRecordResponse: value `paused`, not in revision DATE",
        "field `status` of BackupRecordResponse: no value `waiting`, which revision DATE has",
      ],
    ],
    [
      "a value that is gone",
      [[`${record}/backup_format/enum/1`, absent]],
      ["field `backup_format` of BackupRecordResponse: no value `rdb`, which revision DATE has"],
    ],
    [
      "a list of values that is gone",
      [[`${record}/backup_type/enum`, absent]],
      ["field `backup_type` of BackupRecordResponse: no values; revision DATE has values `manual`, `auto`"],
    ],
    [
      "a null",
      [[`${record}/remark/${version === "2.0" ? "x-nullable" : "nullable"}`, true]],
      ["field `remark` of BackupRecordResponse: nullable true; revision DATE has nullable false"],
    ],
    [
      "a maximum of an error",
      [[`${error}/error_code/maxLength`, 10]],
      ["field `error_code` of ErrorResponse: maxLength 10; revision DATE has maxLength 9"],
    ],
    [
      "a maximum that is gone",
      [[`${error}/error_msg/maxLength`, absent]],
      ["field `error_msg` of ErrorResponse: no maxLength; revision DATE has maxLength 1024"],
    ],
    [
      "a parameter",
      [[`${call}/parameters/6`, { name: "sort", in: "query", ...type }]],
      ["parameter `sort` in query, String, not in revision DATE"],
    ],
    [
      "a bound that the contract has not",
      [[`${parameter("offset")}${value}/maximum`, 500]],
      ["parameter `offset`: maximum 500; revision DATE has no maximum"],
    ],
    [
      "a parameter that must be there",
      [[`${parameter("limit")}/required`, true]],
      ["parameter `limit`: required true; revision DATE has required false"],
    ],
    ["a status", [[`${call}/responses/204`, { description: "无。" }]], ["status 204, no body, not in revision DATE"]],
    ["a status that is gone", [[`${call}/responses/500`, absent]], ["no status 500, which revision DATE has"]],
  ])("is told of %s", async (_what, edits, lines) => {
    const document = edits.reduce((copy, [pointer, value]) => changed(copy, pointer, value), write());
    expect(await watchDescription(document)).toEqual({ code: 1, lines });
  });

  it("tells a known contradiction that is no longer one, at its line, and what is said instead", async () => {
    const bounds = `${parameter("limit")}${value}`;
    const entry = (await readFile("spec/watch.yaml", "utf8"))
      .split("\n")
      .findIndex((line) => line.includes("[parameter limit]"));
    const stale = new RegExp(
      `^spec/watch\\.yaml:${entry}:5 {2}The description no longer says "maximum: none" of parameter limit: .+ Remove it\\. {2}\\(watch\\)$`,
    );
    const agrees = await watchDescription(changed(write(), `${bounds}/maximum`, 1000));
    expect(agrees).toEqual({ code: 1, lines: [expect.stringMatching(stale)] });
    const { lines } = await watchDescription(changed(write(), `${bounds}/maximum`, 500));
    expect(lines).toEqual([
      "parameter `limit`: maximum 500; revision DATE has maximum 1000",
      expect.stringMatching(stale),
    ]);
  });

  it("is told of the record that the answer has, if another schema has the contract's name for it", async () => {
    const other = schema("Other");
    const items = `${schema("QueryBackupResp")}/properties/backup_record_response/items/$ref`;
    const type = { type: "object", properties: { backup_id: { type: "string" } } };
    const document = changed(changed(write(), items, `#${other}`), other, type);
    const { lines } = await watchDescription(document);
    expect(lines).toContain("no field `status` of BackupRecordResponse, which revision DATE has");
  });

  it("stays silent if a schema of another call refers to nothing", async () => {
    const type = { type: "object", properties: { instance: { $ref: `#${schema("Nothing")}` } } };
    expect(await watchDescription(changed(write(), schema("Other"), type))).toEqual(silent);
  });

  it("needs no path if it writes the name of the call there", async () => {
    const at = call.slice(0, -"/get".length);
    const document = write() as { paths: Record<string, unknown> };
    const paths = Object.entries(document.paths).map(([path, item]) => [
      at.endsWith("backups") && path.endsWith("backups") ? "/ListBackupRecords" : path,
      item,
    ]);
    expect(await watchDescription({ ...document, paths: Object.fromEntries(paths) })).toEqual(silent);
    const moved = paths.map(([path, item]) => [path === "/ListBackupRecords" ? "/v9/backups" : path, item]);
    const { lines } = await watchDescription({ ...document, paths: Object.fromEntries(moved) });
    expect(lines).toEqual([expect.stringMatching(/^the call: path `.*\/v9\/backups`; revision DATE has path `/)]);
  });
});

describe("the command", () => {
  const openapi = () => descriptionOf(saidBy("description", watched), "3.0");

  it("reads both sources, the description from a URL, and sums up", async () => {
    await writeSdk(sdkOf(saidBy("sdk", watched)), join(folder, "both"));
    await using server = await startServer(reply(200, openapi()));
    const { code, stdout } = await run("--sdk", join(folder, "both"), "--description", `${server.url}/detail?name=x`);
    const count = watched.known.flatMap(({ parts, says }) => parts.flatMap(() => Object.keys(says))).length;
    expect(stdout).toBe(
      `huaweicloudsdkdcs 3.9.9 and description DCS 2026-11-01 against revision ${newest}: no differences, ${count} known and silent (spec/watch.yaml)\n`,
    );
    expect(code).toBe(0);
  });

  it("explains all of its options", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const option of ["--sdk", "--description", "--draft", "--out", "--help", "Exit code: 0", "spec/watch.yaml"])
      expect(stdout).toContain(option);
  });

  it.each<[string, string[], RegExp]>([
    ["an unknown option", ["--sdks", "none"], /^Unknown option '--sdks'/],
    ["nothing to compare", ["--sdk", "none", "--description", ""], /^Nothing to compare: /],
    ["a draft that is not asked for", ["--out", "2026-11-28.yaml"], /^--out needs --draft\.$/],
    ["a draft without a date", ["--draft", "--out", "draft.yaml"], /^--out needs a file that is named after the date /],
    [
      "an SDK that is not there",
      ["--sdk", "no-such-folder"],
      /^--sdk no-such-folder is no version, .+ Give one of these, or none\.$/,
    ],
    [
      "a folder without an SDK",
      ["--sdk", "spec"],
      /^spec has no huaweicloudsdkdcs with list_backup_records\. Choose another version with --sdk, /,
    ],
    [
      "a file that is not there",
      ["--sdk", "none", "--description", "none.json"],
      /^none\.json cannot be read: ENOENT.+ Give another file or URL with --description\.$/,
    ],
    [
      "no JSON",
      ["--sdk", "none", "--description", "README.md"],
      /^README\.md cannot be read: it is not JSON\. Give another /,
    ],
    [
      "another kind of JSON",
      ["--sdk", "none", "--description", "package.json"],
      /^package\.json cannot be read: This is neither Swagger 2\.0 nor OpenAPI 3\.0\. Give another /,
    ],
    [
      "OpenAPI 3.1",
      ["--sdk", "none", "--description", "generated/openapi-3.1.json"],
      /cannot be read: This is neither Swagger 2\.0 nor OpenAPI 3\.0\. /,
    ],
    [
      "a URL with a password",
      ["--sdk", "none", "--description", "http://me:hidden@127.0.0.1:9/detail?key=hidden"],
      /^http:\/\/127\.0\.0\.1:9\/detail cannot be read: .+ Give another /,
    ],
  ])("exits with 2 for %s, and says how to mend it in one line", async (_what, args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const [said = "", ...rest] = stderr.trimEnd().split("\n");
    expect(said).toMatch(message);
    expect(said).not.toContain("hidden");
    expect(rest.slice(0, 2)).toEqual(rest.length > 0 ? ["", "Usage: npm run watch [-- OPTION …]"] : []);
  });

  it("exits with 2 for a status, without a server, and for a description without the call or with a broken reference", async () => {
    const server = await startServer(reply(404, {}));
    const failure = async () => {
      const { code, stderr } = await run("--sdk", "none", "--description", `${server.url}/detail?key=hidden`);
      expect(code).toBe(2);
      return stderr.replace(server.url, "URL");
    };
    const mend = "Give another file or URL with --description.\n";
    expect(await failure()).toBe(`URL/detail cannot be read: its status is 404. ${mend}`);
    await server[Symbol.asyncDispose]();
    const port = new URL(server.url).host;
    expect(await failure()).toBe(`URL/detail cannot be read: connect ECONNREFUSED ${port}. ${mend}`);
    const list = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get";
    for (const [pointer, value, message] of [
      [`${list}/operationId`, "ListBackups", "This has no operation listBackupRecords."],
      ["/components/schemas/QueryBackupResp", absent, "This has nothing at #/components/schemas/QueryBackupResp."],
    ] as const) {
      const file = join(folder, "broken.json");
      await writeFile(file, JSON.stringify(changed(openapi(), pointer, value)));
      expect(await run("--sdk", "none", "--description", file)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(message),
      });
    }
  });
});

describe("pip", () => {
  /** Runs the command with this as python3, a shell script; `log` has its calls and its environment. */
  async function withPython(script: string | undefined, ...args: string[]) {
    const programs = await mkdtemp(join(folder, "programs-"));
    if (script !== undefined) {
      await writeFile(
        join(programs, "python3"),
        `#!/bin/sh\necho "$*, $DCS_AUTH_TOKEN, $PIP_INDEX_URL" >> '${programs}/log'\n${script}\n`,
      );
      await chmod(join(programs, "python3"), 0o755);
    }
    vi.stubEnv("PATH", script === undefined ? programs : `${programs}:${process.env.PATH}`);
    vi.stubEnv("DCS_AUTH_TOKEN", "hidden");
    vi.stubEnv("PIP_INDEX_URL", "http://index.invalid");
    try {
      return { ...(await run(...args)), log: await readFile(join(programs, "log"), "utf8").catch(() => "") };
    } finally {
      vi.unstubAllEnvs();
    }
  }

  const options = "--no-deps --only-binary=:all: --disable-pip-version-check --quiet --dest";

  it.each([
    ["the newest version", [], "huaweicloudsdkdcs"],
    ["a version", ["--sdk", "3.1.64"], "huaweicloudsdkdcs==3.1.64"],
  ])("gets %s as a wheel and unpacks it, with the environment but its credentials", async (_what, args, wanted) => {
    const unpacked = await mkdtemp(join(folder, "sdk-"));
    await writeSdk(sdkOf(saidBy("sdk", watched)), unpacked);
    const script = `[ "$2" = zipfile ] && cp -r '${unpacked}' "$5" || touch "$9/sdk.whl"`;
    const { code, stderr, log } = await withPython(script, ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [download, unpack, ...more] = log
      .trimEnd()
      .replaceAll(/\S*watch-\w+(?=[/ ])/g, "TEMP")
      .split("\n");
    expect(download).toBe(`-m pip download ${options} TEMP ${wanted}, , http://index.invalid`);
    expect(unpack).toBe("-m zipfile --extract TEMP/sdk.whl TEMP/unpacked, , http://index.invalid");
    expect(more).toEqual([]);
  });

  it.each<[string, string | undefined, RegExp]>([
    [
      "there is no Python",
      undefined,
      /^pip could not get huaweicloudsdkdcs from PyPI: there is no python3\. Install Python 3 with pip, or give /,
    ],
    ["there is no pip", "echo 'python3: No module named pip' >&2; exit 1", /: python3: No module named pip\. Install /],
    [
      "there is no network",
      "echo 'ERROR: No matching distribution found for x.' >&2; echo 'WARNING: old' >&2; exit 1",
      /: No matching distribution found for x\. Install /,
    ],
    ["there is no wheel", "exit 0", /^pip gave no wheel of huaweicloudsdkdcs\. Install /],
  ])("exits with 2 in one line if %s", async (_what, script, message) => {
    const { code, stdout, stderr } = await withPython(script);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toEqual([expect.stringMatching(message)]);
  });
});

describe("spec/watch.yaml", () => {
  const right = { source: "sdk", parts: ["parameter limit"], says: { type: "none" }, reason: "It is so." };

  async function refused(known: unknown): Promise<string> {
    const file = join(folder, "watch.yaml");
    await writeFile(file, `# A line.\nknown: ${JSON.stringify(known)}\n`);
    return readKnown(new BaseResolver(), file).then(
      () => "",
      (error) => error.message.replace(/^.*watch\.yaml/, ""),
    );
  }

  it("is read", async () => {
    expect(await refused([right])).toBe("");
    expect(watched.known.length).toBeGreaterThan(0);
  });

  it.each<[string, unknown, RegExp]>([
    ["no list", {}, /^ {2}"known" is not a list\. {2}\(watch\)$/],
    ["an empty entry", [right, null], /^:2:\d+ {2}The source of this entry is none of sdk, description\. /],
    ["another source", [{ ...right, source: "page" }], /^:2:\d+ {2}The source of this entry is none of /],
    ["no parts", [{ ...right, parts: [] }], /^:2:\d+ {2}This entry has no parts, /],
    ["nothing said", [{ ...right, says: {} }], /^:2:\d+ {2}This entry does not say what the source says, /],
    ["no reason", [{ ...right, reason: " " }], /^:2:\d+ {2}This entry has no reason\. /],
  ])("is refused with %s, at its line", async (_what, known, message) => {
    expect(await refused(known)).toMatch(message);
  });

  it("is told of an entry about what the contract has not", async () => {
    const known = [
      ...watched.known,
      { ...right, parts: ["parameter limits"], place: { file: "spec/watch.yaml", line: 1 } },
    ];
    const unpacked = await mkdtemp(join(folder, "sdk-"));
    await writeSdk(sdkOf(saidBy("sdk", watched)), unpacked);
    const open = async () => ({ ...watched, known: known as Known[] });
    const { code, stdout } = await new Surroundings().run(
      (args, around) => main(args, around, open),
      ["--sdk", unpacked],
    );
    expect(code).toBe(1);
    expect(stdout.split("\n")[0]).toMatch(
      /^spec\/watch\.yaml:1 {2}The sdk no longer says "type: none" of parameter limits: /,
    );
  });
});
