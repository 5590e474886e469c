import type { Rule } from "../../model/rule.ts";
import { recordsOutside } from "./time-window.ts";

/** The records are from outside the window, whichever of their times counts. */
export const windowApplied: Rule = {
  id: "window-applied",
  severity: "error",
  title: "A time window before the service existed returns no record",
  source: "query.begin_time.meaning",
  page(page, { contract }) {
    if (page.probe.id !== "empty-window") return undefined;
    const { length } = recordsOutside(page);
    const { begin_time, end_time } = page.query;
    const message = `The window from ${begin_time} to ${end_time} returns records from outside it: the window is ignored`;
    const pointer = `/${contract.page.list}`;
    return length === 0 ? [] : [{ message, pointer, expected: "no record", actual: length }];
  },
};
