// `npm run mock`, as its user sees it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { main } from "../../src/cli/main.ts";
import { startMock } from "../../src/mock/index.ts";
import { curl } from "../curl.ts";
import { inherited } from "../environment.ts";
import { Surroundings } from "../surroundings.ts";

/** The command as a function. */
const mock = (port: string, ...args: string[]) => new Surroundings({ PORT: port }).run(main, ["mock", ...args]);

describe("npm run mock", () => {
  it("prints curl lines that work as pasted, prints violations, and stops at SIGINT", async () => {
    const env = inherited({ PORT: "0" });
    const child = spawn(process.execPath, [join(repository, "src/cli.ts"), "mock"], { env });
    const finished = Promise.all([once(child, "close"), text(child.stderr)]);
    let printed = "";
    child.stdout.on("data", (chunk) => {
      printed += chunk;
    });
    await vi.waitFor(() => expect(printed).toContain("printed here.\n\n"), 20_000);
    const lines = printed.split("\n").filter((line) => line.trim().startsWith("curl"));
    const answers = await Promise.all(lines.map(curl));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
    expect(await answers[1]?.text()).toContain('"status":"expired"');

    child.kill("SIGINT");
    const [[code], errors] = await finished;
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(printed.split("printed here.\n\n")[1]).toBe(
      'request 3: The query parameter offset must be >= 0, not "-1"\n',
    );
  });

  it("stops at SIGTERM too", async () => {
    const around = new Surroundings({ PORT: "0" });
    around.stdout.on("text", (line) => line.includes("printed here") && setImmediate(() => around.emit("SIGTERM")));
    const { code, stdout, stderr } = await around.run(main, ["mock"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [url = ""] = /http:[^ ]*?:\d+/.exec(stdout) ?? [];
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  it("is of the revision that is chosen, and says which", async () => {
    const around = new Surroundings({ PORT: "0" });
    const statuses: number[] = [];
    let printed = "";
    around.stdout.on("text", async (text) => {
      printed += text;
      if (!text.includes("printed here")) return;
      const [url = ""] = /http:[^ ]*?:\d+/.exec(printed) ?? [];
      for (const limit of [1000, 1001]) {
        const target = `${url}/v2/p/instances/i/backups?limit=${limit}`;
        statuses.push((await fetch(target, { headers: { "X-Auth-Token": "any" } })).status);
      }
      around.emit("SIGTERM");
    });
    const { code } = await around.run(main, ["mock", "--revision", "newest"]);
    expect({ code, statuses }).toEqual({ code: 0, statuses: [200, 400] });
    expect(printed).toContain("Mock of the contract, revision 2025-10-23, on http://127.0.0.1:");
  });

  it.each([
    [{ DCS_AUTH_TOKEN: "the-token" }, 'Try:\n\n  curl -i -H "X-Auth-Token: $DCS_AUTH_TOKEN" '],
    [
      { DCS_ACCESS_KEY: "ak", DCS_SECRET_KEY: "the-secret" },
      "It accepts what is signed with the keys of its environment.\n\nViolations",
    ],
  ])("says with --verify how to ask it, and not what the credentials are: %o", async (env, said) => {
    const around = new Surroundings({ PORT: "0", ...env });
    around.stdout.on("text", (line) => line.includes("printed here") && setImmediate(() => around.emit("SIGTERM")));
    const { code, stdout } = await around.run(main, ["mock", "--verify"]);
    expect(code).toBe(0);
    expect(stdout).toContain(said);
    for (const secret of Object.values(env).filter(({ length }) => length > 2)) expect(stdout).not.toContain(secret);
  });

  it("prints each violation of the contract once", async () => {
    const said: string[] = [];
    const mock = await startMock({
      onRequest: ({ violations }) => said.push(...violations.map(({ message }) => message)),
    });
    const target = `${mock.url}/v2/p/instances/i/backups`;
    await curl(`curl -i -H 'X-Auth-Token: any' '${target}?offset=-1'`);
    await curl(`curl -i -H 'X-Auth-Token: any' '${target}'`);
    await curl(`curl -i '${target}'`);
    await mock.close();
    expect(said).toEqual(["The query parameter offset must be >= 0", "The request has no credentials"]);
  });

  it("says in one line that the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await mock(String(port));
    other.close();
    expect(code).toBe(2);
    expect(stderr).toBe(
      `Port ${port} is taken. Stop the program that uses it, or choose another port, such as ${port + 1}\n`,
    );
  });

  it.each(["ten", "70000", "-1", "80.5"])("refuses PORT=%s in one line", async (port) => {
    const { code, stderr } = await mock(port);
    expect(code).toBe(2);
    const help = "Help: dcs-backup-records mock --help";
    expect(stderr).toBe(`PORT must be a whole number from 0 to 65535, not "${port}". ${help}\n`);
  });

  it("takes --port before PORT, and nothing else", async () => {
    const refused = await mock("0", "--port", "80.5");
    expect(refused.stderr).toMatch(/^--port must be a whole number from 0 to 65535, not "80\.5"\. [^\n]*\n$/);
    const unknown = await mock("0", "--hosts", "0.0.0.0");
    expect(unknown.stderr).toMatch(/^There is no option --hosts\. [^\n]*\n$/);
    const around = new Surroundings({ PORT: "ten" });
    around.stdout.on("text", (line) => line.includes("printed here") && setImmediate(() => around.emit("SIGINT")));
    const { stdout } = await around.run(main, ["mock", "--port", "0"]);
    expect(stdout).toMatch(/^Mock of the contract on http:\/\/127\.0\.0\.1:\d+\./);
  });
});
