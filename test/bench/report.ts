// Summarises and prints the benchmarks' numbers.

import { cpus } from "node:os";

export const describeMachine = () =>
  `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model}\n`;

/** The value below which that share of the values lies: 0.5 is the median. */
export const quantile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;

export const median = (values: number[]) => quantile(values, 0.5);

/** Rows as lines, the first column aligned to the left and the others to the right. */
export function table(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((line) => line[column]?.length ?? 0))) ?? [];
  const pad = (text: string, column: number) => text[column === 0 ? "padEnd" : "padStart"](widths[column] ?? 0);
  return rows.map((line) => line.map(pad).join("  ")).join("\n");
}

export const verdict = (isMet: boolean) => (isMet ? "met" : "missed");

/** Prints the progress. */
export const note = (text: string) => process.stderr.write(`${text}\n`);
