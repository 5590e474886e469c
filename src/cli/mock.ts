// `dcs-backup-records mock`

import { type Flag, numberOf, readFlags, readNumber } from "./flags.ts";
import { flagRows, layOut } from "./help.ts";
import { readRevision, revisionFlag } from "./revision.ts";
import type { Surroundings } from "./surroundings.ts";

const usualPort = 4010;

const flags: readonly Flag[] = [
  revisionFlag,
  {
    name: "port",
    value: "N",
    help: `port on 127.0.0.1 to listen on, 0 for a free one (default: PORT, or ${usualPort})`,
  },
];

export async function help(): Promise<string> {
  return layOut(
    "dcs-backup-records mock [OPTION …]",
    "Starts a mock of the service, and prints requests to try. It acts as a service with one backup, that of the reference page's example, and rejects invalid requests and prints why. It is Prism: npm install --save-dev @stoplight/prism-http-server",
    [
      { heading: "Options", rows: flagRows(flags) },
      {
        heading: "Request headers that choose the response",
        rows: [
          ["X-Auth-Token: any", "any token is accepted"],
          ["Prefer: example=NAME", "an example of the contract, such as EveryStatus or NoBackups"],
          ["Prefer: code=500", "an error"],
        ],
      },
      { heading: "Environment", rows: [["PORT", "the port, if there is no --port"]] },
      {
        heading: "Exit code",
        rows: [
          ["0", "stopped by Ctrl-C, or SIGTERM"],
          ["2", "not started: wrong options, no Prism, or the port is taken"],
        ],
      },
    ],
  );
}

/** Runs until it is interrupted, and returns the exit code. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  const print = (line: string) => around.stdout.write(`${line}\n`);
  const given = readFlags(flags, args);
  const port = numberOf(given, "port", 0, 65535) ?? readNumber("PORT", around.env.PORT || `${usualPort}`, 0, 65535);
  const revision = await readRevision(given);
  const { sampleRequests, startMock } = await import("../mock/index.ts");
  const mock = await startMock({
    port,
    ...revision,
    onJudged: ({ violations }) => {
      for (const { message } of violations) print(message);
    },
  });
  const interrupted = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) around.once(signal, resolve);
  });
  const which = revision.contract ? `, revision ${revision.contract.revision},` : "";
  print(`Mock of the contract${which} on ${mock.url}. Stop it with Ctrl-C. Try:\n`);
  for (const request of sampleRequests(mock.url, revision.contract)) print(`  ${request}`);
  print("\nViolations of the contract are printed here.\n");
  await interrupted;
  await mock.close();
  return 0;
}
