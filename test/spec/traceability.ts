// Compares the bundle with spec/reference.yaml, both ways: what an entry says must hold, and what the contract says must
// be claimed by an entry.

import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { parseYaml } from "@redocly/openapi-core";
import type { Entry, Reference } from "../../scripts/document.ts";
import { formatPointer } from "../../scripts/pointer.ts";
import { absent, nodeAt } from "../document.ts";

export type { Reference };
export type Fact = Reference["facts"][number];

export async function readReference(file: string): Promise<Reference> {
  return parseYaml(await readFile(file, "utf8")) as Reference;
}

/** One sentence for each difference between the bundle and the reference; none if they agree. */
export function trace(bundle: object, { facts, additions }: Reference): string[] {
  const entries: Entry[] = [...facts, ...additions];
  const claims = entries.filter(({ mentions, absent }) => !mentions && !absent);
  const claimed = new Set(claims.map(({ pointer }) => pointer));
  const differences: string[] = [];

  for (const entry of entries) {
    const found = nodeAt(bundle, entry.pointer);
    differences.push(...differencesFrom(entry, found, claimed).map((difference) => `${difference} (${entry.id})`));
  }
  for (const pointer of unclaimed(bundle, "", claimed)) {
    differences.push(`${pointer} is in the contract, and no entry of spec/reference.yaml claims it.`);
  }
  return differences;
}

function differencesFrom(
  { pointer, value, mentions, absent: none }: Entry,
  found: unknown,
  claimed: Set<string>,
): string[] {
  if (none) return found === absent ? [] : [`${pointer} is ${JSON.stringify(found)} and should not be there`];
  if (found === absent) return [`${pointer} is gone`];
  if (mentions) {
    const prose = String(found).replaceAll(/\s+/g, " ");
    const unsaid = mentions.filter((words) => !prose.includes(words));
    return unsaid.map((words) => `${pointer} should mention "${words}" and is ${JSON.stringify(prose)}`);
  }
  return value === undefined ? [] : compare(value, ownContent(found, pointer, claimed), pointer);
}

/** The children that carry meaning: prose may change without a change of the contract. */
function children(node: object, pointer: string): [child: unknown, key: string, pointer: string][] {
  const keysAreNames = Array.isArray(node) || /\/(properties|paths|components\/\w+|variables)$/.test(pointer);
  return Object.entries(node)
    .filter(([key, child]) => keysAreNames || !isProse(key, child))
    .map(([key, child]) => [child, key, `${pointer}${formatPointer([key])}`]);
}

function isProse(key: string, value: unknown): boolean {
  return ["description", "summary"].includes(key) && typeof value === "string";
}

/** A node without its prose and without what more specific entries claim. */
function ownContent(node: unknown, pointer: string, claimed: Set<string>): unknown {
  if (typeof node !== "object" || node === null) return node;
  const own = children(node, pointer).filter(([, , at]) => !claimed.has(at));
  const content = own.map(([child, key, at]) => [key, ownContent(child, at, claimed)] as const);
  return Array.isArray(node) ? content.map(([, child]) => child) : Object.fromEntries(content);
}

/** Pointers to the leaves below a node that no entry claims. */
function unclaimed(node: unknown, pointer: string, claimed: Set<string>): string[] {
  if (claimed.has(pointer)) return [];
  if (typeof node !== "object" || node === null || Object.keys(node).length === 0) return [pointer];
  return children(node, pointer).flatMap(([child, , at]) => unclaimed(child, at, claimed));
}

function compare(expected: unknown, found: unknown, pointer: string): string[] {
  if (isDeepStrictEqual(expected, found)) return [];
  const bothContainers = [expected, found].every((value) => typeof value === "object" && value !== null);
  if (!bothContainers || Array.isArray(expected) || Array.isArray(found)) {
    return [`${pointer} should be ${JSON.stringify(expected)} and is ${JSON.stringify(found)}`];
  }
  const [want, have] = [expected, found] as Record<string, unknown>[];
  return [...new Set([...Object.keys(want ?? {}), ...Object.keys(have ?? {})])].flatMap((key) => {
    const at = `${pointer}${formatPointer([key])}`;
    if (!Object.hasOwn(have ?? {}, key)) return [`${at} should be ${JSON.stringify(want?.[key])} and is gone`];
    if (!Object.hasOwn(want ?? {}, key)) return [`${at} is ${JSON.stringify(have?.[key])} and should not be there`];
    return compare(want?.[key], have?.[key], at);
  });
}
