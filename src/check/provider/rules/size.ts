import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const size: Rule = {
  id: "size",
  severity: "warning",
  title: "No size is negative",
  source: "record.size.unit",
  record({ size }) {
    if (typeof size !== "number") return undefined;
    return size >= 0
      ? fine
      : [{ message: "The size is negative", pointer: "/size", expected: "0 or more", actual: size }];
  },
};
