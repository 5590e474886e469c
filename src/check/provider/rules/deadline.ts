import { failed } from "./failed.ts";

export const deadline = failed("deadline", {
  id: "deadline",
  severity: "error",
  blocks: true,
  title: "All requests are answered within the time of the whole run",
  source: "the check itself",
});
