import { fine, type Rule, recordPointer } from "../rule.ts";

export const pageRepeats: Rule = {
  id: "page-repeats",
  severity: "error",
  title: "The second page does not repeat the first",
  source: "query.offset",
  page({ probe, records }, { pages }) {
    const first = pages.get("first-page")?.records[0]?.record.backup_id;
    if (probe.id !== "second-page" || typeof first !== "string") return undefined;
    const repeated = records.find(({ record }) => record.backup_id === first);
    if (!repeated) return fine;
    return [
      {
        message: "The page at offset=1 repeats the record at offset=0",
        pointer: recordPointer(repeated.index),
        expected: "another record, or none",
        actual: first,
      },
    ];
  },
};
