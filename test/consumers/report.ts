// CONSUMERS.md: what the run found, and how to do it oneself. It is also where a run finds what earlier ones found of
// the rows that it leaves out.

import { bundles } from "./prove.ts";
import type { Parser, Project, Row } from "./rows.ts";
import type { Findings } from "./wire.ts";

/** By row; a row that only generates has nothing to find. */
export type Results = Map<string, Findings | undefined>;

export function renderReport(rows: Row[], parsers: Parser[], results: Results): string {
  return `<!-- Written by \`npm run test:consumers\`. Edit the files in test/consumers/. -->

# Consumers

Which code generators and parsers read the contract, and what their users get. All of it was done, not thought: each
generator's code was built, with warnings as errors where the language has that, and a program that uses it called a
[Prism](https://github.com/stoplightio/prism) mock of the contract. The program lists the reference page's example and
a page with every enumeration value, and prints every field; sends \`limit\`, \`offset\`, \`begin_time\`, \`end_time\` and
a token, and the mock confirms what arrived; and meets an error 400 and an error 500.

Huawei Cloud adds enumeration values and fields without a new API version, so the program also meets a status and a
field that the contract does not know. What happens then is a generator's choice, and a reason to choose one.

## Code generators

${table(
  ["Language", "Generator", "Version", "Input", "Generates", "Builds", "Runs", "Unknown enum value", "Unknown field"],
  rows.map((row) => {
    const findings = results.get(row.name);
    return [
      row.language,
      `[${row.generator}](#${row.name})`,
      row.version,
      row.input.includes("3.1") ? "3.1" : "3.0",
      "yes",
      row.build ? "yes" : "—",
      findings ? "yes" : "—",
      findings ? findings.unknownStatus.replace(/:.*/, "") : "—",
      findings ? findings.unknownField.replace(/:.*/, "") : "—",
    ];
  }),
)}

## Parsers

Each reads all four bundles without a complaint, and refuses one in which a reference leads nowhere.

${table(
  ["Language", "Parser", "Version"],
  parsers.map((parser) => [parser.language, `[${parser.parser}](#${parser.name})`, parser.version]),
)}

## Do it yourself

\`npm run test:consumers -- NAME …\` does it, and leaves everything in \`.consumers/\`. Below are the commands that it runs;
each folder there starts as a copy of the one in \`test/consumers/\` with the bundles from \`generated/\` beside it. A
program finds the server in \`BASE_URL\`.

${[...rows.map((row) => rowSection(row, results.get(row.name))), ...parsers.map(parserSection)].join("\n\n")}
`;
}

/** What a report says of the rows that were run. */
export function readResults(report: string): Results {
  const results: Results = new Map();
  for (const section of report.split("\n### ").slice(1)) {
    const name = section.slice(0, section.indexOf("\n"));
    const found = pattern.exec(section);
    if (!found) continue;
    const [size, created_at, status, succeed, unknownStatus, unknownField] = found.slice(1) as string[];
    results.set(name, { types: { size, created_at, status, succeed }, unknownStatus, unknownField } as Findings);
  }
  return results;
}

const findingsText = ({ types, unknownStatus, unknownField }: Findings) =>
  `- \`size\` is \`${types.size}\`, \`created_at\` is \`${types.created_at}\`, \`status\` is \`${types.status}\`
- the status \`succeed\` is written \`${types.succeed}\`
- an unknown status: ${unknownStatus}
- an unknown field: ${unknownField}`;

const pattern = new RegExp(
  findingsText({
    types: { size: "(.*)", created_at: "(.*)", status: "(.*)", succeed: "(.*)" },
    unknownStatus: "(.*)",
    unknownField: "(.*)",
  }),
);

function rowSection(row: Row, findings: Findings | undefined): string {
  const commands = [row.generate, row.build, row.run];
  return [
    `### ${row.name}`,
    ...(row.notes ? [row.notes] : []),
    ...(findings ? [findingsText(findings)] : []),
    script(row.projects, commands),
  ].join("\n\n");
}

const parserSection = (parser: Parser) =>
  [
    `### ${parser.name}`,
    ...(parser.notes ? [parser.notes] : []),
    script(parser.projects, [`${parser.read} ${bundles.join(" ")}`]),
  ].join("\n\n");

function script(projects: Project[], commands: (string | undefined)[]): string {
  const installs = projects.toReversed().map(({ folder, install }) => `(cd ${folder} && ${install})`);
  return [
    "```sh",
    ...installs,
    `cd ${projects[0]?.folder}`,
    ...commands.filter((command) => command !== undefined),
    "```",
  ].join("\n");
}

function table(head: string[], lines: string[][]): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...lines.map(row)].join("\n");
}
