// How much of the contract was seen: what counts, what shows it, what is out of reach, and when too little fails a check.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as data from "../../generated/contract.ts";
import { facts } from "../../generated/facts.ts";
import * as validators from "../../generated/validators.ts";
import { Collector } from "../../src/check/coverage/collector.ts";
import { type Item, itemsOf, type SeenAnswer, type SeenRequest } from "../../src/check/coverage/items.ts";
import { checkProvider, type ProviderOptions, type Report } from "../../src/check/index.ts";
import { baseContract, type Contract, type ContractParts, contractOf, makeContract } from "../../src/wire/contract.ts";
import { reply, type Server, startServer } from "../client/server.ts";
import { absent, changed } from "../document.ts";
import * as command from "./command.ts";
import { check as checkConsumer } from "./consumer.ts";
import { everyStatus, instanceId, projectId, serve, service, token } from "./service.ts";

const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);

describe("what counts", () => {
  const { version, operation, server, parameters, responses, schemas, security } = data;
  const parts = structuredClone({ version, operation, server, parameters, responses, schemas, security });
  const contractWith = (data: ContractParts["data"]): Contract =>
    makeContract({ data, facts, validators, document: baseContract.document });

  /** The items that a contract has more, or less, with another value at a pointer. */
  function difference(pointer: string, value: unknown) {
    const before = idsOf(itemsOf(contractWith(parts)));
    const after = idsOf(itemsOf(contractWith(changed(parts, pointer, value))));
    return {
      more: after.filter((id) => !before.includes(id)),
      less: before.filter((id) => !after.includes(id)),
    };
  }

  const sort = { name: "sort", in: "query", required: false, schema: { type: "string" }, pointer: "#/sort" };
  const status = { status: 404, examples: [], pointer: "#/404" };
  const body = { mediaType: "application/json", schema: "ErrorResponse" };
  const record = "BackupRecordResponse";

  it.each<[what: string, pointer: string, value: unknown, more: string[]]>([
    ["an optional parameter", "/parameters/6", sort, ["parameter/sort/absent", "parameter/sort/given"]],
    ["a required parameter", "/parameters/6", { ...sort, required: true }, ["parameter/sort/given"]],
    ["no path parameter", "/parameters/6", { ...sort, in: "path", required: true }, []],
    ["a minimum", "/parameters/4/schema/minimum", 1, ["parameter/limit/minimum"]],
    ["a maximum", "/parameters/4/schema/maximum", 1000, ["parameter/limit/maximum"]],
    ["a least length", "/parameters/2/schema/minLength", 14, ["parameter/begin_time/minLength"]],
    ["a most length", "/parameters/2/schema/maxLength", 14, ["parameter/begin_time/maxLength"]],
    ["a parameter's value", "/parameters/2/schema/enum", ["now"], ["parameter/begin_time/value/now"]],
    ["a security scheme", "/security/Other", { type: "apiKey", name: "X-Key" }, ["security/Other"]],
    ["a status without a body", "/responses/3", status, ["status/404"]],
    ["a status with a body", "/responses/3", { ...status, ...body }, ["status/404", "media-type/404/application/json"]],
    ["a field", `/schemas/${record}/format`, { type: "string", nullable: false }, [`field/${record}/format`]],
    ["a field that may be null", `/schemas/${record}/remark/nullable`, true, [`field/${record}/remark/null`]],
    [
      "a list",
      "/schemas/ErrorResponse/details",
      { type: "array", nullable: false },
      ["field/ErrorResponse/details", "field/ErrorResponse/details/empty"],
    ],
    [
      "an enumeration value",
      `/schemas/${record}/backup_type/enum`,
      ["manual", "auto", "weekly"],
      [`value/${record}/backup_type/weekly`],
    ],
    [
      "a documented value that is in no enumeration",
      `/schemas/${record}/error_code/meanings/dcs.08.0009`,
      "It failed.",
      [`value/${record}/error_code/dcs.08.0009`],
    ],
  ])("is what the contract has: %s", (_what, pointer, value, more) => {
    expect(difference(pointer, value)).toEqual({ more, less: [] });
  });

  it.each<[what: string, pointer: string, less: string[]]>([
    ["a bound", "/parameters/5/schema/minimum", ["parameter/offset/minimum"]],
    ["a parameter", "/parameters/4", ["parameter/limit/absent", "parameter/limit/given"]],
    ["a status", "/responses/2", ["status/500", "media-type/500/application/json"]],
    ["a value", `/schemas/${record}/backup_type/enum/0`, [`value/${record}/backup_type/manual`]],
    ["a field", `/schemas/${record}/remark`, [`field/${record}/remark`]],
  ])("is not what the contract no longer has: %s", (_what, pointer, less) => {
    expect(difference(pointer, absent)).toEqual({ more: [], less });
  });

  it("has an id of its own, in every revision", async () => {
    for (const date of ["2022-11-09", "2024-04-24", "newest"]) {
      const ids = idsOf(itemsOf(await contractOf(date)));
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it("is in the report's schema named by an item that there is", async () => {
    const schema = await readFile(join(import.meta.dirname, "../../src/check/model/report.schema.json"), "utf8");
    const [, named] = /as in `(parameter\/[^`]+)`/.exec(schema) ?? [];
    expect(idsOf(itemsOf(baseContract))).toContain(named);
  });
});

const json = new Headers({ "content-type": "application/json" });
const request = (query: string, headers: SeenRequest["headers"] = {}): SeenRequest => ({
  query: new URLSearchParams(query),
  headers,
});
const answer = (status: number, json?: unknown, headers = new Headers()): SeenAnswer => ({ status, headers, json });
const page = (...records: unknown[]) => answer(200, { total_num: 1, backup_record_response: records });
const digits = "0123456789abcdef".repeat(4);
const signature = `SDK-HMAC-SHA256 Access=AK, SignedHeaders=x-sdk-date, Signature=${digits}`;

type Exchange = SeenRequest | SeenAnswer;
const see = (collector: Collector, exchange: Exchange) =>
  "query" in exchange ? collector.seeRequest(exchange) : collector.seeAnswer(exchange);

describe("an item is seen", () => {
  const all = idsOf(itemsOf(baseContract));
  const others = ["begin_time", "end_time", "limit", "offset"];
  const absentBut = (name: string) =>
    others.filter((other) => other !== name).map((other) => `parameter/${other}/absent`);
  const ofPage = ["status/200", "field/ListBackupRecordsResponse/total_num"];
  const ofRecord = [...ofPage, "field/ListBackupRecordsResponse/backup_record_response"];
  const record = "BackupRecordResponse";

  /** Ids of the items that an exchange shows. */
  function shown(exchange: Exchange): string[] {
    const collector = new Collector(baseContract);
    see(collector, exchange);
    const never = idsOf(collector.coverage().neverSeen);
    return all.filter((id) => !never.includes(id));
  }

  // What shows it, what else that shows, and a twin that does not show it.
  it.each<[id: string, by: Exchange, besides: string[], not: Exchange]>([
    ["parameter/limit/absent", request(""), absentBut("limit"), request("limit=1")],
    ["parameter/limit/given", request("limit=1"), absentBut("limit"), request("limit=ten")],
    ["parameter/limit/given", request("limit=1"), absentBut("limit"), request("limit=1&limit=1")],
    ["parameter/limit/given", request("limit=1"), absentBut("limit"), request("Limit=1")],
    [
      "parameter/offset/minimum",
      request("offset=0"),
      [...absentBut("offset"), "parameter/offset/given"],
      request("offset=1"),
    ],
    [
      "parameter/begin_time/given",
      request("begin_time=20260101000000"),
      absentBut("begin_time"),
      request("begin_time=2"),
    ],
    [
      "security/AuthToken",
      request("", { "x-auth-token": "t" }),
      others.map((name) => `parameter/${name}/absent`),
      request("", { "x-auth-token": "" }),
    ],
    [
      "security/AkSkSignature",
      request("", { authorization: signature }),
      others.map((name) => `parameter/${name}/absent`),
      request("", { authorization: "Basic dXNlcjpw" }),
    ],
    ["status/200", answer(200), [], answer(204)],
    ["status/400", answer(400, "no object"), [], answer(404)],
    [
      "media-type/200/application/json",
      answer(200, undefined, new Headers({ "content-type": "Application/JSON; charset=utf-8" })),
      ["status/200"],
      answer(200, undefined, new Headers({ "content-type": "application/json-seq" })),
    ],
    ["media-type/400/application/json", answer(400, undefined, json), ["status/400"], answer(200, undefined, json)],
    ["field/ListBackupRecordsResponse/total_num", answer(200, { total_num: 0 }), ["status/200"], answer(200, {})],
    [
      "field/ListBackupRecordsResponse/backup_record_response",
      page({}),
      ofPage,
      answer(200, { total_num: 0, backup_record_response: [] }),
    ],
    ["field/ListBackupRecordsResponse/backup_record_response/empty", page(), ofPage, page({})],
    [`field/${record}/remark`, page(null, {}, { remark: "" }), ofRecord, page({ remark: null })],
    [`field/${record}/remark`, page({ remark: "a" }), ofRecord, page({ Remark: "a" })],
    [`field/${record}/size`, page({ size: 0 }), ofRecord, page({ size: "0" })],
    [`field/${record}/period`, page({ period: "a" }), ofRecord, page({ period: {} })],
    [`field/${record}/period/null`, page({ period: null }), ofRecord, page({ period: "null" })],
    [
      `value/${record}/status/failed`,
      page({ status: "succeed" }, { status: "failed" }),
      [...ofRecord, `field/${record}/status`, `value/${record}/status/succeed`],
      page({ status: "Failed" }),
    ],
    [
      `value/${record}/error_code/dcs.08.0001`,
      page({ error_code: "dcs.08.0001" }),
      [...ofRecord, `field/${record}/error_code`],
      page({ error_code: "dcs.08.0009" }),
    ],
    [
      "field/ErrorResponse/error_code",
      answer(400, { error_code: "DCS.4800" }),
      ["status/400"],
      answer(404, { error_code: "DCS.3022" }),
    ],
    ["field/ErrorResponse/error_ext_msg/null", answer(500, { error_ext_msg: null }), ["status/500"], answer(500, {})],
  ])("%s", (id, by, besides, not) => {
    expect(shown(by).sort()).toEqual([id, ...besides].sort());
    expect(shown(not)).not.toContain(id);
  });

  it("at its bounds, where the contract has such", async () => {
    const newest = await contractOf("newest");
    const { schema } = newest.parameters.get("limit") ?? {};
    const given = (limit: number | undefined) => {
      const collector = new Collector(newest);
      collector.seeRequest(request(`limit=${limit}`));
      const never = idsOf(collector.coverage().neverSeen);
      return ["given", "minimum", "maximum"].filter((state) => !never.includes(`parameter/limit/${state}`));
    };
    expect(schema).toMatchObject({ minimum: expect.any(Number), maximum: expect.any(Number) });
    expect(given(schema?.minimum)).toEqual(["given", "minimum"]);
    expect(given(schema?.maximum)).toEqual(["given", "maximum"]);
    expect(given(5)).toEqual(["given"]);
    expect(given((schema?.maximum ?? 0) + 1)).toEqual([]);
  });

  it("one by one, each once, until all are seen", () => {
    const collector = new Collector(baseContract);
    const fields = Object.entries(baseContract.fieldsOf(record));
    const values = fields.flatMap(([name, { meanings = {} }]) =>
      [null, ...Object.keys(meanings)].map((value) => ({ [name]: value })),
    );
    const ordinary = { ...Object.fromEntries(fields.map(([name]) => [name, "a"])), size: 1 };
    const failure = { error_code: "a", error_msg: "a", error_ext_msg: "a" };
    const exchanges: Exchange[] = [
      request("", { "x-auth-token": "t" }),
      request("limit=1&offset=0&begin_time=20260101000000&end_time=20260101000000", { authorization: signature }),
      answer(200, { total_num: 1, backup_record_response: [] }, json),
      page(ordinary, ...values),
      page(ordinary, ...values),
      answer(400, failure, json),
      answer(500, { error_ext_msg: null }, json),
    ];
    let before = 0;
    for (const exchange of exchanges) {
      see(collector, exchange);
      const { seen, of, percent, neverSeen } = collector.coverage();
      expect(of).toBe(all.length);
      expect(seen + neverSeen.length).toBe(of);
      expect(seen).toBeGreaterThanOrEqual(before);
      expect(percent === 100).toBe(seen === of);
      before = seen;
    }
    expect(collector.coverage()).toEqual({
      seen: all.length,
      of: all.length,
      percent: 100,
      neverSeen: [],
      outOfReach: [],
    });
  });

  it("and then no longer looked for, nor what a field had before", () => {
    const looked: string[] = [];
    const items = itemsOf(baseContract).map((item): Item => {
      if (item.in !== "body") return item;
      const shows = (value: unknown) => {
        looked.push(item.id);
        return item.shows(value);
      };
      return { ...item, shows };
    });
    const collector = new Collector(baseContract, items);
    const lookedFor = (...records: unknown[]) => {
      looked.length = 0;
      collector.seeAnswer(page(...records));
      return looked.filter((id) => id.includes("BackupRecordResponse/")).sort();
    };
    const backup_type = ["auto", "manual"].map((value) => `value/BackupRecordResponse/backup_type/${value}`);
    expect(lookedFor({ backup_type: "weekly" })).toEqual(["field/BackupRecordResponse/backup_type", ...backup_type]);
    expect(lookedFor({ backup_type: "manual" })).toEqual(backup_type);
    expect(lookedFor({ backup_type: "manual" }, { backup_type: "manual" })).toEqual([]);
    expect(lookedFor({ backup_type: "auto" }, { backup_type: "other" })).toEqual(backup_type.slice(0, 1));
  });

  it("counts only what is in reach, and rounds down", () => {
    const collector = new Collector(baseContract);
    collector.seeAnswer(answer(500));
    collector.seeAnswer(answer(400));
    const coverage = collector.coverage(({ id }) => /^status\/(200|400|500)$/.test(id));
    expect(coverage).toMatchObject({ seen: 2, of: 3, percent: 66 });
    expect(idsOf(coverage.neverSeen)).toEqual(["status/200"]);
    expect(coverage.outOfReach).toHaveLength(all.length - 3);
    expect(collector.coverage(() => false)).toMatchObject({ seen: 0, of: 0, percent: 100 });
  });
});

let server: Server;
beforeAll(async () => {
  server = await startServer(serve(service({ records: everyStatus })));
});
afterAll(() => server[Symbol.asyncDispose]());

const checkServer = (options: Partial<ProviderOptions> = {}) =>
  checkProvider({ server: server.url, projectId, instanceId, credentials: { token }, ...options });

describe("a provider", () => {
  it("is asked for all that is in reach of its requests, and shows what its data has", async () => {
    const { coverage } = await checkServer();
    const unseen = idsOf(coverage?.neverSeen ?? []);
    expect(unseen.filter((id) => !/^value\/\w+\/error_code\//.test(id))).toEqual(["field/ErrorResponse/error_ext_msg"]);
    const shownCodes = everyStatus.flatMap(({ error_code }) => error_code ?? []);
    const codes = Object.keys(baseContract.fieldsOf("BackupRecordResponse").error_code?.meanings ?? {});
    expect(shownCodes.length).toBeGreaterThan(0);
    expect(unseen).toHaveLength(1 + codes.filter((code) => !shownCodes.includes(code)).length);
  });

  const failures = ["status/500", "media-type/500/application/json"];

  it.each<[string, ProviderOptions["credentials"], string]>([
    ["a token", { token }, "security/AkSkSignature"],
    ["keys", { accessKey: "the-access-key", secretKey: "the-secret-key" }, "security/AuthToken"],
  ])(
    "asked with %s: out of reach are the other credentials, and that the server fails",
    async (_, credentials, other) => {
      await using own = await startServer(serve(service({ records: everyStatus, credentials })));
      const { coverage } = await checkServer({ server: own.url, credentials });
      expect(idsOf(coverage?.outOfReach ?? [])).toEqual(["parameter/offset/minimum", other, ...failures]);
      const known = (coverage?.of ?? 0) + (coverage?.outOfReach.length ?? 0);
      expect(known).toBe(itemsOf(baseContract).length);
    },
  );

  it("of a later revision has that revision's items, its bounds in reach", async () => {
    const contract = await contractOf("newest");
    const { coverage } = await checkServer({ contract });
    const unseen = idsOf(coverage?.neverSeen ?? []);
    expect(unseen).toContain("field/BackupRecordResponse/backup_format");
    expect(unseen.filter((id) => id.startsWith("parameter/"))).toEqual([]);
    expect(idsOf(coverage?.outOfReach ?? [])).toEqual([
      "parameter/offset/minimum",
      "security/AkSkSignature",
      ...failures,
    ]);
  });

  it("is asked for less if requests are left out: they stay in reach", async () => {
    const all = await checkServer();
    const few = await checkServer({ only: ["first-page"] });
    expect(few.coverage?.of).toBe(all.coverage?.of);
    expect(idsOf(few.coverage?.neverSeen ?? [])).toContain("parameter/begin_time/given");
  });

  it("shows nothing by a request that it did not answer", async () => {
    const answers = serve(service({ records: everyStatus }));
    await using silent = await startServer((asked, response) =>
      asked.url?.includes("begin_time") ? response.destroy() : answers(asked, response),
    );
    const { coverage } = await checkServer({ server: silent.url });
    const unseen = idsOf(coverage?.neverSeen ?? []);
    expect(unseen).toContain("parameter/begin_time/given");
    expect(unseen).not.toContain("parameter/limit/given");
  });

  it("that could not be checked has no coverage", async () => {
    await using shut = await startServer(reply(403, {}));
    const report = await checkServer({ server: shut.url });
    expect(report.outcome).toBe("could-not-run");
    expect(report).not.toHaveProperty("coverage");
  });
});

describe("a consumer", () => {
  it("shows what it asks for; the answers are the mock's, and do not count", async () => {
    const { coverage } = await checkConsumer(
      `await send(path + "?limit=5&offset=0");
       await send(path + "?begin_time=20260101000000", signed());
       await send(path + "x?end_time=20260101000000");`,
    );
    const ofRequests = itemsOf(baseContract).filter((item) => item.in === "request");
    expect(coverage?.of).toBe(ofRequests.length);
    expect(idsOf(coverage?.neverSeen ?? [])).toEqual(["parameter/end_time/given"]);
    expect(coverage).toMatchObject({ seen: ofRequests.length - 1, outOfReach: [] });
  });

  it("shows it in all of its runs together", async () => {
    const { coverage, scenarios = [] } = await checkConsumer("await send(path + '?limit=5');", { scenario: "each" });
    expect(scenarios.length).toBeGreaterThan(1);
    expect(coverage).toMatchObject({ seen: 5 });
  });

  it("that sent nothing has no coverage", async () => {
    const report = await checkConsumer("");
    expect(report.outcome).toBe("could-not-run");
    expect(report).not.toHaveProperty("coverage");
  });
});

describe("a least coverage", () => {
  const result = ({ rules }: Report) => rules.find(({ id }) => id === "coverage")?.result;

  it("passes a provider at it and below, fails it above, and is no rule if it is not asked for", async () => {
    const free = await checkServer();
    const percent = free.coverage?.percent ?? 0;
    expect(percent).toBeGreaterThan(50);
    expect(percent).toBeLessThan(100);
    expect(result(free)).toBeUndefined();
    for (const cover of [0, percent - 1, percent]) {
      const report = await checkServer({ cover });
      expect(report).toMatchObject({ ok: true, outcome: "conforms", findings: [] });
      expect(result(report)).toBe("passed");
      expect(report.summary).toEqual({ ...free.summary, passed: free.summary.passed + 1 });
    }
    const report = await checkServer({ cover: percent + 1 });
    expect(report).toMatchObject({ ok: false, outcome: "departs", coverage: free.coverage });
    expect(result(report)).toBe("failed");
    expect(report.summary).toEqual({ ...free.summary, failed: 1 });
    expect(report.findings).toEqual([
      {
        rule: "coverage",
        severity: "error",
        probe: "list",
        message: expect.stringMatching(
          /^Too little of the contract was seen\. Never seen: record\.error_code: dcs\.08\.0001, /,
        ),
        expected: `${percent + 1} % or more`,
        actual: String(percent),
        source: "the check itself",
      },
    ]);
  });

  it("is skipped if the check could not run", async () => {
    await using shut = await startServer(reply(403, {}));
    const report = await checkServer({ server: shut.url, cover: 100 });
    expect(report.outcome).toBe("could-not-run");
    expect(result(report)).toBe("skipped");
    expect(report.findings.map(({ rule }) => rule)).toEqual(["credentials"]);
  });

  it("stands beside other findings, after them", async () => {
    await using broken = await command.startBroken();
    const { findings } = await checkServer({ server: broken.url, cover: 100 });
    const found = findings.map(({ rule }) => rule);
    expect(found.length).toBeGreaterThan(1);
    expect(found.indexOf("coverage")).toBe(found.length - 1);
  });

  it.each([-1, 101, 50.5, "50"])("is a percentage, not %j", async (cover) => {
    const message = /^cover must be an integer from 0 to 100, not /;
    await expect(checkServer({ cover: cover as number })).rejects.toThrow(message);
    await expect(checkConsumer("", { cover: cover as number })).rejects.toThrow(message);
  });

  const consumer = (...options: string[]) => {
    const program = `fetch(process.env.DCS_ENDPOINT + "/v2/p/instances/i/backups", { headers: { "X-Auth-Token": "any" } })`;
    return command.call(["check", "consumer", ...options, "--", process.execPath, "-e", program]);
  };

  it("decides on the exit code of both commands", async () => {
    await using own = await command.startConforming();
    for (const check of [(...options: string[]) => command.check(own.url, options), consumer]) {
      const { stdout, code } = await check("--format=json");
      expect(code).toBe(0);
      const { percent } = JSON.parse(stdout).coverage;
      expect(percent).toBeGreaterThan(0);
      expect(await check("--cover", String(percent))).toMatchObject({ code: 0, stderr: "" });
      expect(await check("--cover", String(percent + 1))).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^✗ coverage {2}/m),
      });
      expect(await check("--cover=")).toMatchObject({ code: 0 });
    }
  });

  it.each(["a", "101", "-1", "50.5", "50%"])("is refused by both commands in one line: %s", async (cover) => {
    for (const { code, stdout, stderr } of [
      await command.check("http://127.0.0.1:1", [`--cover=${cover}`]),
      await consumer(`--cover=${cover}`),
    ]) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^--cover must be a whole number from 0 to 100, not "\S+"\. Help: [^\n]*\n$/);
      expect(stderr).toContain(`"${cover}"`);
    }
  });
});
