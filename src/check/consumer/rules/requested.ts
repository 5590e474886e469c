import { fine } from "../../../wire/rule.ts";
import type { ConsumerRule } from "../rule.ts";

export const requested: ConsumerRule = {
  id: "requested",
  severity: "error",
  blocks: true,
  title: "The command sends requests",
  source: "the check itself",
  run({ ended: { failure, stoppedBy }, requests }) {
    if (failure !== undefined || stoppedBy) return undefined;
    if (requests > 0) return fine;
    return [
      { message: "No request came: the command must send its requests to the URL in DCS_ENDPOINT", actual: requests },
    ];
  },
};
