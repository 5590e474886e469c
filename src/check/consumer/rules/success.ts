import { fine } from "../../../wire/rule.ts";
import type { ConsumerRule } from "../rule.ts";

/** Applied only if `requireSuccess` is set. */
export const success: ConsumerRule = {
  id: "success",
  severity: "error",
  title: "No response is a 4xx or 5xx; applied only on request",
  source: "status.200",
  request: ({ status = 0 }) =>
    status >= 400 ? [{ message: `The response is HTTP ${status}`, expected: "200", actual: status }] : fine,
};
