import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";
import { cameInstead, isAccepted, isContractError } from "../status.ts";

export const accepted: Rule = {
  id: "accepted",
  severity: "error",
  title: "A valid request is answered with a page of records",
  source: "status.200",
  exchange(exchange, { contract }) {
    const { answer, probe } = exchange;
    if (!answer || probe.expects !== "page") return undefined;
    if (isAccepted(exchange)) return fine;
    if (!isContractError(exchange)) return undefined; // the rules on status codes report it
    const message = `HTTP ${answer.status}, although the request is valid`;
    return [{ message, expected: String(contract.page.status), actual: cameInstead(answer) }];
  },
};
