import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";
import { cameInstead, isTurnedAway } from "../status.ts";

export const status: Rule = {
  id: "status",
  severity: "error",
  title: "Every response has a status code of the contract",
  source: "status.200",
  exchange({ answer, probe }, { contract }) {
    const isRedirect = answer && answer.status >= 300 && answer.status <= 399; // no-redirect reports it
    const isOfCredentials = answer && isTurnedAway(answer) && (probe.anonymous || probe.id === "list"); // credentials reports it
    if (!answer || isRedirect || isOfCredentials || answer.status === 429) return undefined;
    if (answer.documented || (answer.status === 204 && probe.expects === "page")) return fine;
    const hint =
      answer.status === 404 ? ": there is no such path, project or instance (check the server's URL and both IDs)" : "";
    const message = `HTTP ${answer.status} is not in the contract${hint}`;
    return [{ message, expected: [...contract.responses.keys()].join(", "), actual: cameInstead(answer) }];
  },
};
