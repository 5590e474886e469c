// The examples, each run as a reader runs it, against made-up records.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import type { BackupRecordResponse } from "../../src/client/index.ts";
import { inherited } from "../environment.ts";

const hour = 60 * 60 * 1000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * hour).toISOString();
const backup = (id: number, fields: BackupRecordResponse): BackupRecordResponse => ({
  backup_id: `4631832a-14c6-45b0-a0b3-${String(id).padStart(12, "0")}`,
  backup_name: `backup-${id}`,
  status: "succeed",
  error_code: null,
  ...fields,
});
const backupAt = (id: number, hours: number, fields: BackupRecordResponse = {}) =>
  backup(id, { created_at: hoursAgo(hours + 1), updated_at: hoursAgo(hours), ...fields });

const failed = backupAt(1, 30, { status: "failed", error_code: "dcs.08.0002" });
const instances: Record<string, BackupRecordResponse[]> = {
  fresh: [failed, backupAt(2, 3)],
  // It began more than 24 hours ago, but ended within them.
  slow: [backupAt(3, 23.5)],
  stale: [backupAt(4, 25), backupAt(5, 2, { status: "failed", error_code: "dcs.08.0003" })],
  empty: [],
  odd: [backup(6, { remark: 'says "hi",\nand leaves', size: 880232 })],
  long: Array.from({ length: 250 }, (_, index) => backupAt(100 + index, index)),
};

interface Request {
  query: URLSearchParams;
  headers: NodeJS.Dict<string | string[]>;
}

let server: Server;
let endpoint: string;
let requests: Request[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? "", "http://localhost");
    requests.push({ query, headers: request.headers });
    const begin = query.get("begin_time") ?? "";
    const records = instances[pathname.split("/")[4] ?? ""]?.filter(
      ({ created_at = "9" }) => created_at.replace(/\D/g, "").slice(0, 14) >= begin,
    );
    const offset = Number(query.get("offset"));
    const page = records?.slice(offset, offset + Number(query.get("limit")));
    response.writeHead(page ? 200 : 404, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify(
        page
          ? { total_num: records?.length, backup_record_response: page }
          : { error_code: "DCS.4010", error_msg: "There is no such instance." },
      ),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((closed) => server.close(closed)));

const token = { DCS_AUTH_TOKEN: "a-token" };
const keys = { DCS_ACCESS_KEY: "an-access-key", DCS_SECRET_KEY: "a-secret-key" };

