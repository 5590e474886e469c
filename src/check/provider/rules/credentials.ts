import { fine, type Rule } from "../../model/rule.ts";
import { cameInstead, isTurnedAway } from "../status.ts";

export const credentials: Rule = {
  id: "credentials",
  severity: "error",
  blocks: true,
  title: "The credentials are accepted",
  source: "security",
  exchange(exchange) {
    const { answer, probe } = exchange;
    if (!answer || probe.id !== "list") return undefined;
    if (!isTurnedAway(answer)) return fine;
    const message = `HTTP ${answer.status}: the credentials are rejected, or not allowed to list the backups of this instance`;
    return [{ message, actual: cameInstead(answer) }];
  },
};
