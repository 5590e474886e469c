// What a rule is: a small function from what a server did to the ways in which that departs from the contract. It carries
// data, and the reports word it.

import type { FactId } from "../../wire/contract.ts";
import type { Exchange, Fields, Page, Run } from "./exchange.ts";

export type Severity = "error" | "warning";

/** The id of a fact or an addition in spec/reference.yaml, a section of an RFC, or what a check needs to be one. */
export type Source = FactId | `RFC ${string}` | "the check itself";

export interface Fault {
  message: string;
  /** JSON pointer into what the rule looks at: the body, or the record. */
  pointer?: string;
  expected?: string;
  /** The value that was found, which may be anything. */
  actual?: unknown;
  /** Of a fault that stands for others: how many. */
  more?: number;
  /** The id of a fact, where this fault rests on another than its rule does. */
  source?: string;
}

/** The faults, none if all is well; `undefined` if there is nothing here that the rule could look at. */
export type Verdict = Iterable<Fault> | undefined;

export const fine: readonly Fault[] = [];

export interface RuleHead {
  id: string;
  severity: Severity;
  /** What is true of a server that conforms, as a sentence. */
  title: string;
  source: Source;
  /** Whether a fault means that the check could not run, rather than that the server departs from the contract. */
  blocks?: true;
}

/** A rule looks at each answer or failure, at each page of records, at each record, or at the run when that is over. */
export type Rule = RuleHead &
  (
    | { exchange: (exchange: Exchange, run: Run) => Verdict }
    | { page: (page: Page, run: Run) => Verdict }
    | { record: (record: Fields, run: Run) => Verdict }
    /**
     * @param judged how many rules on the contract had something to look at
     * @param found how many findings there are
     */
    | { run: (run: Run, judged: number, found: number) => Verdict }
  );
