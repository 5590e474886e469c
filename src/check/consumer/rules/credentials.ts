import { fine } from "../../model/rule.ts";
import { ofOperation } from "../operation.ts";
import type { ConsumerRule } from "../rule.ts";

export const credentials: ConsumerRule = {
  id: "credentials",
  severity: "error",
  title: "Every request has credentials",
  source: "security",
  request: ofOperation(({ headers }) =>
    headers["x-auth-token"] || headers.authorization
      ? fine
      : [{ message: "The request has no credentials", expected: "X-Auth-Token, or a signature in Authorization" }],
  ),
};
