// The one judge of requests: what the mock refuses and what `check consumer` reports.

import type { Contract } from "../contract.ts";
import type { Fault } from "../rule.ts";
import { accept } from "./accept.ts";
import { body } from "./body.ts";
import { credentials } from "./credentials.ts";
import { http } from "./http.ts";
import { operation } from "./operation.ts";
import { parameter } from "./parameter.ts";
import { placeholder } from "./placeholder.ts";
import { repeatedParameter } from "./repeated-parameter.ts";
import type { RequestRule, SentRequest } from "./rule.ts";
import { signature } from "./signature.ts";
import { signingTime } from "./signing-time.ts";
import { unknownParameter } from "./unknown-parameter.ts";

export { idsIn, isOfOperation, meantParameter } from "./path.ts";
export type { Found, RequestRule, SentRequest } from "./rule.ts";

export const requestRules: readonly RequestRule[] = [
  // What it asks for.
  http,
  operation,
  parameter,
  unknownParameter,
  repeatedParameter,
  placeholder,

  // How it authenticates, and the rest of the request.
  credentials,
  signature,
  signingTime,
  body,
  accept,
];

/** The faults of each rule that had something to check. */
export type Judgement = ReadonlyMap<RequestRule, readonly Fault[]>;

export function judge(request: SentRequest, contract: Contract): Judgement {
  const judgement = new Map<RequestRule, readonly Fault[]>();
  for (const rule of requestRules) {
    const verdict = rule.request(request, contract);
    if (verdict) judgement.set(rule, [...verdict]);
  }
  return judgement;
}
