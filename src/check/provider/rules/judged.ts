import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";
import { isAccepted } from "../status.ts";

export const judged: Rule = {
  id: "judged",
  severity: "error",
  blocks: true,
  title: "The selected rules have something to check",
  source: "the check itself",
  run({ exchanges: [list] }, judged, found) {
    if (!list) return undefined;
    if (isAccepted(list)) {
      if (judged > 0) return fine;
      return [
        { message: "None of the selected rules had anything to check: select more, or an instance with backups" },
      ];
    }
    if (found > 0) return undefined; // a finding says why there is no page
    const came = list.answer ? `HTTP ${list.answer.status}` : list.failure?.message;
    return [{ message: `The request list returned no page, and no selected rule says why: ${came}` }];
  },
};
