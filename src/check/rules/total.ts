import { fine, type Rule } from "../rule.ts";

/** The page does not say whether it counts this page or all pages: either will do. */
export const total: Rule = {
  id: "total",
  severity: "warning",
  title: "total_num counts the records of this page, or of all pages",
  source: "response.total_num",
  page({ body, records, query }, { pages }) {
    const { total_num } = body;
    if (typeof total_num !== "number" || !Array.isArray(body.backup_record_response)) return undefined;
    const all = pages.get("list")?.body.total_num;
    const isFiltered = query.begin_time !== undefined || query.end_time !== undefined;
    const isOfPage = total_num === records.length;
    const isOfAll = total_num > records.length && (isFiltered || total_num === all);
    if (isOfPage || isOfAll) return fine;
    const expected = isFiltered ? `${records.length} or more` : `${records.length}, or ${all} as in the plain list`;
    return [
      { message: "total_num fits neither this page nor all pages", pointer: "/total_num", expected, actual: total_num },
    ];
  },
};
