import { type Contract, valuesOf } from "../../../wire/contract.ts";
import type { Fault, Rule } from "../../model/rule.ts";

export const knownValues: Rule = {
  id: "known-values",
  severity: "warning",
  title: "Every value of an enumeration is one that the contract knows",
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

/** Of the record. An open list, as that of the codes of failed backups, is none: the rule failure-code is about that. */
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
