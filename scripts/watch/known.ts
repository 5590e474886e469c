// The contradictions that are known: spec/watch.yaml lists what a source says otherwise than the contract, and why the contract
// stays as it is. They are not told, but an entry that no source bears out any more is.

import { isDeepStrictEqual } from "node:util";
import type { BaseResolver } from "@redocly/openapi-core";
import { formatProblem, type Problem, refuseIf, StageError } from "../problem.ts";
import { type Position, positionOf, readObject } from "../source.ts";
import { type Difference, partOf, present } from "./compare.ts";
import { type Source, sources } from "./statement.ts";

/** An entry of spec/watch.yaml. */
interface Entry {
  source: Source;
  /** What it is about: `call`, `parameter limit`, `status 400`, `field BackupRecordResponse.size`. */
  parts: string[];
  /** What the source says of each of them: `none`, if it says nothing of a keyword. */
  says: Record<string, unknown>;
  reason: string;
}

export type Known = Entry & { place: Position };

/** @throws {StageError} if it cannot be read, or an entry lacks something */
export async function readKnown(written: BaseResolver, file: string): Promise<Known[]> {
  const { parsed, problem } = await readObject({ written }, file);
  if (problem) throw new StageError([problem]);
  const { known } = parsed as { known?: unknown };
  const rule = "watch";
  if (!Array.isArray(known)) throw new StageError([{ file, message: '"known" is not a list.', rule }]);
  const places = await Promise.all(known.map((_, index) => positionOf(written, { file, path: ["known", index] })));
  const faults = known.map((entry, index): Problem[] => {
    const message = faultOf(entry ?? {});
    return message === undefined ? [] : [{ file, ...places[index], message, rule }];
  });
  refuseIf(faults.flat());
  return known.map((entry, index) => ({ ...entry, place: places[index] }));
}

function faultOf({ source, parts, says, reason }: Partial<Record<keyof Entry, unknown>>): string | undefined {
  if (!sources.some((one) => one === source)) return `The source of this entry is none of ${sources.join(", ")}.`;
  if (!Array.isArray(parts) || parts.length === 0) return "This entry has no parts, a list such as [parameter limit].";
  if (typeof says !== "object" || says === null || Object.keys(says).length === 0)
    return "This entry does not say what the source says, such as { maximum: none }.";
  return typeof reason === "string" && reason.trim() !== "" ? undefined : "This entry has no reason.";
}

export interface Sorted {
  /** Those that no entry knows. */
  news: Difference[];
  silent: Difference[];
  /** A sentence for each part of an entry that is no difference. */
  stale: string[];
}

/**
 * @param skipped the parts that were not compared, for each source that was read: an entry about another source, or about one
 *   of these, is neither needed nor stale
 */
export function sort(found: Difference[], known: Known[], skipped: ReadonlyMap<Source, readonly string[]>): Sorted {
  const expected = known.flatMap((entry) =>
    entry.parts
      .filter((part) => skipped.get(entry.source)?.includes(part) === false)
      .flatMap((part) => Object.entries(entry.says).map(([keyword, says]) => ({ entry, part, keyword, says }))),
  );
  const fits = (difference: Difference) => (one: (typeof expected)[number]) =>
    one.entry.source === difference.source &&
    one.part === partOf(difference) &&
    one.keyword === difference.keyword &&
    isDeepStrictEqual(one.says === "none" ? undefined : one.says, difference.theirs);
  const isGone = (difference: Difference, { entry, part }: (typeof expected)[number]) =>
    difference.keyword === present && difference.source === entry.source && part === partOf(difference);
  const news = found.filter((difference) => !expected.some(fits(difference)));
  return {
    news,
    silent: found.filter((difference) => !news.includes(difference)),
    stale: expected
      .filter((one) => !found.some((difference) => fits(difference)(one) || isGone(difference, one)))
      .map(({ entry, part, keyword, says }) => {
        const message = `The ${entry.source} no longer says "${keyword}: ${says}" of ${part}: this needs no reason. Remove it.`;
        return formatProblem({ ...entry.place, message, rule: "watch" });
      }),
  };
}
