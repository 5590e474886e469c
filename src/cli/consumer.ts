// `dcs-backup-records check consumer`

import { baseContract } from "../wire/contract.ts";
import { type Flag, numberOf, readFlags, textOf, UsageError } from "./flags.ts";
import { flagRows, layOut } from "./help.ts";
import { colourRows, interrupted, openReports, reportFlags, reportSections } from "./reports.ts";
import { readRevision, revisionFlag } from "./revision.ts";
import { readScenario, readService, scenarioFlag, scenarioSections, serviceFlags, verifyRows } from "./service.ts";
import type { Surroundings } from "./surroundings.ts";

const runFlags: readonly Flag[] = [
  revisionFlag,
  { name: "port", value: "N", help: "port on 127.0.0.1 to listen on (default: a free one)" },
  {
    name: "timeout",
    value: "MS",
    help: "how long a run of COMMAND may take, in milliseconds; then it counts as hung (default: no limit; in scenarios 60000)",
  },
  {
    name: "require-success",
    help: "report every 4xx or 5xx response as a violation, even if a Prefer header asked for it",
  },
];

const scenario = scenarioFlag(true);

const flags = [...runFlags, ...serviceFlags, scenario, ...reportFlags];

export async function help(): Promise<string> {
  const { consumerRules } = await import("../check/consumer/rules/index.ts");
  const command = "dcs-backup-records check consumer";
  return layOut(
    `${command} [OPTION …] -- COMMAND [ARG …]`,
    "Runs COMMAND, which may be a whole test suite, against a mock of the service, and reports every violation of the contract in its requests. A request that is invalid on purpose is a violation too: leave such tests out of this run. COMMAND gets the signals sent to this command, and everything that it started is stopped at the end. The mock is Prism: npm install --save-dev @stoplight/prism-http-server",
    [
      { heading: "What to run", rows: flagRows(runFlags) },
      { heading: "The service of the mock", rows: flagRows([...serviceFlags, scenario]) },
      ...scenarioSections,
      {
        heading: "The report has a row for each run in a scenario",
        rows: [
          ["Command", "how it ended; it must succeed unless the scenario breaks the contract"],
          ["Never asked for", "records that were there throughout and that no answered page held"],
        ],
      },
      ...reportSections,
      {
        heading: "Environment",
        rows: [
          ["DCS_ENDPOINT", "set for COMMAND: base URL of the mock, to send requests to"],
          ["NO_PROXY", "for COMMAND, 127.0.0.1 is added: the mock is there"],
          ...verifyRows,
          ...colourRows,
        ],
      },
      {
        heading: "Exit code",
        rows: [
          ["0", "no request violates the contract, and COMMAND succeeds"],
          ["1", "a request violates it, or COMMAND fails where the mock keeps to the contract"],
          ["2", "the check could not run: wrong options, no Prism, COMMAND cannot be started, or it sends no request"],
          ["128 + N", "interrupted by signal N: 130 is Ctrl-C, and 143 SIGTERM"],
        ],
      },
      {
        heading: "Examples",
        rows: [
          `${command} -- npm test`,
          `${command} --scenario each -- npm test`,
          `${command} --format github --fail-on warning -- go test ./...`,
        ],
      },
      {
        heading: "Rules, by id; ! marks a rule that only warns",
        rows: consumerRules.map(({ id, title, severity }) => [`${id}${severity === "warning" ? " !" : ""}`, title]),
      },
    ],
  );
}

/** Returns the exit code. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  const given = readFlags(flags, args, true);
  const [command, ...rest] = given.command;
  if (command === undefined || command === "")
    throw new UsageError("The command to run is missing: give it after --, as in check consumer -- npm test");
  const port = numberOf(given, "port", 0, 65535);
  const revision = await readRevision(given);
  const scenario = readScenario(given, "each");
  const timeoutMs = numberOf(given, "timeout", 1, 2 ** 31 - 1);
  const service = await readService(given, revision.contract ?? baseContract, around);
  const reports = await openReports(given, around);
  let stopCode: number | undefined;
  for (const [signal, code] of Object.entries(interrupted)) {
    around.on(signal, () => {
      stopCode = code;
      const isPassedOn = around.listenerCount(signal) > 1; // to the command, whose report is still to come
      if (!isPassedOn) around.exit(code);
    });
  }
  const { checkConsumer } = await import("../check/consumer/index.ts");
  const report = await checkConsumer({
    command,
    args: rest,
    requireSuccess: textOf(given, "require-success") !== undefined,
    ...reports.threshold,
    ...revision,
    ...service,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(scenario !== undefined && { scenario }),
    onScenario: ({ scenario, title, number, of }) => around.stderr.write(`\n${number}/${of}  ${scenario}: ${title}\n`),
    // A machine-readable report has standard output to itself.
    stdout: reports.printed === "pretty" ? "stdout" : "stderr",
    ...(port !== undefined && { port }),
  });
  if (reports.printed === "pretty") around.stdout.write("\n"); // the command may not have ended its last line
  const exitCode = await reports.write(report);
  return stopCode ?? exitCode;
}
