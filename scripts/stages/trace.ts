// Stage: the contract says exactly what spec/reference.yaml says: each entry holds, and each part of the contract has an
// entry that claims it. Prose is free, except for words that an entry says it mentions.

import { isDeepStrictEqual } from "node:util";
import { below, type Claim, nodeAt, type OpenApiDocument, type Reference } from "../document.ts";
import { type Path, parsePointer } from "../pointer.ts";
import { refuseIf } from "../problem.ts";
import { type ContractSource, locate, positionOf, readReference } from "../source.ts";

/**
 * @returns the number of entries; undefined if there is no reference.yaml to compare the contract with
 * @throws {StageError} for each entry that does not hold, and for each part that no entry claims
 */
export async function traceContract(source: ContractSource, bundle: OpenApiDocument): Promise<number | undefined> {
  const found = await readReference(source);
  if (!found) return undefined;
  const { file, reference } = found;
  const faults = trace(bundle, reference);
  refuseIf(
    await Promise.all(
      faults.map(async ({ where, path, message }) => {
        const place = where === "contract" ? locate(source, path) : positionOf(source.written, { file, path });
        return { ...(await place), message, rule: "traceability" };
      }),
    ),
  );
  return entriesOf(reference).length;
}

interface Fault {
  /** Something that should not be there is reported in the contract; everything else at the entry. */
  where: "contract" | "reference";
  path: Path;
  message: string;
}

/** An entry of reference.yaml, and its place there. */
interface Written {
  path: Path;
  claim: Claim;
}

const entriesOf = ({ facts, additions }: Reference): Written[] =>
  Object.entries({ facts, additions }).flatMap(([list, claims]) =>
    (claims ?? []).map((claim, index) => ({ path: [list, index], claim })),
  );

/** The differences between the bundle and the reference. */
export function trace(bundle: object, reference: Reference): Fault[] {
  const all = entriesOf(reference);
  const entries = all.filter(({ claim }) => typeof claim?.pointer === "string");
  const nowhere = all.filter((entry) => !entries.includes(entry));
  const claimed = entries.filter(({ claim }) => !claim.mentions && !claim.absent).map(({ claim }) => claim.pointer);
  const claims = new Set(claimed);
  const above = new Set(["", ...claimed.flatMap(ancestors)]);
  return [
    ...nowhere.map(({ path }) =>
      inReference(path, "This entry has no pointer. Give it the pointer of a part of the contract."),
    ),
    ...entries.flatMap((entry) => differences(entry, nodeAt(bundle, entry.claim.pointer), claims)),
    ...unclaimed(bundle, "", claims, above).map((pointer) =>
      inContract(
        pointer,
        `No entry of reference.yaml claims ${pointer}. Add one: a fact of the page, or an addition with its reason.`,
      ),
    ),
  ];
}

const inReference = (path: Path, message: string): Fault => ({ where: "reference", path, message });
const inContract = (pointer: string, message: string): Fault => ({
  where: "contract",
  path: parsePointer(pointer),
  message,
});

function differences({ path, claim }: Written, found: unknown, claims: Set<string>): Fault[] {
  const { id, pointer, value, mentions, absent } = claim;
  if (absent) {
    const message = `${pointer} is there, but ${id} in reference.yaml says that it is absent. Remove one of them.`;
    return found === undefined ? [] : [inContract(pointer, message)];
  }
  if (found === undefined) {
    return [inReference([...path, "pointer"], `${pointer} is gone. Bring it back, or remove this entry.`)];
  }
  if (mentions) {
    const prose = String(found).replaceAll(/\s+/g, " ");
    return mentions.flatMap((words, index) => {
      const message = `${pointer} does not mention "${words}". Fix the text, or this entry.`;
      return prose.includes(words) ? [] : [inReference([...path, "mentions", index], message)];
    });
  }
  return value === undefined ? [] : compare(value, ownContent(found, pointer, claims), pointer, [...path, "value"], id);
}

function compare(expected: unknown, found: unknown, pointer: string, path: Path, id: string): Fault[] {
  if (isDeepStrictEqual(expected, found)) return [];
  const says = `but this entry says ${JSON.stringify(expected)}. Fix the one that is wrong.`;
  if (!isMap(expected) || !isMap(found)) return [inReference(path, `${pointer} is ${JSON.stringify(found)}, ${says}`)];
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])].flatMap((key) => {
    const at = below(pointer, key);
    if (!Object.hasOwn(expected, key)) {
      const entry = "Add it there, or as a new entry: a fact of the page, or an addition with its reason.";
      return [inContract(at, `${id} in reference.yaml does not have ${at}. ${entry}`)];
    }
    if (!Object.hasOwn(found, key)) {
      const want = JSON.stringify(expected[key]);
      const message = `${at} is gone, but this entry says ${want}. Fix the one that is wrong.`;
      return [inReference([...path, key], message)];
    }
    return compare(expected[key], found[key], at, [...path, key], id);
  });
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The children with meaning: prose may change without changing the contract. */
function children(node: object, pointer: string): [child: unknown, key: string, pointer: string][] {
  const keysAreNames = Array.isArray(node) || /\/(properties|paths|components\/\w+|variables)$/.test(pointer);
  return Object.entries(node)
    .filter(([key, child]) => keysAreNames || !isProse(key, child))
    .map(([key, child]) => [child, key, below(pointer, key)]);
}

const isProse = (key: string, value: unknown) => ["description", "summary"].includes(key) && typeof value === "string";

/** A node without its prose and without what more specific entries claim. */
function ownContent(node: unknown, pointer: string, claims: Set<string>): unknown {
  if (typeof node !== "object" || node === null) return node;
  const own = children(node, pointer).filter(([, , at]) => !claims.has(at));
  const content = own.map(([child, key, at]) => [key, ownContent(child, at, claims)] as const);
  return Array.isArray(node) ? content.map(([, child]) => child) : Object.fromEntries(content);
}

/** Pointers to the parts that no entry claims; a part is listed as a whole if no entry claims anything inside. */
function unclaimed(node: unknown, pointer: string, claims: Set<string>, above: Set<string>): string[] {
  if (claims.has(pointer)) return [];
  if (typeof node !== "object" || node === null || Object.keys(node).length === 0) return [pointer];
  const parts = children(node, pointer).flatMap(([child, , at]) => unclaimed(child, at, claims, above));
  return parts.length > 0 && !above.has(pointer) ? [pointer] : parts;
}

const ancestors = (pointer: string): string[] =>
  [...pointer.matchAll(/\//g)].map(({ index }) => pointer.slice(0, index));
