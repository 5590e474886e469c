// Stage: the contracts of the page's later revisions. spec/revisions/ has an OpenAPI Overlay for each, named after its date. It
// says which revision it follows: its contract is that one's, as the overlay changes it.

import { dirname, join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  below,
  type Claim,
  type EarlierPage,
  nodeAt,
  type OpenApiDocument,
  type Reference,
  startsWith,
} from "../document.ts";
import { applyOverlays, readOverlay, select } from "../overlay.ts";
import { formatPointer, type Path } from "../pointer.ts";
import { refuseIf, StageError } from "../problem.ts";
import { type ContractSource, filesBelow, type Layer, type Place, positionOf, readReference } from "../source.ts";

/** The contract of spec/, of a revision, or one derived from these. */
export interface Form {
  /** Its folder in the output, with a slash at the end; "" for the output itself. */
  folder: string;
  source: ContractSource;
  bundle: OpenApiDocument;
  /** Also has what it inherits. */
  reference?: Reference;
  /** What `reference` is made of; empty for a derived contract, which is not traced. */
  entries: Written[];
}

/** An entry of a reference, and its place in the hand-written files. */
export interface Written {
  list: "facts" | "additions";
  claim: Claim;
  place: Place;
}

export interface Revision extends Form {
  reference: Reference;
  file: string;
  overlay: RevisionOverlay;
  followed: Form;
}

export interface RevisionOverlay {
  "x-revision": Pick<Reference, "facts" | "additions" | "contradictions"> & {
    page: Omit<Reference["page"], "url"> & { url?: string };
    /** A, the whole page; B, a part of it; C, an SDK or another artefact. */
    read: "A" | "B" | "C";
    /** What the page was not read for: pointers into the contract. */
    unread?: string[];
    /** The date of another revision. */
    follows: string;
  };
  actions: Action[];
}

export interface Action {
  target: string;
  update?: object;
  remove?: boolean;
  /** The ids of the entries that the action rests on. */
  "x-facts"?: string[];
}

/** @throws {StageError} if reference.yaml cannot be read */
export async function baseForm(source: ContractSource, bundle: OpenApiDocument): Promise<Form> {
  const { file, reference } = (await readReference(source)) ?? {};
  return { folder: "", source, bundle, reference, entries: reference ? entriesOf(reference, file, []) : [] };
}

/**
 * The contracts of the later revisions, in the order of their dates.
 * @throws {StageError} for each overlay that is not a revision, or cannot be applied to the one that it follows
 */
export async function readRevisions(base: Form): Promise<Revision[]> {
  const { source } = base;
  const folder = join(dirname(source.root), "revisions");
  const files = await filesBelow(folder);
  const overlays = await Promise.all(files.map((file) => readRevision(source, folder, file)));
  await refuse(source, findDisorder(overlays, dateOf(base)));
  const revisions: Revision[] = [];
  for (const { file, overlay } of overlays.toSorted((one, other) => one.date.localeCompare(other.date))) {
    const { follows } = overlay["x-revision"];
    const followed = revisions.find((revision) => dateOf(revision) === follows) ?? base;
    revisions.push(await applyRevision(followed, file, overlay));
  }
  return revisions;
}

export const dateOf = ({ reference }: Form) => reference?.page.revision;

interface Dated {
  file: string;
  date: string;
  overlay: RevisionOverlay;
}

interface Fault {
  file: string;
  path: Path;
  message: string;
}

async function refuse(source: ContractSource, faults: Fault[]): Promise<void> {
  refuseIf(
    await Promise.all(
      faults.map(async ({ message, ...place }) => ({
        ...(await positionOf(source.written, place)),
        message,
        rule: "revision",
      })),
    ),
  );
}

