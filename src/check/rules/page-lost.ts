import { fine, type Rule } from "../rule.ts";

export const pageLost: Rule = {
  id: "page-lost",
  severity: "error",
  title: "No page comes back empty while there are records left",
  source: "remark.offset-default",
  page({ probe, query, records }, { pages }) {
    const listed = pages.get("list")?.records.length ?? 0;
    const least = Number(query.offset ?? 0) + 1;
    if (!["first-page", "second-page"].includes(probe.id) || listed < least) return undefined;
    if (records.length > 0) return fine;
    const message = `The page is empty, though the list without limit and offset has ${listed} records`;
    return [{ message, pointer: "/backup_record_response", expected: "at least 1 record", actual: [] }];
  },
};
