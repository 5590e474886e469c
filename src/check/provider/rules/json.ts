import { fine } from "../../../wire/rule.ts";
import { sourceOfBody } from "../../engine/sources.ts";
import type { Rule } from "../../model/rule.ts";
import { hasContractBody } from "../status.ts";

export const json: Rule = {
  id: "json",
  severity: "error",
  title: "A body is complete JSON",
  source: "status.200.body",
  exchange(exchange, { contract }) {
    const { text = "", jsonFault } = exchange.answer ?? {};
    if (!hasContractBody(exchange) || text.trim() === "") return undefined;
    if (jsonFault === undefined) return fine;
    const why = text.startsWith("\ufeff") ? "it begins with a byte order mark" : jsonFault;
    return [
      {
        message: `The body is not JSON: ${why}`,
        expected: "a JSON object",
        actual: text,
        ...sourceOfBody(exchange, contract),
      },
    ];
  },
};
