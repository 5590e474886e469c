// The GitHub Action and the GitLab component: their shell steps, run as their services run them, with the packed package.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parseYaml } from "@redocly/openapi-core";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import type { Report } from "../../src/check/index.ts";
import { type Mock, startMock } from "../../src/mock/index.ts";
import { example } from "../check/reports.ts";
import { reply, type Server, startServer } from "../client/server.ts";
import { readManifest } from "./install.ts";
import { hostile, runShell, secret, targetOf, type Variables } from "./shell.ts";

let folder: string;
let mock: Mock;
let broken: Server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "action-"));
  [mock, broken] = await Promise.all([
    startMock(),
    startServer(reply(200, { total_num: "1", backup_record_response: [] })),
  ]);
});
afterAll(async () => {
  await mock.close();
  await broken[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const target = (server: string) => targetOf(server, inject("tarball"));

/** The folder of a checked out repository. */
let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(folder, "workspace-"));
});

/** The result of each rule in a report, by its id. */
async function resultsIn(file: string): Promise<Record<string, string>> {
  const { rules }: Report = JSON.parse(await readFile(join(workspace, file), "utf8"));
  return Object.fromEntries(rules.map(({ id, result }) => [id, result]));
}

/** Each with the exit code of its check; a name may look like an option, and have a space. */
const recordings = { "--night 1.ndjson": 0, "--night 2.ndjson": 1 };

