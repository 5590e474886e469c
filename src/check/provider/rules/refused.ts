import type { Contract } from "../../../wire/contract.ts";
import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";
import { cameInstead, isAccepted, isTurnedAway } from "../status.ts";

export const refused: Rule = {
  id: "refused",
  severity: "error",
  title: "An invalid request is rejected, if its valid twin is accepted",
  source: "status.400",
  exchange(exchange, { exchanges, contract }) {
    const { answer, probe } = exchange;
    const twin = exchanges.find((other) => other.probe.id === probe.twin);
    if (!answer || !twin || !isAccepted(twin)) return undefined;
    const isServed = isAccepted(exchange);
    const isFailure = answer.status >= 500 && answer.documented !== undefined;
    if (!isServed && !isFailure) return isTurnedAway(answer) || answer.documented ? fine : undefined;
    const message = isServed
      ? `HTTP ${answer.status}: ${probe.title} was accepted`
      : `HTTP ${answer.status}: ${probe.title} made the server fail`;
    return [
      {
        message,
        expected: probe.anonymous ? "401 or 403" : refusals(contract),
        actual: isServed ? answer.status : cameInstead(answer),
        ...(probe.breaks && { source: probe.breaks }),
      },
    ];
  },
};

/** The documented status codes for an invalid request. */
const refusals = ({ responses }: Contract) =>
  [...responses.keys()].filter((status) => status >= 400 && status < 500).join(", ");
