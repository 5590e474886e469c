// What each scenario does on the wire, what it remembers, and that it keeps to the contract if it says so.

import { describe, expect, it } from "vitest";
import { checkProvider } from "../../src/check/index.ts";
import { help } from "../../src/cli/mock.ts";
import { type Mock, type MockOptions, startMock } from "../../src/mock/index.ts";
import { scenarioNames, scenarios } from "../../src/mock/scenarios/index.ts";
import { baseContract, contractOf, revisionDates, valuesOf } from "../../src/wire/contract.ts";
import { schemaFaults } from "../../src/wire/validate.ts";
import { backups, instanceId, path, projectId } from "./backups.ts";

const records = backups(25);
const [newest] = records;
const token = { "X-Auth-Token": "any" };

interface Got {
  /** `reset` before an answer, or `cut` within its body. */
  fate?: "reset" | "cut";
  status?: number;
  headers?: Headers;
  text?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a scenario may answer anything
  body?: any;
}

async function get({ url }: Mock, query = "", headers: Record<string, string> = token): Promise<Got> {
  let response: Response;
  try {
    response = await fetch(`${url}${path}${query && `?${query}`}`, { headers });
  } catch {
    return { fate: "reset" };
  }
  const { status, headers: got } = response;
  try {
    const text = await response.text();
    const isJson = got.get("content-type")?.includes("json");
    return { status, headers: got, text, ...(isJson && { body: JSON.parse(text) }) };
  } catch {
    return { fate: "cut", status, headers: got };
  }
}

const recordsOf = ({ body }: Got): Record<string, unknown>[] => body.backup_record_response;
const idsOf = (page: Got): unknown[] => recordsOf(page).map(({ backup_id }) => backup_id);
const ids = (from: number, to: number) => records.slice(from, to).map(({ backup_id }) => backup_id);

/** Each answer of the gateway has another id. */
const withoutId = ({ request_id: _, ...body }: Record<string, unknown> = {}) => body;

type Get = (query?: string, headers?: Record<string, string>) => Promise<Got>;
type Play = { mock: Mock; get: Get } & AsyncDisposable;

