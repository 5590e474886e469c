// A rule: a small function from what a server did to its violations of the contract. They are data, which the report
// formats print.

import type { FactId } from "../../wire/contract.ts";
import type { Exchange, Fields, Page, Run } from "./exchange.ts";

export type Severity = "error" | "warning";

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
  /** What holds for a server that conforms, as a sentence. */
  title: string;
  source: Source;
  /** Whether a fault means that the check could not run, rather than that the server violates the contract. */
  blocks?: true;
}

/** A rule checks each response or failure, each page of records, each record, or the run after its end. */
export type Rule = RuleHead &
  (
    | { exchange: (exchange: Exchange, run: Run) => Verdict }
    | { page: (page: Page, run: Run) => Verdict }
    | { record: (record: Fields, run: Run) => Verdict }
    /**
     * @param judged how many rules on the contract had something to check
     * @param found how many findings there are
     */
    | { run: (run: Run, judged: number, found: number) => Verdict }
  );
