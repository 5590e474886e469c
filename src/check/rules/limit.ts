import { fine, type Rule } from "../rule.ts";

export const limit: Rule = {
  id: "limit",
  severity: "error",
  title: "A page has no more records than limit",
  source: "query.limit",
  page({ probe, query, records }) {
    if (query.limit === undefined || probe.expects === "refusal") return undefined;
    if (records.length <= Number(query.limit)) return fine;
    const message = `A page of ${records.length} records for limit=${query.limit}`;
    return [
      { message, pointer: "/backup_record_response", expected: `at most ${query.limit}`, actual: records.length },
    ];
  },
};
