import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const rateLimit: Rule = {
  id: "rate-limit",
  severity: "error",
  blocks: true,
  title: "A 429 clears after Retry-After",
  source: "remark.other-statuses",
  exchange({ answer }) {
    if (!answer) return undefined;
    if (answer.status !== 429) return fine;
    const after = answer.headers.get("retry-after");
    const told = after === null ? "without a Retry-After" : `with Retry-After: ${after}`;
    const message = `HTTP 429 ${told}; the check had no attempts or no time left`;
    return [{ message, actual: 429 }];
  },
};
