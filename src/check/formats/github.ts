// The report as workflow commands, which GitHub shows as annotations: on the contract's line, if its file is in the
// repository.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

import { visible } from "../engine/show.ts";
import type { Report } from "../model/report.ts";
import { coverageLines } from "./coverage.ts";
import { counts, detailsOf, type Fault, faultsOf, revisionsOf, verdict } from "./faults.ts";
import { scenarioHeadings, scenarioRows } from "./scenarios.ts";
import type { Setting } from "./setting.ts";

export function github(report: Report, { contractFile }: Setting): string {
  const commands = faultsOf(report).map((fault) => annotation(fault, contractFile));
  const runs = scenarioRows(report).map(
    ({ run, cells }) => `${run.ok ? "✓" : "✗"} ${cells.filter(Boolean).join(", ")}`,
  );
  const table = runs.length > 0 ? [scenarioHeadings.join(", "), ...runs] : [];
  const lines = [`${verdict(report)}: ${counts(report)}`, ...[...revisionsOf(report), ...table].map(visible)];
  const { heading, rows = [] } = coverageLines(report) ?? {};
  if (heading !== undefined) lines.push(heading, ...rows.map((row) => row.join(": ")));
  const ending = command("notice", { title: "Contract check" }, lines.join("\n"));
  return [...commands, ending, ""].join("\n");
}

function annotation(fault: Fault, contractFile: string | undefined): string {
  const { rule, severity, message, contract } = fault.first;
  const place: Record<string, string> =
    contract && contractFile !== undefined ? { file: contractFile, line: String(contract.line) } : {};
  const details = detailsOf(fault, contractFile).map((detail) => detail.join(" "));
  return command(severity, { ...place, title: `${rule}: ${fault.title}` }, [visible(message), ...details].join("\n"));
}

function command(name: string, properties: Record<string, string>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name} ${list.join(",")}::${escapeData(message)}`;
}

const escapeData = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string) => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
