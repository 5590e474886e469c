import { failed } from "./failed.ts";

export const validHttp = failed("malformed", {
  id: "valid-http",
  severity: "error",
  title: "The answer is HTTP: status line, headers of at most 16 KiB, body in the encoding that they name",
  source: "RFC 9110",
});
