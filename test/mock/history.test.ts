// The history that is made up: believable, the same for the same seed, and of the contract.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { history, mostRecords } from "../../src/mock/history.ts";
import type { BackupRecord } from "../../src/mock/service.ts";
import { baseContract, contractOf, revisionDates, valuesOf } from "../../src/wire/contract.ts";

const hour = 3_600_000;
const day = 24 * hour;
const seeds = Array.from({ length: 40 }, (_, index) => index * 7919);

const madeUp = (count: number, seed = 1) => history(count, seed, baseContract);
const created = ({ created_at }: BackupRecord) => Date.parse(String(created_at));
const updated = ({ updated_at }: BackupRecord) => Date.parse(String(updated_at));
const found = (records: readonly BackupRecord[], field: string) => new Set(records.map((record) => record[field]));

/** Long enough for each length of the step between two automatic backups. */
const long = madeUp(100_000);

describe("a history", () => {
  it("has as many records as asked for", () => {
    const counts = [0, 1, 2, 9, 10, 11, 100, 2500];
    expect(counts.map((count) => madeUp(count).length)).toEqual(counts);
  });

  it.each(revisionDates)("keeps to the contract to the letter: revision %s", async (date) => {
    const contract = await contractOf(date);
    const isRecord = contract.validator(contract.page.record);
    for (const seed of seeds) {
      expect(history(200, seed, contract).filter((record) => !isRecord(record))).toEqual([]);
    }
  });

  it.each(revisionDates)("has every enumeration value from 100 records on: revision %s", async (date) => {
    const contract = await contractOf(date);
    const enumerations = Object.entries(contract.fieldsOf(contract.page.record)).filter(([, field]) => field.enum);
    expect(enumerations.length).toBeGreaterThan(2);
    for (const seed of seeds) {
      const records = history(100, seed, contract);
      for (const [name, field] of enumerations) {
        const values = [...found(records, name)].filter((value) => value !== undefined).sort();
        expect(values, `${name}, seed ${seed}`).toEqual(valuesOf(field)?.toSorted());
      }
    }
  });

  it("has some error codes in 100 records, and all documented ones in a long list", () => {
    const codes = valuesOf(baseContract.fieldsOf(baseContract.page.record).error_code ?? { nullable: true }) ?? [];
    for (const seed of seeds) {
      const some = found(madeUp(100, seed), "error_code");
      expect(some.size).toBeGreaterThan(3);
      expect([...codes, null]).toEqual(expect.arrayContaining([...some]));
    }
    expect(found(long, "error_code")).toEqual(new Set([...codes, null]));
  });

  it("is the same for the same seed, and another for another", () => {
    expect(madeUp(500, 7)).toEqual(madeUp(500, 7));
    const ids = seeds.flatMap((seed) => madeUp(50, seed).map(({ backup_id }) => backup_id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("begins with the same records, however long it is", () => {
    expect(madeUp(2500).slice(0, 10)).toEqual(madeUp(10));
  });

  it("differs between revisions only in the fields that not all of them have", async () => {
    const known = Object.keys(baseContract.fieldsOf(baseContract.page.record));
    const newest = history(200, 1, await contractOf("newest"));
    const reduced = newest.map((record) =>
      Object.fromEntries(Object.entries(record).filter(([n]) => known.includes(n))),
    );
    expect(reduced).toEqual(madeUp(200));
    for (const record of newest) {
      const isOver = "updated_at" in record;
      expect(["execution_at", "backup_format"].map((field) => field in record)).toEqual([isOver, isOver]);
      if (!isOver) continue;
      const executed = Date.parse(String(record.execution_at));
      expect(executed).toBeGreaterThanOrEqual(created(record));
      expect(executed).toBeLessThanOrEqual(updated(record));
    }
  });

  /**
   * The generator is part of what users rely on: their tests know its records. If it has to change, the new values are those
   * that this test prints.
   */
  it("is that which was recorded", async () => {
    const recorded = JSON.parse(await readFile(join(import.meta.dirname, "recorded-history.json"), "utf8"));
    const records = madeUp(2500, recorded.seed);
    expect(records.slice(0, 12)).toEqual(recorded.first);
    expect(createHash("sha256").update(JSON.stringify(records)).digest("hex")).toBe(recorded.sha256);
  });
});

describe("its times", () => {
  it.each([
    { records: madeUp(9), step: day },
    { records: madeUp(2500), step: day },
    { records: madeUp(10_000), step: 6 * hour },
    { records: long, step: hour / 2 },
  ])("of $records.length records: automatic backups at their period, one each step", ({ records, step }) => {
    const automatic = records.filter(({ backup_type }) => backup_type === "auto");
    const isElsewhere = (record: BackupRecord) => {
      const hours = [0, hour].map((more) => `${new Date(created(record) + more).toISOString().slice(11, 13)}:00`);
      return record.period !== hours.join("-");
    };
    expect(automatic.filter(isElsewhere)).toEqual([]);
    const slots = automatic.map((record) => Math.floor(created(record) / step));
    expect(slots).toEqual(slots.map((_, index) => Number(slots[0]) - index));
    expect(found(automatic, "period").size).toBe(Math.min(24, day / step));
  });

  it("go back for at most eight years from a fixed day", () => {
    const tops = seeds.map((seed) => String(madeUp(11, seed)[0]?.created_at).slice(0, 10));
    expect(new Set(tops)).toEqual(new Set(["2025-12-31"]));
    for (const records of [madeUp(2900), madeUp(3000), long]) {
      const years = (created(records[0] ?? {}) - created(records.at(-1) ?? {})) / (365.25 * day);
      expect(years).toBeGreaterThan(3);
      expect(years).toBeLessThan(8);
    }
    expect(mostRecords * 4 * 60_000).toBeLessThan(8 * 365 * day);
  });

  it.each([{ records: madeUp(2500) }, { records: madeUp(10_000) }, { records: long }])(
    "are those of one backup after the other, the newest first: $records.length records",
    ({ records }) => {
      const [waiting = {}, running = {}, ...over] = records;
      expect(created(waiting)).toBeGreaterThan(created(running));
      const isFine = (record: BackupRecord, index: number) =>
        updated(record) > created(record) && updated(record) < created(records[index + 1] ?? {});
      expect(over.filter((record, index) => !isFine(record, index))).toEqual([]);
    },
  );

  it("are in the names, eight hours later", () => {
    for (const { created_at, backup_name } of madeUp(100)) {
      const local = new Date(Date.parse(String(created_at)) + 8 * hour).toISOString();
      expect(backup_name).toBe(`backup_${local.slice(0, 19).replace(/\D/g, "")}`);
    }
  });
});

describe("its records", () => {
  it("have ids in the form of a UUID, no two the same", () => {
    const form = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
    expect(long.filter(({ backup_id }) => !form.test(String(backup_id)))).toEqual([]);
    expect(found(long, "backup_id").size).toBe(long.length);
  });

  it("fit their status", () => {
    for (const record of madeUp(2500)) {
      const { status, progress, size, is_support_restore, error_code, period, remark, backup_type } = record;
      const isFailed = status === "failed";
      const isUnfinished = status === "waiting" || status === "backuping";
      const isWhole = !isFailed && !isUnfinished;
      expect(progress === "100.00").toBe(isWhole);
      expect(Number(size) > 0).toBe(isWhole);
      expect(is_support_restore).toBe(status === "succeed" ? "TRUE" : "FALSE");
      expect(error_code !== null).toBe(isFailed);
      expect("updated_at" in record).toBe(!isUnfinished);
      expect([period === null, remark !== ""]).toEqual(Array(2).fill(backup_type === "manual"));
      if (status === "expired") expect(backup_type).toBe("auto");
    }
  });

  it("are expired if they are automatic, well and older than a week, and only then", () => {
    const [top = {}] = long;
    for (const record of madeUp(2500).slice(2)) {
      if (record.backup_type !== "auto" || record.status === "failed") continue;
      const age = Math.floor((created(top) - created(record)) / day);
      expect(record.status).toBe(age > 7 ? "expired" : "succeed");
    }
  });

  it("begin with one that waits and one that runs, if there are at least ten", () => {
    for (const seed of seeds) {
      expect(
        madeUp(10, seed)
          .map(({ status }) => status)
          .slice(0, 2),
      ).toEqual(["waiting", "backuping"]);
      expect(madeUp(9, seed).filter((record) => !("updated_at" in record))).toEqual([]);
    }
  });

  it("grow, past 2 to the power of 32", () => {
    for (const seed of seeds) {
      const sizes = madeUp(2500, seed).flatMap(({ size }) => (Number(size) > 0 ? Number(size) : []));
      expect(Math.max(...sizes)).toBeGreaterThan(2 ** 32);
      expect(Math.min(...sizes)).toBeLessThan(2 ** 31);
      const mean = (part: readonly number[]) => part.reduce((sum, size) => sum + size, 0) / part.length;
      const parts = [0, 1, 2, 3].map((quarter) => mean(sizes.slice(quarter * 500, quarter * 500 + 500)));
      expect(parts).toEqual(parts.toSorted((a, b) => b - a));
    }
  });
});
