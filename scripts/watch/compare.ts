// What a source says otherwise than the contract: each difference is one fact.

import { isDeepStrictEqual } from "node:util";
import type { Kind, Said, Source, Statement } from "./statement.ts";

export interface Difference {
  source: Source;
  /** The source's own name, with its version. */
  of: string;
  kind: Kind;
  /** The schema of a field. */
  owner?: string;
  /** Of the parameter, status or field; "" for the call. */
  name: string;
  /** "present" if one of the two has not this part at all. */
  keyword: string;
  theirs: unknown;
  ours: unknown;
  /** For a list of values: the one that only one of the two has. */
  value?: string;
  /** All that the source says of the part. */
  said?: Said;
}

export const present = "present";

/** @param ours the contract */
export function differences(source: Source, theirs: Statement, ours: Statement): Difference[] {
  const { speaks } = theirs;
  const told = new Set<string>();
  return [
    ...ofPart({ kind: "call", name: "" }, theirs.call, ours.call),
    ...ofParts({ kind: "parameter" }, theirs.parameters, ours.parameters),
    ...ofParts({ kind: "status" }, theirs.statuses, ours.statuses),
    ...[...ours.objects].flatMap(([place, { name: owner, fields }]) => {
      if (told.has(owner)) return []; // one schema, in several answers
      const same = theirs.objects.get(place);
      if (same) told.add(owner);
      return same ? ofParts({ kind: "field", owner }, same.fields, fields) : [];
    }),
  ];

  function ofParts(
    part: Pick<Difference, "kind" | "owner">,
    theirs: ReadonlyMap<string, Said>,
    ours: ReadonlyMap<string, Said>,
  ): Difference[] {
    if (!speaks[part.kind]) return [];
    const names = [...new Set([...ours.keys(), ...theirs.keys()])];
    return names.flatMap((name) => ofPart({ ...part, name }, theirs.get(name), ours.get(name)));
  }

  function ofPart(part: Pick<Difference, "kind" | "owner" | "name">, said?: Said, known?: Said): Difference[] {
    const about = { source, of: theirs.name, ...part, ...(said && { said }) };
    if (!said || !known) return [{ ...about, keyword: present, theirs: said !== undefined, ours: known !== undefined }];
    return (speaks[part.kind] ?? []).flatMap((keyword): Difference[] => {
      const [theirs, ours] = [said[keyword], known[keyword]];
      const difference = { ...about, keyword, theirs, ours };
      if (Array.isArray(theirs) && Array.isArray(ours)) {
        const only = [...theirs, ...ours].filter((value) => theirs.includes(value) !== ours.includes(value));
        return only.map((value) => ({ ...difference, value }));
      }
      return isDeepStrictEqual(theirs, ours) ? [] : [difference];
    });
  }
}

/** The fields of the contract that a source does not lead to, by their names in spec/watch.yaml: they are not compared. */
export function unreached(theirs: Statement, ours: Statement): string[] {
  const objects = [...ours.objects];
  const reached = objects.flatMap(([place, { name }]) => (theirs.objects.has(place) ? [name] : []));
  return objects
    .filter(([, { name }]) => !reached.includes(name))
    .flatMap(([, { name: owner, fields }]) => [...fields.keys()].map((name) => partOf({ kind: "field", owner, name })));
}

/** The name of a part in spec/watch.yaml. */
export const partOf = ({ kind, owner, name }: Pick<Difference, "kind" | "owner" | "name">) =>
  [kind, [owner, name].filter(Boolean).join(".")].filter(Boolean).join(" ");

/** A sentence. @param revision the date of the contract's revision */
export function tell(difference: Difference, revision: string): string {
  const { kind, owner, name, keyword, theirs, ours, value, said = {} } = difference;
  const part = {
    call: "the call",
    parameter: `parameter \`${name}\``,
    status: `status ${name}`,
    field: `field \`${name}\``,
  };
  const what = owner === undefined ? part[kind] : `${part[kind]} of ${owner}`;
  const there = `revision ${revision}`;
  if (keyword === present) {
    if (!theirs) return `no ${what}, which ${there} has`;
    const about = kind === "status" ? shown("body", said.body) : typeWords(said);
    const place = said.in === undefined ? "" : ` in ${said.in}`;
    const values = said.values === undefined ? [] : [shown("values", said.values)];
    return [`${what}${place}`, about, ...values, `not in ${there}`].join(", ");
  }
  if (value !== undefined) {
    return Array.isArray(theirs) && theirs.includes(value)
      ? `${what}: value \`${value}\`, not in ${there}`
      : `${what}: no value \`${value}\`, which ${there} has`;
  }
  return `${what}: ${shown(keyword, theirs)}; ${there} has ${shown(keyword, ours)}`;
}

function typeWords({ type, items, format }: Said): string {
  const element = items === undefined ? "" : ` of ${word(items)}`;
  const form = format === undefined ? "" : ` (${format})`;
  return `${word(type ?? "any")}${element}${form}`;
}

function shown(keyword: string, value: unknown): string {
  if (value === undefined) return `no ${keyword}`;
  if (["type", "items", "body"].includes(keyword)) return `${keyword} ${word(value)}`;
  const list = Array.isArray(value) ? value : [value];
  return `${keyword} ${list.map((one) => (typeof one === "string" ? `\`${one}\`` : JSON.stringify(one))).join(", ")}`;
}

/** `String`, as the vendor's pages write types. */
const word = (type: unknown) => String(type).replace(/^./, (letter) => letter.toUpperCase());
