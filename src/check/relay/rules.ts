// The rules on a relay's run: whether its command ran and asked, and whether what passed was recorded.

import type { RuleHead, Verdict } from "../../wire/rule.ts";
import { fine } from "../../wire/rule.ts";
import type { ConsumerRun } from "../consumer/rule.ts";
import { command } from "../consumer/rules/command.ts";
import { finished } from "../consumer/rules/finished.ts";
import { requested } from "../consumer/rules/requested.ts";
import { started } from "../consumer/rules/started.ts";

type RunRule = RuleHead & { run: (run: ConsumerRun) => Verdict };

export const commandRules = [
  started,
  finished,
  requested,
  { ...command, title: "The command succeeds" },
] as readonly RunRule[];

export const recording: RuleHead = {
  id: "recording",
  severity: "error",
  blocks: true,
  title: "What passed is recorded",
  source: "the check itself",
};

export const recordingVerdict = (failure: Error | undefined): Verdict =>
  failure ? [{ message: `The recording could not be written: ${failure.message}` }] : fine;
