import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

/** The page does not say whether it counts this page or all pages: both are fine. */
export const total: Rule = {
  id: "total",
  severity: "warning",
  title: "total_num counts the records of this page, or of all pages",
  source: "response.total_num",
  page({ probe, body, query, list }, { pages }) {
    const { total_num } = body;
    if (typeof total_num !== "number" || !list) return undefined;
    const isFiltered = query.begin_time !== undefined || query.end_time !== undefined;
    const all = isFiltered || probe.id === "list" ? undefined : pages.get("list")?.body.total_num;
    const again = isFiltered ? undefined : pages.get("list-again")?.body.total_num;
    const isKnown = typeof all === "number";
    const isOfPage = total_num === list.length;
    const isOfAll = total_num > list.length && (!isKnown || total_num === all || total_num === again);
    if (isOfPage || isOfAll) return fine;
    const expected = isKnown ? `${list.length}, or ${all} as in the unfiltered list` : `${list.length} or more`;
    const message = `total_num counts neither this page nor all pages${isKnown && again === undefined ? ", or the list changed meanwhile" : ""}`;
    return [{ message, pointer: "/total_num", expected, actual: total_num }];
  },
};
