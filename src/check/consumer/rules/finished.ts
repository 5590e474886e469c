import { fine } from "../../../wire/rule.ts";
import type { ConsumerRule } from "../rule.ts";

export const finished: ConsumerRule = {
  id: "finished",
  severity: "error",
  blocks: true,
  title: "The command is not interrupted",
  source: "the check itself",
  run({ ended: { failure, stoppedBy }, hungMs }) {
    if (failure !== undefined || hungMs !== undefined) return undefined;
    return stoppedBy ? [{ message: `The command was stopped by ${stoppedBy} before it ended` }] : fine;
  },
};