const ways: [way: string, play: (name: string, options?: MockOptions) => Promise<Play>][] = [
  [
    "by the option",
    async (name, options) => {
      const mock = await startMock({ records, scenario: name, ...options });
      return { mock, get: (...asked) => get(mock, ...asked), [Symbol.asyncDispose]: mock.close };
    },
  ],
  [
    "by the Prefer header",
    async (name, options) => {
      const mock = await startMock({ records, ...options });
      const chosen: Get = (query, headers = token) => get(mock, query, { Prefer: `scenario=${name}`, ...headers });
      return { mock, get: chosen, [Symbol.asyncDispose]: mock.close };
    },
  ],
];

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.concurrent.each(ways)("played %s", (_, play) => {
  it("throttled answers a page with 429, and a second later with the page", async () => {
    await using played = await play("throttled");
    const first = await played.get("limit=3");
    expect(first).toMatchObject({ status: 429, body: { error_code: "APIGW.0308" } });
    expect(first.headers?.get("retry-after")).toBe("1");
    expect((await played.get("limit=3")).status).toBe(429); // too early
    await sleep(1000);
    expect(idsOf(await played.get("limit=3"))).toEqual(ids(0, 3));
    expect(idsOf(await played.get("limit=3"))).toEqual(ids(0, 3));
    expect((await played.get("limit=3&offset=3")).status).toBe(429);
  });

  it("slow answers after 2 seconds, and then as ever", async () => {
    await using played = await play("slow");
    const start = performance.now();
    const [page, missing] = await Promise.all([played.get("limit=3"), played.get("offset=25")]);
    expect(performance.now() - start).toBeGreaterThan(1950);
    expect([idsOf(page), idsOf(missing)]).toEqual([ids(0, 3), []]);
  });

  it("clamped gives at most 7 records, which total_num does not hide", async () => {
    await using played = await play("clamped");
    for (const [query, from, to] of [
      ["", 0, 7],
      ["limit=8", 0, 7],
      ["limit=100&offset=7", 7, 14],
      ["limit=7", 0, 7],
      ["limit=6", 0, 6],
      ["limit=10&offset=21", 21, 25],
    ] as const) {
      const page = await played.get(query);
      expect([idsOf(page), page.body.total_num]).toEqual([ids(from, to), 25]);
    }
  });

  it("growing adds a backup to the top once the first page was answered, and no more", async () => {
    await using played = await play("growing");
    expect(idsOf(await played.get("limit=10"))).toEqual(ids(0, 10));
    const next = await played.get("limit=10&offset=10");
    expect([idsOf(next), next.body.total_num]).toEqual([ids(9, 19), 26]);
    const top = await played.get("limit=2");
    const [added, second] = recordsOf(top);
    expect([second?.backup_id, top.body.total_num]).toEqual([newest?.backup_id, 26]);
    expect([...schemaFaults(baseContract, baseContract.page.record, added)]).toEqual([]);
    expect(added).toMatchObject({
      instance_id: instanceId,
      status: newest?.status,
      backup_type: "manual",
      created_at: "2026-01-31T00:01:00.000Z",
      updated_at: "2026-01-31T00:31:00.000Z",
    });
    for (const name of ["backup_id", "backup_name"])
      expect(records.map((record) => record[name])).not.toContain(added?.[name]);
  });

  it("unknown-values has a status in the first record of a page, and a field in each, of no revision", async () => {
    await using played = await play("unknown-values");
    const known = await Promise.all(revisionDates.map(contractOf));
    for (const offset of [0, 3]) {
      const page = recordsOf(await played.get(`limit=3&offset=${offset}`));
      const [first, ...others] = page;
      for (const contract of known) {
        const fields = contract.fieldsOf(contract.page.record);
        expect(fields.status && valuesOf(fields.status)).not.toContain(first?.status);
        for (const record of page) expect(Object.keys(record).filter((name) => !(name in fields))).toHaveLength(1);
      }
      expect(others.map(({ status }) => status)).toEqual(
        records.slice(offset + 1, offset + 3).map(({ status }) => status),
      );
    }
  });

  it("newer has the fields of the newest revision", async () => {
    await using played = await play("newer");
    const { fieldsOf, page } = await contractOf("newest");
    for (const record of recordsOf(await played.get())) {
      expect(Object.keys(record).toSorted()).toEqual(Object.keys(fieldsOf(page.record)).toSorted());
      expect(record).toMatchObject({ execution_at: record.created_at, backup_format: "aof" });
    }
  });

  it("newer changes nothing if the contract has all of them", async () => {
    await using played = await play("newer", { contract: await contractOf("newest") });
    expect(recordsOf(await played.get("limit=25"))).toEqual(records);
  });

  it("empty-204 answers each valid request with a 204 without a body", async () => {
    await using played = await play("empty-204");
    for (const query of ["", "limit=5&offset=5"]) {
      expect(await played.get(query)).toMatchObject({ status: 204, text: "" });
    }
  });

  it("flaky resets, answers 502 in HTML and 504 in the gateway's JSON, and is then well", async () => {
    await using played = await play("flaky");
    expect(await played.get()).toEqual({ fate: "reset" });
    const bad = await played.get();
    expect([bad.status, bad.headers?.get("content-type")]).toEqual([502, "text/html"]);
    expect(bad.text).toMatch(/^<html>.*502 Bad Gateway.*<\/html>\n$/s);
    const late = await played.get();
    expect(late).toMatchObject({ status: 504, body: { error_code: "APIGW.0201", error_msg: "Backend timeout." } });
    expect(late.headers?.get("x-request-id")).toBe(late.body.request_id);
    expect(idsOf(await played.get())).toEqual(ids(0, 10));
    expect(idsOf(await played.get("offset=10"))).toEqual(ids(10, 20));
    await played.mock.close();
    expect(played.mock.requests.map(({ status }) => status)).toEqual([undefined, 502, 504, 200, 200]);
  });

  it("gateway-error answers each request with 401 in the gateway's form", async () => {
    await using played = await play("gateway-error");
    const answers = [await played.get(), await played.get("offset=10", { "X-Auth-Token": "another" })];
    for (const { status, headers, body } of answers) {
      expect([status, Object.keys(body), body.error_code]).toEqual([
        401,
        ["error_code", "error_msg", "request_id"],
        "APIGW.0301",
      ]);
      expect(headers?.get("x-request-id")).toBe(body.request_id);
    }
    expect(new Set(answers.map(({ body }) => body.request_id)).size).toBe(2);
  });

  const signed = (key: string, securityToken: string) => ({
    Authorization: `SDK-HMAC-SHA256 Access=${key}, SignedHeaders=x-sdk-date, Signature=${"0".repeat(64)}`,
    "X-Sdk-Date": new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
    "X-Security-Token": securityToken,
  });
  it.each([
    ["tokens", { "X-Auth-Token": "old" }, { "X-Auth-Token": "new" }],
    ["temporary keys", signed("AK", "old"), signed("AK", "new")],
  ])("token-expired takes %s for the first page, and then only others", async (_, old, renewed) => {
    await using played = await play("token-expired");
    expect(idsOf(await played.get("", old))).toEqual(ids(0, 10));
    for (const query of ["offset=10", ""]) {
      const refused = await played.get(query, old);
      expect(refused).toMatchObject({ status: 401, body: { error_code: "APIGW.0307" } });
      expect(refused.headers?.get("x-request-id")).toBe(refused.body.request_id);
    }
    expect(idsOf(await played.get("offset=10", renewed))).toEqual(ids(10, 20));
    expect(idsOf(await played.get("offset=20", renewed))).toEqual(ids(20, 25));
    expect((await played.get("", old)).status).toBe(401);
  });

  it("ignores-offset gives the first page again and again", async () => {
    await using played = await play("ignores-offset");
    for (const query of ["", "offset=10", "offset=1000"]) expect(idsOf(await played.get(query))).toEqual(ids(0, 10));
    expect(idsOf(await played.get("limit=3&offset=3"))).toEqual(ids(0, 3));
  });

  it("braces has {} where a field is null, or is missing and could be null", async () => {
    const given = [{ backup_id: "a", period: null, remark: null }, { error_code: "dcs.08.0001" }];
    await using played = await play("braces", { records: given });
    expect(recordsOf(await played.get())).toEqual([
      { backup_id: "a", period: {}, error_code: {}, remark: {} },
      { period: {}, error_code: "dcs.08.0001" },
    ]);
  });

  it("cut ends the connection half-way through the body", async () => {
    await using played = await play("cut");
    for (const query of ["", "offset=10", "offset=25"]) {
      const got = await played.get(query);
      expect(got).toMatchObject({ fate: "cut", status: 200 });
    }
    await played.mock.close();
    expect(played.mock.neverAsked).toEqual(records);
  });
});

