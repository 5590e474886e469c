// The report as GitHub Flavored Markdown, for $GITHUB_STEP_SUMMARY and for comments.

import { visible } from "../engine/show.ts";
import type { Report } from "../model/report.ts";
import { coverageLines } from "./coverage.ts";
import { counts, detailsOf, type Fault, faultsOf, revisionsOf, skippedRules, verdict } from "./faults.ts";
import { scenarioHeadings, scenarioRows } from "./scenarios.ts";
import type { Setting } from "./setting.ts";

/** GitHub accepts at most 1 MiB. */
const mostRows = 200;

const marks = { conforms: "✅", departs: "❌", "could-not-run": "❌", error: "❌", warning: "⚠️" };

export function markdown(report: Report, { contractFile }: Setting): string {
  const faults = faultsOf(report);
  const rows = faults.slice(0, mostRows).map((fault) => row(fault, contractFile));
  const parts = [
    `## ${marks[report.outcome]} ${escapeMarkdown(verdict(report))}`,
    `Checked in ${(report.durationMs / 1000).toFixed(1)} s: ${counts(report)}.`,
    rows.length > 0 && ["| | Rule | What is wrong | Details |", "|---|---|---|---|", ...rows].join("\n"),
    scenarioTable(report),
    faults.length > mostRows && `And ${faults.length - mostRows} more.`,
    ...revisionsOf(report).map((line) => `${escapeMarkdown(line)}.`),
    skippedRules(report),
    coverage(report),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function scenarioTable(report: Report): string | false {
  const rows = scenarioRows(report).map(({ run, cells }) => [
    run.ok ? marks.conforms : marks.departs,
    ...cells.map(escapeMarkdown),
  ]);
  const table = [["", ...scenarioHeadings], ["", ...scenarioHeadings].map(() => "---"), ...rows];
  return rows.length > 0 && table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function coverage(report: Report): string {
  const { heading, rows = [] } = coverageLines(report) ?? {};
  if (heading === undefined || rows.length === 0) return heading ?? "";
  const list = rows.map(([label, text]) => `- **${escapeMarkdown(label)}** ${escapeMarkdown(text)}`);
  return `<details><summary>${escapeMarkdown(heading)}</summary>\n\n${list.join("\n")}\n\n</details>`;
}

function row(fault: Fault, contractFile: string | undefined): string {
  const { rule, severity, message } = fault.first;
  const details = detailsOf(fault, contractFile).map(
    ([label, text]) => `${label} <code>${escapeMarkdown(text)}</code>`,
  );
  const cells = [
    marks[severity],
    `<b>${escapeMarkdown(rule)}</b><br>${escapeMarkdown(fault.title)}`,
    escapeMarkdown(message),
    details.join("<br>"),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** As character references, which Markdown always reads as text. */
const escapeMarkdown = (text: string) =>
  visible(text).replace(/[&<>|`*_~[\]\\$@#!:]/g, (char) => `&#${char.codePointAt(0)};`);
