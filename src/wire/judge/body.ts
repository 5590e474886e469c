import { fine } from "../rule.ts";
import { ofOperation } from "./path.ts";
import type { RequestRule } from "./rule.ts";

export const body: RequestRule = {
  id: "body",
  severity: "error",
  title: "No request has a body",
  source: "RFC 9110, section 9.3.1",
  request: ofOperation(({ bodyBytes }) =>
    bodyBytes === 0 ? fine : [{ message: `The request has a body of ${bodyBytes} bytes`, expected: "none" }],
  ),
};
