import { fine } from "../../model/rule.ts";
import { ofOperation } from "../operation.ts";
import type { ConsumerRule } from "../rule.ts";

export const body: ConsumerRule = {
  id: "body",
  severity: "error",
  title: "No request has a body",
  source: "RFC 9110, section 9.3.1",
  request: ofOperation(({ bodyBytes }) =>
    bodyBytes === 0 ? fine : [{ message: `The request has a body of ${bodyBytes} bytes`, expected: "none" }],
  ),
};
