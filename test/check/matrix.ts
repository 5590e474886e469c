// The gallery as a table: which rule finds which fault.

export interface Row {
  fault: string;
  meant: readonly string[];
  /** All rules that found something. */
  found: ReadonlySet<string>;
}

/** Lines of text: a numbered column per rule, `#` where the rule meant for the fault found it, `+` where another did too. */
export function matrix(rules: readonly string[], rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ fault }) => fault.length));
  const line = (name: string, cells: string[]) => `${name.padEnd(width)} ${cells.join("")}`;
  const cell = ({ meant, found }: Row, rule: string) => (!found.has(rule) ? "·" : meant.includes(rule) ? "#" : "+");
  const numbers = rules.map((_, index) => String(index + 1).padStart(2, " "));
  const header = [0, 1].map((digit) =>
    line(
      digit === 1 ? "fault" : "rule",
      numbers.map((number) => number[digit] ?? ""),
    ),
  );
  const body = rows.map((row) =>
    line(
      row.fault,
      rules.map((rule) => cell(row, rule)),
    ),
  );
  const caught = (rule: string) => rows.filter(({ meant, found }) => meant.includes(rule) && found.has(rule)).length;
  const legend = rules.map((rule, index) => `${numbers[index]} ${rule.padEnd(14)}${String(caught(rule)).padStart(3)}`);
  return [
    ...header,
    ...body,
    "",
    `${rows.length} faults; each rule, and how many it is meant for and finds:`,
    ...inColumns(legend, 5),
  ].join("\n");
}

function inColumns(cells: string[], columns: number): string[] {
  const height = Math.ceil(cells.length / columns);
  return Array.from({ length: height }, (_, row) => cells.filter((_, index) => index % height === row).join("   "));
}
