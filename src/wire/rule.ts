// What every rule of the contract has. A rule is a small function from what was seen to its violations of the contract; they
// are data, which others print.

import type { FactId } from "./contract.ts";

export const severities = ["error", "warning"] as const;

export type Severity = (typeof severities)[number];

/** The id of a fact or an addition in spec/reference.yaml, a section of an RFC, or the check itself. */
export type Source = FactId | `RFC ${string}` | "the check itself";

export interface Fault {
  message: string;
  /** JSON pointer into the body or the record that the rule checks. */
  pointer?: string;
  expected?: string;
  /** The value found, which may be anything. */
  actual?: unknown;
  /** If the fault stands for others: how many. */
  more?: number;
  /** The id of a fact, if this fault is based on another one than its rule. */
  source?: string;
}

/** The faults, none if all is well; `undefined` if the rule has nothing to check here. */
export type Verdict = Iterable<Fault> | undefined;

export const fine: readonly Fault[] = [];

export interface RuleHead {
  id: string;
  severity: Severity;
  /** What holds if nobody violates it, as a sentence. */
  title: string;
  source: Source;
  /** Whether a fault means that the check could not run, rather than that somebody violates the contract. */
  blocks?: true;
}
