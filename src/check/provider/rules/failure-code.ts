import { valuesOf } from "../../../wire/contract.ts";
import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const failureCode: Rule = {
  id: "failure-code",
  severity: "warning",
  title: "A failed backup has one of the documented error codes",
  source: "record.error_code",
  record({ status, error_code }, { contract }) {
    const isRightType = typeof error_code === "string" || (error_code ?? null) === null; // page-schema reports it
    const field = contract.fieldsOf(contract.page.record).error_code;
    const codes = field && valuesOf(field);
    if (status !== "failed" || !isRightType || !codes) return undefined;
    if (codes.includes(error_code as string)) return fine;
    const message = error_code
      ? "The failed backup has an undocumented error code; Huawei Cloud may have added it"
      : "The failed backup has no error code";
    return [{ message, pointer: "/error_code", expected: `${codes[0]} to ${codes.at(-1)}`, actual: error_code }];
  },
};
