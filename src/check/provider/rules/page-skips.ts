import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";
import { idsAt, isSkipping, offsetOf } from "../order.ts";

/** If the list changed meanwhile, the rule page-order warns. */
export const pageSkips: Rule = {
  id: "page-skips",
  severity: "error",
  title: "The second page does not skip a record",
  source: "remark.offset-default",
  page(page, { pages }) {
    const {
      probe,
      records: [first],
    } = page;
    const offset = offsetOf(page);
    const [expected] = idsAt(pages, offset);
    if (probe.id !== "second-page" || first === undefined || expected === undefined) return undefined;
    if (!isSkipping(pages)) return fine;
    return [
      {
        message: `The page at offset=${offset} skips the record that the unfiltered list has there, before and after: offset does not count records, and a client that pages loses some`,
        pointer: `${first.pointer}/backup_id`,
        expected,
        actual: first.record.backup_id,
      },
    ];
  },
};
