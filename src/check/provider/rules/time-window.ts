import { writeTime } from "../../../wire/time.ts";
import { fine, type Rule } from "../../model/rule.ts";

/** The page does not say which of a record's times counts: one that was under way within the window belongs to it. */
export const timeWindow: Rule = {
  id: "time-window",
  severity: "warning",
  title: "Every record is of the time window that was asked for",
  source: "query.begin_time.meaning",
  page({ probe, query, records }) {
    const { begin_time: begin = "00000000000000", end_time: end = "99999999999999" } = query;
    const isAsked = query.begin_time !== undefined || query.end_time !== undefined;
    if (!isAsked || probe.expects !== "page") return undefined; // of a time that is none there is no window
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
  },
};

/** A time as the contract's parameters write it, so that texts compare as times do; only years of four digits do. */
function asParameter(value: unknown): string | undefined {
  const text = typeof value === "string" ? writeTime(new Date(value)) : "";
  return text.length === 14 ? text : undefined;
}
