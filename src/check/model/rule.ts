// A rule on a provider.

import type { RuleHead, Verdict } from "../../wire/rule.ts";
import type { Fields } from "../../wire/validate.ts";
import type { Exchange, Page, Run } from "./exchange.ts";

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
