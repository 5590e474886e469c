import { fine, type Rule } from "../../model/rule.ts";

/** A backup made between the two requests moves all others by one; then the total of all pages grows too. */
export const pageRepeats: Rule = {
  id: "page-repeats",
  severity: "error",
  title: "The second page does not repeat the first",
  source: "query.offset",
  page({ probe, records, body }, { pages }) {
    const firstPage = pages.get("first-page");
    const first = firstPage?.records[0]?.record.backup_id;
    if (probe.id !== "second-page" || typeof first !== "string") return undefined;
    const [before, after] = [firstPage?.body.total_num, body.total_num];
    if (typeof before === "number" && typeof after === "number" && before > 1 && after > before) return undefined;
    const repeated = records.find(({ record }) => record.backup_id === first);
    if (!repeated) return fine;
    return [
      {
        message: "The page at offset=1 repeats the record at offset=0",
        pointer: repeated.pointer,
        expected: "another record, or none",
        actual: first,
      },
    ];
  },
};