/** Runs an example; a variable that is undefined is not set. */
function run(example: string, args: string[], variables: NodeJS.Dict<string> = {}) {
  requests = [];
  const env = inherited({ DCS_ENDPOINT: endpoint, DCS_PROJECT_ID: "my-project", ...token, ...variables });
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [`examples/${example}.ts`, ...args], { cwd: repository, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe("failed-last-week", () => {
  it("prints each failed backup of each instance with its error code", async () => {
    const { code, stdout, stderr } = await run("failed-last-week", ["fresh", "stale"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      `fresh ${failed.created_at} backup-1 dcs.08.0002`,
      expect.stringMatching(/^stale \S+ backup-5 dcs\.08\.0003$/),
      "",
    ]);
  });

  it("asks for the last seven days", async () => {
    await run("failed-last-week", ["fresh"]);
    const [, year, month, day, hours, minutes, seconds] =
      /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(requests[0]?.query.get("begin_time") ?? "") ?? [];
    const begin = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
    expect(Math.abs(Date.now() - 7 * 24 * hour - begin)).toBeLessThan(60_000);
  });
});

describe("stale-instances", () => {
  it("prints nothing and exits with 0 if every instance has a successful backup in the last 24 hours", async () => {
    expect(await run("stale-instances", ["fresh", "slow"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("names the others and exits with 1", async () => {
    const outcome = await run("stale-instances", ["fresh", "stale", "empty"]);
    expect(outcome).toEqual({ code: 1, stdout: "stale\nempty\n", stderr: "" });
  });

  it("fetches no page after the one that has such a backup", async () => {
    await run("stale-instances", ["long"]);
    expect(requests).toHaveLength(1);
  });

  it("exits with 2, not 1, if it cannot tell", async () => {
    expect(await run("stale-instances", ["stale", "gone"])).toMatchObject({ code: 2, stdout: "stale\n" });
  });
});

describe("export-csv", () => {
  it("has a column for every field of the contract", async () => {
    const { components } = JSON.parse(await readFile(join(repository, "generated/openapi.json"), "utf8"));
    const { stdout } = await run("export-csv", ["empty"]);
    const columns = stdout.trimEnd().replaceAll('"', "").split(",");
    expect(columns.sort()).toEqual(Object.keys(components.schemas.BackupRecordResponse.properties).sort());
  });

  it("quotes as RFC 4180 says, and leaves null and missing values empty", async () => {
    const { stdout } = await run("export-csv", ["odd"]);
    const [header = "", ...records] = stdout.split("\r\n");
    const at = (column: string) => header.split(",").indexOf(`"${column}"`);
    const values = records.join("\r\n").match(/"(?:[^"]|"")*"/g) ?? [];
    expect(values[at("remark")]).toBe('"says ""hi"",\nand leaves"');
    expect(values[at("size")]).toBe('"880232"');
    expect(values[at("error_code")]).toBe('""');
    expect(values[at("period")]).toBe('""');
    expect(stdout.endsWith('"\r\n')).toBe(true);
  });

  it("writes every record of every page, each once", async () => {
    const { code, stdout } = await run("export-csv", ["long"]);
    expect(code).toBe(0);
    expect(requests.length).toBeGreaterThan(1);
    const ids = [...stdout.matchAll(/^"([0-9a-f-]{36})"/gm)].map(([, id]) => id);
    expect(ids).toEqual(instances.long?.map(({ backup_id }) => backup_id));
  });
});

describe.each([
  ["failed-last-week", "INSTANCE..."],
  ["stale-instances", "INSTANCE..."],
  ["export-csv", "INSTANCE"],
])("%s", (example, usage) => {
  it.each(["DCS_ENDPOINT", "DCS_PROJECT_ID"])("says in one line that %s is not set", async (variable) => {
    const outcome = await run(example, ["fresh"], { [variable]: undefined });
    expect(outcome).toEqual({ code: 2, stdout: "", stderr: `${variable} is not set.\n` });
    expect(requests).toEqual([]);
  });

  it("asks for the keys if there is no token", async () => {
    const nothing = await run(example, ["fresh"], { DCS_AUTH_TOKEN: undefined });
    expect(nothing).toEqual({ code: 2, stdout: "", stderr: "DCS_ACCESS_KEY is not set, nor is DCS_AUTH_TOKEN.\n" });
    const half = await run(example, ["fresh"], { ...keys, DCS_AUTH_TOKEN: undefined, DCS_SECRET_KEY: "" });
    expect(half).toEqual({ code: 2, stdout: "", stderr: "DCS_SECRET_KEY is not set.\n" });
  });

  it("prints the service's error in one line", async () => {
    const { code, stderr } = await run(example, ["gone"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "gone: HTTP 404, DCS.4010: There is no such instance. Check instance, project and region.\n",
    });
  });

  it("prints its usage without an instance", async () => {
    const stderr = `Usage: node examples/${example}.ts ${usage}\n`;
    expect(await run(example, [])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(stderr.trim()),
    });
  });

  it("authenticates with the token, or else with the keys", async () => {
    await run(example, ["fresh"]);
    expect(requests[0]?.headers).toMatchObject({ "x-auth-token": "a-token" });
    await run(example, ["fresh"], { ...keys, DCS_AUTH_TOKEN: undefined });
    expect(requests[0]?.headers.authorization).toMatch(/^SDK-HMAC-SHA256 Access=an-access-key, /);
  });
});
