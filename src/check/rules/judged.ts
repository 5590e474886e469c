import { fine, type Rule } from "../rule.ts";
import { isAccepted } from "../status.ts";

export const judged: Rule = {
  id: "judged",
  severity: "error",
  blocks: true,
  title: "The chosen rules find something to look at",
  source: "the check itself",
  run({ exchanges: [list] }, judged) {
    if (!list || !isAccepted(list)) return undefined; // other rules say why there is nothing
    if (judged > 0) return fine;
    return [{ message: "None of the chosen rules had anything to look at: choose more, or an instance with backups" }];
  },
};
