// `dcs-backup-records check provider`

import { isTime } from "../wire/time.ts";
import { credentialRows, readCredentials, refuseSecrets } from "./credentials.ts";
import {
  type Flag,
  type Flags,
  idsOf,
  numberOf,
  optionError,
  readFlags,
  textOf,
  textsOf,
  UsageError,
} from "./flags.ts";
import { flagRows, layOut } from "./help.ts";
import { showProgress } from "./progress.ts";
import { colourRows, interrupted, openReports, reportFlags, reportSections } from "./reports.ts";
import { readRevision, revisionFlag } from "./revision.ts";
import type { Surroundings } from "./surroundings.ts";

const askFlags: readonly Flag[] = [
  { name: "server", value: "URL", help: "base URL of the server, without the path of the call" },
  { name: "project-id", value: "ID", help: "the project that the instance is in" },
  {
    name: "instance-id",
    value: "ID",
    help: "the instance whose backups are listed. With two backups or more, every rule has something to check",
  },
  {
    name: "header",
    value: "'NAME: VALUE'",
    isRepeatable: true,
    help: "an extra header for each request, as a gateway may need; or several, one per line. May be repeated. Its value is never printed",
  },
  {
    name: "begin",
    value: "TIME",
    help: "start of the time window to ask for, in UTC, written yyyyMMddHHmmss (default: when the first listed backup was created)",
  },
  {
    name: "end",
    value: "TIME",
    help: "end of that time window (default: a second later, or none if there is a --begin)",
  },
  revisionFlag,
  {
    name: "only",
    value: "ID[,ID…]",
    isRepeatable: true,
    help: "apply only these rules, or send only these requests (see below); what they depend on is included. May be repeated",
  },
  {
    name: "skip",
    value: "ID[,ID…]",
    isRepeatable: true,
    help: "leave these rules or requests out. May be repeated",
  },
  {
    name: "timeout",
    value: "MS",
    help: "timeout of each request, to the end of its response, in milliseconds (default: 10000)",
  },
  { name: "deadline", value: "MS", help: "timeout of the whole run, in milliseconds (default: 60000)" },
];

const flags = [...askFlags, ...reportFlags];

export async function help(): Promise<string> {
  const [{ baseContract }, { probesOf }, { rules }] = await Promise.all([
    import("../wire/contract.ts"),
    import("../check/provider/probes.ts"),
    import("../check/provider/rules/index.ts"),
  ]);
  const probes = probesOf(baseContract);
  const command = "dcs-backup-records check provider";
  return layOut(
    `${command} --server URL --project-id ID --instance-id ID [OPTION …]`,
    `Asks a server for the backup records of one instance, in ${probes.length} GET requests at most, and reports every violation of the contract in its responses. Some requests are invalid and must be rejected; each has a valid twin that must be accepted. The check changes nothing on the server, follows no redirect, and retries after a 429.`,
    [
      { heading: "What to ask", rows: flagRows(askFlags) },
      ...reportSections,
      {
        heading: "Environment; credentials are read only from here",
        rows: [
          ...credentialRows,
          ["NODE_EXTRA_CA_CERTS", "file of extra certificates to trust, such as your own CA's"],
          ["NODE_USE_ENV_PROXY=1", "use HTTP_PROXY, HTTPS_PROXY and NO_PROXY; from Node 24 on, and 22.21"],
          ...colourRows,
        ],
      },
      {
        heading: "Exit code",
        rows: [
          ["0", "the server conforms to the contract"],
          ["1", "it violates the contract"],
          ["2", "the check could not run: wrong options, missing or rejected credentials, no server, no time left"],
          ["128 + N", "interrupted by signal N: 130 is Ctrl-C, and 143 SIGTERM"],
        ],
      },
      {
        heading: "Examples",
        rows: [
          `${command} --server https://dcs.sa-brazil-1.myhuaweicloud.com --project-id P --instance-id I`,
          `${command} --server http://127.0.0.1:8080 --project-id P --instance-id I \\`,
          "  --format json --output report.json --format junit --output report.xml --fail-on warning",
        ],
      },
      {
        heading: "Requests, by id",
        rows: probes.map(({ id, title, expects }) => [id, `${title}${expects === "page" ? "" : ": must be rejected"}`]),
      },
      {
        heading: "Rules, by id; ! marks a rule that only warns",
        rows: rules.map(({ id, title, severity }) => [`${id}${severity === "warning" ? " !" : ""}`, title]),
      },
    ],
  );
}

/** Returns the exit code. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  refuseSecrets(args, around.env);
  const given = readFlags(flags, args);
  const required = ["server", "project-id", "instance-id"];
  const missing = required.filter((name) => textOf(given, name) === undefined).map((name) => `--${name}`);
  if (missing.length > 0) throw new UsageError(`Missing: ${missing.join(", ")}`);
  const most = 2 ** 31 - 1;
  const options = {
    server: textOf(given, "server") as string,
    projectId: textOf(given, "project-id") as string,
    instanceId: textOf(given, "instance-id") as string,
    headers: readHeaders(textsOf(given, "header")),
    ...definedOnly({ begin: timeOf(given, "begin"), end: timeOf(given, "end") }),
    only: idsOf(given, "only"),
    skip: idsOf(given, "skip"),
    ...definedOnly({
      timeoutMs: numberOf(given, "timeout", 1, most),
      deadlineMs: numberOf(given, "deadline", 1, most),
    }),
    credentials: readCredentials(around.env),
    ...(await readRevision(given)),
  };
  const reports = await openReports(given, around);
  const { checkProvider } = await import("../check/provider/index.ts");
  const progress = showProgress(around);
  for (const [signal, code] of Object.entries(interrupted)) around.on(signal, () => around.exit(code));
  const { threshold } = reports;
  const report = await checkProvider({
    ...options,
    ...threshold,
    onProbe: ({ title, number, of }) => progress.show(`${number}/${of}  asking for ${title} …`),
  }).catch((error) => {
    throw optionError(error, optionNames);
  });
  progress.wipe();
  return reports.write(report);
}

const optionNames = { projectId: "project-id", instanceId: "instance-id", headers: "header" };

/** Names in lower case, as they are the same header in any case. */
function readHeaders(values: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of values.flatMap((value) => value.split(/\r?\n/)).filter((line) => line.trim() !== "")) {
    const [, name = "", value = ""] = /^([^\s:]+):\s*(.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    if (name === "") throw new UsageError("--header must be written 'Name: value'");
    if (["x-auth-token", "authorization", "x-security-token", "x-sdk-date"].includes(key))
      throw new UsageError(
        `--header must not hold credentials, as ${name} does: they are read only from the environment`,
      );
    if (key === "accept") throw new UsageError(`--header must not be ${name}: the check asks for JSON by itself`);
    if (key in headers) throw new UsageError(`--header ${name} is given twice`);
    headers[key] = value;
  }
  return headers;
}

function timeOf(flags: Flags, name: string): string | undefined {
  const time = textOf(flags, name);
  if (time === undefined || isTime(time)) return time;
  throw new UsageError(
    `--${name} must be a time in UTC, written yyyyMMddHHmmss, as in 20261101000000, not ${JSON.stringify(time)}`,
  );
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const definedOnly = <T extends object>(options: T): Defined<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<T>;
