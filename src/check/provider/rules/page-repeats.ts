import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";
import { idsAt, idsBefore, listAgain, offsetOf } from "../order.ts";

/** A backup made between the two requests moves all others by one, which the list shows when it is requested again. */
export const pageRepeats: Rule = {
  id: "page-repeats",
  severity: "error",
  title: "The second page does not repeat the first",
  source: "query.offset",
  page(page, { pages }) {
    const { probe, records } = page;
    const before = idsBefore(pages).filter((id) => id !== undefined);
    if (probe.id !== "second-page" || before.length === 0) return undefined;
    const repeated = records.find(({ record }) => before.some((id) => id === record.backup_id));
    const again = listAgain(pages);
    const isMoved = again === "moved" && idsAt(pages, offsetOf(page)).includes(String(records[0]?.record.backup_id));
    if (!repeated || isMoved) return fine;
    if (again === "moved" || again === "reordered") return undefined; // the rule page-order warns
    return [
      {
        message: `The page at offset=${offsetOf(page)} repeats a record of the page at offset=${offsetOf(pages.get("first-page"))}`,
        pointer: repeated.pointer,
        expected: "another record, or none",
        actual: repeated.record.backup_id,
      },
    ];
  },
};
