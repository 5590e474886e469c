// A shell as CI services run it, and the inputs that they pass to the templates.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import { example } from "../check/reports.ts";
import { inherited } from "../environment.ts";

/** Secrets in the environment, which must not be in any output. */
export const secret = "my-own-token";

export type Variables = Record<string, string>;

/** Runs a script with the Node that runs this, and with the environment variables that a CI service adds. */
export async function runShell(cwd: string, shell: string[], script: string, variables: Variables = {}) {
  const [program = "", ...args] = shell;
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  const env = inherited({ PATH, npm_config_prefer_offline: "true", ...variables });
  const child = spawn(program, [...args, script], { cwd, env });
  const [[code], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  expect(stdout + stderr).not.toContain(secret);
  return { code, stdout, stderr };
}

/** The required inputs, for the instance of the mock. */
export const targetOf = (server: string, tarball: string): Variables => ({
  server,
  "project-id": example.projectId,
  "instance-id": example.instanceId,
  version: `file:${tarball}`,
});

/** Text that a shell would execute if it were part of its script. */
export const hostile = (value: string) => `${value}"; touch pwned; echo '$(touch pwned)' \`touch pwned\` #`;
