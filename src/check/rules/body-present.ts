import { fine, type Rule } from "../rule.ts";
import { hasContractBody } from "../status.ts";

export const bodyPresent: Rule = {
  id: "body-present",
  severity: "error",
  title: "An answer has a body",
  source: "status.200.body",
  exchange(exchange) {
    if (!hasContractBody(exchange)) return undefined;
    const isEmpty = exchange.answer?.text?.trim() === "";
    return isEmpty ? [{ message: `HTTP ${exchange.answer?.status} without a body`, expected: "a JSON object" }] : fine;
  },
};
