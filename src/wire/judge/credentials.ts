import { fine } from "../rule.ts";
import { ofOperation } from "./path.ts";
import type { RequestRule } from "./rule.ts";

export const credentials: RequestRule = {
  id: "credentials",
  severity: "error",
  title: "Every request has credentials that are accepted",
  source: "security",
  request: ofOperation(({ headers, refused }) => {
    if (!headers["x-auth-token"] && !headers.authorization)
      return [{ message: "The request has no credentials", expected: "X-Auth-Token, or a signature in Authorization" }];
    return refused === undefined ? fine : [{ message: `The credentials are refused: ${refused}` }];
  }),
};
