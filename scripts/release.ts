// `npm run release`: rehearses a release, or prepares the pull request of one. Publishing is left to the workflow.

import { relative } from "node:path";
import { parseArgs } from "node:util";
import { formatProblem, StageError } from "./problem.ts";
import { prepareRelease } from "./release/prepare.ts";
import { Refusal } from "./release/refusal.ts";
import { contentsOf, rehearse } from "./release/rehearse.ts";
import { repository } from "./repository.ts";

const help = `Usage: npm run release -- X.Y.Z
       npm run release -- --rehearse

With a version, prepares the change that the pull request of its release makes: the version wherever it
is written, the changelog's section with today's date, the kept bundle in released/, and generated/.
It refuses a checkout with changes, a version that does not follow the last release or is lower than
npm run compat asks for, and an empty section [Unreleased]; all files are then as they were.
It does not commit, tag, push or publish.

With --rehearse, does all that a release does with the last commit, but the publishing, and writes
artifacts/release/:

  assets/   the package, the bundles of every revision and of the tolerant form, the docs, the Postman
            collection, the SBOM and SHA256SUMS: what the release on GitHub has to download
  notes.md  the changelog's section
  site/     the docs' site: the newest release at the root, each release at its version

It checks that all versions agree, npm run compat, that two packs have the same bytes and hold what the
exports and commands need and nothing else, that each command of the installed package answers, and that
the SBOM is valid and lists what users install. A commit with the tag of a version must be that release.
It needs git and the npm registry.

  --rehearse  rehearse the release of the last commit
  --help      print this text

Exit code: 0 done, 1 refused, 2 wrong usage.
`;

type Surroundings = Pick<NodeJS.Process, "stdout" | "stderr">;

/** Runs the command, and returns the exit code. */
export async function main(args: string[], { stdout, stderr }: Surroundings, folder = repository): Promise<number> {
  const yes = { type: "boolean" } as const;
  let given: { values: { rehearse?: boolean; help?: boolean }; positionals: string[] };
  try {
    given = parseArgs({ args, options: { rehearse: yes, help: yes }, allowPositionals: true });
  } catch (error) {
    stderr.write(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  const [version, ...more] = given.positionals;
  if (given.values.help) {
    stdout.write(help);
    return 0;
  }
  if (more.length > 0 || (version === undefined) === !given.values.rehearse) {
    stderr.write(`Give either one version or --rehearse.\n\n${help}`);
    return 2;
  }
  try {
    await (version === undefined ? runRehearsal() : runPreparation(version));
    return 0;
  } catch (error) {
    if (error instanceof Refusal) stderr.write(`${error.message}\n`);
    else if (error instanceof StageError) stderr.write(`${error.problems.map(formatProblem).join("\n")}\n`);
    else throw error;
    return 1;
  }

  async function runRehearsal() {
    const written = await rehearse(folder, (step, milliseconds, detail) => {
      stdout.write(`${step.padEnd(9)} ${`${(milliseconds / 1000).toFixed(2)} s`.padStart(8)}  ${detail}\n`);
    });
    stdout.write(`\nwrote ${relative(process.cwd(), written)}/\n`);
    for (const file of await contentsOf(written)) stdout.write(`  ${file}\n`);
  }

  async function runPreparation(version: string) {
    const [date = ""] = new Date().toISOString().split("T");
    const changed = await prepareRelease(folder, version, date);
    stdout.write(`Prepared ${version}:\n${changed.map((file) => `  ${file}\n`).join("")}`);
    stdout.write(`Review it with git diff, commit it, and open a pull request. CONTRIBUTING.md says how it goes on.\n`);
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), process);
