// `check consumer`: what the command adds to the function.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { call, folder, run, secrets, start, startBroken, surroundings } from "./command.ts";

async function freePort(): Promise<string> {
  await using server = await startBroken();
  return new URL(server.url).port;
}

describe("check consumer", () => {
  const node = (code: string) => ["--", process.execPath, "-e", code];
  const request = (query = "") =>
    `fetch(process.env.DCS_ENDPOINT + "/v2/p/instances/i/backups${query}", { headers: { "x-auth-token": "${secrets.token}" } });`;
  const talkative = node(`console.log("the command's own words"); ${request()}`);

  it("exits with 0, 1 or 2, and prints the report after what the command prints", async () => {
    const kept = await run(["check", "consumer", ...talkative]);
    expect(kept).toMatchObject({ code: 0, stderr: "" });
    expect(kept.stdout).toMatch(/^the command's own words\n\n✓ The command conforms to contract /);
    const departed = await call(["check", "consumer", ...node(request("?limit=ten"))]);
    expect(departed).toMatchObject({ code: 1, stdout: expect.stringContaining("limit must be an integer") });
    const idle = await call(["check", "consumer", ...node("")]);
    expect(idle).toMatchObject({ code: 2, stdout: expect.stringContaining("No request came") });
  });

  it("reports even if the command closes the output that both share", async () => {
    const ending = node(
      `require("node:stream").pipeline(["all of it\\n".repeat(50_000)], process.stdout, () => {}); ${request("?limit=ten")}`,
    );
    const { code, stdout } = await run(["check", "consumer", ...ending]);
    expect(stdout.match(/all of it\n/g)).toHaveLength(50_000);
    expect({ code, end: stdout.split("all of it\n").at(-1) }).toMatchObject({
      code: 1,
      end: expect.stringMatching(/limit must be an integer.*The command violates contract/s),
    });
  });

  it("keeps the command's output out of a machine-readable report", async () => {
    const { code, stdout, stderr } = await run(["check", "consumer", "--format", "json", ...talkative]);
    expect(code).toBe(0);
    expect(stderr).toBe("the command's own words\n");
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, side: "consumer" });
  });

  it("takes --port, --require-success and --fail-on", async () => {
    const port = await freePort();
    const failing = node(request().replace('"x-auth-token"', 'prefer: "code=500", "x-auth-token"'));
    const json = ["check", "consumer", "--port", port, "--format=json"];
    const lenient = await call([...json, ...failing]);
    expect(JSON.parse(lenient.stdout)).toMatchObject({ outcome: "conforms", server: `http://127.0.0.1:${port}` });
    const strict = await call([...json, "--require-success", ...failing]);
    expect(JSON.parse(strict.stdout)).toMatchObject({ outcome: "departs", findings: [{ rule: "success" }] });
    const unfilled = node(request().replace("/v2/p/", "/v2/undefined/"));
    expect((await call([...json, ...unfilled])).code).toBe(0);
    expect((await call([...json, "--fail-on", "warning", ...unfilled])).code).toBe(1);
  });

  it("passes everything after -- to the command", async () => {
    const write = node('fs.writeFileSync("args.json", JSON.stringify(process.argv.slice(1)))');
    await call(["check", "consumer", ...write, "--", "--help", "-x"]);
    expect(JSON.parse(await readFile(join(folder, "args.json"), "utf8"))).toEqual(["--help", "-x"]);
  });

  it("passes a signal on to the command, still reports, and ends with the code of that signal", async () => {
    const wait = `process.on("SIGINT", () => { console.log("told"); process.exit(); }); setInterval(() => {}, 1000); console.log("ready")`;
    const args = ["check", "consumer", "--format", "json", "--output", "a.json", "--", process.execPath, "-e", wait];
    const child = start(args, {});
    let printed = "";
    for await (const chunk of child.stdout) {
      printed += chunk;
      if (printed === "ready\n") child.kill("SIGINT");
    }
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(130);
    expect(printed).toMatch(/^ready\ntold\n\n✗ finished {2}/);
    const { outcome } = JSON.parse(await readFile(join(folder, "a.json"), "utf8"));
    expect(outcome).toBe("could-not-run");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGQUIT", 131],
  ] as const)("ends at once at %s with %i if there is no command yet to pass it on to", async (signal, expected) => {
    await using other = await startBroken();
    const { port } = new URL(other.url); // is taken, so that there never will be
    const around = surroundings();
    around.on("newListener", (name) => name === signal && queueMicrotask(() => around.emit(signal, signal)));
    const ended = await around.run(main, ["check", "consumer", "--port", port, ...node("")]);
    expect(ended).toEqual({ code: expected, stdout: "", stderr: "" });
  });

  it.each<[string[], string]>([
    [[], "The command to run is missing: give it after --, as in check consumer -- npm test. "],
    [["--"], "The command to run is missing: "],
    [["npm", "test"], "There is an extra argument at the beginning: the command to run comes after --. "],
    [
      ["--port", "0", "npm", "--", "test"],
      "There is an extra argument after --port: the command to run comes after --. ",
    ],
    [["--port", "70000", "--", "true"], '--port must be a whole number from 0 to 65535, not "70000". '],
    [["--require-success=no", "--", "true"], "--require-success takes no value. "],
    [["--server", "x", "--", "true"], "There is no option --server. "],
    [["--format", "json", "--output", "no/a", "--", "true"], '--output "no/a": there is no folder "no". '],
  ])("says what is wrong with how it is called: %j", async (args, complaint) => {
    const { code, stdout, stderr } = await call(["check", "consumer", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(complaint), stderr).toBe(true);
    expect(stderr).toMatch(/^[^\n]+\. Help: dcs-backup-records check consumer --help\n$/);
  });

  it("says in one line that the port is taken", async () => {
    await using other = await startBroken();
    const { port } = new URL(other.url);
    const { code, stderr } = await call(["check", "consumer", "--port", port, ...node(request())]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^Port ${port} is taken\\. [^\\n]*such as \\d+\\n$`));
  });
});
