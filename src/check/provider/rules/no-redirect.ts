import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const noRedirect: Rule = {
  id: "no-redirect",
  severity: "error",
  title: "No request is redirected: a client that follows would send its credentials along",
  source: "status.200",
  exchange({ answer }) {
    if (!answer) return undefined;
    if (answer.status < 300 || answer.status > 399) return fine;
    const to = (answer.headers.get("location") ?? "nowhere").replace(/[?#].*/, "");
    return [{ message: `HTTP ${answer.status} redirects to ${to}; it was not followed`, actual: answer.status }];
  },
};
