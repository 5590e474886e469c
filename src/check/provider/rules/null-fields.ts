import type { Contract } from "../../../wire/contract.ts";
import type { Fault } from "../../../wire/rule.ts";
import { type Fields, isFields } from "../../../wire/validate.ts";
import type { Rule } from "../../model/rule.ts";

/** Of a page, of its records, and of an error. No more than a warning, since it was seen; the rules on schemas leave it out. */
export const nullFields: Rule = {
  id: "null-fields",
  severity: "warning",
  title: "No field is null whose type has no null",
  source: "response",
  exchange({ answer }, { contract }) {
    const { documented, json } = answer ?? {};
    if (documented?.schema === undefined || !isFields(json)) return undefined;
    return nullsIn(json, documented.schema, contract);
  },
};

function* nullsIn(body: Fields, schema: string, contract: Contract): Generator<Fault> {
  yield* nullsOf(body, schema, contract, "");
  for (const [list, { items }] of Object.entries(contract.fieldsOf(schema))) {
    const elements = body[list];
    if (items === undefined || !Array.isArray(elements)) continue;
    const names = Object.entries(contract.fieldsOf(items)).flatMap(([name, { nullable }]) => (nullable ? [] : name));
    for (let index = 0; index < elements.length; index += 1) {
      const element: unknown = elements[index];
      if (!isFields(element) || !names.some((name) => element[name] === null)) continue; // as most: no generator for each
      yield* nullsOf(element, items, contract, `/${list}/${index}`);
    }
  }
}

function* nullsOf(object: Fields, schema: string, contract: Contract, at: string): Generator<Fault> {
  for (const [name, { nullable, type }] of Object.entries(contract.fieldsOf(schema))) {
    if (nullable || object[name] !== null) continue;
    const source = contract.factAt(`#/components/schemas/${schema}/properties/${name}`);
    yield {
      message: `${name} is null, and its type has no null. Open Telekom Cloud, which has the same call, was seen to send such nulls`,
      pointer: `${at}/${name}`,
      actual: null,
      ...(type && { expected: type }),
      ...(source && { source }),
    };
  }
}
