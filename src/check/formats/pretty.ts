// The report for people: short if all is well; otherwise each fault with the request, the value found, what the contract
// says and where.

import { styleText } from "node:util";
import { visible } from "../engine/show.ts";
import type { Report } from "../model/report.ts";
import { coverageLines } from "./coverage.ts";
import { counts, detailsOf, faultsOf, revisionsOf, skippedRules, verdict } from "./faults.ts";
import { scenarioHeadings, scenarioRows } from "./scenarios.ts";
import type { Setting } from "./setting.ts";

const marks = {
  error: ["red", "✗"],
  warning: ["yellow", "!"],
  conforms: ["green", "✓"],
  departs: ["red", "✗"],
  "could-not-run": ["red", "✗"],
} as const;

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

export function pretty(report: Report, { colour, contractFile }: Setting): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const mark = (what: keyof typeof marks, text: string) => paint(marks[what][0], `${marks[what][1]} ${text}`);

  const lines: string[] = [];
  let heading = "";
  for (const fault of faultsOf(report)) {
    const { rule, severity, message } = fault.first;
    if (rule !== heading) lines.push(`${mark(severity, rule)}  ${paint("bold", fault.title)}`, "");
    heading = rule;
    lines.push(`    ${visible(message)}`);
    for (const [label, text] of detailsOf(fault, contractFile)) {
      lines.push(`      ${paint("dim", label.padEnd(8))}  ${text}`);
    }
    lines.push("");
  }
  lines.push(...table(report, paint));
  const seconds = paint("dim", `(${(report.durationMs / 1000).toFixed(1)} s)`);
  lines.push(`${mark(report.outcome, paint("bold", verdict(report)))}: ${counts(report)} ${seconds}`);
  for (const line of [...revisionsOf(report), skippedRules(report)])
    if (line) lines.push(paint("dim", `  ${visible(line)}`));
  lines.push(...coverage(report).map((line) => paint("dim", line)));
  return `${lines.join("\n")}\n`;
}

/** What was never seen stands under the number, a label each, in lines of at most 100 characters. */
function coverage(report: Report): string[] {
  const { heading, rows = [] } = coverageLines(report) ?? {};
  if (heading === undefined) return [];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.flatMap(([label, text]) =>
    wrap(text, 94 - width).map((line, index) => `    ${(index === 0 ? label : "").padEnd(width)}  ${line}`),
  );
  return [`  ${heading}`, ...lines];
}

function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/(?<=[,;]) /)) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/** The runs in scenarios, a line each; nothing if there were none. */
function table(report: Report, paint: Paint): string[] {
  const rows = scenarioRows(report);
  if (rows.length === 0) return [];
  const all = [scenarioHeadings, ...rows.map(({ cells }) => cells)];
  const widths = scenarioHeadings.map((_, column) => Math.max(...all.map((cells) => (cells[column] ?? "").length)));
  const line = (cells: readonly string[]) =>
    visible(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")).trimEnd();
  const body = rows.map(({ run: { ok, command, neverAsked }, cells }) => {
    const isWell = command === "exit 0" && neverAsked.count === 0;
    const mark = ok ? (isWell ? paint("green", "✓") : paint("yellow", "!")) : paint("red", "✗");
    return `${mark} ${line(cells)}`;
  });
  return [`  ${paint("dim", line(scenarioHeadings))}`, ...body, ""];
}
