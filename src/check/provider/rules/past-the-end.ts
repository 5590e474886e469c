import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const pastTheEnd: Rule = {
  id: "past-the-end",
  severity: "error",
  title: "An offset past the end returns no record",
  source: "query.offset",
  page({ probe, query, records, body }, { contract }) {
    if (probe.id !== "page-past-the-end") return undefined;
    if (typeof body.total_num === "number" && body.total_num > Number(query.offset)) return undefined;
    if (records.length === 0) return fine;
    const message = `The page at offset=${query.offset} has records`;
    return [{ message, pointer: `/${contract.page.list}`, expected: "no record", actual: records.length }];
  },
};
