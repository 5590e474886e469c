// Drafts the Overlay that would say what the sources say otherwise: in the form of spec/revisions/, with its facts, so that a
// maintainer only edits it. What no overlay says, or asks for a decision, is in a comment.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringifyYaml } from "@redocly/openapi-core";
import { below, type Claim, nodeAt, type OpenApiDocument, startsWith } from "../document.ts";
import { applyOverlays } from "../overlay.ts";
import { formatPointer, parsePointer } from "../pointer.ts";
import { type Action, dateOf, type Revision, writtenBy } from "../stages/revisions.ts";
import { ownContent } from "../stages/trace.ts";
import { type Difference, partOf, tell } from "./compare.ts";
import { type Edit, editsFor, orphans } from "./edits.ts";

interface Drafted {
  /** The one that the draft follows. */
  newest: Revision;
  revisions: Revision[];
}

/**
 * @param date of the draft's revision
 */
export async function draftOverlay(
  { newest, revisions }: Drafted,
  differences: Difference[],
  date: string,
): Promise<string> {
  const others = revisions.map(({ bundle }) => bundle);
  const follows = dateOf(newest) ?? "";
  const once = [
    ...new Map(differences.map((one) => [JSON.stringify([partOf(one), one.keyword, one.value]), one])).values(),
  ];
  const drafted = once.map((difference) => ({ difference, edits: editsFor(newest.bundle, difference, others) }));
  const told = (one: Difference) => `${one.of}: ${tell(one, follows)}`;
  const left = drafted.filter(({ edits }) => edits.length === 0).map(({ difference }) => told(difference));
  const sources = [...new Set(once.map(({ of }) => of))].join(" and ");

  const named = described(newest.bundle, sources, date, follows);
  const direct = [...drafted.flatMap(({ edits }) => edits), named];
  const halfway = await apply(newest, direct.map(actionOf(newest.bundle)));
  const edits = [...direct, ...orphans(newest.bundle, halfway)];
  const actions = edits.map(actionOf(newest.bundle));
  const bundle = await apply(newest, actions);

  const readings = (pointer: string) =>
    drafted
      .filter(({ edits }) => edits.some(({ at }) => startsWith(at, pointer) || startsWith(pointer, at)))
      .map(({ difference }) => `${told(difference)}.`);
  const { facts, more } = entriesOf(newest, bundle, edits, sources, readings);
  const additions = [
    ...more,
    {
      id: "revision",
      pointer: named.at,
      mentions: [sources, date],
      reason: "A reader must know which page this is.",
    },
  ];
  const own: Claim[] = [...facts, ...additions];
  const overlay = {
    overlay: "1.0.0",
    info: { title: `DCS backup records, the revision of ${date}`, version: date },
    "x-revision": {
      page: { title: sources, publisher: newest.reference.page.publisher, revision: date },
      read: "C",
      unread: [""],
      follows,
      facts,
      additions,
    },
    actions: actions.map(({ target, ...action }) => {
      const written = writtenBy(newest.bundle, { target, ...action });
      const touches = ({ pointer }: Claim) =>
        written.some((place) => startsWith(place, pointer) || startsWith(pointer, place));
      return { target, "x-facts": own.filter(touches).map(({ id }) => id), ...action };
    }),
  };
  const retyped = once.some(({ keyword }) => keyword === "type");
  return `${head(sources, follows, left, retyped)}\n${stringifyYaml(overlay, { noRefs: true, lineWidth: -1 })}`;
}

function head(sources: string, follows: string, left: string[], retyped: boolean): string {
  const lines = [
    `A draft of what ${sources} says otherwise than the revision of ${follows}. 2023-12-13.yaml explains the form.`,
    "To edit: the page, if one says the same, with what was read of it; the places and readings of the facts; each text",
    "that is not described yet, and its translations (npm run build names them); examples that no longer fit.",
    ...(retyped ? ["", "A type has changed: decide what the tolerant form has (scripts/stages/tolerant.ts)."] : []),
    ...(left.length > 0
      ? [
          "",
          "Not drafted, since it needs a decision: the contract changes by hand, or spec/watch.yaml says why it stays.",
        ]
      : []),
    ...left.map((one) => `- ${one}`),
  ];
  return lines.map((line) => `# ${line}`.trimEnd()).join("\n");
}

