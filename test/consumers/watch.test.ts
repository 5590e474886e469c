// `npm run watch` with what the vendor really published: its Python SDK, and the description of the call that its MCP server
// carries. Both versions are pinned, so that a later one turns no pull request red: the weekly workflow takes the newest. On a
// machine without Python nothing is fetched; with REQUIRE_TOOLCHAINS=1, as in .ci/run, that is a failure.

import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { download, unpack } from "../../scripts/watch/pip.ts";
import { main, openWatched } from "../../scripts/watch.ts";
import { newest } from "../../src/wire/contract.ts";
import { absent, changed } from "../document.ts";
import { inherited } from "../environment.ts";
import { Surroundings } from "../surroundings.ts";

const pinned = { sdk: "3.1.219", server: "0.3.1" };

/** The last version that has neither field of 2023-12-13. */
const old = "3.1.64";

const description = "huaweicloud_services_server/mcp_server_dcs/src/mcp_server_dcs/config/dcs.json";

const hasPip = spawnSync("python3", ["-m", "pip", "--version"], { env: inherited() }).status === 0;

it(`has Python and pip${hasPip ? "" : " (not run: they are missing)"}`, () => {
  if (process.env.REQUIRE_TOOLCHAINS) expect(hasPip, "python3 -m pip").toBe(true);
});

if (hasPip) {
  describe("what the vendor published", () => {
    let folder: string;
    let sdk: string;
    let dcs: string;
    const watched = openWatched();
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "published-"));
      for (const [name, version, to] of [
        ["huaweicloudsdkdcs", pinned.sdk, "sdk"],
        ["huaweicloud-mcp-server", pinned.server, "server"],
      ] as const)
        await unpack(await download(join(folder, `${to}-wheel`), version, name), join(folder, to));
      sdk = join(folder, "sdk");
      dcs = join(folder, "server", description);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const run = (...args: string[]) =>
      new Surroundings().run((args, around) => main(args, around, () => watched), args);

    it("says nothing otherwise than the newest revision, except for what is known", async () => {
      const { known } = await watched;
      const count = known.flatMap(({ parts, says }) => parts.flatMap(() => Object.keys(says))).length;
      expect(await run("--sdk", sdk, "--description", dcs)).toEqual({
        code: 0,
        stdout: `huaweicloudsdkdcs ${pinned.sdk} and description DCS 2025-06-13 against revision ${newest}: no differences, ${count} known and silent (spec/watch.yaml)\n`,
        stderr: "",
      });
    });

    it("is told if the SDK is an older one, which pip fetches", async () => {
      const { code, stdout } = await run("--sdk", old);
      expect(code).toBe(1);
      expect(stdout.split("\n").slice(0, 2)).toEqual(
        ["execution_at", "backup_format"].map(
          (name) =>
            `huaweicloudsdkdcs ${old}: no field \`${name}\` of BackupRecordResponse, which revision ${newest} has`,
        ),
      );
    });

    it("is told of a difference in a copy of the SDK: a type, a value, a field and a parameter that are gone", async () => {
      const copy = join(folder, "copy");
      await cp(sdk, copy, { recursive: true });
      const edit = async (name: string, ...changes: [from: string, to: string][]) => {
        const file = join(copy, "huaweicloudsdkdcs/v2/model", name);
        const text = await readFile(file, "utf8");
        for (const [from] of changes) expect(text).toContain(from);
        await writeFile(
          file,
          changes.reduce((text, [from, to]) => text.replace(from, to), text),
        );
      };
      await edit(
        "backup_record_response.py",
        ["'size': 'int'", "'size': 'str'"],
        ["- expired：", "- paused：暂停。 - expired："],
        ["        'remark': 'remark',\n", ""],
      );
      await edit("list_backup_records_request.py", ["        'limit': 'limit',\n", ""]);
      const { code, stdout } = await run("--sdk", copy);
      expect(code).toBe(1);
      expect(stdout.replaceAll(`huaweicloudsdkdcs ${pinned.sdk}: `, "").split("\n").slice(0, -2).sort()).toEqual([
        `field \`size\` of BackupRecordResponse: type String; revision ${newest} has type Integer`,
        `field \`status\` of BackupRecordResponse: value \`paused\`, not in revision ${newest}`,
        `no field \`remark\` of BackupRecordResponse, which revision ${newest} has`,
        `no parameter \`limit\`, which revision ${newest} has`,
      ]);
    });

    it("is told of a difference in a copy of the description: a field, a value, a bound and a parameter", async () => {
      const document = JSON.parse(await readFile(dcs, "utf8"));
      const record = "/components/schemas/BackupRecordResponse/properties";
      const edits: [string, unknown][] = [
        [`${record}/checksum`, { type: "string" }],
        [`${record}/backup_format/enum/1`, absent],
        ["/components/schemas/ErrorResponse/properties/error_code/maxLength", 10],
        ["/paths/~1ListBackupRecords/get/parameters/6", { name: "sort", in: "query", schema: { type: "string" } }],
      ];
      const file = join(folder, "copy.json");
      await writeFile(file, JSON.stringify(edits.reduce((copy, [at, value]) => changed(copy, at, value), document)));
      const { code, stdout } = await run("--sdk", "none", "--description", file);
      expect(code).toBe(1);
      expect(stdout.replaceAll("description DCS 2025-06-13: ", "").split("\n").slice(0, -2).sort()).toEqual([
        `field \`backup_format\` of BackupRecordResponse: no value \`rdb\`, which revision ${newest} has`,
        `field \`checksum\` of BackupRecordResponse, String, not in revision ${newest}`,
        `field \`error_code\` of ErrorResponse: maxLength 10; revision ${newest} has maxLength 9`,
        `parameter \`sort\` in query, String, not in revision ${newest}`,
      ]);
    });
  });
}
