import type { BackupRecordResponse } from "../../../generated/types.ts";
import { writeTime } from "../../wire/time.ts";
import type { BackupRecord, Service } from "../service.ts";
import type { Scenario } from "./scenario.ts";

export const growing: Scenario = {
  name: "growing",
  title: "After the first page a backup is added at the top of the list",
  evidence: "No page says how the list is ordered: while it changes, records may be repeated or skipped",
  keeps: () => true,
  begin(service) {
    let grown: Service | undefined;
    return ({ request }) => {
      const reply = (grown ?? service).answer(request);
      if (reply.status === service.contract.page.status) grown ??= withOneMore(service);
      return reply;
    };
  },
};

/** Somebody makes a backup a minute after the newest one. */
function withOneMore(service: Service): Service {
  const [first, ...others] = service.records;
  if (!first) return service;
  const newest = others.reduce((newest, record) => (createdAt(record) > createdAt(newest) ? record : newest), first);
  const made: BackupRecordResponse = {
    backup_id: "c41f7be0-93d5-4a6e-8b12-5f0e6a7d2c98",
    backup_name: `backup_${writeTime(new Date(createdAt(newest) + minute))}`,
    backup_type: "manual",
    period: null,
  };
  const times = ["created_at", "updated_at"].filter((name) => name in newest);
  return service.with({ ...newest, ...made, ...Object.fromEntries(times.map((name) => [name, later(newest[name])])) });
}

const minute = 60_000;

/** In milliseconds; a record that does not say so counts as the oldest. */
const createdAt = ({ created_at }: BackupRecord): number => Date.parse(String(created_at)) || 0;

const later = (time: unknown) => new Date(Date.parse(String(time)) + minute).toJSON();
