// What the consumer of a Pact expects of an answer, against what the contract lets an answer have. Its values are examples: a
// matching rule says what the real ones may be instead.

import { type Contract, valuesOf } from "../../wire/contract.ts";
import type { Fault, RuleHead } from "../../wire/rule.ts";
import { type Fields, isFields, schemaFaults } from "../../wire/validate.ts";
import { isMissing, type MatchingRule, type Recorded } from "./recorded.ts";

export const expectedStatus: RuleHead = {
  id: "expected-status",
  severity: "error",
  title: "Every status that a consumer expects is in the contract",
  source: "status.200",
};

export const expectedFields: RuleHead = {
  id: "expected-fields",
  severity: "error",
  title: "Every field that a consumer expects is in the contract",
  source: "response",
};

export const expectedValues: RuleHead = {
  id: "expected-values",
  severity: "error",
  title: "Every value that a consumer expects is one that the contract has",
  source: "response",
};

export const expectedRules: readonly RuleHead[] = [expectedStatus, expectedFields, expectedValues];

/** The faults of each rule that has something to check. */
export function judgeExpected({ response, expected }: Recorded, contract: Contract): Map<RuleHead, readonly Fault[]> {
  const judgement = new Map<RuleHead, readonly Fault[]>();
  if (isMissing(response)) return judgement;
  const { status, body } = response;
  const documented = contract.responses.get(status);
  const statuses = [...contract.responses.keys()].join(", ");
  const undocumented = { message: `HTTP ${status} is not in the contract`, expected: statuses, actual: status };
  judgement.set(expectedStatus, documented ? [] : [undocumented]);
  const json = "text" in body ? parsed(body.text) : undefined;
  if (documented?.schema === undefined || json === undefined) return judgement;
  const isRelaxed = relaxing(expected?.rules ?? []);
  const places = [...placesOf(json, documented.schema, contract, "")];
  judgement.set(
    expectedFields,
    places.flatMap(({ value, schema, at }) => unknownFields(value, contract.fieldsOf(schema), at)),
  );
  judgement.set(
    expectedValues,
    places.flatMap((place) => [...valueFaults(place, contract, isRelaxed)]),
  );
  return judgement;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

interface Place {
  value: unknown;
  schema: string;
  /** JSON pointer. */
  at: string;
}

/** The body, and the elements of its lists. */
function* placesOf(value: unknown, schema: string, contract: Contract, at: string): Generator<Place> {
  yield { value, schema, at };
  if (!isFields(value)) return;
  for (const [name, { items }] of Object.entries(contract.fieldsOf(schema))) {
    const list = value[name];
    if (items === undefined || !Array.isArray(list)) continue;
    for (const [index, element] of list.entries()) yield* placesOf(element, items, contract, `${at}/${name}/${index}`);
  }
}

function unknownFields(value: unknown, known: Fields, at: string): Fault[] {
  const names = isFields(value) ? Object.keys(value) : [];
  return names
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => ({
      message: `The contract has no field ${name}`,
      pointer: `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      expected: Object.keys(known).join(", "),
    }));
}

/** What the wording of a type looks like: faults of another kind are of the example alone if a rule relaxes it. */
const isType = /^(string|integer|number|boolean|array|object|null)( or \w+)*$/;

function* valueFaults({ value, schema, at }: Place, contract: Contract, isRelaxed: IsRelaxed): Generator<Fault> {
  const fields = contract.fieldsOf(schema);
  const lists = Object.keys(fields).filter((name) => fields[name]?.items !== undefined);
  const own = isFields(value) ? { ...value } : value;
  if (isFields(own)) for (const name of lists) if (Array.isArray(own[name])) own[name] = []; // its elements have their own place
  const told = new Set<string>();
  for (const fault of schemaFaults(contract, schema, own, at, true)) {
    told.add(fault.pointer ?? "");
    if (isType.test(fault.expected ?? "") || !isRelaxed(fault.pointer ?? "")) yield fault;
  }
  // Lists of values that are open in answers: what a consumer expects of them should be on the list.
  for (const [name, field] of Object.entries(fields)) {
    const found = isFields(value) ? value[name] : undefined;
    const [values, pointer] = [valuesOf(field), `${at}/${name}`];
    if (typeof found !== "string" || !values || field.enum || values.includes(found)) continue;
    if (told.has(pointer) || isRelaxed(pointer)) continue;
    yield {
      message: `${name} should be one of the documented values`,
      pointer,
      expected: values.join(", "),
      actual: found,
    };
  }
}

type IsRelaxed = (pointer: string) => boolean;

/** Whether a matching rule lets the value at a JSON pointer be another one. A rule of a list or an object is one of what is in it. */
function relaxing(rules: readonly MatchingRule[]): IsRelaxed {
  const paths = rules
    .filter(({ of, category, matches }) => of === "response" && category === "body" && !matches.every(isExact))
    .map(({ path }) => [...path.matchAll(/\.([^.[\]]+)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+|\*)\]/g)])
    .map((steps) => steps.map(([, ...names]) => names.find((name) => name !== undefined) ?? ""));
  return (pointer) => {
    const names = pointer.split("/").slice(1);
    return paths.some(
      (path) => path.length <= names.length && path.every((step, index) => step === "*" || step === names[index]),
    );
  };
}

const isExact = (match: string) => match === "equality" || match === "null";
