import { fine, type Rule } from "../../model/rule.ts";
import { cameInstead, isAccepted, isContractError } from "../status.ts";

export const accepted: Rule = {
  id: "accepted",
  severity: "error",
  title: "A request that keeps to the contract is answered with a page of records",
  source: "status.200",
  exchange(exchange, { contract }) {
    const { answer, probe } = exchange;
    if (!answer || probe.expects !== "page") return undefined;
    if (isAccepted(exchange)) return fine;
    if (!isContractError(exchange)) return undefined; // the rules on statuses say why
    const message = `HTTP ${answer.status}, though the request keeps to the contract`;
    return [{ message, expected: String(contract.page.status), actual: cameInstead(answer) }];
  },
};
