import { valuesOf } from "../../model/contract.ts";
import { fine, type Rule } from "../../model/rule.ts";

const codes = valuesOf("error_code") ?? [];

export const failureCode: Rule = {
  id: "failure-code",
  severity: "warning",
  title: "A failed backup has one of the documented error codes",
  source: "record.error_code",
  record({ status, error_code }) {
    const isRightType = typeof error_code === "string" || (error_code ?? null) === null; // page-schema says so
    if (status !== "failed" || !isRightType) return undefined;
    if (codes.includes(error_code as string)) return fine;
    const message = error_code
      ? "The failed backup has an error code that is not documented; Huawei Cloud may have added it"
      : "The failed backup has no error code";
    return [{ message, pointer: "/error_code", expected: `${codes[0]} to ${codes.at(-1)}`, actual: error_code }];
  },
};
