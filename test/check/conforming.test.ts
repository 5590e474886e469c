// The check stays silent on servers that conform, whatever they hold.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkProvider, type ProviderOptions, type Report } from "../../src/check/index.ts";
import { rules } from "../../src/check/provider/rules/index.ts";
import { startMock } from "../../src/mock/index.ts";
import { baseContract, valuesOf as documented } from "../../src/wire/contract.ts";
import { startServer } from "../client/server.ts";
import { changing } from "./broken.ts";
import {
  type BackupRecord,
  type Dataset,
  everyStatus,
  instanceId,
  projectId,
  serve,
  service,
  token,
} from "./service.ts";

const fields = baseContract.fieldsOf(baseContract.page.record);
const valuesOf = (field: string) => fields[field] && documented(fields[field]);

const keys = { accessKey: "ACCESSKEY0123456789", secretKey: "secret-key+0123456789/=" };

async function check(dataset: Dataset, options: Partial<ProviderOptions> = {}): Promise<Report> {
  await using server = await startServer(serve(service(dataset)));
  const { credentials = { token } } = dataset;
  return await checkProvider({ server: server.url, projectId, instanceId, credentials, ...options });
}

const numbered = (count: number): BackupRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    ...everyStatus[index % everyStatus.length],
    backup_id: `backup-${index}`,
    created_at: new Date(Date.UTC(2026, 0, 1, 0, count - index)).toISOString(),
    updated_at: new Date(Date.UTC(2026, 0, 1, 1, count - index)).toISOString(),
  }));

const fails = (record: BackupRecord) => record.status === "failed";

describe("nothing is found", () => {
  const totals = ["page", "all"] as const;
  const cases = [0, 1, 2, 3, 10, 11, 1000].flatMap((count) => totals.map((total) => ({ count, total })));

  it.each(cases)("on $count records, if total_num counts those of $total", async ({ count, total }) => {
    const { findings, outcome, summary } = await check({ records: numbered(count), total });
    expect(findings).toEqual([]);
    expect(outcome).toBe("conforms");
    expect(summary).toMatchObject({ failed: 0, warned: 0 });
  });

  it.each([
    ["oldest first", (records: BackupRecord[]) => records.toReversed()],
    ["in no order", (records: BackupRecord[]) => [...records.slice(5), ...records.slice(0, 5).toReversed()]],
  ])("on records %s", async (_, order) => {
    expect((await check({ records: order(numbered(11)) })).findings).toEqual([]);
  });

  it.each([
    ["a token", { token }],
    ["a token of 4 kB", { token: "MIIQ+/".repeat(700) }],
    ["a pair of keys", keys],
    ["temporary keys", { ...keys, securityToken: "security/token+98765==" }],
  ])("with %s", async (_, credentials) => {
    expect((await check({ records: everyStatus, credentials })).findings).toEqual([]);
  });

  it("in a requested time window", async () => {
    const records = numbered(1000);
    for (const window of [
      { begin: "20260101010000", end: new Date("2026-01-01T02:00:00Z") },
      { begin: "20260101010000" },
      { end: "20260101010000" },
    ]) {
      expect((await check({ records }, window)).findings).toEqual([]);
    }
  });

  it("on records from before the year 0 and after the year 9999, in UTC", async () => {
    const records = ["0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"].map((created_at) => ({ created_at }));
    expect((await check({ records }, { begin: "20000101000000" })).findings).toEqual([]);
    expect((await check({ records }, { end: "20000101000000" })).findings).toEqual([]);
  });

  it("on records with only nulls, where null is allowed, or without fields", async () => {
    expect((await check({ records: [{}] })).findings).toEqual([]);
    expect((await check({ records: [{ period: null, error_code: null }, {}, {}] })).findings).toEqual([]);
  });

  const changes = [
    [
      "the only backup gets a second one",
      (records: readonly BackupRecord[], isLater: boolean) => records.slice(isLater ? 0 : 1, 2),
    ],
    [
      "all backups but one are gone",
      (records: readonly BackupRecord[], isLater: boolean) => records.slice(0, isLater ? 1 : undefined),
    ],
  ] as const;
  it.each(changes.flatMap((change) => totals.map((total) => [...change, total] as const)))(
    "where %s after the first page, %#",
    async (_what, change, total) => {
      const start = changing((records, request) => change(records, request > 2), total);
      await using server = await start(service({ records: [] }));
      const options = { server: server.url, projectId, instanceId, credentials: { token } };
      expect((await checkProvider(options)).findings).toEqual([]);
    },
  );

  it("on every value of every enumeration", async () => {
    const records = Object.keys(fields).flatMap((field) =>
      (valuesOf(field) ?? []).map((value) => ({ [field]: value })),
    );
    expect(records.length).toBeGreaterThan(0);
    const report = await check({
      records: records.map((record) => (fails(record) ? { ...record, error_code: "dcs.08.0001" } : record)),
    });
    expect(report.findings).toEqual([]);
  });

  it.each<[string, Partial<ProviderOptions>]>([
    ["by default", {}],
    ["with keys", { credentials: keys }],
    ["with a Prefer header for an empty list", { headers: { Prefer: "example=NoBackups" } }],
  ])("on the mock, which is Prism, %s", async (_, options) => {
    const mock = await startMock();
    const credentials = { token };
    const report = await checkProvider({ server: mock.url, projectId, instanceId, credentials, ...options });
    await mock.close();
    expect(report.findings).toEqual([]);
    expect(report.outcome).toBe("conforms");
    expect(report.summary).toMatchObject({ failed: 0, warned: 0 });
  });
});

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
);
const two = (most: number) => fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(2, "0"));
const offset = fc.oneof(
  fc.constant("Z"),
  fc.constant("z"),
  fc.tuple(fc.constantFrom("+", "-"), two(23), two(59)).map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
);
/** RFC 3339, with any fraction and offset; `created` before `completed`. */
const times = fc
  .tuple(
    fc.integer({ min: -62_135_596_800, max: 253_402_214_399 }),
    fc.nat({ max: 86_400 }),
    fc.stringMatching(/^(\.\d{1,12})?$/),
    offset,
    fc.constantFrom("T", "t"),
  )
  .map(([seconds, later, fraction, zone, t]) => {
    const at = (time: number) =>
      new Date(time * 1000).toISOString().replace("T", t).replace(".000Z", `${fraction}${zone}`);
    return { created_at: at(seconds), updated_at: at(seconds + later) };
  });

