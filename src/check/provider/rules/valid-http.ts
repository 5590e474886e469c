import { failed } from "./failed.ts";

export const validHttp = failed("malformed", {
  id: "valid-http",
  severity: "error",
  title: "The response is valid HTTP: a status line, at most 16 KiB of headers, a body in the encoding that they name",
  source: "RFC 9110",
});
