import { fine, type Rule } from "../../model/rule.ts";
import { idsAt, isSkipping } from "../order.ts";

/** Where the list did not come again as before, there is only a warning: the rule page-order has it. */
export const pageSkips: Rule = {
  id: "page-skips",
  severity: "error",
  title: "The second page does not skip a record",
  source: "remark.offset-default",
  page({ probe, records: [first] }, { pages }) {
    const [expected] = idsAt(pages, 1);
    if (probe.id !== "second-page" || first === undefined || expected === undefined) return undefined;
    if (!isSkipping(pages)) return fine;
    return [
      {
        message:
          "The page at offset=1 skips the record that the plain list has there, and has when it is asked again: offset does not count records, and whoever pages by it loses some",
        pointer: `${first.pointer}/backup_id`,
        expected,
        actual: first.record.backup_id,
      },
    ];
  },
};
