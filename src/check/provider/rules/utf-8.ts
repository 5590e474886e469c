import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";
import { hasContractBody } from "../status.ts";

export const utf8: Rule = {
  id: "utf-8",
  severity: "error",
  title: "A body is UTF-8",
  source: "RFC 8259, section 8.1",
  exchange(exchange) {
    if (!hasContractBody(exchange) || exchange.answer?.bytes === 0) return undefined;
    return exchange.answer?.text === undefined ? [{ message: "The body has bytes that are not UTF-8" }] : fine;
  },
};
