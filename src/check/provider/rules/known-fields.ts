import type { Field } from "../../../../generated/contract.ts";
import type { Fault } from "../../../wire/rule.ts";
import type { Fields } from "../../../wire/validate.ts";
import type { Rule } from "../../model/rule.ts";

export const knownFields: Rule = {
  id: "known-fields",
  severity: "warning",
  title: "Every field is in the contract",
  source: "remark.unknown-values",
  *page({ body, records }, { contract }) {
    yield* unknown(body, contract.fieldsOf(contract.page.schema), "");
    const known = contract.fieldsOf(contract.page.record);
    for (const { record, pointer } of records) yield* unknown(record, known, pointer);
  },
};

function* unknown(object: Fields, known: Readonly<Record<string, Field>>, at: string): Generator<Fault> {
  for (const name in object) {
    if (Object.hasOwn(known, name)) continue;
    const pointer = `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    yield {
      message: "The field is not in the contract; Huawei Cloud may have added it",
      pointer,
      actual: object[name],
    };
  }
}
