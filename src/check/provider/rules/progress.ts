import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const progress: Rule = {
  id: "progress",
  severity: "warning",
  title: "The progress is a decimal number from 0 to 100",
  source: "record.progress",
  record({ progress }) {
    if (typeof progress !== "string") return undefined;
    if (/^\d+(\.\d+)?$/.test(progress) && Number(progress) <= 100) return fine;
    const message = "The progress is not a decimal number from 0 to 100";
    return [{ message, pointer: "/progress", expected: '"0.00" to "100.00"', actual: progress }];
  },
};
