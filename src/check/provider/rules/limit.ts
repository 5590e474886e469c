import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const limit: Rule = {
  id: "limit",
  severity: "error",
  title: "A page has at most as many records as limit says",
  source: "query.limit",
  page({ probe, query, list }, { contract }) {
    if (probe.expects !== "page" || query.limit === undefined || !list) return undefined;
    if (list.length <= Number(query.limit)) return fine;
    const message = `A page of ${list.length} records for limit=${query.limit}`;
    return [{ message, pointer: `/${contract.page.list}`, expected: `at most ${query.limit}`, actual: list.length }];
  },
};
