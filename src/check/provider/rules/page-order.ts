import { fine, type Rule } from "../../model/rule.ts";
import { idsAt, isSkipping, listAgain } from "../order.ts";

/** A warning, since the order of the records is documented nowhere; page-repeats and page-skips are on what is sure. */
export const pageOrder: Rule = {
  id: "page-order",
  severity: "warning",
  title: "A page begins with the record that stands at its offset in the plain list",
  source: "remark.offset-default",
  page({ probe, query, records: [first] }, { pages }) {
    if (!["first-page", "second-page"].includes(probe.id)) return undefined;
    const offset = Number(query.offset ?? 0);
    const listed = idsAt(pages, offset);
    const found = first?.record.backup_id;
    if (first === undefined || listed[0] === undefined || typeof found !== "string") return undefined;
    const isKept = [undefined, "same"].includes(listAgain(pages));
    const isRepeated = isKept && offset > 0 && found === pages.get("first-page")?.records[0]?.record.backup_id;
    if (listed.includes(found) || isRepeated || (offset > 0 && isSkipping(pages))) return fine;
    return [
      {
        message: `The page begins with another record than the plain list has at offset ${offset}: offset does not count records, or the order changes between requests`,
        pointer: `${first.pointer}/backup_id`,
        expected: listed[0],
        actual: found,
      },
    ];
  },
};
