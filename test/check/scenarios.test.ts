// The check of a consumer in the scenarios of the mock: what counts as a failure, what is only told, and how it is printed.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { formats } from "../../src/check/formats/index.ts";
import { checkConsumer, type Report } from "../../src/check/index.ts";
import { scenarios } from "../../src/mock/scenarios/index.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { call } from "./command.ts";
import { check, node } from "./consumer.ts";

const runOf = ({ scenarios = [] }: Report, name: string) => scenarios.find(({ scenario }) => scenario === name);

const kept = scenarios.filter(({ keeps }) => keeps(baseContract)).map(({ name }) => name);
const broken = scenarios.filter(({ keeps }) => !keeps(baseContract)).map(({ name }) => name);

/** Asks for one page, once, and fails unless that is answered with 200. */
const impatient = "process.exitCode = (await send()) === 200 ? 0 : 3;";

describe("this package's client", () => {
  const client = pathToFileURL(join(repository, "src/client/index.ts"));
  let report: Report;
  beforeAll(async () => {
    report = await check(
      `const { createDcsClient } = await import("${client}");
       const dcs = createDcsClient({ endpoint, projectId: "p", credentials: { token: "t" }, retry: { baseDelayMs: 1 } });
       for await (const record of dcs.backupRecords("i")) record.status;`,
      { scenario: "each", stdout: "stderr" },
    );
  });

  it("runs once without a scenario, and once in each", () => {
    expect(report.scenarios?.map(({ scenario }) => scenario)).toEqual(["none", ...kept, ...broken]);
    expect(report.scenarios?.filter(({ keeps }) => !keeps).map(({ scenario }) => scenario)).toEqual(broken);
  });

  it("sends no invalid request in any, and gets every record wherever the mock keeps to the contract", () => {
    expect(report.findings).toEqual([]);
    expect(report.outcome).toBe("conforms");
    for (const name of ["none", ...kept]) {
      expect(runOf(report, name), name).toMatchObject({
        ok: true,
        violations: 0,
        command: "exit 0",
        neverAsked: { count: 0, of: 120 },
      });
    }
  });

  it("fails where it cannot go on, which is told and is no violation", () => {
    expect(runOf(report, "cut")).toMatchObject({
      ok: true,
      keeps: false,
      command: "exit 1",
      neverAsked: { count: 120 },
    });
  });
}, 120_000);

describe("a command", () => {
  it("that fails in a scenario which keeps to the contract violates it", async () => {
    const report = await check(impatient, { scenario: "throttled" });
    expect(report.outcome).toBe("departs");
    expect(report.scenarios).toEqual([
      {
        scenario: "throttled",
        keeps: true,
        ok: false,
        requests: 1,
        violations: 0,
        command: "exit 3",
        neverAsked: { count: 120, of: 120 },
      },
    ]);
    expect(report.findings).toMatchObject([
      { rule: "command", scenario: "throttled", message: "The command ended with exit code 3" },
    ]);
  });

  it("that fails in a scenario which breaks the contract does not", async () => {
    const report = await check(impatient, { scenario: "empty-204" });
    expect(report).toMatchObject({ outcome: "conforms", findings: [] });
    expect(runOf(report, "empty-204")).toMatchObject({ ok: true, command: "exit 3", neverAsked: { count: 0, of: 0 } });
  });

  it("that sends an invalid request in a scenario violates the contract, whatever the scenario does", async () => {
    const report = await check(`await send(path + "?limit=ten");`, { scenario: "empty-204" });
    expect(report.outcome).toBe("departs");
    expect(report.findings).toMatchObject([{ rule: "parameter", scenario: "empty-204", probe: "request-1" }]);
    expect(runOf(report, "empty-204")).toMatchObject({ ok: false, violations: 1 });
  });

  it("that sends no request in a scenario is not well", async () => {
    const report = await check("", { scenario: "empty-204" });
    expect(report.outcome).toBe("could-not-run");
    expect(runOf(report, "empty-204")).toMatchObject({ ok: false, requests: 0, command: "exit 0" });
  });

  it("may get refusals in a scenario, even if it must succeed otherwise", async () => {
    const twice = "await send(); await new Promise((resolve) => setTimeout(resolve, 1100)); await send();";
    expect(await check(twice, { scenario: "throttled", requireSuccess: true })).toMatchObject({ findings: [] });
    const refused = await check(`await send(path, { ...token, Prefer: "scenario=throttled" });`, {
      requireSuccess: true,
    });
    expect(refused.findings).toMatchObject([{ rule: "success", message: "The response is HTTP 429" }]);
  });

  it("that does not end in time is stopped, and hung", async () => {
    const report = await check("await send(); setInterval(() => {}, 1000);", {
      scenario: "throttled",
      timeoutMs: 2000,
    });
    expect(runOf(report, "throttled")).toMatchObject({ ok: false, command: "hung", requests: 1 });
    expect(report.findings).toMatchObject([{ rule: "command", message: "The command did not end within 2 s" }]);
    expect(report.outcome).toBe("departs");
  });

  it("has a limit of time without a scenario too, if it is given one", async () => {
    const report = await check("await send(); setInterval(() => {}, 1000);", { timeoutMs: 2000 });
    expect(report.findings).toMatchObject([{ rule: "command", message: "The command did not end within 2 s" }]);
    expect(report.scenarios).toBeUndefined();
  });

  it("that cannot be started is tried once", async () => {
    const report = await checkConsumer({ command: "no-such-program", scenario: "each" });
    expect(report.outcome).toBe("could-not-run");
    expect(report.scenarios).toMatchObject([{ scenario: "none", ok: false, command: "not started", requests: 0 }]);
  });

  it("that is stopped from outside is not run again", async () => {
    const report = await check("await send(); setInterval(() => {}, 1000);", {
      scenario: "each",
      signal: AbortSignal.timeout(2500),
    });
    expect(report.outcome).toBe("could-not-run");
    expect(report.scenarios).toHaveLength(1);
  });

  it("in an unknown scenario is not run", async () => {
    await expect(check(impatient, { scenario: "calm" })).rejects.toThrow(/^scenario must be one of .*throttled.*each$/);
  });
});

