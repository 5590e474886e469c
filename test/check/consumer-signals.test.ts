// What is stopped stops: the command of a consumer and all that it started, whoever ends what.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/source.ts";
import { checkConsumer } from "../../src/check/index.ts";
import { node, start } from "./consumer.ts";

/** A command with a child of its own. Both would wait for ever; the child says which signal reached it. */
const family = (onSignal: string) =>
  node(`
    import { spawn } from "node:child_process";
    const code = 'for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(name, (name) => { console.error("child:" + name); ${onSignal} });' +
      'setInterval(() => {}, 1000); console.error("ready");';
    await send();
    spawn(process.execPath, ["-e", code], { stdio: "inherit" });
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(name, (name) => { ${onSignal} });
    setInterval(() => {}, 1000);`);

describe("a signal", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
    "%s is passed on to the command and its children, and told",
    async (name) => {
      const run = start(family("process.exit(0)"));
      await run.said("ready");
      run.child.kill(name);
      const { report, stderr } = await run.report();
      expect(stderr).toContain(`child:${name}`);
      expect(report.findings).toMatchObject([
        { rule: "finished", message: `The command was stopped by ${name} before its end` },
      ]);
      expect(report.outcome).toBe("could-not-run");
      await expect(fetch(report.server)).rejects.toThrow("fetch failed");
    },
  );

  it("that comes a second time kills what heeds no signal", async () => {
    const run = start(family(""));
    await run.said("ready");
    run.child.kill("SIGINT");
    await run.said("child:SIGINT");
    run.child.kill("SIGINT");
    const { report } = await run.report();
    expect(report.findings).toMatchObject([
      { rule: "finished", message: "The command was stopped by SIGINT before its end" },
    ]);
  });

  it("to what checks does not hide what the requests broke", async () => {
    const run = start(node(`await send(path + "?page=1"); console.error("ready"); setInterval(() => {}, 1000);`));
    await run.said("ready");
    run.child.kill("SIGTERM");
    const { report } = await run.report();
    expect(report.findings.map(({ rule }) => rule)).toEqual(["finished", "unknown-parameter"]);
    expect(report.outcome).toBe("departs");
  });

  it("of a caller stops the command too, whether it heeds that or not", async () => {
    for (const onSignal of ["process.exit(0)", ""]) {
      const controller = new AbortController();
      const checked = checkConsumer({ ...family(onSignal), signal: controller.signal });
      setTimeout(() => controller.abort(), 1000);
      expect((await checked).findings).toMatchObject([
        { rule: "finished", message: "The command was stopped by SIGTERM before its end" },
      ]);
    }
    await expect(checkConsumer({ ...node(""), signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });
});

describe("nothing is left", () => {
  it("of a command that leaves a child behind", async () => {
    const code =
      'process.on("SIGTERM", () => { console.error("told to stop"); process.exit(); }); console.error("ready"); setInterval(() => {}, 1000);';
    const run = start(
      node(`
        import { spawn } from "node:child_process";
        await send();
        const child = spawn(process.execPath, ["-e", ${JSON.stringify(code)}], { stdio: ["ignore", 2, "pipe"] });
        child.stderr.pipe(process.stderr);
        child.stderr.once("data", () => process.exit());`),
    );
    const { report } = await run.report();
    expect(report).toMatchObject({ ok: true, findings: [] });
  });

  it("when what checks is ended at once", async () => {
    const check = pathToFileURL(join(repository, "src/check/index.ts"));
    const code = `process.on("SIGUSR2", () => process.exit(7));
      const { checkConsumer } = await import(${JSON.stringify(check)});
      await checkConsumer(${JSON.stringify(family(""))});`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code]);
    const ended = Promise.all([once(child, "exit"), text(child.stderr)]); // to the end of its last holder
    child.stderr.once("data", () => child.kill("SIGUSR2"));
    const [[exit], said] = await ended;
    expect(exit).toBe(7);
    expect(said).toContain("ready");
  });
});
