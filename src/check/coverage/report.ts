// Adds coverage to a report, and fails it if a least percentage is asked for and not reached.

import { cut } from "../../wire/redact.ts";
import type { Coverage } from "../model/coverage.ts";
import type { Finding, Report } from "../model/report.ts";
import { phrase } from "./words.ts";

const rule = { id: "coverage", title: "Enough of the contract was seen" };

/**
 * A check that could not run says nothing of the contract, so its report gets no coverage.
 * @param cover the least percentage of what the check can reach; without one the report has no rule on it
 */
export function withCoverage(report: Report, coverage: Coverage, cover: number | undefined): Report {
  const hasRun = report.outcome !== "could-not-run";
  const covered: Report = hasRun ? { ...report, coverage } : report;
  if (cover === undefined) return covered;
  const result = !hasRun ? "skipped" : coverage.percent < cover ? "failed" : "passed";
  const rules = [...report.rules, { ...rule, result } as const];
  const summary = { ...report.summary, [result]: report.summary[result] + 1 };
  if (result !== "failed") return { ...covered, rules, summary };
  const findings = [...report.findings, findingOf(report, coverage, cover)];
  return { ...covered, ok: false, outcome: "departs", summary, rules, findings };
}

const findingOf = ({ side }: Report, coverage: Coverage, cover: number): Finding => ({
  rule: rule.id,
  severity: "error",
  probe: side === "provider" ? "list" : "command",
  message: cut(`Too little of the contract was seen. Never seen: ${phrase(coverage.neverSeen)}`, 300),
  expected: `${cover} % or more`,
  actual: String(coverage.percent),
  source: "the check itself",
});
