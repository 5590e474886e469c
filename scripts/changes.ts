// What changed between two bundles, and how far a version has to be raised for each change: Redocly's diff judges, and
// released/overrules.yaml has the last word.

import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { BaseResolver } from "@redocly/openapi-core";
import { follow, type OpenApiDocument, type Parameter } from "./document.ts";
import { formatPointer, type Path } from "./pointer.ts";
import { refuseIf, StageError } from "./problem.ts";
import { type Position, positionOf, readObject } from "./source.ts";

const impacts = ["patch", "minor", "major"] as const;
type Impact = (typeof impacts)[number];

export interface Change {
  /** What happened, to which keyword, where: the name of the change in overrules.yaml. */
  name: string;
  place: Position;
  /** What it asks for. */
  asks: Impact;
  /** What Redocly says that it asks for. */
  tool: Impact;
  /** Redocly's message or the values, and the reason of the entry that overruled it. */
  why: string;
  /** What a user may call the changed thing. */
  called: string[];
}

/** A bundle. */
export interface Side {
  file: string;
  document: OpenApiDocument;
}

export interface Pair {
  /** Where `released/` is. */
  folder: string;
  base: Side;
  revision: Side;
}

/**
 * The changes, those that ask for the most first. Another version is no change.
 * @throws {StageError} if Redocly cannot compare the two, or an entry of overrules.yaml is stale
 */
export async function changesBetween(pair: Pair, overrules: Overrules): Promise<Change[]> {
  const { changes } = await redoclyDiff(pair);
  const own = changes.filter(({ typeName, property }) => !(typeName === "Info" && property === "version"));
  const final = overrule(
    own.map((change) => fromRedocly(pair, change)),
    overrules,
  );
  return final.sort((a, b) => impacts.indexOf(b.asks) - impacts.indexOf(a.asks));
}

// Redocly

/** As much of its report as we read. */
interface Diff {
  changes: {
    kind: "added" | "modified" | "removed";
    /** The place as seen from the operation. */
    path: string;
    typeName: string;
    /** The keyword that was modified; "key" if it is the name of the node itself. */
    property?: string;
    impact: Impact;
    verdicts: { message: string }[];
    base?: Found;
    revision?: Found;
  }[];
}

interface Found {
  /** Where it is written; what is absent has the place of the node above. */
  pointer: string;
  line: number;
  col: number;
  value?: unknown;
}

function redoclyDiff({ folder, base, revision }: Pair): Promise<Diff> {
  const cli = join(dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")), "bin/cli.js");
  const options = ["--config", join(folder, "released/redocly.yaml"), "--format", "json", "--fail-on", "none"];
  const offline = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^DCS_/i.test(name)));
  const around = { env: { ...env, ...offline }, maxBuffer: 2 ** 26 };
  return new Promise((done, fail) => {
    execFile(process.execPath, [cli, "diff", base.file, revision.file, ...options], around, (error, stdout, stderr) => {
      if (!error) return done(JSON.parse(stdout));
      const [said = error.message] = /(?<=^Error: ).+|^Can't resolve.+$/m.exec(stderr) ?? [];
      fail(new StageError([{ file: revision.file, message: `Redocly cannot compare this: ${said}`, rule: "diff" }]));
    });
  });
}

function fromRedocly({ base, revision }: Pair, change: Diff["changes"][number]): Change {
  const { kind, typeName, path, property, impact, verdicts } = change;
  const side = change.revision ? revision : base;
  const { pointer, line, col } = (change.revision ?? change.base) as Found;
  const keyword = property === undefined || property === "key" ? "" : formatPointer([property]);
  const written = pointer.slice("#".length);
  const node = written.endsWith(keyword) ? written.slice(0, written.length - keyword.length) : written;
  const values = [change.base?.value, change.revision?.value];
  const [isNew, isGone] = values.map((value) => keyword !== "" && value === undefined);
  const what = (isNew && "added") || (isGone && "removed") || kind;
  const said = verdicts.map(({ message }) => message).join(" ");
  const shown = values.filter((value) => value !== undefined).map((value) => JSON.stringify(value));
  const isShort = shown.every(({ length }) => length < 80); // which a text is not
  return {
    name: `${what} ${typeName}${property === undefined ? "" : `.${property}`} #${node}`,
    place: { file: side.file, line, column: col },
    asks: impact,
    tool: impact,
    why: said || (keyword && isShort ? `(${shown.join(" → ")})` : ""),
    called: callings(side.document, node, [`${path}${keyword}`, `${node}${keyword}`]),
  };
}

