import { pageFaults } from "../../engine/validate.ts";
import type { Rule } from "../../model/rule.ts";

export const pageSchema: Rule = {
  id: "page-schema",
  severity: "error",
  title: "A page has the types and formats of the contract",
  source: "response",
  exchange({ answer }) {
    return answer?.status === 200 && answer.json !== undefined ? pageFaults(answer.json) : undefined;
  },
};