describe.concurrent("what a scenario remembers", () => {
  /** Of five requests, one after the other: how each ended, and with what. */
  async function five(mock: Mock, headers?: Record<string, string>): Promise<unknown[]> {
    const told: unknown[] = [];
    for (const offset of [0, 0, 5, 10, 0]) {
      const { fate, status, body } = await get(mock, `limit=5&offset=${offset}`, headers);
      told.push({ fate, status, body: withoutId(body) });
    }
    return told;
  }

  const remembering = ["throttled", "growing", "flaky", "token-expired"];

  it.each(remembering)("%s begins anew after a reset", async (scenario) => {
    const waitMs = scenario === "throttled" ? 1000 : 0;
    await using mock = await startMock({ records, scenario });
    const first = await five(mock);
    await sleep(waitMs);
    mock.reset();
    expect(mock.requests).toEqual([]);
    expect(await five(mock)).toEqual(first);
    await sleep(waitMs);
    expect(await five(mock)).not.toEqual(first);
  });

  it.each([...remembering, "empty-204"])("%s, chosen by Prefer, does not disturb other requests", async (name) => {
    await using mock = await startMock({ records });
    const before = await five(mock);
    await five(mock, { ...token, Prefer: `scenario=${name}` });
    expect(await five(mock)).toEqual(before);
  });

  it.each(["growing", "token-expired"])("%s begins with a page, and not with a 404", async (scenario) => {
    await using mock = await startMock({ records, scenario, instances: [instanceId] });
    const missing = await fetch(`${mock.url}${path.replace(instanceId, "another")}`, { headers: token });
    expect(missing.status).toBe(404);
    expect(await get(mock)).toMatchObject({ status: 200, body: { total_num: 25 } });
    expect(await get(mock)).not.toMatchObject({ status: 200, body: { total_num: 25 } });
  });

  it("two scenarios chosen by Prefer do not disturb each other, or that of the mock", async () => {
    await using mock = await startMock({ records, scenario: "flaky" });
    const chosen = (name: string) => get(mock, "", { ...token, Prefer: `scenario=${name}` });
    expect(await get(mock)).toEqual({ fate: "reset" });
    expect((await chosen("token-expired")).status).toBe(200);
    expect((await chosen("growing")).body.total_num).toBe(25);
    expect((await get(mock)).status).toBe(502);
    expect((await chosen("token-expired")).status).toBe(401);
    expect((await chosen("growing")).body.total_num).toBe(26);
    expect((await get(mock)).status).toBe(504);
    expect((await get(mock)).body.total_num).toBe(25);
    await mock.close();
    expect(mock.requests.map(({ scenario }) => scenario)).toEqual([
      "flaky",
      "token-expired",
      "growing",
      "flaky",
      "token-expired",
      "growing",
      "flaky",
      "flaky",
    ]);
  });
});

