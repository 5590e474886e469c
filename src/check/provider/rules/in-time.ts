import { failed } from "./failed.ts";

export const inTime = failed("timeout", {
  id: "in-time",
  severity: "error",
  title: "Every response is complete within the timeout",
  source: "the check itself",
});
