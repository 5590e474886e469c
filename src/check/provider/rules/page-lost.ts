import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";
import { isAccepted } from "../status.ts";

/** A 204 also means an empty page. */
export const pageLost: Rule = {
  id: "page-lost",
  severity: "error",
  title: "No page is empty while there are records left",
  source: "remark.offset-default",
  exchange(exchange, { pages, contract }) {
    const { probe, query, answer } = exchange;
    const lists = ["list", "list-again"].flatMap((id) => pages.get(id)?.records.length ?? []);
    const listed = lists.length === 0 ? 0 : Math.min(...lists);
    const least = Number(query.offset ?? 0) + 1;
    if (!["first-page", "second-page"].includes(probe.id) || listed < least || !isAccepted(exchange)) return undefined;
    const page = pages.get(probe.id);
    if (answer?.status === contract.page.status && !page) return undefined; // the rules on the body report it
    if (page && page.records.length > 0) return fine;
    const message = `The page is empty, although the list without limit and offset has ${listed} records`;
    const found = page ? { pointer: `/${contract.page.list}`, actual: [] } : { actual: 204 };
    return [{ message, expected: "at least 1 record", ...found }];
  },
};
