// Stage: the contract for whoever reads answers, whichever revision the service speaks. It is derived from all revisions by a
// few rules. What a caller sends stays strict.

import {
  below,
  bodyOf,
  type Claim,
  follow,
  nodeAt,
  type OpenApiDocument,
  operationsOf,
  type Part,
  type Reference,
  type Response,
  type Schema,
} from "../document.ts";
import { applyOverlays } from "../overlay.ts";
import { type Form, ownEntries, type Revision, type Written } from "./revisions.ts";

export interface Rule {
  name: string;
  reason: string;
  /** Changes one schema of an answer. */
  apply(schema: Schema, place: { isField: boolean; isError: boolean }): Schema;
}

/** Beside the first rule, `everyField`. */
export const rules: readonly Rule[] = [
  {
    name: "open-values",
    reason:
      "Values are added without a new version. Generated code that knows only an enumeration's values fails on others.",
    apply: (schema) => renamed(schema, "enum", "x-extensible-enum"),
  },
  {
    name: "nullable-fields",
    reason: "Fields were seen that are null although the page gives them a plain type.",
    apply: (schema, { isField }) => {
      const { type, nullable: _, ...rest } = schema;
      return isField ? { type, nullable: true, ...rest } : schema;
    },
  },
  {
    name: "unbounded-errors",
    reason: "The gateway's error codes are longer than the page's maximum, and later pages have no maxima.",
    apply: (schema, { isError }) => {
      const { maxLength: _, ...rest } = schema;
      return isError ? rest : schema;
    },
  },
];

const description = `One call of the Distributed Cache Service (DCS), API v2: list the backup records of a DCS instance.

This document is for generating code that reads answers, whichever revision of the reference page the service speaks. It has
every field and status of every revision; the values of an enumeration are listed, but others are valid too; every field of an
answer may be \`null\`; errors have no maximum lengths. Requests are as strict as in the newest revision.

- No field of a response is mandatory. Treat every field as optional.
- Ignore fields and values that you do not know. Huawei Cloud adds to both without a new API version.`;

/** @throws {StageError} if the overlays of the revisions cannot be applied together */
export async function deriveTolerant(base: Form, revisions: Revision[]): Promise<Form> {
  const bundle = await everyField(base, revisions);
  bundle.info.description = description;
  for (const { schema, ...place } of answerSchemas(bundle)) {
    const changed = rules.reduce((changed, rule) => rule.apply(changed, place), schema);
    replace(schema, changed);
  }
  const layers = revisions.flatMap(({ source }) => source.layers.slice(-1));
  return {
    folder: "tolerant/",
    source: { ...base.source, layers },
    bundle,
    reference: referenceOf(base, revisions, bundle),
    entries: [],
  };
}

/**
 * The rule `every-field`: a field, status or value that any revision has is there, since it is unknown which revision a service
 * speaks. The overlays are applied in the order of their dates; then what one of them removed is put back.
 *
 * The 204 stays as the revisions have it, without a body. What the clients in CONSUMERS.md do with a 204:
 *
 * - as it is (17 clients tried): 13 give their caller nothing, without a failure; 3 fail; progenitor refuses the document
 * - with the content of the 200 (8 tried): 5 more fail: typescript-fetch, python, openapi-python-client, ogen, progenitor
 * - as `2XX` (11 tried): the code of typescript-fetch does not compile; progenitor refuses the document
 * - left out (the base's figures, 17): 11 give nothing, 6 fail
 */
export async function everyField(base: Form, revisions: Revision[]): Promise<OpenApiDocument> {
  const files = revisions.map(({ file }) => file);
  const newest = await applyOverlays(base.source, base.bundle, files);
  for (const { bundle } of [base, ...revisions]) putBack(newest, bundle);
  return newest;
}

function putBack(to: object, from: object): void {
  const node = to as Record<string, unknown>;
  for (const [key, old] of Object.entries(from)) {
    if (key === "parameters") continue; // requests are as in the newest revision
    const present = node[key];
    if (present === undefined) node[key] = structuredClone(old);
    else if (Array.isArray(present) && key === "enum") node[key] = [...new Set([...present, ...old])];
    else if (isMap(present) && isMap(old)) putBack(present, old);
  }
}

const isMap = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

const renamed = (schema: Schema, from: string, to: string): Schema =>
  Object.fromEntries(Object.entries(schema).map(([key, value]) => [key === from ? to : key, value]));

function replace(schema: object, content: object): void {
  for (const key of Object.keys(schema)) delete (schema as Record<string, unknown>)[key];
  Object.assign(schema, content);
}

/** The entries of the base and those of each revision itself, if their place is in the document. */
function referenceOf({ reference }: Form, revisions: Revision[], document: OpenApiDocument): Reference | undefined {
  if (!reference) return undefined;
  const later = revisions.flatMap(ownEntries);
  const merged = (list: Written["list"]) => {
    const claims = [...reference[list], ...later.filter((entry) => entry.list === list).map(({ claim }) => claim)];
    return claims.filter((claim) => claim?.pointer && nodeAt(document, claim.pointer) !== undefined);
  };
  const facts = merged("facts") as Reference["facts"];
  return { ...reference, facts: newest(facts), additions: newest(merged("additions") as Reference["additions"]) };
}

/** The last one with each id. */
const newest = <T extends Claim>(claims: T[]): T[] => [...new Map(claims.map((claim) => [claim.id, claim])).values()];

/** Every schema of an answer. */
function answerSchemas(document: OpenApiDocument) {
  const found = new Map<Schema, { schema: Schema; isField: boolean; isError: boolean }>();
  for (const { operation, pointer } of operationsOf(document)) {
    for (const status of Object.keys(operation.responses)) {
      const response = follow<Response>(document, below(pointer, "responses", status));
      const { schema } = bodyOf(document, response);
      if (schema) visit(schema, false, Number(status) >= 400);
    }
  }
  return [...found.values()];

  function visit({ node, pointer }: Part<Schema>, isField: boolean, isError: boolean) {
    const before = found.get(node);
    found.set(node, {
      schema: node,
      isField: isField || before?.isField === true,
      isError: isError || before?.isError === true,
    });
    for (const name of Object.keys(node.properties ?? {})) {
      visit(follow<Schema>(document, below(pointer, "properties", name)), true, isError);
    }
    if (node.items) visit(follow<Schema>(document, below(pointer, "items")), false, isError);
  }
}
