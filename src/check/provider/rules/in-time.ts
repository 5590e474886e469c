import { failed } from "./failed.ts";

export const inTime = failed("timeout", {
  id: "in-time",
  severity: "error",
  title: "Every request is answered, to the end of the body, within the timeout",
  source: "the check itself",
});
