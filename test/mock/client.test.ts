// This package's client in every scenario: what a program gets of 25 records, ten at a time.

import { describe, expect, it } from "vitest";
import { type BackupRecord, createDcsClient, type DcsClientOptions, DcsError } from "../../src/client/index.ts";
import { startMock } from "../../src/mock/index.ts";
import { scenarioNames } from "../../src/mock/scenarios/index.ts";
import { backups, instanceId, projectId } from "./backups.ts";

const records = backups(25);

/** The records come once each, in their order. Requests are those that the client sends, retries included. */
type Row = [scenario: string, records: number, ends: string, requests: number, why: string];

const table: Row[] = [
  ["none", 25, "well", 3, "there are three pages"],
  ["throttled", 25, "well", 6, "each page is requested again when it may be"],
  ["slow", 25, "well", 3, "2 seconds are within the time limit"],
  ["clamped", 25, "well", 4, "the offset goes on by what came, and total_num says that there is more"],
  ["growing", 25, "well", 3, "the record that moved to the next page is given once"],
  ["unknown-values", 25, "well", 3, "unknown values and fields are passed through"],
  ["newer", 25, "well", 3, "later fields are passed through"],
  ["empty-204", 0, "well", 1, "a 204 is an empty page"],
  ["flaky", 25, "well", 6, "the first page comes with the third retry"],
  ["gateway-error", 0, "DcsApiError 401 APIGW.0301", 1, "a 401 is never retried"],
  ["token-expired", 10, "DcsApiError 401 APIGW.0307", 2, "a 401 is never retried"],
  ["ignores-offset", 10, "well", 2, "a page without anything new ends the list"],
  ["braces", 25, "well", 3, "{} is read as null"],
  ["cut", 0, "DcsNetworkError", 4, "a broken connection is retried three times"],
];

/** All records that come, how it ended, and after how many requests of the client. */
async function listAll(scenario: string, options: Partial<DcsClientOptions> = {}) {
  await using mock = await startMock({ records, ...(scenario !== "none" && { scenario }) });
  let requests = 0;
  const dcs = createDcsClient({
    endpoint: mock.url,
    projectId,
    credentials: { token: "any" },
    retry: { baseDelayMs: 1 },
    onRequest: () => {
      requests += 1;
    },
    ...options,
  });
  const got: BackupRecord[] = [];
  let error: DcsError | undefined;
  try {
    for await (const record of dcs.backupRecords(instanceId, { pageSize: 10 })) got.push(record);
  } catch (reason) {
    if (!(reason instanceof DcsError)) throw reason;
    error = reason;
  }
  const { name, status, code } = Object(error);
  const ends = error ? [name, status, code].filter(Boolean).join(" ") : "well";
  return { got, ids: got.map(({ backup_id }) => backup_id), ends, requests };
}

const ids = (count: number) => records.slice(0, count).map(({ backup_id }) => backup_id);

describe.concurrent("the client in each scenario", () => {
  it.each(table)("%s: %i records, ends %s after %i requests, since %s", async (scenario, count, ends, requests) => {
    expect(await listAll(scenario)).toMatchObject({ ids: ids(count), ends, requests });
  });

  it("the table has every scenario", () => {
    expect(table.map(([scenario]) => scenario)).toEqual(["none", ...scenarioNames]);
  });

  it("token-expired: all records with credentials that are renewed", async () => {
    let renewed = 0;
    const credentials = async () => ({ token: `token-${renewed++}` });
    expect(await listAll("token-expired", { credentials })).toMatchObject({ ids: ids(25), requests: 3, ends: "well" });
  });

  it("slow: the time limit ends it, without a retry", async () => {
    const ended = await listAll("slow", { timeoutMs: 200 });
    expect(ended).toMatchObject({ ids: [], ends: "DcsTimeoutError", requests: 1 });
  });

  it("braces: the records are as they were", async () => {
    expect((await listAll("braces")).got).toEqual(records);
  });

  it("unknown-values and newer: the records have what is new", async () => {
    const [unknown, later] = await Promise.all([listAll("unknown-values"), listAll("newer")]);
    expect(unknown.got.filter(({ status }) => (status as string) === "archived")).toHaveLength(3); // one a page
    expect(
      later.got.every((record) => record.backup_format === "aof" && record.execution_at === record.created_at),
    ).toBe(true);
  });
});
