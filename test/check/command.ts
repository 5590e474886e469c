// The command in its own folder: as a process, as its users run it, and as a function, which is faster.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { beforeEach, expect } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { main } from "../../src/cli/main.ts";
import { reply, startServer } from "../client/server.ts";
import { inherited } from "../environment.ts";
import { type Environment, Surroundings } from "../surroundings.ts";
import { example } from "./reports.ts";
import { everyStatus, serve, service } from "./service.ts";

/** Secrets that the command gets, and must never print. */
export const secrets = { token: "my-own-token", accessKey: "my-access-key", secretKey: "my-secret-key" };

/** The folder that the command runs in, empty at the start of each test. */
export let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
  process.chdir(folder);
  return async () => {
    process.chdir(repository);
    await rm(folder, { recursive: true, force: true });
  };
});

/** The environment without variables that the command reads. */
const bare: Environment = Object.fromEntries(
  Object.entries(inherited()).filter(([name]) => !/^(CI$|GITHUB_|NO_COLOR|FORCE_COLOR|PORT$)/.test(name)),
);

/** Starts a process. */
export function start(args: readonly string[], environment: Environment = {}, nodeArgs: readonly string[] = []) {
  const env = { ...bare, ...environment } as NodeJS.ProcessEnv;
  const all = [...nodeArgs, join(repository, "src/cli.ts"), ...args];
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, all, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return child;
}

/** Runs a process to its end. */
export async function run(args: readonly string[], environment: Environment = {}, nodeArgs: readonly string[] = []) {
  const child = start(args, environment, nodeArgs);
  const [[code], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return withoutSecrets({ code, stdout, stderr });
}

/** Stands in for the process when the command is called as a function. */
export const surroundings = (environment: Environment = {}, ...terminals: ("stdout" | "stderr")[]) =>
  new Surroundings({ ...bare, ...environment }, terminals);

/** Calls the function. */
export const call = async (
  args: readonly string[],
  environment: Environment = {},
  around = surroundings(environment),
) => withoutSecrets(await around.run(main, args));

function withoutSecrets<T extends { stdout: string; stderr: string }>(ended: T): T {
  for (const secret of Object.values(secrets)) expect(ended.stdout + ended.stderr).not.toContain(secret);
  return ended;
}

export const withToken = { DCS_AUTH_TOKEN: secrets.token };

/** `check provider` of the instance of the contract's example. */
export const provider = (server: string) => {
  const { projectId, instanceId } = example;
  return ["check", "provider", "--server", server, "--project-id", projectId, "--instance-id", instanceId];
};

export const check = (server: string, args: readonly string[] = [], environment: Environment = withToken) =>
  call([...provider(server), ...args], environment);

/** A server that conforms to the contract. It has one backup, so that some rules have nothing to check. */
export const startConforming = () =>
  startServer(serve(service({ records: everyStatus.slice(0, 1), credentials: { token: secrets.token } })));

/** A server that violates the contract. */
export const startBroken = () => startServer(reply(200, { total_num: "1", backup_record_response: [] }));