describe("the report", () => {
  const setting = { colour: false, contractFile: undefined, failOn: "error" } as const;
  let report: Report;
  beforeAll(async () => {
    report = await check(impatient, { scenario: "throttled" });
  });

  it("is a table for people", () => {
    expect(formats.pretty(report, setting)).toContain(`
  Scenario    The scenario            Requests   Violations   Command   Never asked for
✗ throttled   keeps to the contract   1          0            exit 3    120 of 120
`);
  });

  it("is a table in Markdown", () => {
    expect(formats.markdown(report, setting)).toContain(
      "|  | Scenario | The scenario | Requests | Violations | Command | Never asked for |\n| --- |",
    );
    expect(formats.markdown(report, setting)).toContain(
      "\n| ❌ | throttled | keeps to the contract | 1 | 0 | exit 3 | 120 of 120 |\n",
    );
  });

  it("has a test case for each run in JUnit XML", () => {
    const xml = formats.junit(report, setting);
    expect(xml).toMatch(
      /<testcase classname="dcs-backup-records\.consumer\.scenarios" name="throttled">\n<failure message="[^"]*Command: exit 3/,
    );
    const [, failures] = /<testsuite [^>]*failures="(\d+)"/.exec(xml) ?? [];
    expect(failures).toBe("2"); // of the rule and of the run
  });

  it("has a line for each run in the notice for GitHub", () => {
    expect(formats.github(report, setting)).toContain(
      "%0A✗ throttled, keeps to the contract, 1, 0, exit 3, 120 of 120%0ACoverage of the contract: ",
    );
  });
});

describe("check consumer --scenario", () => {
  const command = (...options: string[]) => {
    const { command, args } = node(impatient);
    return call(["check", "consumer", ...options, "--", command, ...args]);
  };

  it("tells its progress, and exits with 1 only where the mock keeps to the contract", async () => {
    const throttled = await command("--scenario", "throttled");
    expect(throttled).toMatchObject({ code: 1 });
    expect(throttled.stderr).toContain("1/1  throttled: Each page is first a 429");
    expect(await command("--scenario=empty-204")).toMatchObject({ code: 0 });
    expect(await command("--scenario=empty-204", "--revision=2024-04-24")).toMatchObject({ code: 1 }); // has the 204
  });

  it.each([
    [["--scenario", "calm"], /^--scenario must be .*throttled.* or each, not "calm"\. Help: /],
    [["--timeout", "0"], /^--timeout must be a whole number from 1 to /],
  ])("is refused with %j", async (options, message) => {
    const { code, stderr } = await command(...options);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
