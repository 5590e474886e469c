// A rule on a consumer: it looks at each request that the consumer sends, or at its run as a whole.

import type { MockRequest } from "../../mock/index.ts";
import type { Contract } from "../../wire/contract.ts";
import type { RuleHead, Verdict } from "../../wire/rule.ts";
import type { Ended } from "./command.ts";

export interface ConsumerRun {
  ended: Ended;
  /** What was run, without its arguments. */
  command: string;
  /** How many requests came. */
  requests: number;
  /** If the command did not end in time, and was stopped: the milliseconds that it had. */
  hungMs?: number | undefined;
  /** Whether the mock answered as the contract says. */
  isServed: boolean;
}

export type ConsumerRule = RuleHead &
  ({ request: (request: MockRequest, contract: Contract) => Verdict } | { run: (run: ConsumerRun) => Verdict });
