import type { Rule } from "../rule.ts";
import { pageFaults } from "../validate.ts";

export const pageSchema: Rule = {
  id: "page-schema",
  severity: "error",
  title: "A page has the types and formats of the contract",
  source: "response",
  exchange({ answer }) {
    return answer?.status === 200 && answer.json !== undefined ? pageFaults(answer.json) : undefined;
  },
};
