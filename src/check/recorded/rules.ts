// The rules that can look at recorded exchanges.

import { argumentError } from "../../wire/arguments.ts";
import { type RequestRule, requestRules } from "../../wire/judge/index.ts";
import type { RuleHead } from "../../wire/rule.ts";
import type { Side } from "../model/report.ts";
import type { Rule } from "../model/rule.ts";
import { bodySize } from "../provider/rules/body-size.ts";
import { inTime } from "../provider/rules/in-time.ts";
import { rules } from "../provider/rules/index.ts";
import { validHttp } from "../provider/rules/valid-http.ts";
import { wholeAnswer } from "../provider/rules/whole-answer.ts";
import { expectedRules } from "./expected.ts";

export const readable: RuleHead = {
  id: "readable",
  severity: "error",
  blocks: true,
  title: "The recordings can be read to their ends",
  source: "the check itself",
};

export const judged: RuleHead = {
  id: "judged",
  severity: "error",
  blocks: true,
  title: "The selected rules have something to check",
  source: "the check itself",
};

/** No recording holds how a connection failed. */
const ofConnection: readonly Rule[] = [inTime, wholeAnswer, validHttp, bodySize];

export type ResponseRule = Exclude<Rule, { run: unknown }>;

const isOfResponse = (rule: Rule): rule is ResponseRule =>
  !("run" in rule) && !rule.blocks && !ofConnection.includes(rule);

export const responseRules: readonly ResponseRule[] = rules.filter(isOfResponse);

export interface Selection {
  /** In the order of the report. */
  all: readonly RuleHead[];
  request: readonly RequestRule[];
  response: readonly ResponseRule[];
  /** On what a Pact expects. */
  expected: readonly RuleHead[];
  isReadable: boolean;
}

/**
 * All rules on recordings, in the order of the report.
 * @param around those of the caller instead, if there are no files to read
 */
export const recordedRules = (side: Side, around: readonly RuleHead[] = [readable]): readonly RuleHead[] => [
  ...around,
  judged,
  ...(side === "provider" ? [] : [...requestRules, ...expectedRules]),
  ...(side === "consumer" ? [] : responseRules),
];

/** @throws {RangeError} if there is no such rule, or no rule is left */
export function selectRules(
  side: Side,
  only: readonly string[] = [],
  skip: readonly string[] = [],
  around?: readonly RuleHead[],
): Selection {
  const all = recordedRules(side, around);
  for (const [argument, ids] of Object.entries({ only, skip })) {
    const unknown = ids.find((id) => !all.some((rule) => rule.id === id));
    if (unknown === undefined) continue;
    const which = side === "both" ? "recordings" : `a ${side}`;
    throw argumentError(
      RangeError,
      argument,
      `has ${JSON.stringify(unknown)}, which is not the id of a rule on ${which}`,
    );
  }
  const isChosen = ({ id }: RuleHead) => (only.length === 0 || only.includes(id)) && !skip.includes(id);
  const selection = {
    all,
    request: side === "provider" ? [] : requestRules.filter(isChosen),
    response: side === "consumer" ? [] : responseRules.filter(isChosen),
    expected: side === "provider" ? [] : expectedRules.filter(isChosen),
    isReadable: all.includes(readable) && !skip.includes(readable.id),
  };
  if (selection.request.length + selection.response.length + selection.expected.length === 0)
    throw argumentError(RangeError, skip.length > 0 ? "skip" : "only", "leaves no rule to apply");
  return selection;
}
