// A rule on a consumer: it looks at each request that the consumer sends, or at its run as a whole.

import type { Contract } from "../../wire/contract.ts";
import type { RuleHead, Verdict } from "../model/rule.ts";
import type { Ended } from "./command.ts";
import type { Received } from "./recorder.ts";

export interface ConsumerRun {
  ended: Ended;
  /** What was run, without its arguments. */
  command: string;
  /** How many requests came. */
  requests: number;
}

export type ConsumerRule = RuleHead &
  ({ request: (request: Received, contract: Contract) => Verdict } | { run: (run: ConsumerRun) => Verdict });
