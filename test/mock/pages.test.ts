// The pages and time windows of the mock, held against an oracle that shares no code with it.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { history } from "../../src/mock/history.ts";
import { type BackupRecord, type Mock, startMock } from "../../src/mock/index.ts";
import { baseContract } from "../../src/wire/contract.ts";

const madeUp = history(400, 1, baseContract);

/** Times as RFC 3339 allows them, and records that lack one or both, or the instance. */
const odd: BackupRecord[] = [
  { backup_id: "1", instance_id: "2", created_at: "2025-06-01T01:30:00.5+08:00", updated_at: "2025-05-31t17:40:00z" },
  { backup_id: "2", instance_id: "2", created_at: "2025-05-31T17:35:00Z" },
  { backup_id: "3", instance_id: "2", updated_at: "2025-05-31T17:35:00.999Z" },
  { backup_id: "4", instance_id: "2" },
  { backup_id: "5", created_at: "2025-05-31T17:35:01Z", updated_at: "2025-05-31T17:35:01Z" },
];

const records = [...madeUp.slice(0, 200), ...odd, ...madeUp.slice(200)];

interface Query {
  limit?: number;
  offset?: number;
  begin_time?: string;
  end_time?: string;
}

/** What the answer must be, by the words of the reference page: whole seconds, both ends included. */
function oracle({ limit = 10, offset = 0, begin_time, end_time }: Query, total: "all" | "page", instance: string) {
  const second = (time: unknown) => Math.floor(new Date(String(time).toUpperCase()).getTime() / 1000);
  const bound = (text: string) => {
    const part = (from: number, to: number) => Number(text.substring(from, to));
    const date = [part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14)] as const;
    return Date.UTC(...date) / 1000;
  };
  const matching: BackupRecord[] = [];
  for (const record of records) {
    const times = [record.created_at, record.updated_at].filter((time) => time !== undefined).map(second);
    if (begin_time === undefined && end_time === undefined) matching.push(record);
    else if (times.length === 0) continue;
    else if (begin_time !== undefined && Math.max(...times) < bound(begin_time)) continue;
    else if (end_time !== undefined && Math.min(...times) > bound(end_time)) continue;
    else if (begin_time !== undefined && end_time !== undefined && bound(begin_time) > bound(end_time)) continue;
    else matching.push(record);
  }
  const page: BackupRecord[] = [];
  for (let at = offset; at < Math.min(offset + limit, matching.length); at += 1) {
    const copy: Record<string, unknown> = { ...matching[at] };
    if (copy.instance_id !== undefined) copy.instance_id = instance;
    page.push(copy);
  }
  return { total_num: total === "all" ? matching.length : page.length, backup_record_response: page };
}

const mocks = new Map<"all" | "page", Mock>();
beforeAll(async () => {
  for (const total of ["all", "page"] as const) mocks.set(total, await startMock({ records, total }));
});
afterAll(async () => {
  for (const mock of mocks.values()) await mock.close();
});

async function ask(query: Query, total: "all" | "page", instance = "my-instance"): Promise<unknown> {
  const given = Object.entries(query).map(([name, value]) => [name, String(value)]);
  const url = `${mocks.get(total)?.url}/v2/p/instances/${instance}/backups?${new URLSearchParams(given)}`;
  const response = await fetch(url, { headers: { "X-Auth-Token": "any" } });
  expect(response.status, url).toBe(200);
  return response.json();
}

const totals = fc.constantFrom("all" as const, "page" as const);

/** At a time of a record, or just beside it, or anywhere. */
const time = fc
  .oneof(
    fc
      .tuple(fc.constantFrom(...records), fc.constantFrom("created_at", "updated_at"), fc.integer({ min: -2, max: 2 }))
      .map(([record, field, more]) => Date.parse(String(record[field] ?? "2025-05-31T17:35:00Z")) + more * 1000),
    fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2026, 1) }),
    fc.constantFrom(Date.UTC(1970, 0), Date.UTC(9999, 11)),
  )
  .map((time) => new Date(time).toISOString().slice(0, 19).replace(/\D/g, ""));

const query: fc.Arbitrary<Query> = fc.record(
  {
    limit: fc.oneof(fc.nat({ max: 30 }), fc.constantFrom(100, records.length, 1000, 2 ** 31 - 1)),
    offset: fc.oneof(
      fc.nat({ max: 30 }),
      fc.nat({ max: records.length + 10 }),
      fc.constantFrom(records.length, 2 ** 31 - 1),
    ),
    begin_time: time,
    end_time: time,
  },
  { requiredKeys: [] },
);

describe("the mock answers as the oracle", () => {
  it("any query", async () => {
    let withRecords = 0;
    let ofWindows = 0;
    await fc.assert(
      fc.asyncProperty(query, totals, fc.uuid(), async (query, total, instance) => {
        const expected = oracle(query, total, instance);
        const hasRecords = expected.backup_record_response.length > 0;
        withRecords += Number(hasRecords);
        ofWindows += Number(hasRecords && query.begin_time !== undefined && query.end_time !== undefined);
        expect(await ask(query, total, instance)).toEqual(expected);
      }),
      { seed: 20221109, numRuns: 400 },
    );
    expect(withRecords).toBeGreaterThan(100);
    expect(ofWindows).toBeGreaterThan(10);
  });

  it("a window of the seconds of one record, and beside it", async () => {
    for (const record of [...madeUp.slice(2, 6), ...odd.slice(0, 3)]) {
      const [first, last] = [record.created_at ?? record.updated_at, record.updated_at ?? record.created_at];
      for (const [begin, end] of [
        [0, 0],
        [-1, -1],
        [1, 1],
      ] as const) {
        const written = (time: unknown, more: number) =>
          new Date(Date.parse(String(time)) + more * 1000).toISOString().slice(0, 19).replace(/\D/g, "");
        for (const query of [
          { begin_time: written(first, begin), end_time: written(last, end) },
          { end_time: written(first, end), limit: 1000 },
          { begin_time: written(last, begin), limit: 1000 },
        ])
          expect(await ask(query, "all")).toEqual(oracle(query, "all", "my-instance"));
      }
    }
  });

  it("a window that ends before it begins: nothing is in it", async () => {
    const [, , record = {}] = madeUp;
    const [from, to] = [record.created_at, record.updated_at].map((time) =>
      String(time).slice(0, 19).replace(/\D/g, ""),
    );
    expect(await ask({ begin_time: `${from}`, end_time: `${to}` }, "all")).toMatchObject({ total_num: 1 });
    expect(await ask({ begin_time: `${to}`, end_time: `${from}` }, "all")).toMatchObject({ total_num: 0 });
  });

  it("a list that is read page by page: each record once", async () => {
    for (const limit of [7, 100]) {
      const ids: unknown[] = [];
      for (let offset = 0; ; offset += limit) {
        const body = (await ask({ limit, offset }, "page")) as ReturnType<typeof oracle>;
        ids.push(...body.backup_record_response.map(({ backup_id }) => backup_id));
        if (body.total_num < limit) break;
      }
      expect(ids).toEqual(records.map(({ backup_id }) => backup_id));
    }
  });
});