async function readRevision(source: ContractSource, folder: string, file: string): Promise<Dated> {
  const [, named] = /^(\d{4}-\d{2}-\d{2})\.yaml$/.exec(relative(folder, file)) ?? [];
  if (named === undefined) {
    const message = "Name this file after the date of the page, such as 2023-12-13.yaml.";
    throw new StageError([{ file, message, rule: "revision" }]);
  }
  const overlay = (await readOverlay(source, file, "revision")) as RevisionOverlay;
  await refuse(
    source,
    findGaps(overlay, named).map((fault) => ({ file, ...fault })),
  );
  return { file, date: named, overlay };
}

/** What `x-revision` lacks. */
function findGaps({ "x-revision": revision }: RevisionOverlay, named: string): Omit<Fault, "file">[] {
  const fault = (message: string, ...inside: Path) => ({ path: ["x-revision", ...inside], message });
  if (!revision) return [fault("Add x-revision: which page this is, and what it states.")];
  const { page, read, unread = [], follows } = revision;
  const gaps = [
    ...(["title", "publisher", "revision"] as const)
      .filter((key) => !page?.[key])
      .map((key) => fault(`The page has no ${key}. Add it.`, "page")),
    ...(["facts", "additions"] as const)
      .filter((list) => !Array.isArray(revision[list]))
      .map((list) => fault(`Add ${list}, a list of what the page states or the contract adds; it may be empty.`)),
  ];
  if (page?.revision && page.revision !== named) {
    const message = `The page is of ${page.revision}, but the file is ${named}.yaml. Fix the one that is wrong.`;
    gaps.push(fault(message, "page", "revision"));
  }
  if (!follows) gaps.push(fault("Add follows, the date of the revision that this one follows."));
  if (!["A", "B", "C"].includes(read)) {
    gaps.push(fault("Say in read how well the page was read: A, all of it; B, a part; C, an SDK or another artefact."));
  } else if ((read === "A") !== (unread.length === 0)) {
    gaps.push(fault("List in unread what the page was not read for, unless it was read as a whole (A).", "read"));
  }
  return gaps;
}

/** The overlays that do not lead back to the base, from date to earlier date. */
function findDisorder(overlays: Dated[], first: string | undefined): Fault[] {
  const dates = [first, ...overlays.map(({ date }) => date)];
  const follows = new Map(overlays.map(({ date, overlay }) => [date, overlay["x-revision"].follows]));
  return overlays.flatMap(({ file, date, overlay }) => {
    const fault = (message: string, ...inside: Path) => [{ file, path: ["x-revision", ...inside], message }];
    const { follows: to } = overlay["x-revision"];
    if (date === first)
      return fault(`The contract itself is of ${date}. Two revisions cannot have the same date.`, "page", "revision");
    if (!dates.includes(to)) return fault(`There is no revision of ${to}. Those are: ${dates.join(", ")}.`, "follows");
    if (leadsBack(follows, date)) return fault("This leads back to this revision itself.", "follows");
    if (to >= date) return fault(`A revision follows an earlier one, but ${to} is not before ${date}.`, "follows");
    return [];
  });
}

function leadsBack(follows: Map<string, string>, start: string): boolean {
  const seen = new Set<string>();
  for (let at = follows.get(start); at !== undefined && !seen.has(at); at = follows.get(at)) {
    if (at === start) return true;
    seen.add(at);
  }
  return false;
}

