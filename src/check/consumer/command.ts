// Runs the user's command in its own process group, and kills what it leaves behind.

import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { fstatSync } from "node:fs";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface Command {
  command: string;
  args: readonly string[];
  /** Added to the environment of this process. */
  environment: Record<string, string>;
  /** Where its standard output goes: to this process's standard output or standard error. */
  stdout: "stdout" | "stderr";
  /** Stops it. */
  signal?: AbortSignal | undefined;
  /** How long processes may take to stop, in ms. Default: 5000 */
  grace?: number;
}

/** How the command ended. */
export interface Ended {
  /** Why it could not be started. */
  failure?: string;
  code?: number;
  signal?: NodeJS.Signals;
  /** The signal that stopped it from outside, even if it then ended in another way. */
  stoppedBy?: NodeJS.Signals;
}

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
const isWindows = process.platform === "win32";

/**
 * Runs a command to its end. Signals that end this process are passed on to the command's process group. A second signal
 * kills it, and so does `grace` after `signal` aborts.
 */
export async function runCommand(command: Command): Promise<Ended> {
  let child: ChildProcess;
  try {
    child = start(command);
  } catch (error) {
    return { failure: (error as Error).message };
  }
  const { pid } = child;
  const { grace = 5000 } = command;
  const ended = new Promise<Ended>((resolve) => {
    child.once("error", (error) => resolve({ failure: whyNot(error, command.command) }));
    child.once("exit", (code, signal) => resolve(signal ? { signal } : { code: code ?? 0 }));
  });
  if (pid === undefined) return ended;
  const output = child.stdout as Socket | null;
  const passedOut = output && passOut(output, process[command.stdout]);

  let stoppedBy: NodeJS.Signals | undefined;
  let timer: NodeJS.Timeout | undefined;
  const stop = (signal: NodeJS.Signals) => {
    signalGroup(pid, stoppedBy ? "SIGKILL" : signal);
    stoppedBy ??= signal;
  };
  const abort = () => {
    stop("SIGTERM");
    timer = setTimeout(stop, grace, "SIGKILL");
  };
  const kill = () => signalGroup(pid, "SIGKILL");
  for (const name of passedOn) process.on(name, stop);
  process.on("exit", kill);
  command.signal?.addEventListener("abort", abort, { once: true });
  try {
    const end = await ended;
    await endGroup(pid, grace);
    // A process that left the group may hold the output open for ever.
    await Promise.race([passedOut, sleep(grace, undefined, { ref: false })]);
    output?.unref();
    return { ...end, ...(stoppedBy && { stoppedBy }) };
  } finally {
    clearTimeout(timer);
    for (const name of passedOn) process.off(name, stop);
    process.off("exit", kill);
    command.signal?.removeEventListener("abort", abort);
  }
}

/**
 * A server is on this machine, at `host`, which a proxy set by CI cannot reach. Some programs read one spelling, some the other. `*`
 * means every host only if it stands alone. Separators at the end are cut off: some programs read an empty entry as every
 * host.
 */
export function withoutProxy(host: string): Record<string, string> {
  const { no_proxy: lower, NO_PROXY: upper } = process.env;
  const hosts = (spared = "") =>
    spared === "*" ? spared : [spared.replace(/[\s,]+$/, ""), host].filter(Boolean).join(",");
  return { no_proxy: hosts(lower || upper), NO_PROXY: hosts(upper || lower) };
}

function start({ command, args, environment, stdout }: Command): ChildProcess {
  const descriptor = stdout === "stderr" ? 2 : 1;
  const options: SpawnOptions = {
    env: { ...process.env, ...environment },
    stdio: ["inherit", isSocket(descriptor) ? "pipe" : descriptor, "inherit"],
  };
  // Windows has no process groups, and npm, npx and the like are scripts there that only its shell can run.
  if (isWindows) return spawn([command, ...args].map(quoted).join(" "), { ...options, shell: true });
  return spawn(command, [...args], { ...options, detached: true });
}

/** A program that ends its output shuts a shared socket down for all, and the report could no longer be printed. */
function isSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false; // it is closed
  }
}

/** When the reader goes away, the command's output is closed, as it would be without this process in between. */
async function passOut(output: Socket, to: NodeJS.WriteStream): Promise<void> {
  const ignore = () => {};
  to.on("error", ignore);
  try {
    for await (const chunk of output)
      await new Promise<void>((resolve, reject) => to.write(chunk, (error) => (error ? reject(error) : resolve())));
    to.off("error", ignore);
  } catch {
    // The stream will still emit that error.
  }
}

/** A quoted `npm test` is one word here: no shell splits it. */
function whyNot({ code, message }: NodeJS.ErrnoException, command: string): string {
  if (code !== "ENOENT") return message;
  return `there is no such program${/\s/.test(command) ? "; give the program and each argument as separate words" : ""}`;
}

const quoted = (word: string) =>
  /^[\w.:\\/=@-]+$/.test(word)
    ? word
    : `"${word.replace(/(\\*)("|$)/g, (_, slashes, quote) => `${slashes}${slashes}${quote && '\\"'}`)}"`;

/** Whether a process got the signal; 0 only tests for one. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  if (isWindows) {
    // Ctrl-C reaches every program of the console anyway. There are no other signals.
    if (signal !== 0 && signal !== "SIGINT") spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"]);
    return false;
  }
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Stops what the command left behind. */
async function endGroup(pid: number, grace: number): Promise<void> {
  if (!signalGroup(pid, "SIGTERM")) return;
  for (const end = performance.now() + grace; performance.now() < end; await sleep(20)) {
    if (!signalGroup(pid, 0)) return;
  }
  signalGroup(pid, "SIGKILL");
}
