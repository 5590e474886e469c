// `dcs-backup-records check relay`

import { type Finding, sides } from "../check/model/report.ts";
import type { KeyCredentials } from "../wire/credentials.ts";
import { readCredentials, refuseSecrets } from "./credentials.ts";
import { choiceOf, type Flag, numberOf, optionError, readFlags, textOf, UsageError } from "./flags.ts";
import { flagRows, layOut } from "./help.ts";
import { colourRows, interrupted, openReports, reportFlags, reportSections } from "./reports.ts";
import { readRevision, revisionFlag } from "./revision.ts";
import type { Surroundings } from "./surroundings.ts";
import { writtenText } from "./written.ts";

const relayFlags: readonly Flag[] = [
  { name: "server", value: "URL", help: "base URL of the service, without the path of the call" },
  { name: "host", value: "H", help: "address to listen on; 0.0.0.0 for all, as in a container (default: 127.0.0.1)" },
  { name: "port", value: "N", help: "port to listen on (default: a free one)" },
  {
    name: "side",
    value: "SIDE",
    help: "provider: judge what the service answers; consumer: what it is asked; or both (default: both)",
  },
  revisionFlag,
  {
    name: "timeout",
    value: "MS",
    help: "how long the service may take to begin an answer, in milliseconds; then the client gets a 502 of the relay (default: 60000)",
  },
  {
    name: "record",
    value: "FILE",
    help: "write what passes to this file, without tokens, signatures, cookies and other secrets",
  },
  {
    name: "record-format",
    value: "FORM",
    help: "har or ndjson (default: har if the name of the file ends with .har, otherwise ndjson)",
  },
];

const flags = [...relayFlags, ...reportFlags];

export async function help(): Promise<string> {
  const [{ commandRules, recording }, { recordedRules }] = await Promise.all([
    import("../check/relay/rules.ts"),
    import("../check/recorded/rules.ts"),
  ]);
  const command = "dcs-backup-records check relay";
  return layOut(
    `${command} --server URL [OPTION …] [-- COMMAND [ARG …]]`,
    "Stands between a client and the service: passes requests and answers on as they are, and reports every violation of the contract in both. COMMAND, which may be a whole test suite, is run meanwhile; without one the relay runs until Ctrl-C. Only Host and the headers of the connection are changed on the way. A request that the service does not answer gets a 502 of the relay, and is not judged. Other calls pass as well: they are counted, and not judged.",
    [
      { heading: "What passes", rows: flagRows(relayFlags) },
      ...reportSections,
      {
        heading: "Environment",
        rows: [
          ["DCS_ENDPOINT", "set for COMMAND: base URL of the relay, to send requests to"],
          ["NO_PROXY", "for COMMAND, the relay's host is added"],
          [
            "DCS_ACCESS_KEY, DCS_SECRET_KEY",
            "for a client that signs: a signature covers the host, which is the relay for the client. With these keys its signature is verified, and made anew for the service",
          ],
          ["DCS_SECURITY_TOKEN", "the security token of temporary keys"],
          ["NODE_EXTRA_CA_CERTS", "file of extra certificates to trust, such as your own CA's"],
          [
            "NODE_USE_ENV_PROXY=1",
            "reach the service by HTTP_PROXY, HTTPS_PROXY and NO_PROXY; from Node 24.5 on, and 22.21",
          ],
          ...colourRows,
        ],
      },
      {
        heading: "Exit code",
        rows: [
          ["0", "nothing that passed violates the contract, and COMMAND succeeds"],
          ["1", "a request or an answer violates it, or COMMAND fails"],
          [
            "2",
            "the check could not run: wrong options, the port is taken, COMMAND cannot be started, or nothing that could be judged passed",
          ],
          ["128 + N", "COMMAND was interrupted by signal N: 130 is Ctrl-C, and 143 SIGTERM"],
        ],
      },
      {
        heading: "Examples",
        rows: [
          `${command} --server https://dcs.sa-brazil-1.myhuaweicloud.com -- npm test`,
          `${command} --server http://127.0.0.1:8080 --port 8000 --record traffic.har`,
          `DCS_ACCESS_KEY=AK DCS_SECRET_KEY=SK ${command} --server URL -- npm test`,
        ],
      },
      {
        heading: "Rules, by id; ! marks a rule that only warns",
        rows: recordedRules("both", [...commandRules, recording]).map(({ id, title, severity }) => [
          `${id}${severity === "warning" ? " !" : ""}`,
          title,
        ]),
      },
    ],
  );
}

