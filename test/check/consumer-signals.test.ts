// A stopped check stops the consumer's command and everything that it started.

import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runCommand } from "../../src/check/consumer/command.ts";
import { reply, startServer } from "../client/server.ts";
import { node, start, startCommand } from "./consumer.ts";

/** A command that ends with its child. Both wait for ever, and print the signal that reached them. */
const family = (onSignal: string) =>
  node(`
    import { spawn } from "node:child_process";
    const code = 'for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(name, (name) => { console.error("child:" + name); ${onSignal} });' +
      'setInterval(() => {}, 1000); console.error("ready");';
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(name, (name) => console.error("command:" + name));
    spawn(process.execPath, ["-e", code], { stdio: "inherit" }).on("exit", () => process.exit());`);

/** A command that ends and leaves a child behind, which runs some code when it is asked to stop. */
const parent = (onSignal: string) => {
  const code = `process.on("SIGTERM", () => { console.error("told to stop"); ${onSignal} }); console.log("ready"); setInterval(() => {}, 1000);`;
  return node(`
    import { spawn } from "node:child_process";
    const child = spawn(process.execPath, ["-e", ${JSON.stringify(code)}], { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.once("data", () => process.exit());`);
};

/** Code that ignores a signal. */
const grace = 300;

describe("a signal", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
    "%s is passed on to the command and its children",
    async (name) => {
      const run = startCommand(family("process.exit(0)"));
      await run.said("ready");
      run.child.kill(name);
      const { result, stderr } = await run.end();
      expect(stderr.split("\n").sort()).toEqual(["", `child:${name}`, `command:${name}`, "ready"]);
      expect(result).toEqual({ code: 0, stoppedBy: name });
    },
  );

  it("that comes a second time kills a command that ignores signals", async () => {
    const run = startCommand({ ...family(""), grace });
    await run.said("ready");
    run.child.kill("SIGINT");
    await run.said("child:SIGINT");
    run.child.kill("SIGINT");
    expect((await run.end()).result).toEqual({ signal: "SIGKILL", stoppedBy: "SIGINT" });
  });

  it("to the check is reported, and does not hide violations", async () => {
    const run = start(node(`await send(path + "?page=1"); console.error("ready"); setInterval(() => {}, 1000);`));
    await run.said("ready");
    run.child.kill("SIGTERM");
    const { result: report } = await run.end();
    expect(report.findings).toMatchObject([
      { rule: "finished", message: "The command was stopped by SIGTERM before it ended" },
      { rule: "unknown-parameter" },
    ]);
    expect(report.outcome).toBe("departs");
    await expect(fetch(report.server)).rejects.toThrow("fetch failed");
  });
});

describe("a caller", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ["stops then", family("process.exit(0)"), { code: 0, stoppedBy: "SIGTERM" }],
    ["ignores signals", { ...family(""), grace }, { signal: "SIGKILL", stoppedBy: "SIGTERM" }],
  ])("stops a command that %s, and its children", async (_what, command, ended) => {
    const run = startCommand(command);
    await run.said("ready");
    run.child.kill("SIGUSR1");
    expect((await run.end()).result).toEqual(ended);
  });

  it("gives a command that ignores signals five seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const stop = new AbortController();
    const told = Promise.withResolvers<void>();
    await using server = await startServer((request, response) => {
      reply(200)(request, response);
      if (request.url === "/ready") stop.abort();
      else told.resolve();
    });
    const command = node(`
      process.on("SIGTERM", () => fetch("${server.url}/told"));
      setInterval(() => {}, 1000);
      await fetch("${server.url}/ready");`);
    let isOver = false;
    const ended = runCommand({ ...command, environment: {}, stdout: "stdout", signal: stop.signal }).finally(() => {
      isOver = true;
    });
    await told.promise;
    vi.advanceTimersByTime(4999);
    await sleep(50);
    expect(isOver).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await ended).toEqual({ signal: "SIGKILL", stoppedBy: "SIGTERM" });
  });
});

describe("nothing is left", () => {
  it("of a command that leaves a child behind", async () => {
    const { result, stderr } = await startCommand(parent("process.exit();")).end();
    expect({ result, stderr }).toEqual({ result: { code: 0 }, stderr: "told to stop\n" });
  });

  it("of a command that leaves a child behind which ignores signals", async () => {
    const { result } = await startCommand({ ...parent(""), grace }).end();
    expect(result).toEqual({ code: 0 });
  });

  it("when the check itself is ended at once", async () => {
    const run = startCommand(family(""));
    await run.said("ready");
    run.child.kill("SIGUSR2");
    expect((await run.end()).code).toBe(7);
  });
});
