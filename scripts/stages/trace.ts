// Stage: the contract says exactly what spec/reference.yaml says: each entry holds, and each part of the contract has an
// entry that claims it. Prose is free, except for words that an entry says it mentions. A revision is traced as a whole, with
// what it inherits, and each difference from the one that it follows needs an entry of its own.

import { isDeepStrictEqual } from "node:util";
import { below, type Claim, nodeAt, type Reference, startsWith } from "../document.ts";
import { type Path, parsePointer } from "../pointer.ts";
import { refuseIf } from "../problem.ts";
import { locate, type Place, positionOf } from "../source.ts";
import { type Form, ownEntries, type Revision, type Written as WrittenEntry, writtenBy } from "./revisions.ts";

/**
 * @returns the number of entries; undefined if there is no reference.yaml to compare the contract with
 * @throws {StageError} for each entry that does not hold, and for each part that no entry claims
 */
export async function traceContract(form: Form): Promise<number | undefined> {
  const { source, bundle, reference, entries } = form;
  if (!reference) return undefined;
  const found = "followed" in form ? traceRevision(form as Revision) : [];
  const faults = found.length > 0 ? found : trace(bundle, reference);
  refuseIf(
    await Promise.all(
      faults.map(async ({ where, path, message }) => {
        const place = where === "contract" ? locate(source, path) : positionOf(source.written, writtenPlace(path));
        return { ...(await place), message, rule: "traceability" };
      }),
    ),
  );
  return "followed" in form ? ownEntries(form as Revision).length : entries.length;

  /** Where an entry of the reference, or an action of the overlay, is written. */
  function writtenPlace(path: Path): Place {
    const [list, index, ...rest] = path;
    if (list === "actions") return { file: (form as Revision).file, path };
    const { place } = entries.filter((entry) => entry.list === list)[Number(index)] as WrittenEntry;
    return { file: place.file, path: [...place.path, ...rest] };
  }
}

interface Fault {
  /** Something that should not be there is reported in the contract; everything else at the entry. */
  where: "contract" | "reference";
  path: Path;
  message: string;
}

/**
 * The differences between the contract of a revision and the followed one that no entry of its own claims, its own entries
 * that no difference shows, and the actions that do not rest on such entries.
 */
export function traceRevision(revision: Revision): Fault[] {
  const { bundle, reference, followed, overlay } = revision;
  const own = ownEntries(revision)
    .map(({ claim }) => claim)
    .filter(({ pointer }) => typeof pointer === "string"); // `trace` reports the others
  const { follows } = overlay["x-revision"];
  const entries = entriesOf(reference).filter(({ claim }) => own.includes(claim));
  const written = overlay.actions.map((action) => writtenBy(followed.bundle, action));
  const touches = (action: number, { pointer }: Claim) =>
    (written[action] ?? []).some((place) => startsWith(place, pointer) || startsWith(pointer, place));
  const named = new Set(overlay.actions.flatMap((action) => action["x-facts"] ?? []));
  const places = own.map(({ pointer }) => pointer);
  return [
    ...unclaimedDifferences(followed.bundle, bundle, "", places).map((pointer) =>
      inContract(pointer, `${pointer} is not as in ${follows}, and no fact of this revision says so. Add one.`),
    ),
    ...entries.flatMap(({ path, claim: { id, pointer } }) => {
      const isSame = isDeepStrictEqual(nodeAt(followed.bundle, pointer), nodeAt(bundle, pointer));
      if (isSame) return [inReference(path, `${pointer} is as in ${follows}: ${id} is inherited. Remove it.`)];
      return named.has(id) ? [] : [inReference(path, `No action rests on ${id}. Name it in x-facts, or remove it.`)];
    }),
    ...overlay.actions.flatMap(({ "x-facts": facts = [] }, index) => {
      if (facts.length === 0) return [inReference(["actions", index], "Name in x-facts what this action rests on.")];
      return facts.flatMap((id, position) => {
        const claim = own.find((claim) => claim.id === id);
        const message = claim ? `${id} is about another place.` : `This revision has no fact ${id}.`;
        return claim && touches(index, claim) ? [] : [inReference(["actions", index, "x-facts", position], message)];
      });
    }),
  ];
}

/** Pointers to what differs between two documents and is neither at nor inside a claimed place. */
export function unclaimedDifferences(before: unknown, after: unknown, pointer: string, claimed: string[]): string[] {
  if (isDeepStrictEqual(before, after) || claimed.includes(pointer)) return [];
  const areLists = Array.isArray(before) && Array.isArray(after) && before.length === after.length;
  if (!areLists && !(isMap(before) && isMap(after))) return [pointer];
  const [old, fresh] = [before, after] as Record<string, unknown>[];
  const keys = [...new Set([before, after].flatMap((node) => Object.keys(node as object)))];
  return keys.flatMap((key) => unclaimedDifferences(old?.[key], fresh?.[key], below(pointer, key), claimed));
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
export function ownContent(node: unknown, pointer: string, claims: Set<string>): unknown {
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
