import { failed } from "./failed.ts";

export const reachable = failed("unreachable", {
  id: "reachable",
  severity: "error",
  blocks: true,
  title: "The server can be reached",
  source: "uri",
});