/** @throws {StageError} if an action has no effect */
export async function applyRevision(followed: Form, file: string, overlay: RevisionOverlay): Promise<Revision> {
  const { source } = followed;
  const { actions, "x-revision": own } = overlay;
  const fault = (message: string, ...path: Path) => ({ file, path, message });
  const to = own.follows;
  await refuse(source, [
    ...actions.flatMap(({ target }, index) =>
      select(followed.bundle, target).length > 0
        ? []
        : [
            fault(
              `This target matches nothing in the contract of ${to}. Fix it, or remove the action.`,
              "actions",
              index,
              "target",
            ),
          ],
    ),
    ...(own.unread ?? []).flatMap((pointer, index) =>
      nodeAt(followed.bundle, pointer) !== undefined
        ? []
        : [
            fault(
              `The contract of ${to} has nothing at ${pointer}. Fix it, or remove it.`,
              "x-revision",
              "unread",
              index,
            ),
          ],
    ),
  ]);
  const bundle = await applyOverlays(source, followed.bundle, [file]);
  if (isDeepStrictEqual(bundle, followed.bundle)) {
    await refuse(source, [
      fault(`This overlay changes nothing in the contract of ${to}. Add what differs, or remove the file.`, "actions"),
    ]);
  }
  const entries = inherit(followed, file, own);
  const claimsOf = (list: Written["list"]) => entries.filter((entry) => entry.list === list).map(({ claim }) => claim);
  const { page, contradictions = [] } = own;
  const reference = {
    page: { url: "", ...page },
    facts: claimsOf("facts") as Reference["facts"],
    additions: claimsOf("additions") as Reference["additions"],
    contradictions: [...(followed.reference?.contradictions ?? []), ...contradictions],
  };
  const layers = [...source.layers, layer(followed.bundle, file, actions)];
  return {
    folder: `revisions/${page.revision}/`,
    source: { ...source, layers },
    bundle,
    reference,
    entries,
    file,
    overlay,
    followed,
  };
}

/** The entries of the followed revision, except those that have the id of one of the revision itself; then its own. */
function inherit({ reference, entries }: Form, file: string, own: RevisionOverlay["x-revision"]): Written[] {
  const { publisher, revision } = own.page;
  const earlier = reference?.page as Reference["page"];
  const isUnread = (pointer = "") => (own.unread ?? []).some((part) => startsWith(pointer, part));
  const from = (claim: Claim, page: Omit<EarlierPage, "unread">, unread: boolean) => ({
    ...claim,
    page: { publisher: page.publisher, revision: page.revision, unread },
  });
  const news = entriesOf(own, file, ["x-revision"]);
  const ids = new Set(news.map(({ claim }) => claim?.id));
  return [
    ...entries
      .filter(({ claim }) => !ids.has(claim?.id))
      .map(({ claim, ...rest }) => ({ ...rest, claim: from(claim, claim?.page ?? earlier, isUnread(claim?.pointer)) })),
    ...news.map(({ claim, ...rest }) => ({ ...rest, claim: from(claim, { publisher, revision }, false) })),
  ];
}

function entriesOf(lists: Pick<Reference, Written["list"]>, file = "", path: Path): Written[] {
  return (["facts", "additions"] as const).flatMap((list) =>
    (lists[list] ?? []).map((claim, index) => ({ list, claim, place: { file, path: [...path, list, index] } })),
  );
}

/** The entries of the revision itself. */
export const ownEntries = ({ entries, file }: Revision) => entries.filter(({ place }) => place.file === file);

/** What an action writes: each leaf of its update at each of its targets, or the targets that it removes. */
export const writtenBy = (document: object, { target, update }: Action): string[] =>
  select(document, target).flatMap((path) => leaves(update, formatPointer(path)));

function leaves(node: unknown, pointer: string): string[] {
  if (typeof node !== "object" || node === null) return [pointer];
  return Object.entries(node).flatMap(([key, child]) => leaves(child, below(pointer, key)));
}

function layer(document: object, file: string, actions: Action[]): Layer {
  const targets = actions.map(({ target }) => select(document, target));
  return {
    find(path) {
      for (const [index, { update = {} }] of actions.entries()) {
        for (const target of targets[index] ?? []) {
          const inside = path.slice(target.length);
          const isInside =
            inside.length > 0 && isDeepStrictEqual(path.slice(0, target.length).map(String), target.map(String));
          if (isInside && nodeAt(update, formatPointer(inside)) !== undefined) {
            return { file, path: ["actions", index, "update", ...inside] };
          }
        }
      }
      return undefined;
    },
  };
}
