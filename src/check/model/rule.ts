// What a rule is, and what becomes of its faults. A rule is a small function from what a server did to the ways in which
// that departs from the contract; it carries data, and the reports word it.

import type { Contract, FactId } from "../../wire/contract.ts";
import type { Redact } from "../../wire/redact.ts";
import { oneLine, show, showPointer } from "../engine/show.ts";
import type { Exchange, Fields, Page, Run } from "./exchange.ts";
import type { Finding } from "./report.ts";

export type Severity = "error" | "warning";

/** The id of a fact or an addition in spec/reference.yaml, a section of an RFC, or what a check needs to be one. */
export type Source = FactId | `RFC ${string}` | "the check itself";

export interface Fault {
  message: string;
  /** JSON pointer into what the rule looks at: the body, or the record. */
  pointer?: string;
  expected?: string;
  /** The value that was found, which may be anything. */
  actual?: unknown;
  /** Of a fault that stands for others: how many. */
  more?: number;
  /** The id of a fact, where this fault rests on another than its rule does. */
  source?: string;
}

/** The faults, none if all is well; `undefined` if there is nothing here that the rule could look at. */
export type Verdict = Iterable<Fault> | undefined;

export const fine: readonly Fault[] = [];

export interface RuleHead {
  id: string;
  severity: Severity;
  /** What is true of a server that conforms, as a sentence. */
  title: string;
  source: Source;
  /** Whether a fault means that the check could not run, rather than that the server departs from the contract. */
  blocks?: true;
}

/** A rule looks at each answer or failure, at each page of records, at each record, or at the run when that is over. */
export type Rule = RuleHead &
  (
    | { exchange: (exchange: Exchange, run: Run) => Verdict }
    | { page: (page: Page, run: Run) => Verdict }
    | { record: (record: Fields, run: Run) => Verdict }
    /**
     * @param judged how many rules on the contract had something to look at
     * @param found how many findings there are
     */
    | { run: (run: Run, judged: number, found: number) => Verdict }
  );

/** More faults of one rule in one answer than this are counted, and not told one by one. */
export const toldFaults = 5;

/** Applies the rules to what a server did. */
export function applyRules(
  rules: readonly Rule[],
  run: Run,
  redact: Redact,
): { findings: Finding[]; seen: Set<string> } {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const exchange of run.exchanges) {
    const page = run.pages.get(exchange.probe.id);
    const asked = { probe: exchange.probe.id, request: `GET ${exchange.url}` };
    for (const rule of rules) {
      let count = 0;
      const judge = (verdict: Verdict, at = "") => {
        if (!verdict) return;
        seen.add(rule.id);
        for (const fault of verdict) {
          count += 1;
          if (count <= toldFaults) findings.push(toFinding(run.contract, rule, asked, fault, redact, at));
        }
      };
      if ("run" in rule) continue;
      if ("exchange" in rule) judge(rule.exchange(exchange, run));
      else if ("page" in rule) page && judge(rule.page(page, run));
      else for (const { record, pointer } of page?.records ?? []) judge(rule.record(record, run), pointer);
      if (count > toldFaults) {
        const more = count - toldFaults;
        const message = `${more} more of this kind in the same answer`;
        findings.push(toFinding(run.contract, rule, asked, { message, more }, redact));
      }
    }
  }
  const judged = rules.filter(({ id, blocks }) => !blocks && seen.has(id)).length;
  for (const rule of rules) {
    const verdict = "run" in rule ? rule.run(run, judged, findings.length) : undefined;
    if (verdict) seen.add(rule.id);
    for (const fault of verdict ?? []) findings.push(toFinding(run.contract, rule, { probe: "list" }, fault, redact));
  }
  return { findings, seen };
}

/** @param at JSON pointer of what the rule looked at, in the body */
export function toFinding(
  { facts }: Contract,
  rule: RuleHead,
  { probe, request }: Pick<Finding, "probe" | "request">,
  fault: Fault,
  redact: Redact,
  at = "",
): Finding {
  const { message, pointer, expected, more, source = rule.source } = fault;
  const isInBody = pointer !== undefined || at !== "";
  const fact = Object.hasOwn(facts, source) ? facts[source] : undefined;
  return {
    rule: rule.id,
    severity: rule.severity,
    probe,
    ...(request !== undefined && { request: redact(request) }),
    message: oneLine(message, redact),
    ...(isInBody && { pointer: showPointer(`${at}${pointer ?? ""}`, redact) }),
    ...(expected !== undefined && { expected: oneLine(expected, redact) }),
    ...("actual" in fault && { actual: show(fault.actual, redact) }),
    ...(more !== undefined && { more }),
    source: fact?.says ?? source,
    ...(fact && { contract: { pointer: fact.pointer, line: fact.line } }),
  };
}
