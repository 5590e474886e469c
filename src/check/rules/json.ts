import { fine, type Rule } from "../rule.ts";
import { hasContractBody } from "../status.ts";

export const json: Rule = {
  id: "json",
  severity: "error",
  title: "A body is JSON, and whole",
  source: "status.200.body",
  exchange(exchange) {
    const { text = "", jsonFault } = exchange.answer ?? {};
    if (!hasContractBody(exchange) || text.trim() === "") return undefined;
    if (jsonFault === undefined) return fine;
    return [{ message: `The body is not JSON: ${jsonFault}`, expected: "a JSON object", actual: text }];
  },
};
