import { pageFaults } from "../../../wire/validate.ts";
import type { Rule } from "../../model/rule.ts";

export const pageSchema: Rule = {
  id: "page-schema",
  severity: "error",
  title: "A page has the types and formats of the contract",
  source: "response",
  exchange({ answer }, { contract }) {
    const isPage = answer?.status === contract.page.status && answer.json !== undefined;
    return isPage ? pageFaults(contract, answer.json) : undefined;
  },
};
