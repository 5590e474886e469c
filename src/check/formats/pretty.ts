// The report for people: short if all is well; otherwise each fault with the request, the value found, what the contract
// says and where.

import { styleText } from "node:util";
import { visible } from "../engine/show.ts";
import type { Report } from "../model/report.ts";
import { counts, detailsOf, faultsOf, revisionsOf, skippedRules, verdict } from "./faults.ts";
import type { Setting } from "./setting.ts";

const marks = {
  error: ["red", "✗"],
  warning: ["yellow", "!"],
  conforms: ["green", "✓"],
  departs: ["red", "✗"],
  "could-not-run": ["red", "✗"],
} as const;

export function pretty(report: Report, { colour, contractFile }: Setting): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
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
  const seconds = paint("dim", `(${(report.durationMs / 1000).toFixed(1)} s)`);
  lines.push(`${mark(report.outcome, paint("bold", verdict(report)))}: ${counts(report)} ${seconds}`);
  for (const line of [...revisionsOf(report), skippedRules(report)])
    if (line) lines.push(paint("dim", `  ${visible(line)}`));
  return `${lines.join("\n")}\n`;
}
