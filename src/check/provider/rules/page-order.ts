import { fine, type Rule } from "../../model/rule.ts";

/** Only a warning, as no page documents the order of the records. Repeated records are for the rule page-repeats. */
export const pageOrder: Rule = {
  id: "page-order",
  severity: "warning",
  title: "A page begins with the record at its offset in the unfiltered list",
  source: "remark.offset-default",
  page({ probe, query, records: [first] }, { pages }) {
    if (!["first-page", "second-page"].includes(probe.id)) return undefined;
    const offset = Number(query.offset ?? 0);
    const listed = idOf(pages.get("list")?.records.find(({ index }) => index === offset));
    const found = idOf(first);
    if (first === undefined || listed === undefined || found === undefined) return undefined;
    const isRepeated = offset > 0 && found === idOf(pages.get("first-page")?.records[0]);
    if (found === listed || isRepeated) return fine;
    return [
      {
        message: `The first record of the page is not the one at offset ${offset} of the unfiltered list: offset does not count records, or the order changes between requests`,
        pointer: `${first.pointer}/backup_id`,
        expected: listed,
        actual: found,
      },
    ];
  },
};

function idOf(listed: { record: Record<string, unknown> } | undefined): string | undefined {
  const id = listed?.record.backup_id;
  return typeof id === "string" ? id : undefined;
}
