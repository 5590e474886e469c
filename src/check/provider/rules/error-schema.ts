import { schemaFaults } from "../../engine/validate.ts";
import type { Rule } from "../../model/rule.ts";
import { isContractError } from "../status.ts";

export const errorSchema: Rule = {
  id: "error-schema",
  severity: "error",
  title: "An error has the types and lengths of the contract",
  source: "error",
  exchange(exchange) {
    const body = exchange.answer?.json;
    return isContractError(exchange) && body !== undefined ? schemaFaults("ErrorResponse", body) : undefined;
  },
};
