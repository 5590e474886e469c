// All records of a list, from a server on loopback that counts, limits, ignores and changes things as servers might.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BackupRecordResponse, createDcsClient } from "../../src/client/index.ts";
import { type Answer, reply, startServer } from "./server.ts";

interface Service {
  records: BackupRecordResponse[];
  /** What `total_num` counts. */
  counts: "page" | "total" | "nothing";
  /** The maximum number of records on a page, whatever the request asks for. */
  clamp?: number;
  ignores?: "offset" | "limit" | "both";
  /** Called before each response. */
  change?: (records: BackupRecordResponse[]) => void;
}

const answerOf =
  ({ records, counts, clamp = Number.POSITIVE_INFINITY, ignores, change }: Service): Answer =>
  (request, response) => {
    change?.(records);
    const query = new URL(request.url ?? "", "http://server").searchParams;
    const offset = ignores === "offset" || ignores === "both" ? 0 : Number(query.get("offset"));
    const limit = ignores === "limit" || ignores === "both" ? records.length : Number(query.get("limit"));
    const page = records.slice(offset, offset + Math.min(limit, clamp));
    const total_num = { page: page.length, total: records.length, nothing: undefined }[counts];
    reply(200, { total_num, backup_record_response: page })(request, response);
  };

/** All yielded records, and the number of requests, which is bounded. */
async function listAll(service: Service, pageSize: number) {
  await using server = await startServer(answerOf(service));
  const dcs = createDcsClient({ endpoint: server.url, projectId: "p", credentials: { token: "t" } });
  const records: BackupRecordResponse[] = [];
  for await (const record of dcs.backupRecords("i", { pageSize })) {
    records.push(record);
    if (server.received.length > 1000) throw new Error("It does not end");
  }
  return { records, requests: server.received.length, targets: server.received.map(({ target }) => target) };
}

const idOf = (number: number) => `5560df16-cebf-4473-95c4-${number.toString(16).padStart(12, "0")}`;
const numbered = (count: number): BackupRecordResponse[] =>
  Array.from({ length: count }, (_, number) => ({ backup_id: idOf(number), backup_name: `backup ${number}` }));

const counts = fc.constantFrom("page", "total", "nothing");
const size = fc.integer({ min: 1, max: 12 });
/** Records of which some have an odd id or none. */
const someRecords = fc
  .array(fc.constantFrom("uuid", "text", "number", "none", "null", "empty"), { maxLength: 40 })
  .map((kinds) =>
    kinds.map((kind, number) => {
      const id = { uuid: idOf(number), text: `backup-${number}`, number, none: undefined, null: null, empty: "" }[kind];
      return { ...(id !== undefined && { backup_id: id }), backup_name: `backup ${number}` } as BackupRecordResponse;
    }),
  );

/** As the client gives them: no id has the type null. */
const read = (records: BackupRecordResponse[]) =>
  records.map(({ backup_id, ...others }) => ({ ...(backup_id != null && { backup_id }), ...others }));

