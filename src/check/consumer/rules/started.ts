import { fine } from "../../../wire/rule.ts";
import type { ConsumerRule } from "../rule.ts";

export const started: ConsumerRule = {
  id: "started",
  severity: "error",
  blocks: true,
  title: "The command can be started",
  source: "the check itself",
  run: ({ ended, command }) =>
    ended.failure === undefined ? fine : [{ message: `${command} could not be started: ${ended.failure}` }],
};
