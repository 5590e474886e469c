// Benchmarks: the time that the pipeline saves, the cost of the client, the checks and the mock, and the loading time of the docs.
// `npm run bench -- --help`

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { note } from "./report.ts";

type Part = (workspace: string, signal: AbortSignal) => Promise<string>;

// Each is loaded only when it runs: otherwise it would affect the measurement of the others.
const parts: Record<string, () => Promise<Part>> = {
  pipeline: async () => (await import("./pipeline.ts")).benchPipeline,
  client: async () => (await import("./client.ts")).benchClient,
  check: async () => (await import("./check.ts")).benchCheck,
  recorded: async () => (await import("./recorded.ts")).benchRecorded,
  relay: async () => (await import("./relay.ts")).benchRelay,
  mock: async () => (await import("./mock.ts")).benchMock,
  docs: async () => (await import("./docs.ts")).benchDocs,
};

const help = `Usage: npm run bench [-- PART …]

  pipeline  the build against the tools' own command lines
  client    the client against bare fetch, and against the vendor's SDK
  check     the contract check of an answer against bare Ajv
  recorded  judging recorded exchanges against JSON.parse and bare Ajv
  relay     a request through the relay against the same one asked directly
  mock      the mock against Prism alone
  docs      the docs against Redocly's page, in Chromium

Without PART it runs all.

Exit code: 0 measured, 1 something failed, 2 wrong argument, 130 or 143 interrupted.`;

function readArguments(): { chosen: string[]; help?: boolean } {
  const { values, positionals } = parseArgs({ options: { help: { type: "boolean" } }, allowPositionals: true });
  const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}"`);
  return { ...values, chosen: positionals.length > 0 ? positionals : Object.keys(parts) };
}

async function main(): Promise<number> {
  let run: ReturnType<typeof readArguments>;
  try {
    run = readArguments();
  } catch (error) {
    note(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (run.help) {
    console.log(help);
    return 0;
  }
  const interrupted = new AbortController();
  const signals = { SIGINT: 130, SIGTERM: 143 };
  for (const [name, code] of Object.entries(signals)) process.once(name, () => interrupted.abort(code));
  const workspace = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    for (const name of run.chosen) {
      const bench = await parts[name]?.();
      console.log(`${await bench?.(workspace, interrupted.signal)}\n`);
    }
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) return interrupted.signal.reason as number;
    note((error as Error).message);
    return 1;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

process.exitCode = await main();
