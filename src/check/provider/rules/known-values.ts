import { type Contract, valuesOf } from "../../../wire/contract.ts";
import type { Fault } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const knownValues: Rule = {
  id: "known-values",
  severity: "warning",
  title: "Every enumeration value is in the contract",
  source: "remark.unknown-values",
  record(record, { contract }) {
    let faults: Fault[] | undefined;
    for (const { field, values, expected } of enumerationsOf(contract)) {
      const value = record[field];
      if (typeof value !== "string") continue;
      faults ??= [];
      if (values.has(value)) continue;
      const message = `The ${field} is not in the contract; Huawei Cloud may have added it`;
      faults.push({ message, pointer: `/${field}`, expected, actual: value });
    }
    return faults;
  },
};

interface Enumeration {
  field: string;
  values: ReadonlySet<string>;
  expected: string;
}

const cache = new WeakMap<Contract, readonly Enumeration[]>();

/** The record's enumerations. The error codes are an open list, not an enumeration: the rule failure-code checks them. */
function enumerationsOf(contract: Contract): readonly Enumeration[] {
  const cached = cache.get(contract);
  if (cached) return cached;
  const enumerations = Object.entries(contract.fieldsOf(contract.page.record)).flatMap(([name, field]) => {
    const values = field.enum && valuesOf(field);
    return values ? [{ field: name, values: new Set(values), expected: values.join(", ") }] : [];
  });
  cache.set(contract, enumerations);
  return enumerations;
}
