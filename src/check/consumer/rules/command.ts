import { fine } from "../../../wire/rule.ts";
import type { ConsumerRule } from "../rule.ts";

export const command: ConsumerRule = {
  id: "command",
  severity: "error",
  title: "The command succeeds",
  source: "the check itself",
  run({ ended: { failure, stoppedBy, code, signal } }) {
    if (failure !== undefined || stoppedBy) return undefined;
    if (code === 0) return fine;
    const end = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    return [{ message: `The command ${end}`, expected: "exit code 0", actual: signal ?? code }];
  },
};
