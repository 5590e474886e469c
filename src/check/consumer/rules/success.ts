import { fine } from "../../model/rule.ts";
import type { ConsumerRule } from "../rule.ts";

/** Applied only where a suite asks for it. */
export const success: ConsumerRule = {
  id: "success",
  severity: "error",
  title: "No request is answered with a 4xx or 5xx; applied only on request",
  source: "status.200",
  request: ({ status = 0 }) =>
    status >= 400 ? [{ message: `Answered with HTTP ${status}`, expected: "200", actual: status }] : fine,
};
