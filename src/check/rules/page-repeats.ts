import { fine, type Rule, recordPointer } from "../rule.ts";

export const pageRepeats: Rule = {
  id: "page-repeats",
  severity: "error",
  title: "The second page does not repeat the first",
  source: "query.offset",
  page({ probe, records }, { pages }) {
    const first = pages.get("first-page");
    if (probe.id !== "second-page" || !first || first.records.length === 0) return undefined;
    const known = new Set(first.records.map(({ record }) => record.backup_id));
    const repeated = records.find(({ record: { backup_id } }) => backup_id !== undefined && known.has(backup_id));
    if (!repeated) return fine;
    return [
      {
        message: "The page at offset=1 repeats the record at offset=0",
        pointer: recordPointer(repeated.index),
        expected: "another record, or none",
        actual: repeated.record.backup_id,
      },
    ];
  },
};
