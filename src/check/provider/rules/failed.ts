// A rule on failed exchanges: each reports one kind of failure.

import { fine, type RuleHead } from "../../../wire/rule.ts";
import type { Failure } from "../../model/exchange.ts";
import type { Rule } from "../../model/rule.ts";

export const failed = (kind: Failure["kind"], head: RuleHead): Rule => ({
  ...head,
  exchange({ answer, failure }) {
    if (failure?.kind === kind) return [{ message: failure.message }];
    return answer ? fine : undefined;
  },
});
