import { fieldsOf, valuesOf } from "../../model/contract.ts";
import type { Fault, Rule } from "../../model/rule.ts";

/** The code of a failed backup is for the rule failure-code. */
const enumerations = fieldsOf("BackupRecordResponse").flatMap((field) => {
  const values = field === "error_code" ? undefined : valuesOf(field);
  return values ? [{ field, values: new Set(values), expected: values.join(", ") }] : [];
});

export const knownValues: Rule = {
  id: "known-values",
  severity: "warning",
  title: "Every value of an enumeration is one that the contract knows",
  source: "remark.unknown-values",
  record(record) {
    let faults: Fault[] | undefined;
    for (const { field, values, expected } of enumerations) {
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
