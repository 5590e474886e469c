import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const times: Rule = {
  id: "times",
  severity: "warning",
  title: "No backup ends before it begins",
  source: "record.updated_at.meaning",
  record({ created_at, updated_at }) {
    if (typeof created_at !== "string" || typeof updated_at !== "string") return undefined;
    if (isLaterText(created_at, updated_at) || !(Date.parse(updated_at) < Date.parse(created_at))) return fine;
    const message = "updated_at is before created_at";
    return [{ message, pointer: "/updated_at", expected: `${created_at} or later`, actual: updated_at }];
  },
};

/** Quick, for what is written alike, as nearly all is. */
const isLaterText = (before: string, after: string) =>
  before.length === after.length && form.test(before) && form.test(after) && before <= after;

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