describe.concurrent("in any scenario", () => {
  it.each(scenarioNames)(
    "%s, an invalid request gets its 400 at once, and its valid twin does not",
    async (scenario) => {
      await using mock = await startMock({ records, scenario });
      const start = performance.now();
      const { status, body } = await get(mock, "offset=-1");
      expect([status, body.error_msg]).toEqual([400, expect.stringContaining("offset")]);
      expect((await get(mock, "", {})).status).toBe(401);
      expect(performance.now() - start).toBeLessThan(3500); // 4 seconds if both were slow
      await using other = await startMock({ records, scenario });
      const [twin, alone] = await Promise.all([get(mock, "offset=0"), get(other, "offset=0")]);
      expect(twin.status).not.toBe(400);
      expect([twin.fate, twin.status, withoutId(twin.body)]).toEqual([alone.fate, alone.status, withoutId(alone.body)]); // the invalid ones were no step of it
    },
  );
});

describe.concurrent("the check of a provider", () => {
  /** Each request takes a second or more. */
  const few: Record<string, string[]> = { throttled: ["first-page"], slow: ["list"] };

  const revisions = [baseContract.revision, "2024-04-24"];
  const cases = scenarios.flatMap((scenario) => revisions.map((revision = "") => ({ ...scenario, revision })));

  it.each(cases)(
    "finds out that $name keeps to the contract of $revision, or not",
    async ({ name, keeps, revision }) => {
      const contract = await contractOf(revision);
      await using mock = await startMock({ records, scenario: name, contract });
      const only = few[name] ?? [];
      const options = { server: mock.url, projectId, instanceId, credentials: { token: "any" }, contract, only };
      const { findings, summary } = await checkProvider(options);
      const broken = findings.filter(({ severity, rule }) => severity === "error" || rule === "empty-204");
      if (keeps(contract)) expect([broken, summary.passed > 0]).toEqual([[], true]);
      else expect(broken).not.toEqual([]);
    },
  );

  it("has scenarios of both kinds, and 204 is of the kind that the revision says", async () => {
    expect(scenarios.filter(({ keeps }) => keeps(baseContract)).map(({ name }) => name)).toEqual([
      "throttled",
      "slow",
      "clamped",
      "growing",
      "unknown-values",
      "newer",
    ]);
    const later = await contractOf("2024-04-24");
    expect(scenarios.find(({ name }) => name === "empty-204")?.keeps(later)).toBe(true);
  });
});

it("the help lists each scenario with what it rests on, those that keep to the contract first", async () => {
  const text = (await help()).replace(/\s+/g, " ");
  const places = scenarios.map(({ name, title, evidence }) => text.indexOf(` ${name} ${title}. (${evidence})`));
  expect(places).toHaveLength(13);
  expect(Math.min(...places)).toBeGreaterThan(text.indexOf("Scenarios that keep to the contract:"));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

it("a scenario that there is not is a 422 that lists those that there are", async () => {
  await using mock = await startMock({ records });
  const { status, headers, body } = await get(mock, "", { ...token, Prefer: "scenario=throtled" });
  expect([status, headers?.get("content-type")]).toEqual([422, "application/problem+json"]);
  expect(body.detail).toContain("throtled");
  expect(body.detail).toContain(scenarioNames.join(", "));
  await mock.close();
  expect(mock.requests[0]?.mockFault).toBeDefined();
  await expect(startMock({ scenario: "throtled" })).rejects.toThrow(`must be one of ${scenarioNames.join(", ")}`);
});
