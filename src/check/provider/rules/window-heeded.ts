import type { Rule } from "../../model/rule.ts";
import { recordsOutside } from "./time-window.ts";

/** Whichever of a record's times counts: it is from outside. */
export const windowHeeded: Rule = {
  id: "window-heeded",
  severity: "error",
  title: "A time window before there was the service brings no record",
  source: "query.begin_time.meaning",
  page(page, { contract }) {
    if (page.probe.id !== "empty-window") return undefined;
    const { length } = recordsOutside(page);
    const { begin_time, end_time } = page.query;
    const message = `The window from ${begin_time} to ${end_time} brings records from outside of it: it is not heeded`;
    const pointer = `/${contract.page.list}`;
    return length === 0 ? [] : [{ message, pointer, expected: "no record", actual: length }];
  },
};
