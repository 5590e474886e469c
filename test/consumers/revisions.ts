// REVISIONS.md: what the later service's answers do to generated clients, as the run found it. A run also reads from it the
// earlier results of the rows that it leaves out.

import { type Column, columns, isUsable, type Outcomes } from "./answers.ts";
import { table } from "./report.ts";
import type { Row } from "./rows.ts";

/** The documents that the clients are generated from. The run proves the last one, the base, with everything else. */
export const documents = [
  { name: "tolerant", folder: "generated/tolerant", about: "the form for reading the answers of every revision" },
  {
    name: "newest",
    folder: "generated/revisions/2025-10-23",
    about: "Huawei Cloud's newest revision (run with `--newest`)",
  },
  { name: "base", folder: "generated", about: "the contract of 2022-11-09" },
] as const;

/** By the name of a document, then by that of a row. */
export type Matrix = Map<string, Map<string, Outcomes>>;

const keys = Object.keys(columns) as Column[];

export function renderRevisions(rows: Row[], matrix: Matrix): string {
  const proven = [...documents].reverse().filter(({ name }) => matrix.get(name)?.size);
  return `<!-- Written by \`npm run test:consumers\`. Edit the files in test/consumers/. -->

# What later revisions break

The page that the contract restates went on after 2022-11-09, and so did the service. Here the clients that the generators of
[CONSUMERS.md](CONSUMERS.md) write meet what a later service answers, and the tables say what the caller gets from the
generated code:

- **204**: status 204 without a body, for an instance without backup records (Open Telekom Cloud, since 2024-04-24).
- **New fields**: a record with \`execution_at\` and \`backup_format\` (since 2023-12-13). A value if the caller gets both.
- **New status**: a record with a \`status\` that no revision lists.
- **Long error code**: an error 400 with an \`error_code\` of 10 characters, one more than the page's maximum.
- **Gateway's error**: an error 401 of the gateway in front of DCS, with its code and a \`request_id\`.
- **\`null\`**: \`null\` in each field of a page, of a record and of an error, one at a time.

A cell is the value; nothing (null, None, undefined); an error that names the answer's status, with or without its code; or
a crash: an error of the generated code itself, which loses the answer. Below each table is the message, or what there is
instead of a value.

## In short

How many of the ${rows.length} clients give their caller something to use. Of a 204 that is nothing, since it has nothing, but without
a failure:

${table(
  ["Generated from", ...keys.map((key) => columns[key])],
  proven.map(({ name, about }) => [
    `[${name}](#generated-from-${name}), ${about}`,
    ...keys.map((key) => `${count(rows, matrix.get(name), key)} of ${rows.length}`),
  ]),
)}

${proven.map(({ name, folder }) => section(name, folder, rows, matrix.get(name) ?? new Map())).join("\n\n")}
`;
}

/** How many columns of a row are usable, from the base and from the tolerant form: `3 of 6`. */
export function usable(matrix: Matrix): Map<string, string[]> {
  const names = [...(matrix.get("base")?.keys() ?? [])];
  const told = (outcomes: Outcomes | undefined) =>
    outcomes ? `${keys.filter((key) => isUsable(key, outcomes[key])).length} of ${keys.length}` : "—";
  return new Map(names.map((name) => [name, ["base", "tolerant"].map((of) => told(matrix.get(of)?.get(name)))]));
}

const count = (rows: Row[], results: Map<string, Outcomes> | undefined, key: Column) =>
  rows.filter(({ name }) => isUsable(key, results?.get(name)?.[key] ?? "")).length;

function section(name: string, folder: string, rows: Row[], results: Map<string, Outcomes>): string {
  const cells = (row: Row) => keys.map((key) => briefly(results.get(row.name)?.[key] ?? "—"));
  const said = rows.flatMap(({ name }) =>
    [...messages(results.get(name))].map(([message, heads]) => `- ${name}, ${heads.join(", ")}: ${message}`),
  );
  return `## Generated from ${name}

The bundles are in \`${folder}/\`.

${table(
  ["Client", ...keys.map((key) => columns[key])],
  rows.map((row) => [`[${row.name}](CONSUMERS.md#${row.name})`, ...cells(row)]),
)}

${said.join("\n")}`;
}

/** What was said, with the heads of the columns that it was said in. */
function messages(outcomes: Outcomes | undefined): Map<string, string[]> {
  const said = new Map<string, string[]>();
  for (const key of keys) {
    const outcome = outcomes?.[key] ?? "";
    const message = code(outcome.slice(briefly(outcome).length + 2));
    if (message !== "``") said.set(message, [...(said.get(message) ?? []), columns[key]]);
  }
  return said;
}

const briefly = (outcome: string) => outcome.replace(/:.*/, "");

/** As code. What a tool says may have backticks, and be long. */
const code = (message: string) => `\`${message.replaceAll("`", "'").slice(0, longest)}\``;
const longest = 200;

/** The results in a report. */
export function readRevisions(report: string): Matrix {
  const matrix: Matrix = new Map();
  for (const part of report.split("\n## Generated from ").slice(1)) {
    const results = new Map<string, Outcomes>();
    for (const [, name = "", cells = ""] of part.matchAll(/^\| \[[^\]]*\]\(CONSUMERS\.md#([^)]*)\) \| (.*) \|$/gm)) {
      const said = [...part.matchAll(/^- ([\w-]+), (.*?): `(.*)`$/gm)].filter((match) => match[1] === name);
      const outcomes = cells.split(" | ").map((cell, index) => {
        const head = columns[keys[index] as Column];
        const [, , , message] = said.find(([, , heads = ""]) => heads.split(", ").includes(head)) ?? [];
        return message === undefined ? cell : `${cell}: ${message}`;
      });
      if (outcomes[0] !== "—")
        results.set(name, Object.fromEntries(keys.map((key, i) => [key, outcomes[i]])) as Outcomes);
    }
    matrix.set(part.slice(0, part.indexOf("\n")), results);
  }
  return matrix;
}
