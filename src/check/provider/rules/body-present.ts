import { fine } from "../../../wire/rule.ts";
import { sourceOfBody } from "../../engine/sources.ts";
import type { Rule } from "../../model/rule.ts";
import { hasContractBody } from "../status.ts";

export const bodyPresent: Rule = {
  id: "body-present",
  severity: "error",
  title: "A response has a body",
  source: "status.200.body",
  exchange(exchange, { contract }) {
    if (!hasContractBody(exchange)) return undefined;
    const isEmpty = exchange.answer?.text?.trim() === "";
    if (!isEmpty) return fine;
    const message = `HTTP ${exchange.answer?.status} without a body`;
    return [{ message, expected: "a JSON object", ...sourceOfBody(exchange, contract) }];
  },
};