/** Names the draft's revision in the description, instead of the one that it follows. */
function described({ info }: OpenApiDocument, sources: string, date: string, follows: string): Edit {
  const said = `This document follows that of the revision of ${follows}, with what ${sources} says otherwise, as read on ${date}.`;
  const paragraphs = (info.description ?? "").split("\n\n");
  const old = paragraphs.findIndex((paragraph) => paragraph.includes(follows));
  const description = (old < 0 ? [...paragraphs, said] : paragraphs.with(old, said)).join("\n\n");
  return { target: "/info", update: { description }, at: "/info/description" };
}

const actionOf =
  (bundle: OpenApiDocument) =>
  ({ target, where, update }: Edit): Action => ({
    target: `${jsonPathOf(bundle, target)}${where === undefined ? "" : `[?${where}]`}`,
    ...(update === undefined ? { remove: true } : { update: update as object }),
  });

/** A JSONPath (RFC 9535) of one node. */
function jsonPathOf(document: object, pointer: string): string {
  const path = parsePointer(pointer);
  const segments = path.map((key, index) => {
    if (Array.isArray(nodeAt(document, formatPointer(path.slice(0, index))))) return `[${key}]`;
    return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `['${key.replaceAll(/['\\]/g, "\\$&")}']`;
  });
  return `$${segments.join("")}`;
}

/** The newest revision as these actions change it. */
async function apply({ source, bundle }: Revision, actions: Action[]): Promise<OpenApiDocument> {
  const folder = await mkdtemp(join(tmpdir(), "watch-draft-"));
  try {
    const file = join(folder, "draft.yaml");
    await writeFile(file, stringifyYaml({ overlay: "1.0.0", info: { title: "Draft", version: "1" }, actions }));
    return await applyOverlays(source, bundle, [file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The entries that hold no longer, as they hold now, and one for each new part. */
function entriesOf(
  { reference }: Revision,
  bundle: OpenApiDocument,
  edits: Edit[],
  sources: string,
  readings: (pointer: string) => string[],
) {
  const inherited: Claim[] = [...reference.facts, ...reference.additions];
  const content = inherited.filter(({ mentions, absent }) => !mentions && !absent);
  const fresh = edits.filter(({ isNew }) => isNew).map(({ at }) => at);
  const gone = inherited.filter(({ pointer, absent }) => !absent && nodeAt(bundle, pointer) === undefined);
  const around = edits
    .filter(({ isNew }) => !isNew)
    .flatMap(({ at }) => {
      const owners = content.filter((claim) => startsWith(at, claim.pointer) && !gone.includes(claim));
      return owners.toSorted((one, other) => other.pointer.length - one.pointer.length).slice(0, 1);
    });
  const restated = [...new Set(around)];
  const claims = new Set([...content.map(({ pointer }) => pointer), ...fresh]);
  const value = (pointer: string) => ({ value: ownContent(nodeAt(bundle, pointer), pointer, claims) });
  const place = { section: sources };
  const reading = (pointer: string) => ({ reading: readings(pointer).join(" ") || "Nothing leads to it any more." });
  const isAddition = ({ reason }: Claim) => reason !== undefined;
  return {
    facts: [
      ...fresh.map((pointer) => ({ id: idFor(pointer), place, pointer, ...value(pointer), ...reading(pointer) })),
      ...restated
        .filter((claim) => !isAddition(claim))
        .map(({ id, pointer }) => ({ id, place, pointer, ...value(pointer), ...reading(pointer) })),
      ...gone.map(({ id, pointer }) => ({ id, place, pointer, absent: true as const, ...reading(pointer) })),
    ],
    more: restated.filter(isAddition).map((claim) => ({
      id: claim.id,
      pointer: claim.pointer,
      ...(claim.value === undefined ? {} : value(claim.pointer)),
      reason: claim.reason ?? "",
    })),
  };

  /** An id like those of the entries beside it: `record.size`, `query.limit`, `status.204`. */
  function idFor(pointer: string): string {
    const path = parsePointer(pointer);
    const [name = ""] = path.slice(-1);
    const written = nodeAt(bundle, pointer) as { name?: string; in?: string };
    if (pointer.startsWith("/components/parameters/")) return `${written.in}.${written.name}`;
    if (pointer.startsWith("/components/responses/")) {
      const leads = fresh.find((at) => (nodeAt(bundle, at) as { $ref?: unknown }).$ref === `#${pointer}`);
      return `status.${parsePointer(leads ?? "").at(-1)}.body`;
    }
    if (path.includes("responses")) return `status.${name}`;
    const owner = content.find((claim) => claim.pointer === below("", ...path.slice(0, -2)));
    return `${owner?.id ?? "field"}.${name}`;
  }
}
