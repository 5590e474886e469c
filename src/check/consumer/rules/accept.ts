import { fine } from "../../model/rule.ts";
import { ofOperation } from "../operation.ts";
import type { ConsumerRule } from "../rule.ts";

export const accept: ConsumerRule = {
  id: "accept",
  severity: "error",
  title: "Every request accepts JSON",
  source: "status.200.body",
  request: ofOperation(({ status }) =>
    status === 406 ? [{ message: "The header Accept excludes JSON", expected: "application/json" }] : fine,
  ),
};
