// Makes up a believable history of backups of an instance that grows: automatic ones at their period, manual ones between them.

import type { Field } from "../../generated/contract.ts";
import type { BackupRecordResponse, BackupStatus } from "../../generated/types.ts";
import { baseContract, type Contract, valuesOf } from "../wire/contract.ts";
import { writeTime } from "../wire/time.ts";
import type { BackupRecord } from "./service.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A fixed day, so that the same seed makes the same records for ever. */
const lastDay = Date.UTC(2025, 11, 31);

/** More would not fit into the eight years. */
export const mostRecords = 1_000_000;

const longest = 8 * 365 * day;

/** From one automatic backup to the next: once a day, or more often if there were more of them than days. */
const steps = [24, 12, 8, 6, 4, 3, 2, 1]
  .map((hours) => hours * hour)
  .concat([30, 20, 15, 10, 5, 4].map((m) => m * minute));

/** Automatic backups are kept for a week. */
const keptFor = 7 * day;

/** From so many records on, the newest two are not over: one waits, and one runs. */
const leastWithUnfinished = 10;

const bytesASecond = 20 * 2 ** 20;

/** The names of backups have the time of this zone, as that of the reference page's example. */
const zone = 8 * hour;

const remarks = [
  "before the upgrade",
  "before the migration",
  "001",
  "monthly copy for the audit",
  "antes da migração",
  "升级前备份",
  "load test",
];

interface Trait {
  /** Whether the backup was written to its end. */
  isWhole: boolean;
  /** Whether it has ended, well or not. */
  isOver: boolean;
}

const traits: Readonly<Record<BackupStatus, Trait>> = {
  waiting: { isWhole: false, isOver: false },
  backuping: { isWhole: false, isOver: false },
  succeed: { isWhole: true, isOver: true },
  failed: { isWhole: false, isOver: true },
  expired: { isWhole: true, isOver: true },
  deleted: { isWhole: true, isOver: true },
};

type Random = () => number;

/**
 * The newest first. The history ends on 2025-12-31, whatever the day is, and goes back for at most eight years. The fields that
 * every revision has are the same for every contract.
 */
export function history(count: number, seed: number, contract: Contract): BackupRecord[] {
  const random = randomOf(seed);
  const backup = makerOf(contract, random, randomOf(~seed));
  const step = steps.find((step) => count * step <= longest) ?? 0;
  const top = lastDay + Math.floor(random() * 24) * hour;
  const newestSize = between(random, 5, 20) * 2 ** 30;
  const sizeAt = (at: number) =>
    Math.round(newestSize * Math.exp((-5 * (top - at)) / longest) * between(random, 0.98, 1));
  const isManual = nowAndThen(random, 4, 12);
  const isFailure = nowAndThen(random, 8, 20, 4); // the first page of most lists has one
  const isDeleted = nowAndThen(random, 2, 4);
  const hasUnfinished = count >= leastWithUnfinished;

  function manual(at: number): BackupRecord {
    const [created, status] =
      at === top
        ? ([at + between(random, 2, 3) * minute, "waiting"] as const)
        : ([at + between(random, 0.25, 0.9) * step, isDeleted() ? "deleted" : "succeed"] as const);
    return backup({ type: "manual", status, created, size: sizeAt(created), most: step / 12 });
  }

  function automatic(at: number): BackupRecord {
    const created = at + random() * Math.min(90 * second, step / 8);
    const status = isFailure() ? "failed" : top - at > keptFor ? "expired" : "succeed";
    const isRunning = at === top && hasUnfinished;
    return backup({
      type: "auto",
      status: isRunning ? "backuping" : status,
      created,
      size: sizeAt(created),
      most: step / 12,
    });
  }

  const records: BackupRecord[] = [];
  for (let at = top; records.length < count; at -= step) {
    if (at === top ? hasUnfinished : isManual()) records.push(manual(at));
    if (records.length < count) records.push(automatic(at));
  }
  return records;
}

