import { writeTime } from "../../../wire/time.ts";
import type { Page } from "../../model/exchange.ts";
import { type Fault, fine, type Rule } from "../../model/rule.ts";

/** A warning, since the page does not say which of a record's times counts; window-heeded is on what is sure. */
export const timeWindow: Rule = {
  id: "time-window",
  severity: "warning",
  title: "Every record is of the time window that was asked for",
  source: "query.begin_time.meaning",
  page: (page) => (page.probe.id === "window" ? recordsOutside(page) : undefined),
};

/** One that was under way within the window belongs to it. */
export function recordsOutside({ query, records }: Page): readonly Fault[] {
  const { begin_time: begin = "00000000000000", end_time: end = "99999999999999" } = query;
  return records.flatMap(({ record, pointer }) => {
    const created = asParameter(record.created_at);
    const updated = asParameter(record.updated_at) ?? created;
    if (!created || !updated || (created <= end && updated >= begin)) return fine;
    return [
      {
        message: "The record is from outside of the time window",
        pointer: `${pointer}/created_at`,
        expected: `from ${begin} to ${end}`,
        actual: record.created_at,
      },
    ];
  });
}

/** A time as the contract's parameters write it, so that texts compare as times do; only years of four digits do. */
function asParameter(value: unknown): string | undefined {
  const text = typeof value === "string" ? writeTime(new Date(value)) : "";
  return text.length === 14 ? text : undefined;
}
