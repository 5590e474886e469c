import { fine } from "../../../wire/rule.ts";
import type { ConsumerRule } from "../rule.ts";

export const command: ConsumerRule = {
  id: "command",
  severity: "error",
  title: "The command succeeds, unless the mock's scenario breaks the contract",
  source: "the check itself",
  run({ ended: { failure, stoppedBy, code, signal }, hungMs, isServed }) {
    if (!isServed) return undefined;
    if (hungMs !== undefined)
      return [{ message: `The command did not end within ${hungMs / 1000} s`, expected: "an end" }];
    if (failure !== undefined || stoppedBy) return undefined;
    if (code === 0) return fine;
    const end = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    return [{ message: `The command ${end}`, expected: "exit code 0", actual: signal ?? code }];
  },
};
