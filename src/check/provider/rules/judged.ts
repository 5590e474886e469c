import { fine, type Rule } from "../../model/rule.ts";
import { isAccepted } from "../status.ts";

export const judged: Rule = {
  id: "judged",
  severity: "error",
  blocks: true,
  title: "The chosen rules find something to look at",
  source: "the check itself",
  run({ exchanges: [list] }, judged, found) {
    if (!list) return undefined;
    if (isAccepted(list)) {
      if (judged > 0) return fine;
      return [
        { message: "None of the chosen rules had anything to look at: choose more, or an instance with backups" },
      ];
    }
    if (found > 0) return undefined; // that says why there is nothing
    const came = list.answer ? `HTTP ${list.answer.status}` : list.failure?.message;
    return [{ message: `The plain list brought no page, and none of the chosen rules says why: ${came}` }];
  },
};
