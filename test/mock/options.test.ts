// The options of the service behind the mock, as the user of the command gives them.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { history } from "../../src/mock/history.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { Surroundings } from "../surroundings.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mock-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

interface Body {
  total_num: number;
  backup_record_response: Record<string, unknown>[];
}

/** Starts the mock, asks it for the list of an instance with a query, and stops it. */
async function listed(args: readonly string[], query = "", instance = "my-instance") {
  const around = new Surroundings({ PORT: "0" });
  let printed = "";
  let status = 0;
  let body: Body = { total_num: -1, backup_record_response: [] };
  around.stdout.on("text", async (text) => {
    printed += text;
    if (!text.includes("printed here")) return;
    const [url = ""] = /http:[^ ]*?:\d+/.exec(printed) ?? [];
    const target = `${url}/v2/p/instances/${instance}/backups${query}`;
    const response = await fetch(target, { headers: { "X-Auth-Token": "any" } });
    status = response.status;
    body = (await response.json()) as Body;
    around.emit("SIGTERM");
  });
  const { code, stderr } = await around.run(main, ["mock", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return { status, ...body };
}

/** The first line of what is said of options that are refused, without the hint at the help. */
async function refused(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Surroundings({ PORT: "0" }).run(main, ["mock", ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  const hint = ". Help: dcs-backup-records mock --help\n";
  expect(stderr.endsWith(hint)).toBe(true);
  return stderr.slice(0, -hint.length);
}

const ids = (records: readonly Readonly<Record<string, unknown>>[]) => records.map(({ backup_id }) => backup_id);

describe("--records and --seed", () => {
  it.each([
    [["--records", "25"], 25, 1],
    [["--records", "25", "--seed", "9"], 25, 9],
    [["--records", "0"], 0, 1],
    [["--records", "3", "--seed", "0"], 3, 0],
  ] as const)("%j", async (args, count, seed) => {
    const { total_num, backup_record_response } = await listed(args, "?limit=100");
    expect(total_num).toBe(count);
    expect(ids(backup_record_response)).toEqual(ids(history(count, seed, baseContract)));
  });

  it("are not needed: there is the record of the page's example", async () => {
    const { backup_record_response } = await listed([]);
    expect(backup_record_response).toMatchObject([{ remark: "001", size: 880232 }]);
  });

  it("make records of the revision that is chosen", async () => {
    const { backup_record_response } = await listed(["--records", "10", "--revision", "newest"]);
    expect(backup_record_response.at(-1)).toHaveProperty("backup_format");
  });

  it("may be left to a scenario, which makes up records by itself", async () => {
    expect((await listed(["--scenario", "throttled", "--seed", "9"])).status).toBe(429);
  });

  it.each([
    [["--records", "ten"], '--records must be a whole number from 0 to 1000000, not "ten"'],
    [["--records", "1000001"], '--records must be a whole number from 0 to 1000000, not "1000001"'],
    [["--records", "2", "--seed", "0.5"], '--seed must be a whole number from 0 to 2147483647, not "0.5"'],
    [
      ["--records", "2", "--seed", "2147483648"],
      '--seed must be a whole number from 0 to 2147483647, not "2147483648"',
    ],
    [["--records", "-1"], "--records needs a value: --records N"],
    [["--seed", "1"], "--seed is given without --records: add --records N, the records that it makes"],
  ])("%j is refused", async (args, said) => expect(await refused(...args)).toBe(said));
});

describe("--data", () => {
  const own = ["b", "a"].map((backup_id) => ({ backup_id, instance_id: "mine" }));

  it.each([
    ["page.json", JSON.stringify({ backup_record_response: own })],
    ["array.json", JSON.stringify(own)],
    ["lines.ndjson", own.map((record) => JSON.stringify(record)).join("\n")],
  ])("takes %s, in its order, for the instance that is asked for", async (name, text) => {
    const { total_num, backup_record_response } = await listed(["--data", await write(name, text)]);
    expect({ total_num, backup_record_response }).toEqual({
      total_num: 2,
      backup_record_response: own.map((record) => ({ ...record, instance_id: "my-instance" })),
    });
  });

  it("refuses one fault in one line", async () => {
    const file = await write("bad.json", '[{"size": "1"}]');
    expect(await refused("--data", file)).toBe(`--data ${JSON.stringify(file)}: /0/size should be integer, not "1"`);
    const cut = await write("cut.json", '[{"size":\n');
    expect(await refused("--data", cut)).toBe(
      `--data ${JSON.stringify(cut)}: ${cut}:2:1: expected a value, not the end`,
    );
  });

  it("refuses several with their places, and takes the revision that is chosen", async () => {
    const file = await write("bad.ndjson", '{"size": "1"}\n{"status": "paused"}\n{"backup_format": "zip"}\n');
    const base = (await refused("--data", file)).split("\n");
    expect(base).toEqual([
      `--data ${JSON.stringify(file)}: 2 faults:`,
      '  line 1, size should be integer, not "1"',
      expect.stringMatching(/^ {2}line 2, status should be one of .*, not "paused"$/),
    ]);
    const newest = (await refused("--data", file, "--revision", "newest")).split("\n");
    expect(newest.at(-1)).toBe('  line 3, backup_format should be one of aof, rdb, not "zip"');
  });

  it("refuses a file that is not there, a folder, and an empty file", async () => {
    const missing = join(folder, "missing.json");
    expect(await refused("--data", missing)).toBe(`--data ${JSON.stringify(missing)}: there is no such file`);
    expect(await refused("--data", folder)).toBe(`--data ${JSON.stringify(folder)}: it is a folder, not a file`);
    const empty = await write("empty.json", "");
    expect(await refused("--data", empty)).toBe(
      `--data ${JSON.stringify(empty)}: it is empty. Give a page, an array of records, or one record a line`,
    );
  });

  it("is not given together with --records or --seed", async () => {
    const file = await write("good.json", "[]");
    expect(await refused("--data", file, "--records", "2")).toBe("--data and --records are both given: give one");
    expect(await refused("--data", file, "--seed", "2")).toMatch(/^--seed is given without --records/);
    expect((await listed(["--data", file])).total_num).toBe(0);
  });
});

describe("--total", () => {
  it.each([
    ["all", 11],
    ["page", 4],
  ])("%s", async (total, count) => {
    const { total_num } = await listed(["--records", "11", "--total", total], "?limit=4");
    expect(total_num).toBe(count);
  });

  it("is one of the two", async () => {
    expect(await refused("--total", "pages")).toBe('--total must be all or page, not "pages"');
  });
});

describe("--instance", () => {
  it("makes all others unknown", async () => {
    const args = ["--instance", "one", "--instance", "two"];
    for (const instance of ["one", "two"]) expect((await listed(args, "", instance)).status).toBe(200);
    expect(await listed(args, "", "three")).toMatchObject({
      status: 404,
      error_code: "DCS.3022",
      error_msg: "This DCS instance does not exist.",
    });
    expect((await listed([], "", "three")).status).toBe(200);
  });
});
