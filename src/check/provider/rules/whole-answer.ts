import { failed } from "./failed.ts";

export const wholeAnswer = failed("closed", {
  id: "whole-answer",
  severity: "error",
  title: "The connection stays open until the response is complete",
  source: "RFC 9112, section 8",
});
