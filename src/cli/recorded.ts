// `dcs-backup-records check recorded`

import { sides } from "../check/model/report.ts";
import { recordingFormats } from "../check/recorded/format.ts";
import type { Written } from "../check/recorded/write.ts";
import { choiceOf, type Flag, idsOf, listed, optionError, readFlags, textOf, UsageError } from "./flags.ts";
import { flagRows, layOut } from "./help.ts";
import { showProgress } from "./progress.ts";
import { colourRows, interrupted, openReports, reportFlags, reportSections } from "./reports.ts";
import { readRevision, revisionFlag } from "./revision.ts";
import type { Surroundings } from "./surroundings.ts";
import { writtenText } from "./written.ts";

const readingFlags: readonly Flag[] = [
  {
    name: "input",
    value: "FORM",
    help: `format of the recordings: ${listed(recordingFormats)} (default: by how each begins)`,
  },
  {
    name: "side",
    value: "SIDE",
    help: "provider: what the service answers; consumer: what it is asked; or both (default: both)",
  },
  revisionFlag,
  {
    name: "only",
    value: "ID[,ID…]",
    isRepeatable: true,
    help: "apply only these rules (see below). May be repeated",
  },
  { name: "skip", value: "ID[,ID…]", isRepeatable: true, help: "leave these rules out. May be repeated" },
  {
    name: "clean",
    value: "OUT",
    help: "write all exchanges to this file, without tokens, signatures, cookies and other secrets: HAR if its name ends with .har, otherwise NDJSON",
  },
];

const flags = [...readingFlags, ...reportFlags];

export async function help(): Promise<string> {
  const { recordedRules } = await import("../check/recorded/rules.ts");
  const command = "dcs-backup-records check recorded";
  return layOut(
    `${command} [OPTION …] FILE …`,
    "Judges what was recorded: finds the call in recorded traffic, under any host and base path, and reports every violation of the contract in its requests and responses. It asks nobody anything. A FILE may be a folder, or - for the standard input. Other calls are counted and left alone. What a recording does not have is not judged, and never passes. No secret is in the report.",
    [
      { heading: "What to judge", rows: flagRows(readingFlags) },
      {
        heading: "Recordings, also compressed with gzip",
        rows: [
          ["HAR", "of browsers, Playwright, mitmproxy and others"],
          ["NDJSON", "an exchange a line; its JSON Schema is dcs-backup-records/recorded-exchange.schema.json"],
          ["Pact", "of versions 1 to 4: what a consumer asks for and expects, and not what the service says"],
        ],
      },
      ...reportSections,
      { heading: "Environment", rows: colourRows },
      {
        heading: "Exit code",
        rows: [
          ["0", "no exchange violates the contract"],
          ["1", "an exchange violates it"],
          [
            "2",
            "the check could not run: wrong options, no such file, nothing to judge; or a part of a recording cannot be read, and the rest is without a violation",
          ],
          ["128 + N", "interrupted by signal N: 130 is Ctrl-C, and 143 SIGTERM"],
        ],
      },
      {
        heading: "Examples",
        rows: [
          `${command} traffic.har`,
          `${command} --side consumer --fail-on warning pacts/ --format junit --output report.xml`,
          `zcat night.ndjson.gz | ${command} --revision newest -`,
          `${command} traffic.har --clean clean.har`,
        ],
      },
      {
        heading: "Rules, by id; ! marks a rule that only warns",
        rows: recordedRules("both").map(({ id, title, severity }) => [
          `${id}${severity === "warning" ? " !" : ""}`,
          title,
        ]),
      },
    ],
  );
}

/** Returns the exit code. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  const given = readFlags(flags, args, "files");
  const files = given.files.filter((file) => file !== "");
  if (files.length === 0)
    throw new UsageError("The recording is missing: give a file, a folder, or - for the standard input");
  const [input, side, clean] = [textOf(given, "input"), textOf(given, "side"), textOf(given, "clean")];
  const options = {
    files,
    only: idsOf(given, "only"),
    skip: idsOf(given, "skip"),
    ...(input !== undefined && { input: choiceOf("input", input, recordingFormats) }),
    ...(side !== undefined && { side: choiceOf("side", side, sides) }),
    ...(clean !== undefined && { clean }),
    ...(await readRevision(given)),
  };
  const reports = await openReports(given, around);
  const { checkRecorded } = await import("../check/recorded/index.ts");
  const progress = showProgress(around);
  const stop = new AbortController();
  for (const [signal, code] of Object.entries(interrupted)) {
    around.on(signal, () => {
      if (stop.signal.aborted) around.exit(code);
      stop.abort(code);
    });
  }
  let written: Written | undefined;
  try {
    const report = await checkRecorded({
      ...options,
      ...reports.threshold,
      signal: stop.signal,
      onProgress: ({ file, number, of, exchanges }) =>
        progress.show(`${number}/${of}  ${file}: ${exchanges} exchanges …`),
      onCleaned: (cleaned) => {
        written = cleaned;
      },
    });
    progress.wipe();
    if (written) around.stderr.write(`${writtenText(written, clean ?? "")}\n`);
    return await reports.write(report);
  } catch (error) {
    progress.wipe();
    if (stop.signal.aborted) return stop.signal.reason as number;
    throw Object(error).argument === "files" ? new UsageError((error as Error).message) : optionError(error);
  }
}
