import { fine, type Rule } from "../../model/rule.ts";
import { cameInstead, isAccepted, isTurnedAway } from "../status.ts";

export const refused: Rule = {
  id: "refused",
  severity: "error",
  title: "A request that breaks the contract is refused, where its twin that keeps to it is accepted",
  source: "status.400",
  exchange(exchange, { exchanges }) {
    const { answer, probe } = exchange;
    const twin = exchanges.find((other) => other.probe.id === probe.twin);
    if (!answer || !twin || !isAccepted(twin)) return undefined;
    const isServed = isAccepted(exchange);
    if (!isServed && answer.status !== 500) return isTurnedAway(answer) || answer.status === 400 ? fine : undefined;
    const message = isServed
      ? `HTTP ${answer.status}: ${probe.title} was accepted`
      : `HTTP ${answer.status}: ${probe.title} made the server fail`;
    return [
      {
        message,
        expected: probe.anonymous ? "401 or 403" : "400",
        actual: isServed ? answer.status : cameInstead(answer),
        ...(faultOf[probe.id] && { source: faultOf[probe.id] }),
      },
    ];
  },
};

/** The facts that the requests break. */
const faultOf: Record<string, "query.offset" | "query.limit" | "query.begin_time" | "security"> = {
  "offset-negative": "query.offset",
  "limit-not-a-number": "query.limit",
  "time-too-short": "query.begin_time",
  "month-13": "query.begin_time",
  "no-credentials": "security",
};
