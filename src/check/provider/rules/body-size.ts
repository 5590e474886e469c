import { failed } from "./failed.ts";

export const bodySize = failed("too-large", {
  id: "body-size",
  severity: "error",
  title: "No body is larger than a page of records can be",
  source: "remark.later-revisions",
});
