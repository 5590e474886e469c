import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";
import { idsAt, idsBefore, isSkipping, listAgain } from "../order.ts";

/** Only a warning, as no page documents the order of the records. What is certain is for page-repeats and page-skips. */
export const pageOrder: Rule = {
  id: "page-order",
  severity: "warning",
  title: "A page begins with the record at its offset in the unfiltered list",
  source: "remark.offset-default",
  page({ probe, query, records: [first] }, { pages }) {
    if (!["first-page", "second-page"].includes(probe.id)) return undefined;
    const offset = Number(query.offset ?? 0);
    const listed = idsAt(pages, offset);
    const found = first?.record.backup_id;
    if (first === undefined || listed[0] === undefined || typeof found !== "string") return undefined;
    const isKept = [undefined, "same"].includes(listAgain(pages));
    const isRepeated = isKept && offset > 0 && idsBefore(pages).includes(found);
    if (listed.includes(found) || isRepeated || (offset > 0 && isSkipping(pages))) return fine;
    return [
      {
        message: `The first record of the page is not the one at offset ${offset} of the unfiltered list: offset does not count records, or the order changes between requests`,
        pointer: `${first.pointer}/backup_id`,
        expected: listed[0],
        actual: found,
      },
    ];
  },
};
