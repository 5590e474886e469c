import { failed } from "./failed.ts";

export const deadline = failed("deadline", {
  id: "deadline",
  severity: "error",
  blocks: true,
  title: "All requests are answered before the deadline of the run",
  source: "the check itself",
});
