// Coverage in words, for people.

import { groupBy } from "../engine/group.ts";
import type { Coverage, CoverageItem } from "../model/coverage.ts";

/** `seen 31 of 58 (53 %)` */
export const extent = ({ seen, of, percent }: Coverage): string => `seen ${seen} of ${of} (${percent} %)`;

/** What items are about, each with its items: `["limit", "absent, given"]` */
export const grouped = (items: readonly CoverageItem[]): [about: string, what: string][] =>
  [...groupBy(items, ({ about }) => about)].map(([about, own]) => [about, own.map(({ what }) => what).join(", ")]);

/** `limit: absent, given; HTTP status: 400` */
export const phrase = (items: readonly CoverageItem[]): string =>
  grouped(items)
    .map((group) => group.join(": "))
    .join("; ");
