// The weekly workflow: its permissions and pins, and its two scripts, run with a fake npm and a fake gh.

import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { inherited } from "../environment.ts";

const text = await readFile(join(repository, ".github/workflows/watch.yml"), "utf8");
const workflow = parseYaml(text) as Workflow;
const { compare, tell } = workflow.jobs;

interface Workflow {
  on: Record<string, unknown>;
  permissions: object;
  jobs: Record<"compare" | "tell", Job>;
}

interface Job {
  permissions: object;
  if?: string;
  steps: { id?: string; uses?: string; run?: string; env?: Record<string, string> }[];
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "workflow-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the last step of a job as GitHub does, with a shell script as one of its programs. */
async function run(job: Job, program: string, script: string, env: Record<string, string> = {}) {
  await writeFile(join(folder, program), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, program), 0o755);
  const own = { PATH: `${folder}:${process.env.PATH}`, RUNNER_TEMP: folder, GITHUB_OUTPUT: join(folder, "output") };
  const options = { cwd: folder, env: inherited({ ...own, ...env }), encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", job.steps.at(-1)?.run ?? ""], options);
  return { status, stdout, stderr };
}

it("runs weekly or by hand, may only read, and only the job that has no code of ours may write issues", () => {
  expect(Object.keys(workflow.on)).toEqual(["schedule", "workflow_dispatch"]);
  expect(workflow.on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \d$/) }]);
  expect(workflow.permissions).toEqual({});
  expect(compare.permissions).toEqual({ contents: "read" });
  expect(tell.permissions).toEqual({ issues: "write" });
  expect(tell.steps.filter(({ uses }) => uses)).toEqual([]);
  expect(tell.if).toBe("needs.compare.outputs.report != ''");
});

it("pins each action by its commit, with the tag beside it, and puts no expression into a script", () => {
  const uses = text.split("\n").filter((line) => line.includes("uses:"));
  expect(uses).toHaveLength(3);
  for (const line of uses) expect(line).toMatch(/uses: actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  for (const { run = "" } of [...compare.steps, ...tell.steps]) expect(run).not.toContain("${{");
});

const differing = `[ "$*" = "run --silent watch -- --description http://described --draft" ] || exit 9
echo 'x: field \`a\`, String, not in revision D' >&2; echo 'overlay: 1.0.0'; exit 1`;

it("reports the differences and the draft", async () => {
  const { status, stdout } = await run(compare, "npm", differing, { DESCRIPTION: "http://described" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "x: field `a`, String, not in revision D\n" });
  const output = await readFile(join(folder, "output"), "utf8");
  const [, end, report] = /^report<<(end-[0-9a-f]{32})\n([\s\S]*)\n\1\n$/.exec(output) ?? [];
  expect(end).toBeDefined();
  expect(report).toMatch(
    /^What .+ says what to do\.\n\n~~~text\nx: field `a`, String, not in revision D\n~~~\n\nThe overlay/,
  );
  expect(report).toMatch(/\n~~~yaml\noverlay: 1\.0\.0\n~~~$/);
  const [, heading = ""] = /CONTRIBUTING\.md, "(.+?)"/.exec(report ?? "") ?? [];
  expect(await readFile(join(repository, "CONTRIBUTING.md"), "utf8")).toContain(`\n## ${heading}\n`);
});

it.each([
  ["nothing if nothing differs", 0],
  ["nothing, and fails, if the watch could not run", 2],
])("reports %s", async (_what, code) => {
  const { status, stdout } = await run(compare, "npm", `echo said >&2; exit ${code}`, { DESCRIPTION: "" });
  expect({ status, stdout }).toEqual({ status: code, stdout: "said\n" });
  expect(await readFile(join(folder, "output"), "utf8").catch(() => "")).toBe("");
});

it.each([
  ["opens an issue if there is none", "", ["issue create --title $TITLE --body-file -"]],
  ["updates the one that is open", "12", ["issue edit 12 --body-file -"]],
])("%s", async (_what, open, calls) => {
  const log = join(folder, "log");
  const title = tell.steps[0]?.env?.TITLE ?? "";
  const script = `echo "$*" >> '${log}'\n[ "$2" = list ] && { echo '${open}'; exit; }\ncat > '${log}.body'`;
  expect(await run(tell, "gh", script, { TITLE: title, REPORT: "It's\n`so`" })).toMatchObject({
    status: 0,
    stderr: "",
  });
  const [list, ...rest] = (await readFile(log, "utf8")).trimEnd().split("\n");
  expect(list).toBe(
    "issue list --state open --app github-actions --json number,title --jq map(select(.title == env.TITLE)) | .[0].number // empty",
  );
  expect(rest).toEqual(calls.map((call) => call.replace("$TITLE", title)));
  expect(await readFile(`${log}.body`, "utf8")).toBe("It's\n`so`\n");
});
