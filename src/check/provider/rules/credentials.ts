import { fine } from "../../../wire/rule.ts";
import type { Answer } from "../../model/exchange.ts";
import type { Rule } from "../../model/rule.ts";
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
    const why = exchange.signature === undefined ? "" : clockFault(answer);
    const message = `HTTP ${answer.status}: the credentials are rejected, or not allowed to list the backups of this instance${why}`;
    return [{ message, actual: cameInstead(answer) }];
  },
};

/** A signature is valid for 15 minutes, by the clock of the server. */
function clockFault({ headers }: Answer): string {
  const minutes = Math.round((Date.now() - Date.parse(headers.get("date") ?? "")) / 60_000);
  if (Number.isNaN(minutes) || Math.abs(minutes) < 5) return "";
  const side = minutes > 0 ? "ahead of" : "behind";
  return `. Set the clock: it is ${Math.abs(minutes)} minutes ${side} the server's, and a signature is valid for 15`;
}
