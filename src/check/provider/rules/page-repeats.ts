import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";
import { idsAt, listAgain } from "../order.ts";

/** A backup made between the two requests moves all others by one, which the list shows when it is requested again. */
export const pageRepeats: Rule = {
  id: "page-repeats",
  severity: "error",
  title: "The second page does not repeat the first",
  source: "query.offset",
  page({ probe, records }, { pages }) {
    const first = pages.get("first-page")?.records[0]?.record.backup_id;
    if (probe.id !== "second-page" || typeof first !== "string") return undefined;
    const repeated = records.find(({ record }) => record.backup_id === first);
    const again = listAgain(pages);
    const isMoved = again === "moved" && idsAt(pages, 1).includes(String(records[0]?.record.backup_id));
    if (!repeated || isMoved) return fine;
    if (again === "moved" || again === "reordered") return undefined; // the rule page-order warns
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
