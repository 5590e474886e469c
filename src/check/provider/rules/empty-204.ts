import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const empty204: Rule = {
  id: "empty-204",
  severity: "warning",
  title: "An empty list is a page without records, not a 204",
  source: "remark.other-statuses",
  exchange({ answer, probe }, { contract }) {
    if (!answer || probe.expects !== "page") return undefined;
    if (answer.status !== 204 || answer.documented) return fine;
    const message =
      "HTTP 204: it is in later revisions of the reference page; a client of this revision may not expect it";
    return [{ message, expected: String(contract.page.status), actual: 204 }];
  },
};
