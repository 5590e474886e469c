// The report as JUnit XML, where CI servers see each rule as a test case. JUnit XML has no standard; the tests check this
// against Jenkins' schema, which the others read too.

import { extent, phrase } from "../coverage/words.ts";
import type { Report } from "../model/report.ts";
import { detailsOf, type Fault, faultsOf, revisionsOf } from "./faults.ts";
import { scenarioHeadings, scenarioRows } from "./scenarios.ts";
import type { Setting } from "./setting.ts";

export function junit(report: Report, setting: Setting): string {
  const { side, server, contractVersion, startedAt, durationMs, rules, outcome, revision } = report;
  const faults = faultsOf(report);
  const isFailed = ({ result }: Report["rules"][number]) =>
    result === "failed" || (result === "warned" && setting.failOn === "warning");
  const isSkipped = ({ result }: Report["rules"][number]) => result === "skipped";
  // If the check could not run, that is an error of the run, not a failure of the server or command.
  const kind = outcome === "could-not-run" ? "error" : "failure";

  const cases = rules.map((rule) => {
    const own = faults.filter(({ first }) => first.rule === rule.id);
    const children = [
      isSkipped(rule) ? element("skipped") : "",
      isFailed(rule)
        ? element(kind, { message: own.map(({ first }) => first.message).join("; ") }, tell(own, setting))
        : "",
      rule.result === "warned" && !isFailed(rule) ? element("system-out", {}, tell(own, setting)) : "",
    ];
    const name = `${rule.id}: ${rule.title}`;
    return element("testcase", { classname: `dcs-backup-records.${side}`, name }, children);
  });
  const runs = scenarioRows(report).map(({ run, cells }) => {
    const text = scenarioHeadings.map((heading, column) => `${heading}: ${cells[column]}`).join(", ");
    const child = run.ok ? element("system-out", {}, text) : element(kind, { message: text });
    return element("testcase", { classname: `dcs-backup-records.${side}.scenarios`, name: run.scenario }, [child]);
  });
  const failedRuns = (report.scenarios ?? []).filter(({ ok }) => !ok).length;
  const count = (is: (rule: Report["rules"][number]) => boolean, others = 0) =>
    String(rules.filter(is).length + others);
  const numbers = {
    tests: String(rules.length + runs.length),
    failures: kind === "failure" ? count(isFailed, failedRuns) : "0",
    errors: kind === "error" ? count(isFailed, failedRuns) : "0",
    time: (durationMs / 1000).toFixed(3),
  };
  const revisions = revisionsOf(report).join(". ") || undefined;
  const { coverage } = report;
  const ofCoverage = coverage && {
    coverage: extent(coverage),
    neverSeen: phrase(coverage.neverSeen),
    outOfReach: phrase(coverage.outOfReach),
  };
  const properties = Object.entries({ server, contractVersion, outcome, revision, revisions, ...ofCoverage }).map(
    ([name, value]) => (!value ? "" : element("property", { name, value })),
  );
  const suite = element(
    "testsuite",
    { name: `check ${side}`, ...numbers, skipped: count(isSkipped), timestamp: startedAt.slice(0, 19) },
    [element("properties", {}, properties), ...cases, ...runs],
  );
  const suites = element("testsuites", { name: "dcs-backup-records", ...numbers }, [suite]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${suites}\n`;
}

const tell = (faults: Fault[], { contractFile }: Setting) =>
  faults
    .map((fault) => {
      const details = detailsOf(fault, contractFile).map(([label, text]) => `  ${label.padEnd(8)}  ${text}`);
      return [`${fault.first.severity}: ${fault.first.message}`, ...details].join("\n");
    })
    .join("\n\n");

/** Content is text, or elements; empty elements are left out. */
function element(name: string, attributes: Record<string, string> = {}, content: string | string[] = []): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const children = Array.isArray(content) ? content.filter((child) => child !== "") : [escapeXml(content)];
  const open = `<${name}${list.join("")}`;
  if (children.length === 0) return `${open}/>`;
  const inner = Array.isArray(content) ? `\n${children.join("\n")}\n` : children.join("");
  return `${open}>${inner}</${name}>`;
}

const references: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML 1.0 cannot hold, even escaped, become U+FFFD. */
const escapeXml = (text: string) =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\u{fffd}")
    .replace(/[&<>"]/g, (char) => references[char] as string);