const named = "properties|responses|variables|x-enumDescriptions|schemas|securitySchemes";

/** The name of a parameter; otherwise that of a field, value, status or schema; otherwise the keyword. */
function callings(document: OpenApiDocument, node: string, pointers: string[]): string[] {
  const [parameter] = /^(\/components\/parameters\/[^/]+|\/paths\/.+\/parameters\/\d+)/.exec(node) ?? [];
  if (parameter !== undefined) return [follow<Parameter>(document, parameter).node.name];
  const names = pointers.flatMap((pointer) => new RegExp(`.*/(?:${named})/([^/]+)`).exec(pointer)?.slice(1) ?? []);
  return names.length > 0 ? names : (/\/([^/]*[^/\d][^/]*)(?:\/\d+)*$/.exec(pointers[0] ?? "")?.slice(1) ?? []);
}

// Our own verdicts

export interface Overrules {
  /** For every release: each overrules what Redocly says of all changes of a kind. */
  standing: { change: RegExp; tool: Impact; asks: Impact; reason: string }[];
  /** For single changes since the last release, with the place of the entry. */
  once: { change: string; asks: Impact; reason: string; place: Position }[];
}

function overrule(changes: Change[], { standing, once }: Overrules): Change[] {
  const judged = changes.map((change) => {
    const rule = standing.find((entry) => entry.tool === change.tool && entry.change.test(change.name));
    return rule ? overruled(change, rule) : change;
  });
  const message = "No change since the last release has this name and asks for something else. Remove this entry.";
  const needed = ({ change, asks }: { change: string; asks: Impact }) =>
    judged.some((other) => other.name === change && other.asks !== asks);
  refuseIf(once.filter((entry) => !needed(entry)).map(({ place }) => ({ ...place, message, rule: "overrules" })));
  return judged.map((change) => {
    const rule = once.find((entry) => entry.change === change.name);
    return rule ? overruled(change, rule) : change;
  });
}

const overruled = (change: Change, { asks, reason }: { asks: Impact; reason: string }): Change => ({
  ...change,
  asks,
  why: [change.why, reason].filter(Boolean).join(" "),
});

/** @throws {StageError} if it cannot be read, or an entry lacks something */
export async function readOverrules(written: BaseResolver, file: string): Promise<Overrules> {
  const { parsed, problem } = await readObject({ written }, file);
  if (problem) throw new StageError([problem]);
  const place = (...path: Path) => positionOf(written, { file, path });
  const entries = async (list: "standing" | "once", impactsOf: string[]) => {
    const found: unknown = (parsed as Record<string, unknown>)[list];
    if (Array.isArray(found)) {
      const faults = found.map(async (entry, index) => {
        const message = faultOf(entry ?? {}, impactsOf);
        return message ? [{ ...(await place(list, index)), message, rule: "overrules" }] : [];
      });
      refuseIf((await Promise.all(faults)).flat());
      return found;
    }
    throw new StageError([{ ...(await place(list)), message: `"${list}" is not a list.`, rule: "overrules" }]);
  };
  const standing = await entries("standing", ["tool", "asks"]);
  const once = await entries("once", ["asks"]);
  return {
    standing: standing.map((entry) => ({ ...entry, change: new RegExp(entry.change) })),
    once: await Promise.all(
      once.map(async (entry, index) => ({ ...entry, place: await place("once", index, "change") })),
    ),
  };
}

function faultOf(entry: Record<string, unknown>, impactsOf: string[]): string | undefined {
  const missing = ["change", "reason"].find((key) => !entry[key] || typeof entry[key] !== "string");
  if (missing) return `This entry has no ${missing}.`;
  const odd = impactsOf.find((key) => !impacts.some((impact) => impact === entry[key]));
  if (odd) return `"${odd}" of this entry is none of ${impacts.join(", ")}.`;
  try {
    if (impactsOf.includes("tool")) new RegExp(entry.change as string);
  } catch (error) {
    return `${(error as Error).message}.`;
  }
}
