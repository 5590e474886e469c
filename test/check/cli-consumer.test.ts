// `check consumer`: what the command adds to the function.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, run, secrets, start, startBroken } from "./command.ts";

async function freePort(): Promise<string> {
  await using server = await startBroken();
  return new URL(server.url).port;
}

describe("check consumer", () => {
  const program = (query: string) => [
    ...["--", process.execPath, "-e"],
    `console.log("the command's own words");
     fetch(process.env.DCS_ENDPOINT + "/v2/p/instances/i/backups${query}", { headers: { "x-auth-token": "${secrets.token}" } })`,
  ];

  it("exits with 0, 1 or 2, and prints the report after what the command prints", async () => {
    const kept = await run(["check", "consumer", ...program("")]);
    expect(kept).toMatchObject({ code: 0, stderr: "" });
    expect(kept.stdout).toMatch(/^the command's own words\n\n✓ The command keeps to contract /);
    const departed = await run(["check", "consumer", ...program("?limit=ten")]);
    expect(departed).toMatchObject({ code: 1, stdout: expect.stringContaining("limit must be integer") });
    const idle = await run(["check", "consumer", "--", process.execPath, "-e", ""]);
    expect(idle).toMatchObject({ code: 2, stdout: expect.stringContaining("No request came") });
  });

  it("keeps what the command prints out of a report for machines", async () => {
    const { code, stdout, stderr } = await run(["check", "consumer", "--format", "json", ...program("")]);
    expect(code).toBe(0);
    expect(stderr).toBe("the command's own words\n");
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, side: "consumer" });
  });

  it("takes the port, what to require, and what to fail on", async () => {
    const port = await freePort();
    const failing = program("");
    failing[3] = failing[3]?.replace('"x-auth-token"', 'prefer: "code=500", "x-auth-token"') ?? "";
    const json = ["check", "consumer", "--port", port, "--format=json"];
    const lenient = await run([...json, ...failing]);
    expect(JSON.parse(lenient.stdout)).toMatchObject({ outcome: "conforms", server: `http://127.0.0.1:${port}` });
    const strict = await run([...json, "--require-success", ...failing]);
    expect(JSON.parse(strict.stdout)).toMatchObject({ outcome: "departs", findings: [{ rule: "success" }] });
    const unfilled = program("");
    unfilled[3] = unfilled[3]?.replace("/v2/p/", "/v2/undefined/") ?? "";
    expect((await run([...json, ...unfilled])).code).toBe(0);
    expect((await run([...json, "--fail-on", "warning", ...unfilled])).code).toBe(1);
  });

  it("hands everything after -- to the command", async () => {
    const print = [
      "--",
      process.execPath,
      "-e",
      "console.log(JSON.stringify(process.argv.slice(1)))",
      "--",
      "--help",
      "-x",
    ];
    const { stdout } = await run(["check", "consumer", ...print]);
    expect(stdout).toMatch(/^\["--help","-x"\]\n/);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("passes %s on to the command, still reports, and ends with %i", async (signal, expected) => {
    const wait = `process.on("${signal}", () => { console.log("told"); process.exit(); }); setInterval(() => {}, 1000); console.log("ready")`;
    const args = ["check", "consumer", "--format", "json", "--output", "a.json", "--", process.execPath, "-e", wait];
    const child = start(args, {});
    let printed = "";
    for await (const chunk of child.stdout) {
      printed += chunk;
      if (printed === "ready\n") child.kill(signal);
    }
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(expected);
    expect(printed).toMatch(/^ready\ntold\n\n✗ finished {2}/);
    const { outcome } = JSON.parse(await readFile(join(folder, "a.json"), "utf8"));
    expect(outcome).toBe("could-not-run");
  });

  it.each<[string[], string]>([
    [[], "The command to run is missing: give it after --, as in check consumer -- npm test. "],
    [["--"], "The command to run is missing: "],
    [["npm", "test"], "There is an argument too many at the beginning: the command to run comes after --. "],
    [
      ["--port", "0", "npm", "--", "test"],
      "There is an argument too many after --port: the command to run comes after --. ",
    ],
    [["--port", "70000", "--", "true"], '--port must be a whole number from 0 to 65535, not "70000". '],
    [["--require-success=no", "--", "true"], "--require-success takes no value. "],
    [["--server", "x", "--", "true"], "There is no option --server. "],
    [["--format", "json", "--output", "no/a", "--", "true"], '--output "no/a": there is no folder "no". '],
  ])("says what is wrong with how it is called: %j", async (args, complaint) => {
    const { code, stdout, stderr } = await run(["check", "consumer", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(complaint), stderr).toBe(true);
    expect(stderr).toMatch(/^[^\n]+\. Help: dcs-backup-records check consumer --help\n$/);
  });

  it("says in one line that the port is taken", async () => {
    await using other = await startBroken();
    const { port } = new URL(other.url);
    const { code, stderr } = await run(["check", "consumer", "--port", port, ...program("")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^Port ${port} is taken\\. [^\\n]*--port \\d+\\n$`));
  });
});