/** Returns the exit code. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  const { env, stderr } = around;
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  refuseSecrets(args.slice(0, end), env); // the command's own are no business of this one
  const given = readFlags(flags, args, "command");
  const [command, ...rest] = given.command;
  if (args.includes("--") && !command)
    throw new UsageError("The command to run is missing: give it after --, or leave -- out");
  const server = textOf(given, "server");
  if (server === undefined) throw new UsageError("Missing: --server");
  const [host, side, record, form] = ["host", "side", "record", "record-format"].map((name) => textOf(given, name));
  if (form !== undefined && record === undefined)
    throw new UsageError("--record-format is given without --record: add --record FILE");
  const port = numberOf(given, "port", 0, 65535);
  const timeoutMs = numberOf(given, "timeout", 1, 2 ** 31 - 1);
  const credentials = readKeys(env);
  const options = {
    server,
    ...(await readRevision(given)),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(side !== undefined && { side: choiceOf("side", side, sides) }),
    ...(record !== undefined && { record }),
    ...(form !== undefined && { recordFormat: choiceOf("record-format", form, ["har", "ndjson"]) }),
    ...(credentials && { credentials }),
    ...(command !== undefined && { command, args: rest }),
  };
  const reports = await openReports(given, around);
  const { checkRelay } = await import("../check/relay/index.ts");
  const stop = new AbortController();
  let stopCode: number | undefined;
  for (const [signal, code] of Object.entries(interrupted)) {
    around.on(signal, () => {
      const isPassedOn = around.listenerCount(signal) > 1; // to the command, whose report is still to come
      if (command === undefined && !stop.signal.aborted) return stop.abort();
      if (!isPassedOn) around.exit(code);
      stopCode = code;
    });
  }
  const report = await checkRelay({
    ...options,
    ...reports.threshold,
    signal: stop.signal,
    // A machine-readable report has standard output to itself.
    stdout: reports.printed === "pretty" ? "stdout" : "stderr",
    onStart(url) {
      const until = command === undefined ? ". Stop it with Ctrl-C" : "";
      stderr.write(`Relay to ${server} on ${url}${until}\n`);
    },
    onRecorded: (written) => stderr.write(`${writtenText(written, record ?? "")}\n`),
    onNote: (note) => stderr.write(`${note}\n`),
    ...(stderr.isTTY && { onFinding: (finding) => stderr.write(`${lineOf(finding)}\n`) }),
  }).catch((error) => {
    throw optionError(error);
  });
  if (reports.printed === "pretty") around.stdout.write("\n"); // the command may not have ended its last line
  const exitCode = await reports.write(report);
  return stopCode ?? exitCode;
}

/** Nothing if there are none: a token passes as it is. */
function readKeys(env: Surroundings["env"]): KeyCredentials | undefined {
  const names = ["DCS_ACCESS_KEY", "DCS_SECRET_KEY", "DCS_SECURITY_TOKEN"];
  const keys = Object.fromEntries(names.map((name) => [name, env[name]]));
  if (!names.some((name) => keys[name]?.trim())) return undefined;
  return readCredentials(keys) as KeyCredentials;
}

const lineOf = ({ severity, probe, request, message, actual }: Finding): string =>
  `${severity} ${[probe, request, message].filter(Boolean).join(": ")}${actual === undefined ? "" : `, not ${actual}`}`;
