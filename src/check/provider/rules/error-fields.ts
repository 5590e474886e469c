import { isFields } from "../../../wire/validate.ts";
import type { Rule } from "../../model/rule.ts";
import { isContractError } from "../status.ts";

/** The schema requires no field, so the error shapes of API v1 and of the gateway would pass. */
export const errorFields: Rule = {
  id: "error-fields",
  severity: "error",
  title: "An error has a code and a message",
  source: "error",
  exchange(exchange, { contract }) {
    const body = exchange.answer?.json;
    if (!isContractError(exchange) || !isFields(body)) return undefined;
    return Object.entries(contract.fieldsOf(exchange.answer?.documented?.schema ?? ""))
      .filter(([field, { nullable }]) => !nullable && !(field in body))
      .map(([field]) => ({
        message: `The error has no ${field}`,
        pointer: "",
        expected: field,
        actual: Object.keys(body),
      }));
  },
};
