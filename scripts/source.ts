// The hand-written contract as files, and the way from a place in the bundle back to the hand-written line.

import { existsSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import {
  BaseResolver,
  type Config,
  getLineColLocation,
  isAbsoluteUrl,
  type LocationObject,
  lintConfig,
  loadConfig,
  type NormalizedProblem,
  Source,
  YamlParseError,
} from "@redocly/openapi-core";
import type { Reference } from "./document.ts";
import { listFiles } from "./output.ts";
import { formatPointer, type Path, parsePointer } from "./pointer.ts";
import { type Problem, refuseIf, StageError } from "./problem.ts";
import { repository } from "./repository.ts";

export interface ContractSource {
  /** Absolute path of the root document. */
  root: string;
  config: Config;
  /** Reads each file once for Redocly, whose bundler changes what it read. */
  resolver: BaseResolver;
  /** Reads each file once, unchanged. */
  written: BaseResolver;
  /** Of a revision: the overlays on the contract, in their order. */
  layers: Layer[];
}

/** What an overlay adds to a document. */
export interface Layer {
  /** Where it writes the node at `path`; undefined if it does not. */
  find(path: Path): Place | undefined;
}

/** A node of a hand-written file. */
export interface Place {
  file: string;
  path: Path;
}

/**
 * Escapes `#`, `?` and `%` in the names of files. Redocly uses the path of a file as its name, and the name as a URI: in a
 * folder `a#b`, no reference between schemas would work.
 */
class FileResolver extends BaseResolver {
  override resolveExternalRef(base: string | null, reference: string): string {
    return nameOf(super.resolveExternalRef(base && fileOf(base), reference));
  }

  override async loadExternalRef(name: string): Promise<Source> {
    const { body, mimeType } = await super.loadExternalRef(fileOf(name));
    return new NamedSource(name, body, mimeType);
  }

  override getFiles(): Set<string> {
    return new Set([...super.getFiles()].map(fileOf));
  }
}

class NamedSource extends Source {
  readonly file = fileOf(this.absoluteRef);
}

const nameOf = (file: string) => file.replaceAll(/[#?%]/g, encodeURIComponent);
const fileOf = (name: string) => name.replaceAll(/%../g, decodeURIComponent);

/** @throws {StageError} if there is no root document, or a fault in redocly.yaml */
export async function openSource(root: string): Promise<ContractSource> {
  const resolver = new FileResolver();
  await resolver.loadExternalRef(nameOf(root)).catch(({ originalError }) => {
    const message = `This file cannot be read: ${originalError.message}.`;
    throw new StageError([{ file: root, message, rule: "source" }]);
  });
  const config = await loadConfig({ configPath: join(repository, "redocly.yaml") });
  refuseIf((await lintConfig({ config })).map(fromRedocly));
  return { root, config, resolver, written: new BaseResolver(), layers: [] };
}

/** Every file of the contract: the root document, and all files below `paths/` and `components/` beside it. */
export async function contractFiles(root: string): Promise<string[]> {
  const below = ["paths", "components"].map((name) => filesBelow(join(dirname(root), name)));
  return [root, ...(await Promise.all(below)).flat()];
}

/** Every file below a folder in order, except those of editors and Finder; none if there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const files = await listFiles(folder);
  return files.filter((file) => !basename(file).startsWith(".")).map((file) => join(folder, file));
}

/** The content of a hand-written file, or why it cannot be read. */
export async function readObject(
  { written }: Pick<ContractSource, "written">,
  file: string,
): Promise<{ parsed: object; problem?: undefined } | { problem: Problem; parsed?: undefined }> {
  const document = await written.resolveDocument<object>(null, file, true).catch((error: Error) => error);
  if (document instanceof YamlParseError) {
    const { line, col: column, message } = document;
    const place = Number.isNaN(line) ? { file } : { file, line, column };
    return { problem: { ...place, message: `This is not YAML: ${message.split(' in "')[0]}.`, rule: "yaml" } };
  }
  if (document instanceof Error) return { problem: { file, message: document.message, rule: "source" } };
  const { parsed } = document;
  if (typeof parsed === "object" && parsed !== null) return { parsed };
  return { problem: { file, line: 1, column: 1, message: "This file does not hold a YAML object.", rule: "yaml" } };
}

/**
 * The sources of the contract: reference.yaml beside the root document; undefined if there is none.
 * @throws {StageError} if it cannot be read
 */
export async function readReference(
  source: ContractSource,
): Promise<{ file: string; reference: Reference } | undefined> {
  const file = join(dirname(source.root), "reference.yaml");
  if (!existsSync(file)) return undefined;
  const { parsed, problem } = await readObject(source, file);
  if (problem) throw new StageError([problem]);
  return { file, reference: parsed as Reference };
}

/** A problem in Redocly's form, in ours. */
export function fromRedocly({ location, message, ruleId, suggest }: NormalizedProblem): Problem {
  const [place] = location;
  const hint = suggest.length > 0 ? ` Did you mean ${suggest.map((name) => `"${name}"`).join(" or ")}?` : "";
  return { ...position(place as LocationObject), message: oneLine(message) + hint, rule: ruleId };
}

/** The place where the node at `path` of the bundle is written, or the nearest node above it. */
export async function locate(source: ContractSource, path: Path): Promise<Position> {
  const { place, depth } = await placeOf(source, path);
  for (let length = path.length; length >= depth && length > 0; length -= 1) {
    const found = source.layers.map((layer) => layer.find(path.slice(0, length)));
    const last = found.findLast((place) => place !== undefined);
    if (last) return positionOf(source.written, last);
  }
  return positionOf(source.written, place);
}

/** The place in the contract's own files, and how many keys of the path lead there. */
async function placeOf({ root, written }: ContractSource, path: Path): Promise<{ place: Place; depth: number }> {
  let place: Place = { file: root, path: [] };
  let depth = 0;
  const [first, kind, name] = path;
  const component = join(dirname(root), "components", String(kind), `${name}.yaml`);
  const isListed = (await nodeAt(written, { file: root, path: [first, kind, name].map(String) })) !== undefined;
  if (first === "components" && !isListed && (await nodeAt(written, { file: component, path: [] })) !== undefined) {
    // The bundler made this component from the file with its name.
    place = { file: component, path: [] };
    depth = 3;
  }
  for (const key of path.slice(depth)) {
    place = await dereference(written, place);
    const child = { ...place, path: [...place.path, key] };
    if ((await nodeAt(written, child)) === undefined) break;
    place = child;
    depth += 1;
  }
  return { place, depth };
}

/** The target of a `$ref` in `file`: a file or a URL. */
export function target(file: string, reference: string): Place {
  const [other = "", pointer = ""] = reference.split("#");
  return {
    file: isAbsoluteUrl(other) ? other : other ? resolve(dirname(file), other) : file,
    path: parsePointer(decode(pointer)),
  };
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment; // leads nowhere; Redocly reports it with its place
  }
}

/** The node at a place; undefined if there is none, or if the file cannot be read. */
async function nodeAt(written: BaseResolver, { file, path }: Place): Promise<unknown> {
  const document = await written.resolveDocument(null, file, true).catch(() => undefined);
  if (!document || document instanceof Error) return undefined;
  return path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document.parsed);
}

async function dereference(written: BaseResolver, place: Place): Promise<Place> {
  for (let hops = 0; hops < 10; hops += 1) {
    const { $ref } = ((await nodeAt(written, place)) ?? {}) as { $ref?: unknown };
    if (typeof $ref !== "string" || isAbsoluteUrl($ref)) break;
    place = target(place.file, $ref);
  }
  return place;
}

export type Position = Omit<Problem, "message" | "rule">;

export async function positionOf(written: BaseResolver, { file, path }: Place): Promise<Position> {
  const document = await written.resolveDocument(null, file, true);
  if (document instanceof Error) return { file };
  const pointer = `#${formatPointer(path) || "/"}`;
  return position({ source: document.source, pointer, reportOnKey: path.length > 0 });
}

function position(place: LocationObject): Position {
  const { source, start } = getLineColLocation(place);
  const file = source instanceof NamedSource ? source.file : source.absoluteRef;
  return { file, line: start.line, column: start.col };
}

const oneLine = (text: string) => text.replaceAll(`${process.cwd()}${sep}`, "").replaceAll(/\s+/g, " ").trim();
