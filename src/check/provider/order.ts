// The order of the records, which no page documents. If the pages do not fit the unfiltered list, it is requested again: that
// tells a server that reads offset in its own way from one whose list changed meanwhile.

import { isFields } from "../../wire/validate.ts";
import type { Page } from "../model/exchange.ts";

type Pages = ReadonlyMap<string, Page>;
type Id = string | undefined;

/** Where a page begins, by what was asked. */
export const offsetOf = (page: Page | undefined): number => Number(page?.query.offset ?? 0);

/** Ids of the records of the first page that stand before the second. */
export function idsBefore(pages: Pages): Id[] {
  const [first, second] = [pages.get("first-page"), pages.get("second-page")];
  return idsOf(first).slice(0, Math.max(0, offsetOf(second) - offsetOf(first)));
}

/** The id of every record of a page, in its place. */
const idsOf = (page: Page | undefined): readonly Id[] => (page?.list ?? []).map(idOf);

function idOf(record: unknown): Id {
  const id = isFields(record) ? record.backup_id : undefined;
  return typeof id === "string" ? id : undefined;
}

/** Whether there is a doubt that a second request of the unfiltered list would settle. */
export function isInDoubt(pages: Pages): boolean {
  const [list, ...others] = ["list", "first-page", "second-page"].map((id) => pages.get(id));
  const [before, [one], next] = [idsOf(list), idsOf(others[0]), idsOf(others[1])];
  const isElsewhere = others.some((page) => {
    const listed = before[offsetOf(page)];
    return page !== undefined && listed !== undefined && idsOf(page)[0] !== listed;
  });
  const isRepeated = one !== undefined && next.includes(one);
  const all = list?.body.total_num;
  const hasOtherTotal = others.some((page) => {
    const total = page?.body.total_num;
    return typeof all === "number" && typeof total === "number" && total !== all && total !== page?.list?.length;
  });
  return isElsewhere || isRepeated || hasOtherTotal;
}

/** How the unfiltered list compares with its second request: `moved` if records came or went and the others kept their order. */
export function listAgain(pages: Pages): "same" | "moved" | "reordered" | undefined {
  const again = pages.get("list-again");
  if (!again) return undefined;
  const [before, after] = [idsOf(pages.get("list")), idsOf(again)];
  if (isEqual(before, after)) return "same";
  const [inBefore, inAfter] = [new Set(before), new Set(after)];
  const kept = before.filter((id) => inAfter.has(id));
  const stayed = after.filter((id) => inBefore.has(id));
  return isEqual(kept, stayed) ? "moved" : "reordered";
}

const isEqual = (some: readonly Id[], others: readonly Id[]) =>
  some.length === others.length && some.every((id, index) => id === others[index]);

/** The records that may be at an offset: that of the unfiltered list, and the one that moved there. */
export function idsAt(pages: Pages, offset: number): string[] {
  const lists = listAgain(pages) === "moved" ? ["list", "list-again"] : ["list"];
  return lists.flatMap((id) => idsOf(pages.get(id))[offset] ?? []);
}

/** Whether the second page starts further down a list that did not change: the records in between are on no page. */
export function isSkipping(pages: Pages): boolean {
  const [before, [one], found] = [
    idsOf(pages.get("list")),
    idsOf(pages.get("first-page")),
    idsOf(pages.get("second-page")),
  ];
  const isSteady =
    listAgain(pages) === "same" && (one === undefined || one === before[offsetOf(pages.get("first-page"))]);
  if (!isSteady || found[0] === undefined) return false;
  const order = [...new Set([...before, ...found])]; // records past the end of the unfiltered list come after it
  const start = order.indexOf(found[0]);
  return start > offsetOf(pages.get("second-page")) && found.every((id, index) => id === order[start + index]);
}
