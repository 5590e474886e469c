// The hand-written contract as files: read once for all stages, and the way back from a place in the bundle to the line
// that a person wrote.

import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  BaseResolver,
  type Config,
  type Document,
  getLineColLocation,
  isAbsoluteUrl,
  loadConfig,
  type LocationObject,
  type NormalizedProblem,
} from "@redocly/openapi-core";
import { type Problem, StageError } from "./problem.ts";

export const repository = dirname(import.meta.dirname);

/** Keys and array positions that lead from the root of a document to a node. */
export type Path = readonly (string | number)[];

export interface ContractSource {
  /** Absolute path of the root document. */
  root: string;
  config: Config;
  resolver: BaseResolver;
}

/** @throws {StageError} if the root document cannot be read */
export async function openSource(root: string): Promise<ContractSource> {
  const resolver = new BaseResolver();
  try {
    await resolver.loadExternalRef(root);
  } catch {
    throw new StageError([{ file: root, message: "There is no such file to build from.", rule: "source" }]);
  }
  return { root, resolver, config: await loadConfig({ configPath: join(repository, "redocly.yaml") }) };
}

/** Every file that belongs to the contract: the root document, and all below `paths/` and `components/` beside it. */
export async function contractFiles(root: string): Promise<string[]> {
  const folders = ["paths", "components"].map((name) => join(dirname(root), name));
  const below = folders.map(async (folder) => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  });
  return [root, ...(await Promise.all(below)).flat().sort()];
}

/** A problem in Redocly's form, in ours. */
export function fromRedocly({ location, message, ruleId, suggest }: NormalizedProblem): Problem {
  const [place] = location;
  const hint = suggest.length > 0 ? ` Did you mean ${suggest.map((name) => `"${name}"`).join(" or ")}?` : "";
  return { ...position(place as LocationObject), message: oneLine(message) + hint, rule: ruleId };
}

/** The file, line and column where the node at `path` of the bundle is written. */
export async function locate({ root, resolver }: ContractSource, path: Path): Promise<Omit<Problem, "message" | "rule">> {
  let document = await read(resolver, root);
  let trail: Path = [];
  let node: unknown = document.parsed;
  const enter = async (file: string, into: Path = []) => {
    document = await read(resolver, file);
    trail = into;
    node = into.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document.parsed);
  };
  const follow = async () => {
    for (let hops = 0; hops < 10 && isReference(node); hops += 1) {
      const [file = "", pointer = ""] = node.$ref.split("#");
      if (isAbsoluteUrl(file)) return;
      const into = pointer.split("/").slice(1).map(unescapePointer);
      await enter(file ? join(dirname(document.source.absoluteRef), file) : document.source.absoluteRef, into);
    }
  };

  let rest = path;
  const [first, kind, name, ...inside] = path;
  const listed = (document.parsed as { components?: Record<string, Record<string, unknown>> }).components;
  if (first === "components" && kind && name && !listed?.[kind]?.[name]) {
    // The bundler made this component of the file that bears its name.
    await enter(join(dirname(root), "components", String(kind), `${name}.yaml`)).catch(() => undefined);
    if (document.source.absoluteRef !== root) rest = inside;
  }
  for (const key of rest) {
    await follow();
    const next = (node as Record<string, unknown> | undefined)?.[key];
    if (next === undefined) break;
    node = next;
    trail = [...trail, key];
  }
  const pointer = `#/${trail.map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;
  return position({ source: document.source, pointer, reportOnKey: trail.length > 0 });
}

function position(place: LocationObject): Omit<Problem, "message" | "rule"> {
  const { source, start } = getLineColLocation(place);
  return { file: source.absoluteRef, line: start.line, column: start.col };
}

async function read(resolver: BaseResolver, file: string): Promise<Document> {
  const document = await resolver.resolveDocument(null, file, true);
  if (document instanceof Error) throw document;
  return document;
}

function isReference(node: unknown): node is { $ref: string } {
  return typeof (node as { $ref?: unknown } | undefined)?.$ref === "string";
}

const unescapePointer = (key: string) => decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~");

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();

