// A rule on failed exchanges: each reports one kind of failure.

import type { Failure } from "../../model/exchange.ts";
import { fine, type Rule, type RuleHead } from "../../model/rule.ts";

export const failed = (kind: Failure["kind"], head: RuleHead): Rule => ({
  ...head,
  exchange({ answer, failure }) {
    if (failure?.kind === kind) return [{ message: failure.message }];
    return answer ? fine : undefined;
  },
});
