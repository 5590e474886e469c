// What a check found, as data. All report formats are made from it.

import type { RuleHead, Severity } from "../../wire/rule.ts";
import type { Coverage } from "./coverage.ts";

/** The shape is also published as JSON Schema: `dcs-backup-records/check-report.schema.json`. */
export interface Report {
  /** Whether the check ran and found nothing to fail on. */
  ok: boolean;
  /** `departs` if something violates the contract; `could-not-run` if the check could not be completed. */
  outcome: "conforms" | "departs" | "could-not-run";
  /** Which side was checked. */
  side: "provider" | "consumer";
  /** URL of the server that got the requests. */
  server: string;
  contractVersion: string;
  /** Date of the revision of the reference page that was checked against. */
  revision?: string;
  /** Of a provider: which revisions its responses fit. */
  revisions?: RevisionFit;
  /** RFC 3339, in UTC. */
  startedAt: string;
  durationMs: number;
  /** Number of rules with each result. */
  summary: Record<RuleResult, number>;
  /** Every rule with its result, in the order of the rules. */
  rules: { id: string; title: string; result: RuleResult }[];
  findings: Finding[];
  /** How much of the contract was seen; missing if the check could not run. */
  coverage?: Coverage;
  /** Of a consumer that ran in scenarios of the mock: how each run went. */
  scenarios?: ScenarioRun[];
}

/** A run of the command against the mock, in a scenario or in none. */
export interface ScenarioRun {
  /** Name of the scenario, or `none`. */
  scenario: string;
  /** Whether the scenario keeps to the contract: then the command must succeed in it. */
  keeps: boolean;
  /** Whether the run is as it must be. */
  ok: boolean;
  requests: number;
  /** How many violations of the contract its requests have. */
  violations: number;
  /** How the command ended: `exit 1`, `SIGKILL`, `hung`, or why it did not start. */
  command: string;
  /** Of the records that were there throughout: how many no answered page held. */
  neverAsked: { count: number; of: number };
}

export interface RevisionFit {
  /** The dates of those under which there is no finding at all. */
  fits: string[];
  /** If there are such: the others, each with its first finding. */
  differs: { revision: string; rule: string; message: string; pointer?: string }[];
}

/** A rule is `skipped` if it was left out or had nothing to check. */
export type RuleResult = "passed" | "failed" | "warned" | "skipped";

/** One violation of the contract in one response or request. */
export interface Finding {
  /** Id of the rule that found it. */
  rule: string;
  severity: Severity;
  /** Id of the probe. For a consumer: `request-` and the number of the request, counted from 1, or `command` for its run. */
  probe: string;
  /** The scenario in which it was found, if the mock played one. */
  scenario?: string;
  /** Method and URL of the request. */
  request?: string;
  message: string;
  /** JSON pointer (RFC 6901) into the body of the response. */
  pointer?: string;
  expected?: string;
  actual?: string;
  /** Dates of the revisions under which this is no finding. */
  notIn?: string[];
  /** If the finding stands for others that are only counted: how many. */
  more?: number;
  /** What the rule is based on: a place on the reference page, a reason to go beyond the page, or an RFC. */
  source: string;
  /** JSON pointer into the OpenAPI document, after a `#`, and the line of its YAML bundle. */
  contract?: { pointer: string; line: number };
}

export interface ReportHead {
  contractVersion: string;
  revision?: string | undefined;
  revisions?: RevisionFit | undefined;
  side: Report["side"];
  server: string;
  startedAt: Date;
  durationMs: number;
  scenarios?: ScenarioRun[] | undefined;
  /** The least severity that makes `ok` false. */
  failOn: Severity;
}

/** Makes the report of what the rules found; `seen` has the ids of the rules that had something to check. */
export function makeReport(
  head: ReportHead,
  rules: readonly RuleHead[],
  seen: Set<string>,
  findings: Finding[],
): Report {
  const results = rules.map(({ id, title }) => ({ id, title, result: resultOf(id, seen, findings) }));
  const summary = { passed: 0, failed: 0, warned: 0, skipped: 0 };
  for (const { result } of results) summary[result] += 1;
  const outcome = outcomeOf(findings, rules, head.failOn);
  return {
    ok: outcome === "conforms",
    outcome,
    side: head.side,
    server: head.server,
    contractVersion: head.contractVersion,
    ...(head.revision !== undefined && { revision: head.revision }),
    ...(outcome !== "could-not-run" && head.revisions && { revisions: head.revisions }),
    startedAt: head.startedAt.toISOString(),
    durationMs: Math.round(head.durationMs),
    summary,
    rules: results,
    findings,
    ...(head.scenarios && { scenarios: head.scenarios }),
  };
}

function resultOf(id: string, seen: Set<string>, findings: Finding[]): RuleResult {
  const own = findings.filter(({ rule }) => rule === id);
  if (own.some(({ severity }) => severity === "error")) return "failed";
  if (own.length > 0) return "warned";
  return seen.has(id) ? "passed" : "skipped";
}

function outcomeOf(findings: Finding[], rules: readonly RuleHead[], failOn: Severity): Report["outcome"] {
  const blocking = new Set(rules.filter(({ blocks }) => blocks).map(({ id }) => id));
  const departs = (severity: Severity) =>
    findings.some((finding) => finding.severity === severity && !blocking.has(finding.rule));
  if (departs("error")) return "departs";
  if (findings.some(({ rule }) => blocking.has(rule))) return "could-not-run";
  return failOn === "warning" && departs("warning") ? "departs" : "conforms";
}