function recordingOf(code: number): string {
  const { projectId, instanceId } = example;
  const body = { total_num: code === 0 ? 0 : "0", backup_record_response: [] };
  return `${JSON.stringify({
    request: {
      method: "GET",
      url: `https://dcs.example.com/v2/${projectId}/instances/${instanceId}/backups`,
      headers: [["X-Auth-Token", secret]],
      body: { text: "" },
    },
    response: { status: 200, headers: [["Content-Type", "application/json"]], body: { text: JSON.stringify(body) } },
  })}\n`;
}

describe("the GitHub Action", () => {
  interface Action {
    inputs: Record<string, { default?: string; required?: boolean }>;
    runs: { steps: { run?: string; shell?: string; env?: Variables; if?: string; uses?: string; with?: Variables }[] };
  }

  let source: string;
  let action: Action;
  beforeAll(async () => {
    source = await readFile(join(repository, "action.yml"), "utf8");
    action = parseYaml(source) as Action;
  });

  /** Runs its first step as a runner does. */
  async function runAction(inputs: Variables, environment: Variables = { DCS_AUTH_TOKEN: secret }) {
    const [step] = action.runs.steps;
    const filled = (template: string) =>
      template.replace(/\${{ inputs\.([\w-]+) }}/g, (_, name) => inputs[name] ?? action.inputs[name]?.default ?? "");
    const env = Object.fromEntries(Object.entries(step?.env ?? {}).map(([name, value]) => [name, filled(value)]));
    const summary = join(workspace, ".summary");
    const temporary = join(workspace, ".temporary");
    await mkdir(temporary);
    await writeFile(summary, "of an earlier step\n");
    const script = join(workspace, ".step.sh");
    await writeFile(script, step?.run ?? "");
    const runner = {
      GITHUB_ACTION_PATH: repository,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temporary,
    };
    const bash = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"];
    const result = await runShell(workspace, bash, script, { ...env, ...runner, ...environment });
    const files = (await readdir(workspace)).filter((name) => !name.startsWith("."));
    return { ...result, files, summary: await readFile(summary, "utf8") };
  }

  /** The errors of GitHub's own parser, which imports JSON as only a bundler can. */
  async function openParser(): Promise<(content: string) => string[]> {
    const contents = `export * from "@actions/workflow-parser/actions/action-parser";
      export { NoOperationTraceWriter as Trace } from "@actions/workflow-parser/templates/trace-writer";`;
    const outfile = join(folder, "parser.cjs");
    await build({
      stdin: { contents, resolveDir: import.meta.dirname },
      outfile,
      bundle: true,
      platform: "node",
      format: "cjs",
    });
    const { parseAction, Trace } = createRequire(import.meta.url)(outfile);
    return (content) => {
      const { context } = parseAction({ name: "action.yml", content }, new Trace());
      return context.errors.getErrors().map(({ message }: Error) => message);
    };
  }

  it("is valid for GitHub's own parser, which rejects a spoiled one", async () => {
    const faultsOf = await openParser();
    expect(faultsOf(source)).toEqual([]);
    const spoiled: [from: string, to: string, fault: string][] = [
      ["shell: bash", "", "Required property is missing: shell"],
      ["inputs.server }}", "input.server }}", "Unrecognized named-value: 'input'"],
      ["branding:", "brandings:", "Unexpected value 'brandings'"],
    ];
    for (const [from, to, fault] of spoiled) {
      expect(source.split(from)).toHaveLength(2);
      expect(faultsOf(source.replace(from, to)).join()).toContain(fault);
    }
  });

  it("passes a server that conforms, with a summary, an annotation and a JUnit file", async () => {
    const { code, stdout, summary, files } = await runAction(target(mock.url));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ http.* conforms to contract /);
    expect(stdout).toMatch(/^::notice title=Contract check::/m);
    expect(summary).toMatch(/^of an earlier step\n## ✅ /);
    expect(files).toEqual(["contract-check.xml"]);
    expect(await readFile(join(workspace, "contract-check.xml"), "utf8")).toMatch(/ failures="0" errors="0" /);
  });

  it("takes the version of its own package.json, unless it is told one", async () => {
    const programs = join(workspace, ".programs");
    await mkdir(programs);
    await writeFile(join(programs, "npx"), '#!/bin/sh\necho "$2"\n', { mode: 0o755 });
    const environment = { PATH: [programs, process.env.PATH].join(delimiter) };
    const { version } = await readManifest();
    const { stdout } = await runAction({ ...target(mock.url), version: "" }, environment);
    expect(stdout).toBe(`dcs-backup-records@${version}\n`);
    await rm(join(workspace, ".temporary"), { recursive: true });
    const told = await runAction({ ...target(mock.url), version: "1.2.3" }, environment);
    expect(told.stdout).toBe("dcs-backup-records@1.2.3\n");
  });

  it("fails a server that does not with exit code 1, and says so in each", async () => {
    const { code, stdout, summary } = await runAction(target(broken.url));
    expect(code).toBe(1);
    expect(stdout).toContain("✗ page-schema  A page");
    expect(stdout).toMatch(/^::error title=page-schema%3A .*::total_num should be integer%0A/m);
    expect(summary).toMatch(/\n## ❌ .*\| total&#95;num should be integer \|/s);
    expect(await readFile(join(workspace, "contract-check.xml"), "utf8")).toContain("<failure message=");
  });

  it("fails with exit code 2 if the check cannot run", async () => {
    const { code, stderr, summary, files } = await runAction(target(mock.url), {});
    expect(code).toBe(2);
    expect(stderr).toContain("Credentials are missing: set DCS_AUTH_TOKEN, or ");
    expect({ summary, files }).toEqual({ summary: "of an earlier step\n", files: [] });
  });

  it("passes on every input", async () => {
    await using server = await startServer(reply(204));
    const options = {
      begin: "20260101000000",
      end: "20260201000000",
      only: "list, window",
      skip: "status,total",
      revision: "2023-12-13",
    };
    const more = { headers: "X-One: 1\nX-Two: 2", timeout: "5000", deadline: "9000", "fail-on": "warning", cover: "0" };
    const files = { junit: "a.xml", json: "b.json" };
    const result = await runAction({ ...target(server.url), ...options, ...more, ...files });
    expect(result.code).toBe(1);
    expect(result.files).toEqual(["a.xml", "b.json"]);
    expect(await resultsIn("b.json")).toMatchObject({ status: "skipped", accepted: "passed" });
    expect(await readFile(join(workspace, "b.json"), "utf8")).toContain('"revision": "2023-12-13"');
    expect(server.received).toHaveLength(2);
    expect(server.received[1]?.target).toMatch(/\?begin_time=20260101000000&end_time=20260201000000$/);
    expect(server.received[0]?.headers).toMatchObject({ "x-one": "1", "x-two": "2", "x-auth-token": secret });
    const used = [...Object.keys({ ...options, ...more, ...files, ...target("") }), "artifact", "recording"];
    expect(used.sort()).toEqual(Object.keys(action.inputs).sort());
    for (const [name, value] of [
      ["timeout", "a"],
      ["deadline", "b"],
      ["cover", "c"],
    ] as const) {
      await rm(join(workspace, ".temporary"), { recursive: true });
      const { stderr } = await runAction({ ...target(server.url), [name]: value });
      expect(stderr).toContain(`--${name} must be a whole number`);
    }
  });

  it("judges a recording, without a server and credentials", async () => {
    const version = target("").version ?? "";
    for (const [name, code] of Object.entries(recordings)) {
      await rm(join(workspace, ".temporary"), { recursive: true, force: true });
      await writeFile(join(workspace, name), recordingOf(code));
      const result = await runAction({ recording: name, version, only: "page-schema" }, {});
      expect(result.code, result.stderr).toBe(code);
      expect(result.stdout).toContain(`${name} ${code === 0 ? "conforms to" : "violates"} contract `);
      expect(await readFile(join(workspace, "contract-check.xml"), "utf8")).toContain(
        '<testsuite name="check recorded"',
      );
    }
    await rm(join(workspace, ".temporary"), { recursive: true });
    const { code, stderr } = await runAction({ version }, {});
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("Missing: --server, ") });
  });

  it("has no input in its script, so that inputs cannot change it", async () => {
    await runShell(workspace, ["bash", "-c"], `echo "${hostile("")}"`);
    expect(await readdir(workspace), "what an input could do").toContain("pwned");
    await rm(join(workspace, "pwned"));
    for (const { run = "" } of action.runs.steps) expect(run).not.toContain("${{");
    for (const name of Object.keys(action.inputs).filter((name) => name !== "version")) {
      await rm(join(workspace, ".temporary"), { recursive: true, force: true });
      const { files } = await runAction({ ...target(mock.url), [name]: hostile("http://127.0.0.1:1/") });
      expect(files, name).not.toContain("pwned");
    }
  }, 120_000);
});

describe("the GitLab component", () => {
  const run = promisify(execFile);
  const template = "templates/contract-check.yml";

  interface Job {
    stage: string;
    image: { name: string };
    variables: Variables;
    script: string[];
    artifacts: { when: string; paths: string[]; reports: { junit: string } };
  }

  let source: string;
  beforeAll(async () => {
    source = await readFile(join(repository, template), "utf8");
  });

  /** The result for a pipeline that includes it, from an implementation of GitLab's rules, with GitLab's JSON Schema. */
  async function expand(inputs: Variables, content = source): Promise<Record<string, Job>> {
    await mkdir(join(workspace, "templates"), { recursive: true });
    await writeFile(join(workspace, template), content);
    const pipeline = { include: [{ local: template, inputs }] };
    await writeFile(join(workspace, ".gitlab-ci.yml"), JSON.stringify(pipeline));
    const git = (...args: string[]) => run("git", args, { cwd: workspace });
    await git("init", "--quiet");
    await git("remote", "add", "origin", "git@example.com:group/project.git").catch(() => {});
    await git("add", ".");
    const author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    await git(...author, "commit", "--quiet", "--allow-empty", "--message", "all");
    const program = createRequire(import.meta.url).resolve("gitlab-ci-local");
    const { stdout } = await run(process.execPath, [program, "--preview"], { cwd: workspace });
    return parseYaml(stdout.replace(/^---\n/, "")) as Record<string, Job>;
  }

  async function runJob(inputs: Variables, shell: "sh" | "bash", environment: Variables = { DCS_AUTH_TOKEN: secret }) {
    const { "contract-check": job } = await expand(inputs);
    const script = join(workspace, ".git/job.sh");
    await writeFile(script, job?.script.join("\n") ?? "");
    const options = shell === "bash" ? ["-eo", "pipefail"] : ["-e"];
    const result = await runShell(workspace, [shell, ...options], script, { ...job?.variables, ...environment });
    const files = (await readdir(workspace)).filter((name) => !name.startsWith(".") && name !== "templates");
    return { ...result, files };
  }

  it("is valid for GitLab's rules and JSON Schema, which reject a spoiled one", async () => {
    const { "contract-check": job } = await expand(target(mock.url));
    expect(job).toMatchObject({ stage: "test", image: { name: "node:24" }, artifacts: { when: "always" } });
    expect(job?.artifacts).toMatchObject({
      paths: ["contract-check.xml", "contract-check.json"],
      reports: { junit: "contract-check.xml" },
    });
    await expect(expand({ ...target(mock.url), "fail-on": "never" })).rejects.toThrow(/fail-on/);
    await expect(expand(target(mock.url), source.replace("when: always", "when: ever"))).rejects.toThrow(/artifacts/);
  });

  it.each(["sh", "bash"] as const)("passes a server that conforms, in %s", async (shell) => {
    const { code, stdout, files } = await runJob(target(mock.url), shell);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ http.* conforms to contract /);
    expect(files).toEqual(["contract-check.json", "contract-check.xml"]);
  });

  it.each(["sh", "bash"] as const)(
    "fails one that does not with exit code 1, with its reports, in %s",
    async (shell) => {
      const { code, stdout } = await runJob(target(broken.url), shell);
      expect(code).toBe(1);
      expect(stdout).toContain("✗ page-schema  A page");
      expect(await readFile(join(workspace, "contract-check.xml"), "utf8")).toContain("<failure message=");
    },
  );

  it("fails with exit code 2 if the check cannot run", async () => {
    const { code, stderr, files } = await runJob(target(mock.url), "sh", {});
    expect(code).toBe(2);
    expect(stderr).toContain("Credentials are missing: set DCS_AUTH_TOKEN, or ");
    expect(files).toEqual([]);
  });

  it("passes on every input", async () => {
    await using server = await startServer(reply(204));
    const options = {
      begin: "20260101000000",
      end: "20260201000000",
      only: "list, window",
      skip: "status,total",
      revision: "2023-12-13",
    };
    const more = { headers: "X-One: 1\nX-Two: 2", timeout: "5000", deadline: "9000", "fail-on": "warning", cover: "0" };
    const { code, files } = await runJob(
      { ...target(server.url), ...options, ...more, junit: "a.xml", json: "b.json" },
      "sh",
    );
    expect(code).toBe(1);
    expect(files).toEqual(["a.xml", "b.json"]);
    expect(await resultsIn("b.json")).toMatchObject({ status: "skipped", accepted: "passed" });
    expect(await readFile(join(workspace, "b.json"), "utf8")).toContain('"revision": "2023-12-13"');
    expect(server.received).toHaveLength(2);
    expect(server.received[1]?.target).toMatch(/\?begin_time=20260101000000&end_time=20260201000000$/);
    expect(server.received[0]?.headers).toMatchObject({ "x-one": "1", "x-two": "2", "x-auth-token": secret });
    for (const [name, value] of [
      ["timeout", "a"],
      ["deadline", "b"],
      ["cover", "c"],
    ] as const) {
      const { stderr } = await runJob({ ...target(server.url), [name]: value }, "sh");
      expect(stderr).toContain(`--${name} must be a whole number`);
    }
    const jobs = await expand({ ...target(server.url), "job-name": "other", stage: "deploy", image: "node:22" });
    expect(jobs.other).toMatchObject({ stage: "deploy", image: { name: "node:22" } });
  });

  it.each(["sh", "bash"] as const)("judges a recording, without a server and credentials, in %s", async (shell) => {
    const version = target("").version ?? "";
    for (const [name, code] of Object.entries(recordings)) {
      await writeFile(join(workspace, name), recordingOf(code));
      const result = await runJob({ recording: name, version }, shell, {});
      expect(result.code, result.stderr).toBe(code);
      expect(result.stdout).toContain(`${name} ${code === 0 ? "conforms to" : "violates"} contract `);
      expect(await resultsIn("contract-check.json")).toMatchObject({ "page-schema": code === 0 ? "passed" : "failed" });
    }
    const { code, stderr } = await runJob({ version }, shell, {});
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("Missing: --server, ") });
  });

  it("has no input in its script, so that inputs cannot change it", async () => {
    for (const name of [
      "server",
      "project-id",
      "instance-id",
      "recording",
      "headers",
      "begin",
      "only",
      "skip",
      "timeout",
      "junit",
      "json",
    ]) {
      const { files } = await runJob({ ...target(mock.url), [name]: hostile("http://127.0.0.1:1/") }, "bash");
      expect(files, name).not.toContain("pwned");
    }
    const { "contract-check": job } = await expand(target(mock.url));
    expect(job?.script.join("")).not.toContain(mock.url);
  }, 120_000);
});
