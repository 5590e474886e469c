// CONSUMERS.md: the results of the run, and how to repeat it by hand. A run also reads from it the earlier results of the rows
// that it leaves out.

import type { Project } from "./projects.ts";
import { bundles } from "./prove.ts";
import type { Parser, Row } from "./rows.ts";
import type { Findings } from "./wire.ts";

/** By the names of the rows that were run. */
export type Results = Map<string, Findings>;

/** @param later how many kinds of later answers a row's client can use, by the row's name: from the base, and from tolerant */
export function renderReport(
  rows: Row[],
  parsers: Parser[],
  results: Results,
  later: ReadonlyMap<string, readonly string[]>,
): string {
  return `<!-- Written by \`npm run test:consumers\`. Edit the files in test/consumers/. -->

# Consumers

Find your code generator, its version and its command, and see how its code handles the contract.

For each row of the table the generator was run on the bundle, its code was built, with warnings as errors if the
language has that, and a program that uses it called a [Prism](https://github.com/stoplightio/prism) mock of the contract:

- It lists the reference page's example and a page with every enumeration value, and prints every field of every record.
- It sends \`limit\`, \`offset\`, \`begin_time\`, \`end_time\` and a token, and the request matches the contract.
- It gets an error 400 and an error 500, and reads \`error_code\` and \`error_msg\`.
- It gets a status and a field that the contract does not know. Huawei Cloud adds enumeration values and fields without
  a new API version, so prefer a generator that passes them through, or use the option in its notes. With the tolerant
  bundle all do.
- It gets the kinds of answers of a later service that [REVISIONS.md](REVISIONS.md) lists. The table says how many of them
  the caller can use, with code from the contract and with code from the tolerant bundle.

## Generators

${table(
  [
    "Language",
    "Generator",
    "Version",
    "Input",
    "Generates",
    "Builds",
    "Runs",
    "Unknown enum value",
    "Unknown field",
    "Later answers",
    "Later answers, tolerant",
    "Notes",
  ],
  rows.map((row) => {
    const findings = results.get(row.name);
    return [
      row.language,
      row.generator,
      row.version,
      row.input.includes("3.1") ? "3.1" : "3.0",
      "yes",
      row.run ? "yes" : "parses",
      findings ? "yes" : "—",
      findings ? briefly(findings.unknownStatus) : "—",
      findings ? briefly(findings.unknownField) : "—",
      ...(later.get(row.name) ?? ["—", "—"]),
      `[${row.name}](#${row.name})`,
    ];
  }),
)}

For the last languages the test machine has no toolchain: their code is only parsed, not run.

## Parsers

Each reads all four bundles without an error, and rejects a bundle with a broken reference.

${table(
  ["Language", "Parser", "Version", "Notes"],
  parsers.map(({ language, parser, version, name }) => [language, parser, version, `[${name}](#${name})`]),
)}

## Do it yourself

\`npm run test:consumers -- NAME …\` runs the following commands, and leaves everything in \`.consumers/\`. To run them by
hand, begin with a copy of the programs and their lock files, with the bundles beside them:

\`\`\`sh
${prelude}
\`\`\`

A program reads the server's URL from \`BASE_URL\`. [test/consumers/wire.ts](test/consumers/wire.ts) says what it calls and prints.

${[...rows.map((row) => rowSection(row, results.get(row.name))), ...parsers.map(parserSection)].join("\n\n")}
`;
}

/** The commands that set up the projects by hand. */
export const prelude = `cp -R test/consumers consumers
for project in consumers/*/; do cp ${bundles.map((bundle) => `generated/${bundle}`).join(" ")} "$project"; done
cd consumers`;

/** The results of the rows in a report. */
export function readResults(report: string): Results {
  const results: Results = new Map();
  for (const section of report.split("\n### ").slice(1)) {
    const found = pattern.exec(section);
    if (!found) continue;
    const [size, created_at, status, succeed, unknownStatus, unknownField] = found.slice(1) as Found;
    const name = section.slice(0, section.indexOf("\n"));
    const types = { size, created_at, status, succeed };
    results.set(name, { types, unknownStatus: unknownStatus.replaceAll("\\|", "|"), unknownField });
  }
  return results;
}

type Found = [string, string, string, string, string, string];

const findingsText = ({ types, unknownStatus, unknownField }: Findings) =>
  `| What | How |
| --- | --- |
| \`size\` | \`${types.size}\` |
| \`created_at\` | \`${types.created_at}\` |
| \`status\` | \`${types.status}\` |
| the status \`succeed\` | \`${types.succeed}\` |
| an unknown status | ${unknownStatus.replaceAll("|", "\\|")} |
| an unknown field | ${unknownField} |`;

const anything = { size: "(.*)", created_at: "(.*)", status: "(.*)", succeed: "(.*)" };
const pattern = new RegExp(
  findingsText({ types: anything, unknownStatus: "(.*)", unknownField: "(.*)" }).replaceAll("|", "\\|"),
);

function rowSection({ name, notes, projects, generate, build, run }: Row, findings: Findings | undefined): string {
  const commands = [generate, build, run].filter((command) => command !== undefined);
  const parts = [`### ${name}`, notes, findings && findingsText(findings), script(projects, commands)];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

function parserSection({ name, notes, projects, read }: Parser): string {
  const parts = [`### ${name}`, notes, script(projects, [`${read} ${bundles.join(" ")}`])];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

function script(projects: Project[], commands: string[]): string {
  const [first, ...others] = projects;
  const installs = others.map(({ folder, install }) => `(cd ${folder} && ${install})`);
  return ["```sh", ...installs, `cd ${first?.folder}`, first?.install, ...commands, "```"].join("\n");
}

const briefly = (finding: string) => finding.replace(/:.*/, "");

export function table(head: string[], lines: string[][]): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...lines.map(row)].join("\n");
}
