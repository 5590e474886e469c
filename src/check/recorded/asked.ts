// What the request of a recorded exchange asks for, and what the contract says becomes of it.

import type { Contract } from "../../wire/contract.ts";
import { type RequestRule, requestRules } from "../../wire/judge/index.ts";
import type { Fault } from "../../wire/rule.ts";
import type { Probe } from "../model/exchange.ts";
import type { Call, RequestPart } from "./call.ts";

/** What a rule on requests looks at that may not be there. */
const needs: Readonly<Record<string, readonly RequestPart[]>> = {
  http: ["headers", "host"],
  credentials: ["headers", "credentials"],
  signature: ["headers", "signature", "host"],
  "signing-time": ["headers", "time"],
  accept: ["headers"],
  body: ["body"],
};

/** The faults of each rule that has something to check, and all of that at hand. */
export function judgeRequest({ request, missing }: Call, contract: Contract): Map<RequestRule, readonly Fault[]> {
  const judgement = new Map<RequestRule, readonly Fault[]>();
  for (const rule of requestRules) {
    if (missing.size > 0 && needs[rule.id]?.some((part) => missing.has(part))) continue;
    const verdict = rule.request(request, contract);
    if (verdict) judgement.set(rule, Array.isArray(verdict) ? verdict : [...verdict]);
  }
  return judgement;
}

/** Before the service existed. */
const longAgo = "20000101000000";

/** No list has as many records. */
const beyondAll = 1_000_000;

/**
 * The request as a probe of the provider's check. If the contract leaves open what becomes of it, such as of one with an unknown
 * parameter, either is right.
 */
export function probeOf(
  call: Call,
  judgement: ReadonlyMap<RequestRule, readonly Fault[]>,
  isServed: boolean,
): { probe: Probe; query: Record<string, string> } {
  const query = queryOf(call);
  const faults = [...judgement].flatMap(([rule, found]) => found.map((fault) => ({ id: rule.id, fault })));
  const isAnonymous = faults.some(({ id }) => id === "credentials");
  const broken = faults.find(({ id }) => id === "parameter" || id === "credentials");
  const isOpen = faults.length > 0 || [...call.missing.keys()].some((part) => part !== "time" && part !== "host");
  const isAsked = !query.limit?.startsWith("-") && query.limit !== "0";
  const expects = broken ? "refusal" : (isOpen || !isAsked) && !isServed ? "refusal" : "page";
  const probe: Probe = {
    id: expects === "page" ? kindOf(query) : "entry",
    title: isAnonymous
      ? `a request ${call.request.refused === undefined ? "without credentials" : "with a wrong signature"}`
      : `an invalid request (${broken?.fault.message.replace(/^T/, "t")})`,
    query: () => query,
    expects,
    ...(broken && { twin: "twin", breaks: broken.fault.source ?? (isAnonymous ? "security" : "parameters") }),
    ...(isAnonymous && { anonymous: true }),
  };
  if (!isAsked) delete query.limit; // what such a limit means is open
  return { probe, query };
}

/** Without what is given twice. */
function queryOf({ request }: Call): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of request.query) if (request.query.getAll(name).length === 1) query[name] = value;
  return query;
}

/** The probe whose rules apply, if it is like one. */
function kindOf({ begin_time: begin, end_time: end, offset }: Record<string, string>): string {
  if (Number(offset) >= beyondAll) return "page-past-the-end";
  if (begin === undefined && end === undefined) return "entry";
  if (begin !== undefined && end !== undefined && begin > end) return "entry";
  return end !== undefined && end < longAgo ? "empty-window" : "window";
}