/** A record of the contract, with any of its fields. */
const record = fc
  .tuple(
    fc.record(
      {
        period: fc.option(text),
        backup_name: text,
        instance_id: fc.constant(instanceId),
        size: fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 53, 2 ** 62)),
        backup_type: fc.constantFrom(...(valuesOf("backup_type") ?? [])),
        progress: fc.oneof(
          fc.nat({ max: 100 }).map(String),
          fc.nat({ max: 10_000 }).map((number) => (number / 100).toFixed(2)),
        ),
        remark: text,
        is_support_restore: fc.constantFrom(...(valuesOf("is_support_restore") ?? [])),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(
      fc.constant({}),
      fc.record({ status: fc.constant("failed"), error_code: fc.constantFrom(...(valuesOf("error_code") ?? [])) }),
      fc
        .record({ status: fc.constantFrom(...(valuesOf("status") ?? [])), error_code: fc.constant(null) })
        .filter((record) => !fails(record)),
    ),
    times,
    fc.subarray(["created_at", "updated_at"] as const),
  )
  .map(([fields, status, time, given]) => ({
    ...fields,
    ...status,
    ...Object.fromEntries(given.map((name) => [name, time[name]])),
  }));

const dataset = fc.record({
  records: fc
    .array(fc.tuple(record, fc.boolean()), { maxLength: 25 })
    .map((records) =>
      records.map(([record, hasId], index) => (hasId ? { ...record, backup_id: `id ${index}` } : record)),
    ),
  total: fc.constantFrom("page" as const, "all" as const),
});

describe("a random record", () => {
  it("that conforms has no finding", async () => {
    await fc.assert(
      fc.asyncProperty(dataset, async (dataset) => {
        expect((await check(dataset)).findings).toEqual([]);
      }),
      { seed: 20221109, numRuns: 100 },
    );
  }, 60_000);

  /** For each field, a value of another type. */
  const wrong = fc.constantFrom(
    ...Object.keys(fields).map((field) => ({ field, value: field === "size" ? "1" : (1 as unknown) })),
    ...Object.keys(fields).map((field) => ({ field, value: [] as unknown })),
    ...Object.keys(fields).map((field) => ({ field, value: true as unknown })),
    { field: "size", value: 0.5 as unknown },
    { field: "created_at", value: "2019-05-10 08:31:16" as unknown },
    { field: "updated_at", value: "10/05/2019" as unknown },
  );

  const nonEmpty = dataset.filter(({ records }) => records.length > 0);

  it("with a null in one field whose type has none raises a warning, with its place", async () => {
    const nullless = Object.keys(fields).filter((field) => !fields[field]?.nullable);
    const any = [nonEmpty, fc.nat({ max: 9 }), fc.constantFrom(...nullless)] as const;
    await fc.assert(
      fc.asyncProperty(...any, async ({ records, total }, place, field) => {
        const index = place % Math.min(10, records.length);
        const broken = records.with(index, { ...records[index], [field]: null });
        const { findings, outcome } = await check({ records: broken, total });
        expect(outcome).toBe("conforms");
        const ofList = findings.filter(({ probe }) => probe === "list");
        expect(ofList.map(({ rule, pointer }) => [rule, pointer])).toEqual([
          ["null-fields", `/backup_record_response/${index}/${field}`],
        ]);
      }),
      { seed: 20221109, numRuns: 60 },
    );
  }, 60_000);

  it("with a wrong value in one field is found, with its place", async () => {
    await fc.assert(
      fc.asyncProperty(nonEmpty, fc.nat({ max: 9 }), wrong, async ({ records, total }, place, { field, value }) => {
        const index = place % Math.min(10, records.length);
        const broken = records.with(index, { ...records[index], [field]: value });
        const { findings, outcome } = await check({ records: broken, total });
        expect(outcome).toBe("departs");
        const [first] = findings.filter(({ probe, severity }) => probe === "list" && severity === "error");
        expect(first).toMatchObject({ rule: "page-schema", pointer: `/backup_record_response/${index}/${field}` });
        expect(first?.actual).toBe(JSON.stringify(value));
      }),
      { seed: 20221109, numRuns: 60 },
    );
  }, 60_000);
});

it("every rule had something to check on a server with every status", async () => {
  const report = await check({ records: everyStatus });
  expect(report.rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
  expect(report.rules.filter(({ result }) => result !== "passed")).toEqual([]);
});
