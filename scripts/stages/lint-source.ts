// Stage: the hand-written files can be read, have no circular references, follow Redocly's rules and this repository's, and
// are all in use.

import { isAbsoluteUrl, lint } from "@redocly/openapi-core";
import { type Problem, refuseIf } from "../problem.ts";
import {
  type ContractSource,
  contractFiles,
  fromRedocly,
  type Place,
  positionOf,
  readObject,
  target,
} from "../source.ts";

/**
 * @returns the number of files read
 * @throws {StageError} on any error or warning
 */
export async function lintSource(source: ContractSource): Promise<number> {
  const references = await readReferences(source);
  const problemsAt = (places: Reference[], message: string, rule: string) =>
    Promise.all(
      places.map(async ({ from: { file, path }, keyword }): Promise<Problem> => {
        const position = await positionOf(source.written, { file, path: [...path, keyword] });
        return { ...position, message: `This ${keyword} ${message}`, rule };
      }),
    );
  // Before Redocly runs, since it would fetch them.
  const remote = references.filter(({ to }) => isAbsoluteUrl(to.file));
  refuseIf(
    await problemsAt(remote, "leads to the network. Put its content into a file of the contract.", "remote-ref"),
  );
  refuseIf(await problemsAt(findCircles(references), "leads back to itself.", "circular-ref"));

  const found = await lint({ ref: source.root, config: source.config, externalRefResolver: source.resolver });
  const unresolved = found.filter(({ ruleId }) => ruleId === "no-unresolved-refs");
  refuseIf((unresolved.length > 0 ? unresolved : found).map(fromRedocly)); // the others may only follow from these

  const used = source.resolver.getFiles();
  const unused = (await contractFiles(source.root)).filter((file) => !used.has(file));
  const message = "Nothing refers to this file. Refer to it or remove it.";
  refuseIf(unused.map((file) => ({ file, message, rule: "unused-file" })));
  return used.size;
}

interface Reference {
  from: Place;
  keyword: "$ref" | "externalValue";
  to: Place;
}

/**
 * Every `$ref` of the contract's files, and every external example.
 * @throws {StageError} for each file that is not a YAML or JSON object
 */
async function readReferences(source: ContractSource): Promise<Reference[]> {
  const { root, written } = source;
  const references: Reference[] = [];
  const problems: Problem[] = [];
  for (const file of await contractFiles(root)) {
    const { parsed, problem } = await readObject(source, file);
    if (problem) {
      problems.push(problem);
    } else if (hasAliases(parsed)) {
      problems.push({ file, message: "This file has a YAML alias (*name). Use a $ref.", rule: "yaml-alias" });
    } else if (file === root && !isVersion30(parsed)) {
      const place = await positionOf(written, { file, path: ["openapi"] });
      problems.push({ ...place, message: "The contract must be written in OpenAPI 3.0.3.", rule: "openapi-version" });
    } else {
      references.push(...referencesBelow(parsed, { file, path: [] }));
    }
  }
  refuseIf(problems);
  return references;
}

const isVersion30 = (document: object) => String((document as { openapi?: unknown }).openapi).startsWith("3.0.");

/** Whether a node is in two places, or inside itself: then a few lines can expand to millions. */
function hasAliases(node: object, seen = new Set<object>()): boolean {
  if (seen.has(node)) return true;
  seen.add(node);
  return Object.values(node).some((child) => typeof child === "object" && child !== null && hasAliases(child, seen));
}

function* referencesBelow(node: unknown, from: Place): Generator<Reference> {
  if (typeof node !== "object" || node === null) return;
  for (const keyword of ["$ref", "externalValue"] as const) {
    const value = (node as Record<string, unknown>)[keyword];
    if (typeof value === "string") yield { from, keyword, to: target(from.file, value) };
  }
  for (const [key, child] of Object.entries(node)) {
    yield* referencesBelow(child, { ...from, path: [...from.path, key] });
  }
}

/** The references that close a circle: generators and validators loop or give up on them. */
function findCircles(references: Reference[]): Reference[] {
  const byFile = Map.groupBy(references, ({ from }) => from.file);
  const inside = ({ file, path }: Place) =>
    (byFile.get(file) ?? []).filter(({ from }) => path.every((key, depth) => from.path[depth] === key));
  const circles: Reference[] = [];
  const done = new Set<string>();
  const follow = (place: Place, trail: string[]) => {
    for (const reference of inside(place)) {
      const address = JSON.stringify(reference.to);
      if (trail.includes(address)) circles.push(reference);
      else if (!done.has(address)) follow(reference.to, [...trail, address]);
    }
    done.add(JSON.stringify(place));
  };
  for (const { to } of references) {
    if (!done.has(JSON.stringify(to))) follow(to, [JSON.stringify(to)]);
  }
  return circles;
}