interface Told {
  type: NonNullable<BackupRecordResponse["backup_type"]>;
  status: BackupStatus;
  /** When it was created, in milliseconds. */
  created: number;
  size: number;
  /** Milliseconds that it takes at most: the next one must not begin before its end. */
  most: number;
}

/** @param laterRandom for the fields of later revisions, which must not change the others */
function makerOf(contract: Contract, random: Random, laterRandom: Random): (told: Told) => BackupRecord {
  const instance_id = String(contract.parameters.get("instance_id")?.example);
  const fields = contract.fieldsOf(contract.page.record);
  const codes = (fields.error_code && valuesOf(fields.error_code)) ?? [];
  let failures = Math.floor(random() * codes.length);
  const known = baseContract.fieldsOf(baseContract.page.record);
  const later = Object.entries(fields).flatMap(([name, field]) => {
    const value = Object.hasOwn(known, name) ? undefined : invention(field, laterRandom);
    return value ? [{ name, value }] : [];
  });

  return ({ type, status, created, size, most }) => {
    const { isWhole, isOver } = traits[status];
    const isFailure = status === "failed";
    const takes = Math.min((size / bytesASecond) * second, most) * between(random, isFailure ? 0.01 : 0.8, 1);
    const updated = created + takes;
    const partly = status === "waiting" ? "0.00" : between(random, 1, 99).toFixed(2);
    if (isFailure) failures += 1;
    const record: BackupRecordResponse = {
      backup_id: uuid(random),
      backup_name: `backup_${writeTime(new Date(created + zone))}`,
      instance_id,
      backup_type: type,
      status,
      progress: isWhole ? "100.00" : partly,
      size: isWhole ? size : 0,
      period: type === "auto" ? hourOf(created) : null,
      error_code: isFailure ? (codes[failures % codes.length] ?? null) : null,
      remark: type === "manual" ? one(random, remarks) : "",
      is_support_restore: status === "succeed" ? "TRUE" : "FALSE",
      created_at: new Date(created).toISOString(),
      ...(isOver && { updated_at: new Date(updated).toISOString() }),
    };
    if (!isOver) return record;
    const more: Record<string, unknown> = record;
    for (const { name, value } of later) more[name] = value(created, updated);
    return record;
  };
}

/** Makes values for a field of which nothing is known but what the contract says of it, if that is enough. */
function invention(field: Field, random: Random): ((created: number, updated: number) => string) | undefined {
  const values = valuesOf(field);
  if (values) return () => one(random, values);
  if (field.format !== "date-time") return undefined;
  return (created, updated) => new Date(between(random, created, updated)).toISOString();
}

const hours = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, "0")}:00`);
const periods = hours.map((start, index) => `${start}-${hours[(index + 1) % 24]}`);

const hourOf = (time: number): string | null => periods[new Date(time).getUTCHours()] ?? null;

/** Numbers from 0 up to 1: a counter whose bits are mixed. It takes each of 2³² values once before it begins again. */
function randomOf(seed: number): Random {
  let state = mix(seed);
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state) / 2 ** 32;
  };
}

/** The last step of MurmurHash3: different numbers stay different. */
function mix(number: number): number {
  let bits = number >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const between = (random: Random, least: number, most: number): number => least + random() * (most - least);

const one = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/**
 * True again and again, each time after at least so many calls, and at most so many.
 * @param first after how many calls at most it is true for the first time
 */
function nowAndThen(random: Random, least: number, most: number, first = most): () => boolean {
  const draw = () => Math.floor(between(random, least, most + 1));
  let left = Math.min(first, draw());
  return () => {
    left -= 1;
    if (left > 0) return false;
    left = draw();
    return true;
  };
}

const bytes = Buffer.alloc(16);

/** No two are the same, since no two of their first 32 bits are. */
function uuid(random: Random): string {
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32BE(random() * 2 ** 32, at);
  return bytes.toString("hex").replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-4$3-a$4-$5");
}
