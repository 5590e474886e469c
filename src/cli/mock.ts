// `dcs-backup-records mock`

import type { MockOptions, MockRequest } from "../mock/index.ts";
import { baseContract } from "../wire/contract.ts";
import { type Flag, numberOf, readFlags, readNumber, textOf } from "./flags.ts";
import { flagRows, layOut } from "./help.ts";
import { readRevision, revisionFlag } from "./revision.ts";
import { readScenario, readService, scenarioFlag, scenarioSections, serviceFlags, verifyRows } from "./service.ts";
import type { Surroundings } from "./surroundings.ts";

const usualPort = 4010;

const listenFlags: readonly Flag[] = [
  { name: "host", value: "H", help: "address to listen on; 0.0.0.0 for all, as in a container (default: 127.0.0.1)" },
  { name: "port", value: "N", help: `port to listen on, 0 for a free one (default: PORT, or ${usualPort})` },
  revisionFlag,
];

const scenario = scenarioFlag(false);

const flags: readonly Flag[] = [...listenFlags, ...serviceFlags, scenario];

export async function help(): Promise<string> {
  const command = "dcs-backup-records mock";
  return layOut(
    `${command} [OPTION …]`,
    "Starts a mock of the service, and prints requests to try. It acts as a service with one backup, that of the reference page's example, or with as many as you like. It rejects invalid requests and prints why. It is Prism with a service behind it: npm install --save-dev @stoplight/prism-http-server",
    [
      { heading: "Where it listens, and by which contract", rows: flagRows(listenFlags) },
      { heading: "The service", rows: flagRows([...serviceFlags, scenario]) },
      ...scenarioSections,
      {
        heading: "Request headers that choose the response",
        rows: [
          ["Prefer: scenario=NAME", "a scenario, for this request"],
          ["Prefer: example=NAME", "an example of the contract, such as EveryStatus or NoBackups"],
          ["Prefer: code=500", "an error"],
        ],
      },
      {
        heading: "Environment",
        rows: [["PORT", "the port, if there is no --port"], ...verifyRows],
      },
      {
        heading: "Exit code",
        rows: [
          ["0", "stopped by Ctrl-C, or SIGTERM"],
          ["2", "not started: wrong options, no Prism, or the port is taken"],
        ],
      },
      {
        heading: "Examples",
        rows: [
          `${command} --records 2500`,
          `${command} --scenario throttled`,
          `DCS_ACCESS_KEY=AK DCS_SECRET_KEY=SK ${command} --verify`,
        ],
      },
    ],
  );
}

/** Runs until it is interrupted, and returns the exit code. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  const print = (line: string) => around.stdout.write(`${line}\n`);
  const given = readFlags(flags, args);
  const host = textOf(given, "host");
  const port = numberOf(given, "port", 0, 65535) ?? readNumber("PORT", around.env.PORT || `${usualPort}`, 0, 65535);
  const scenario = readScenario(given);
  const revision = await readRevision(given);
  const service = await readService(given, revision.contract ?? baseContract, around);
  const { sampleRequests, startMock } = await import("../mock/index.ts");
  const mock = await startMock({
    port,
    ...(host !== undefined && { host }),
    ...revision,
    ...service,
    ...(scenario !== undefined && { scenario }),
    onRequest: (request) => {
      for (const line of told(request)) print(line);
    },
  });
  const interrupted = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) around.once(signal, resolve);
  });
  const which = revision.contract ? `, revision ${revision.contract.revision},` : "";
  print(`Mock of the contract${which} on ${mock.url}. Stop it with Ctrl-C. ${invitation(service)}`);
  const token = service.credentials && '"X-Auth-Token: $DCS_AUTH_TOKEN"';
  const requests = isSigned(service) ? [] : sampleRequests(mock.url, revision.contract, token);
  for (const request of requests) print(`  ${request}`);
  print("\nViolations of the contract are printed here.\n");
  await interrupted;
  await mock.close();
  return 0;
}

const isSigned = ({ credentials }: MockOptions) => credentials !== undefined && !("token" in credentials);

/** curl cannot sign as the service wants it. */
const invitation = (service: MockOptions) =>
  isSigned(service) ? "It accepts what is signed with the keys of its environment." : "Try:\n";

/** The violations of a request, a line each. */
function told({ number, violations, explanation = [] }: MockRequest): string[] {
  const lines = violations.map(({ message, actual }) => {
    const found = actual === undefined ? "" : `, not ${JSON.stringify(actual)}`;
    return `request ${number}: ${message}${found}`;
  });
  return [...lines, ...explanation.map((line) => `  ${line}`)];
}
