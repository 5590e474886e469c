// `npm run mock`, as its user sees it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/source.ts";
import { startMock } from "../../src/mock.ts";
import { curl } from "../curl.ts";

const mock = (port: string, ...args: string[]) =>
  spawn(process.execPath, [join(repository, "src/cli.ts"), "mock", ...args], { env: { ...process.env, PORT: port } });

describe("npm run mock", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "prints three curl lines that work as pasted, and stops at %s",
    async (signal) => {
      const child = mock("0");
      const finished = Promise.all([once(child, "exit"), text(child.stderr)]);
      let printed = "";
      for await (const chunk of child.stdout) {
        printed += chunk;
        if (printed.includes("printed here")) break;
      }
      const lines = printed.split("\n").filter((line) => line.trim().startsWith("curl"));
      expect(lines).toHaveLength(3);
      const answers = await Promise.all(lines.map(curl));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
      expect(await answers[1]?.text()).toContain('"status":"expired"');

      child.kill(signal);
      const [[code], errors] = await finished;
      expect(code).toBe(0);
      expect(errors).toBe("");
    },
  );

  it("prints what departs from the contract, once for each fault", async () => {
    const said: string[] = [];
    const mock = await startMock({ onViolation: (message) => said.push(message) });
    const target = `${mock.url}/v2/p/instances/i/backups`;
    await curl(`curl -i -H 'X-Auth-Token: any' '${target}?offset=-1'`);
    await curl(`curl -i -H 'X-Auth-Token: any' '${target}'`);
    await curl(`curl -i '${target}'`);
    await mock.close();
    expect(said).toEqual(["Request query parameter offset must be >= 0", "Invalid security scheme used"]);
  });

  it("says in one line that the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const child = mock(String(port));
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    other.close();
    expect(code).toBe(2);
    expect(errors).toBe(`Port ${port} is taken. Stop what listens there, or choose another: --port ${port + 1}\n`);
  });

  it.each(["ten", "70000", "-1", "80.5"])("refuses PORT=%s in one line", async (port) => {
    const child = mock(port);
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect(code).toBe(2);
    const help = "Help: dcs-backup-records mock --help";
    expect(errors).toBe(`PORT must be a whole number from 0 to 65535, not "${port}". ${help}\n`);
  });

  it("takes --port before PORT, and nothing else", async () => {
    const refused = mock("0", "--port", "80.5");
    expect(await text(refused.stderr)).toMatch(
      /^--port must be a whole number from 0 to 65535, not "80\.5"\. [^\n]*\n$/,
    );
    const unknown = mock("0", "--host", "0.0.0.0");
    expect(await text(unknown.stderr)).toMatch(/^There is no option --host\. [^\n]*\n$/);
    const child = mock("ten", "--port", "0");
    for await (const chunk of child.stdout)
      if (String(chunk).includes("Mock of the contract on http://127.0.0.1:")) break;
    child.kill();
    await once(child, "exit");
  });
});
