import { type Fault, fine } from "../../../wire/rule.ts";
import { writeTime } from "../../../wire/time.ts";
import type { Page } from "../../model/exchange.ts";
import type { Rule } from "../../model/rule.ts";

/** Only a warning, as the page does not say which time of a record counts. What is certain is for window-applied. */
export const timeWindow: Rule = {
  id: "time-window",
  severity: "warning",
  title: "Every record is from the requested time window",
  source: "query.begin_time.meaning",
  page: (page) => (page.probe.id === "window" ? recordsOutside(page) : undefined),
};

/** A backup that was running within the window belongs to it. */
export function recordsOutside({ query, records }: Page): readonly Fault[] {
  const { begin_time: begin = "00000000000000", end_time: end = "99999999999999" } = query;
  return records.flatMap(({ record, pointer }) => {
    const created = asParameter(record.created_at);
    const updated = asParameter(record.updated_at) ?? created;
    if (!created || !updated || (created <= end && updated >= begin)) return fine;
    return [
      {
        message: "The record is from outside the time window",
        pointer: `${pointer}/created_at`,
        expected: `from ${begin} to ${end}`,
        actual: record.created_at,
      },
    ];
  });
}

/** A time as the contract's parameters write it: as text, it sorts by time. Only for years of four digits. */
function asParameter(value: unknown): string | undefined {
  const text = typeof value === "string" ? writeTime(new Date(value)) : "";
  return text.length === 14 ? text : undefined;
}
