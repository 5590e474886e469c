import { fine } from "../rule.ts";
import type { RequestRule } from "./rule.ts";

export const http: RequestRule = {
  id: "http",
  severity: "error",
  title: "Every request is valid HTTP/1.1 with a Host header",
  source: "RFC 9112, section 3",
  request({ httpFault, headers }) {
    if (httpFault !== undefined) return [{ message: httpFault }];
    return headers.host === undefined ? [{ message: "The request has no Host header" }] : fine;
  },
};
