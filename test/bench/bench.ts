// What the pipeline saves, what the client and the check cost, and what a reader of the docs waits for.
// `npm run bench -- --help`

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { note } from "./report.ts";

interface Options {
  sizes: string;
  help?: boolean;
}

type Part = (options: Options, workspace: string, signal: AbortSignal) => Promise<string>;

// Each is loaded only where it runs: what a module leaves in memory would be measured with the rest.
const parts: Record<string, Part> = {
  async pipeline({ sizes }, workspace, signal) {
    const { benchPipeline } = await import("./pipeline.ts");
    return benchPipeline(sizes.split(",").map(Number), workspace, signal);
  },
  async client(_, workspace, signal) {
    const { benchClient } = await import("./client.ts");
    return benchClient(workspace, signal);
  },
  async check(_, workspace, signal) {
    const { benchCheck } = await import("./check.ts");
    return benchCheck(workspace, signal);
  },
  async docs(_, workspace, signal) {
    const { benchDocs } = await import("./docs.ts");
    return benchDocs(workspace, signal);
  },
};

const help = `Usage: npm run bench [-- PART] [OPTION …]

  pipeline      the build against the tools' own command lines
  client        the client against bare fetch, and against the vendor's SDK
  check         the contract check of an answer against a schema that is compiled at run time
  docs          the docs against Redocly's page, in Chromium

Without PART it runs all.

  --sizes LIST  pipeline: numbers of operations of the synthetic contracts (default: 1,10,100,1000)
  --help        print this text

Exit code: 0 measured, 1 something failed, 2 wrong argument, 130 or 143 interrupted.`;

function readArguments(): { options: Options; chosen: Part[] } {
  const { values, positionals } = parseArgs({
    options: { sizes: { type: "string", default: "1,10,100,1000" }, help: { type: "boolean" } },
    allowPositionals: true,
  });
  if (!/^[1-9]\d*(,[1-9]\d*)*$/.test(values.sizes)) throw new Error("--sizes takes a list like 1,10,100");
  const wanted = positionals.length > 0 ? positionals : Object.keys(parts);
  const chosen = wanted.map((name) => {
    if (Object.hasOwn(parts, name)) return parts[name] as Part;
    throw new Error(`There is no part "${name}"`);
  });
  return { options: values, chosen };
}

async function main(): Promise<number> {
  let run: ReturnType<typeof readArguments>;
  try {
    run = readArguments();
  } catch (error) {
    note(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (run.options.help) {
    console.log(help);
    return 0;
  }
  const interrupted = new AbortController();
  const signals = { SIGINT: 130, SIGTERM: 143 };
  for (const [name, code] of Object.entries(signals)) process.once(name, () => interrupted.abort(code));
  const workspace = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    for (const part of run.chosen) console.log(`${await part(run.options, workspace, interrupted.signal)}\n`);
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) return interrupted.signal.reason as number;
    note((error as Error).message);
    return 1;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

if (import.meta.main) process.exitCode = await main();