describe("a listing of all records", () => {
  it("yields each record once, in order, whatever total_num counts, with or without ids", async () => {
    await fc.assert(
      fc.asyncProperty(someRecords, counts, size, async (records, counts, pageSize) => {
        expect((await listAll({ records, counts }, pageSize)).records).toEqual(read(records));
      }),
      { numRuns: 150 },
    );
  });

  it("loses nothing if the server reduces the page size, but counts the total", async () => {
    await fc.assert(
      fc.asyncProperty(someRecords, size, size, async (records, clamp, pageSize) => {
        expect((await listAll({ records, counts: "total", clamp }, pageSize)).records).toEqual(read(records));
      }),
      { numRuns: 150 },
    );
  });

  it("loses nothing if the page size exceeds the documented one and the server reduces it, whatever it counts", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3500 }), counts, async (count, counts) => {
        const { records } = await listAll({ records: numbered(count), counts, clamp: 1000 }, 1001);
        expect(records).toHaveLength(count);
      }),
      { numRuns: 20 },
    );
  });

  it("loses nothing if the server ignores the limit", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), counts, size, async (count, counts, pageSize) => {
        const { records } = await listAll({ records: numbered(count), counts, ignores: "limit" }, pageSize);
        expect(records).toEqual(numbered(count));
      }),
      { numRuns: 100 },
    );
  });

  it("ends if the server ignores the offset, and yields its page once", async () => {
    await fc.assert(
      fc.asyncProperty(someRecords, counts, size, fc.boolean(), async (records, counts, pageSize, all) => {
        const { records: got, requests } = await listAll(
          { records, counts, ignores: all ? "both" : "offset" },
          pageSize,
        );
        expect(got).toEqual(read(all ? records : records.slice(0, pageSize)));
        expect(requests).toBeLessThanOrEqual(2);
      }),
      { numRuns: 150 },
    );
  });

  it("ends if the server ignores the offset and its records change meanwhile", async () => {
    const change = (records: BackupRecordResponse[]) => {
      for (const record of records) record.progress = String(Math.random());
    };
    const { records, requests } = await listAll(
      { records: numbered(5), counts: "nothing", ignores: "offset", change },
      5,
    );
    expect([records.length, requests]).toEqual([5, 2]);
  });

  it("ends if the server ignores the offset, has no ids, and makes more backups", async () => {
    const change = (records: BackupRecordResponse[]) => {
      for (const record of records) record.progress = String(Math.random());
    };
    const records = [{ backup_name: "a" }, { backup_name: "b" }];
    const listed = await listAll({ records, counts: "nothing", ignores: "offset", change }, 2);
    expect([listed.records.length, listed.requests]).toEqual([2, 2]);
  });

  it("asks for the same time window on each page, even if the Date is changed", async () => {
    await using server = await startServer(answerOf({ records: numbered(4), counts: "total" }));
    const dcs = createDcsClient({ endpoint: server.url, projectId: "p", credentials: { token: "t" } });
    const beginTime = new Date(0);
    for await (const _ of dcs.backupRecords("i", { pageSize: 2, beginTime })) beginTime.setFullYear(2000);
    for (const { target } of server.received) expect(target).toContain("begin_time=19700101000000");
    expect(server.received).toHaveLength(2);
  });

  it("yields no id twice and loses none of the old ones, while records are added", async () => {
    const additions = fc.array(fc.record({ at: fc.nat(), count: fc.integer({ min: 0, max: 2 }) }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ max: 40, min: 0 }), counts, additions, async (count, counts, additions) => {
        const first = numbered(count);
        let next = 1000;
        const change = (records: BackupRecordResponse[]) => {
          const { at = 0, count = 0 } = additions.shift() ?? {};
          for (let added = 0; added < count; added += 1) {
            next += 1;
            records.splice(at % (records.length + 1), 0, { backup_id: idOf(next) });
          }
        };
        const ids = (await listAll({ records: [...first], counts, change }, 3)).records.map(
          ({ backup_id }) => backup_id,
        );
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toEqual(expect.arrayContaining(first.map(({ backup_id }) => backup_id)));
      }),
      { numRuns: 150 },
    );
  });

  it("yields no id twice and ends, while the list is shuffled and shrinks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ max: 40, min: 0 }),
        counts,
        fc.infiniteStream(fc.nat()),
        async (count, counts, random) => {
          const draw = () => random.next().value as number;
          const change = (records: BackupRecordResponse[]) => {
            for (let swaps = draw() % 10; swaps > 0; swaps -= 1)
              records.push(...records.splice(draw() % (records.length + 1), 1));
            if (draw() % 3 === 0) records.splice(draw() % (records.length + 1), 1);
          };
          const ids = (await listAll({ records: numbered(count), counts, change }, 4)).records.map(
            ({ backup_id }) => backup_id,
          );
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([
    ["an empty list", 0, "page", 10, 1],
    ["a short page", 3, "page", 10, 1],
    ["a short page, nothing counted", 3, "nothing", 10, 1],
    ["a total that is reached", 20, "total", 10, 2],
    ["full pages only, if the page is counted", 20, "page", 10, 3],
    ["full pages and a short one", 25, "page", 10, 3],
    ["a short page of the largest documented size", 999, "page", 1000, 1],
    ["a short page of a larger size, and an empty one", 999, "page", 1001, 2],
  ] as const)("asks no more often than it must: %s", async (_, count, counts, pageSize, requests) => {
    expect(await listAll({ records: numbered(count), counts }, pageSize)).toMatchObject({ requests });
  });

  it("asks for pages of 100, each where the last one ended", async () => {
    const { targets } = await listAll({ records: numbered(25), counts: "total", clamp: 7 }, 10);
    expect(targets.map((target) => new URL(target, "http://server").search)).toEqual(
      [0, 7, 14, 21].map((offset) => `?limit=10&offset=${offset}`),
    );
    await using server = await startServer(reply(204));
    const dcs = createDcsClient({ endpoint: server.url, projectId: "p", credentials: { token: "t" } });
    const times = { beginTime: "20190501000000", endTime: "20190531235959" };
    for await (const _ of dcs.backupRecords("i", times)) expect.unreachable();
    expect(server.received.map(({ target }) => target)).toEqual([
      "/v2/p/instances/i/backups?begin_time=20190501000000&end_time=20190531235959&limit=100&offset=0",
    ]);
  });

  it("asks for a page only when its first record is wanted", async () => {
    await using server = await startServer(answerOf({ records: numbered(30), counts: "total" }));
    const dcs = createDcsClient({ endpoint: server.url, projectId: "p", credentials: { token: "t" } });
    const records = dcs.backupRecords("i", { pageSize: 10 });
    expect(server.received).toHaveLength(0);
    for (let wanted = 1; wanted <= 25; wanted += 1) {
      expect((await records.next()).value).toMatchObject({ backup_id: idOf(wanted - 1) });
      expect(server.received).toHaveLength(Math.ceil(wanted / 10));
    }
    await records.return();
    expect(await records.next()).toEqual({ done: true, value: undefined });
    expect(server.received).toHaveLength(3);
  });

  it("fails if a page fails, after the records before it", async () => {
    const answer = answerOf({ records: numbered(30), counts: "total" });
    await using server = await startServer((request, response) =>
      request.url?.includes("offset=20") ? reply(403)(request, response) : answer(request, response),
    );
    const dcs = createDcsClient({ endpoint: server.url, projectId: "p", credentials: { token: "t" } });
    const got: unknown[] = [];
    const listed = (async () => {
      for await (const record of dcs.backupRecords("i", { pageSize: 10 })) got.push(record);
    })();
    await expect(listed).rejects.toMatchObject({ name: "DcsApiError", status: 403 });
    expect(got).toHaveLength(20);
  });

  it("is aborted between two pages, and within one", async () => {
    await using server = await startServer(answerOf({ records: numbered(30), counts: "total" }));
    const dcs = createDcsClient({ endpoint: server.url, projectId: "p", credentials: { token: "t" } });
    const stop = new AbortController();
    const records = dcs.backupRecords("i", { pageSize: 10, signal: stop.signal });
    await records.next();
    stop.abort("enough");
    const rest = (async () => {
      for await (const _ of records);
    })();
    await expect(rest).rejects.toBe("enough");
    expect(server.received).toHaveLength(1);
  });
});
