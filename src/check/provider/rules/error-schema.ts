import { schemaFaults } from "../../../wire/validate.ts";
import type { Rule } from "../../model/rule.ts";
import { isContractError } from "../status.ts";

export const errorSchema: Rule = {
  id: "error-schema",
  severity: "error",
  title: "An error has the types and lengths of the contract",
  source: "error",
  exchange(exchange, { contract }) {
    const { documented, json } = exchange.answer ?? {};
    if (!isContractError(exchange) || documented?.schema === undefined || json === undefined) return undefined;
    return schemaFaults(contract, documented.schema, json);
  },
};
