// Lays out the help of a command, its manual in the terminal.

import type { Flag } from "./flags.ts";

export interface Section {
  heading: string;
  /** Terms and their meanings, or lines to print as they are. */
  rows: readonly (readonly [term: string, text: string] | string)[];
}

const width = 100;

export function layOut(usage: string, summary: string, sections: readonly Section[]): string {
  const parts = sections.map(({ heading, rows }) => `${heading}:\n${layOutRows(rows).join("\n")}`);
  return `${[`Usage: ${usage}`, wrap(summary, width).join("\n"), ...parts].join("\n\n")}\n`;
}

export const flagRows = (flags: readonly Flag[]) =>
  flags.map(({ name, value, help }) => [value === undefined ? `--${name}` : `--${name} ${value}`, help] as const);

function layOutRows(rows: Section["rows"]): string[] {
  const terms = rows.flatMap((row) => (typeof row === "string" ? [] : [row[0].length]));
  const indent = Math.max(...terms) + 4;
  return rows.flatMap((row) => {
    if (typeof row === "string") return [`  ${row}`];
    const [term, text] = row;
    return wrap(text, width - indent).map((line, index) => `  ${(index === 0 ? term : "").padEnd(indent - 2)}${line}`);
  });
}

function wrap(text: string, room: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
