import { fine, type Rule } from "../../model/rule.ts";

/** A warning, since the order of the records is documented nowhere; a record that is repeated is for the rule page-repeats. */
export const pageOrder: Rule = {
  id: "page-order",
  severity: "warning",
  title: "A page begins with the record that stands at its offset in the plain list",
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
        message: `The page begins with another record than the plain list has at offset ${offset}: offset does not count records, or the order changes between requests`,
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
