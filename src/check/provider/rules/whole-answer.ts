import { failed } from "./failed.ts";

export const wholeAnswer = failed("closed", {
  id: "whole-answer",
  severity: "error",
  title: "The connection stays open until the answer is whole",
  source: "RFC 9112, section 8",
});
