// The command's usage errors and its help.

import { chmod, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { consumerRules } from "../../src/check/consumer/rules/index.ts";
import { probesOf } from "../../src/check/provider/probes.ts";
import { rules } from "../../src/check/provider/rules/index.ts";
import { recordedRules } from "../../src/check/recorded/rules.ts";
import { commandRules, recording } from "../../src/check/relay/rules.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { readManifest } from "../package/install.ts";
import type { Environment } from "../surroundings.ts";
import { call, check, folder, provider, run, secrets, startBroken, withToken } from "./command.ts";

const probes = probesOf(baseContract);

describe("a usage error", () => {
  const wrong: [args: string[], complaint: string][] = [
    [["--foo"], "There is no option --foo. "],
    [["--token", secrets.token], "There is no option --token. Credentials are read only from the environment. "],
    [
      [`--secret-key=${secrets.secretKey}`],
      "There is no option --secret-key. Credentials are read only from the environment",
    ],
    [["-k", secrets.secretKey], "There is no option -k"],
    [[secrets.token], "There is an extra argument after --instance-id: every value belongs to an option"],
    [["--begin"], "--begin needs a value: --begin TIME. "],
    [["--begin", "--end"], "--begin needs a value: --begin TIME. "],
    [["--begin", ""], "--begin needs a value"],
    [
      ["--begin", "2026-11-01"],
      '--begin must be a time in UTC, written yyyyMMddHHmmss, as in 20261101000000, not "2026-11-01"',
    ],
    [["--end", "20261301000000"], "--end must be a time in UTC"],
    [["--begin", "20260201000000", "--end", "20260101000000"], "--begin must not be after the end. "],
    [["--timeout", "5s"], '--timeout must be a whole number from 1 to 2147483647, not "5s"'],
    [["--timeout", "0"], "--timeout must be a whole number from 1"],
    [["--deadline", "2147483648"], "--deadline must be a whole number from 1 to 2147483647"],
    [["--deadline", "1", "--deadline", "2"], "--deadline is given twice"],
    [["--only", "no-such"], '--only has "no-such", which is not the id of a rule or request. Help: '],
    [["--only", ","], "--only needs a value: --only ID[,ID…]. "],
    [["--only", "size", "--skip", "size"], "--skip leaves no rule to apply. "],
    [["--header", secrets.token], "--header must be written 'Name: value'"],
    [["--header", "X-Auth-Token: abc"], "--header must not hold credentials, as X-Auth-Token does"],
    [["--header", "authorization: abc"], "--header must not hold credentials, as authorization does"],
    [["--header", "Accept: text/html"], "--header must not be Accept"],
    [["--header", "A: 1", "--header", "a: 2"], "--header a is given twice"],
    [["--header", "A: 1\na: 2"], "--header a is given twice"],
    [["--header", "A: 1\nX-Auth-Token: abc"], "--header must not hold credentials, as X-Auth-Token does"],
    [["--header", "Bad\u00e9: 1"], "--header"],
    [["--format", "html"], '--format must be pretty, json, junit, github or markdown, not "html"'],
    [["--format", "json", "--format", "json"], "--format json is given twice"],
    [
      ["--format", "json", "--format", "junit"],
      "Only one report can be printed, not json and junit: add --output FILE",
    ],
    [
      ["--output", "a"],
      '--output "a" has no --format before it: give the format first, as in --format json --output "a"',
    ],
    [["--format", "json", "--output", "a", "--output", "b"], "--format json has two files"],
    [["--format", "json", "--output", "a", "--format", "junit", "--output", "./a"], '--output "./a" is given twice'],
    [
      ["--format", "json", "--output", "no/such/a"],
      '--output "no/such/a": there is no folder "no/such". Create it: mkdir -p ',
    ],
    [["--format", "json", "--output", "."], '--output ".": it cannot be written: it is a folder'],
    [["--fail-on", "info"], '--fail-on must be error or warning, not "info"'],
    [["--header", `X: ${secrets.token}`], "An argument holds the value of DCS_AUTH_TOKEN: remove it"],
  ];

  it.each(wrong)("is one line, before anything is sent: %j", async (args, complaint) => {
    await using server = await startBroken();
    const needsOther = args.includes(secrets.token) && !complaint.includes("DCS_AUTH_TOKEN");
    const { code, stdout, stderr } = await check(
      server.url,
      args,
      needsOther ? { DCS_AUTH_TOKEN: "another-one" } : withToken,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^[^\n]+\. Help: dcs-backup-records check provider --help\n$/);
    expect(stderr.startsWith(complaint), stderr).toBe(true);
    expect(server.received).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is on standard error, with the exit code 2", async () => {
    const { code, stdout, stderr } = await run([...provider("http://127.0.0.1:1"), "--timeout", "5s"], withToken);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^--timeout must be [^\n]+\. Help: dcs-backup-records check provider --help\n$/);
  });

  it.each([
    ["dcs.example.com", "--server must be a URL that begins with https:// or http://. "],
    ["http://127.0.0.1:99999", "--server must have a host, and a port of at most 65535 if it has one. "],
    ["https://", "--server must have a host, "],
    [
      "https://dcs.example.com/v2/p/instances/i/backups",
      "--server must be the base URL, without the path of the call. ",
    ],
    [`https://me:${secrets.secretKey}@dcs.example.com`, "--server must not hold credentials. "],
    [
      `https://dcs.example.com/?token=${secrets.secretKey}`,
      "--server must be the base URL, without query and fragment. ",
    ],
  ])("includes the server %s, whose secrets it does not repeat", async (server, complaint) => {
    const { code, stderr } = await check(server);
    expect(code).toBe(2);
    expect(stderr.startsWith(complaint), stderr).toBe(true);
  });

  it("lists all missing options at once", async () => {
    const { code, stderr } = await call(["check", "provider", "--project-id", "p", "--server="], withToken);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "Missing: --server, --instance-id. Help: dcs-backup-records check provider --help\n",
    });
  });

  it("names a folder that cannot be written", async () => {
    await mkdir(join(folder, "shut"));
    await chmod(join(folder, "shut"), 0o500);
    const asRoot = process.getuid?.() === 0;
    const file = asRoot ? "/proc/a.json" : "shut/a.json"; // root may write anywhere else
    const { code, stderr } = await check("http://127.0.0.1:1", ["--format", "json", "--output", file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--output "[^"]+": (it cannot be written: E|there is no folder)/);
  });

  it.each<[Environment, string]>([
    [{}, "Credentials are missing: set DCS_AUTH_TOKEN, or DCS_ACCESS_KEY and DCS_SECRET_KEY. "],
    [{ DCS_AUTH_TOKEN: "" }, "Credentials are missing: "],
    [{ DCS_AUTH_TOKEN: "\n" }, "Credentials are missing: "],
    [{ DCS_ACCESS_KEY: secrets.accessKey }, "DCS_ACCESS_KEY is set, but DCS_SECRET_KEY is not: set both. "],
    [{ DCS_SECRET_KEY: secrets.secretKey }, "DCS_SECRET_KEY is set, but DCS_ACCESS_KEY is not: set both. "],
    [{ DCS_SECURITY_TOKEN: secrets.token }, "DCS_SECURITY_TOKEN is set, but DCS_ACCESS_KEY is not: "],
    [{ ...withToken, DCS_ACCESS_KEY: secrets.accessKey }, "DCS_AUTH_TOKEN and DCS_ACCESS_KEY are both set: unset one"],
    [
      { DCS_AUTH_TOKEN: `${secrets.token}\n` },
      "DCS_AUTH_TOKEN begins or ends with white space, such as the line break",
    ],
    [
      { DCS_AUTH_TOKEN: `${secrets.token} x` },
      "DCS_AUTH_TOKEN is invalid: a credential is visible ASCII without spaces",
    ],
  ])("includes credentials: %j", async (environment, complaint) => {
    await using server = await startBroken();
    const { code, stderr } = await check(server.url, [], environment);
    expect(code).toBe(2);
    expect(stderr.startsWith(complaint), stderr).toBe(true);
    expect(server.received).toEqual([]);
  });

  it.each([[[]], [["check"]], [["chek", "provider"]], [["provider"]]])(
    "includes a command that there is not: %j",
    async (args) => {
      const { code, stdout, stderr } = await call(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toBe(
        "There is no such command. The commands are: check provider, check consumer, check recorded, check relay, mock. Help: dcs-backup-records --help\n",
      );
    },
  );
});

describe("the Node that runs it", () => {
  /** Makes the process report this version of Node. */
  const runOn = (version: string) => {
    const code = `Object.defineProperty(process.versions, "node", { value: "${version}" })`;
    return run(["--version"], {}, ["--import", `data:text/javascript,${encodeURIComponent(code)}`]);
  };

  it.each(["16.20.2", "18.20.8", "20.9.0", "20.18.3"])(
    "is reported as too old, with the version that is needed: %s",
    async (version) => {
      const { code, stdout, stderr } = await runOn(version);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      const prism = await readManifest(join(repository, "node_modules/@stoplight/prism-http-server"));
      const [forMock] = /\d+/.exec(prism.engines.node) ?? [];
      expect(stderr).toBe(
        `dcs-backup-records needs Node 20.19 or newer, and this is Node ${version}. The mock and check consumer need Node ${forMock}\n`,
      );
    },
  );

  it.each(["20.19.0", "21.0.0", "24.0.0", "100.1.0"])("is new enough: %s", async (version) => {
    expect(await runOn(version)).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("help", () => {
  it("exists at each level, fits a terminal, and has the options and their defaults", async () => {
    const asked = [[], ["check", "provider"], ["check", "consumer"], ["mock"], ["check", "relay"]];
    const texts = await Promise.all(
      asked.map(async (words) => {
        const { code, stdout, stderr } = await call([...words, "--help"]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect((await call([...words, "-h"])).stdout).toBe(stdout);
        for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(120);
        return stdout;
      }),
    );
    const [all = "", provider = "", consumer = "", mock = "", relay = ""] = texts;
    expect(all).toMatch(/check provider.*\n.*check consumer.*\n.*check recorded.*\n.*check relay.*\n.*mock /);
    for (const name of [
      "server",
      "project-id",
      "instance-id",
      "header",
      "begin",
      "end",
      "only",
      "skip",
      "timeout",
      "deadline",
    ])
      expect(provider).toMatch(new RegExp(`^  --${name} [^ ]`, "m"));
    for (const help of [provider, consumer, relay])
      for (const name of ["format", "output", "fail-on", "cover"])
        expect(help).toMatch(new RegExp(`^  --${name} [A-Z]`, "m"));
    expect(provider).toContain("DCS_AUTH_TOKEN");
    expect(consumer).toMatch(/^ {2}--port N /m);
    expect(consumer).toMatch(/^ {2}--require-success /m);
    for (const name of ["server", "host", "port", "side", "revision", "timeout", "record", "record-format"])
      expect(relay).toMatch(new RegExp(`^  --${name} [A-Z]`, "m"));
    expect(mock).toMatch(/^ {2}--port N .*PORT, or 4010/m);
  });

  it("lists every request and every rule", async () => {
    const plain = (help: string) => help.replace(/\s+/g, " ");
    const provider = plain((await call(["check", "provider", "--help"])).stdout);
    for (const { id, title } of probes) expect(provider).toContain(` ${id} ${title}`);
    for (const { id, title, severity } of rules)
      expect(provider).toContain(` ${id} ${severity === "warning" ? "! " : ""}${title}`);
    const relay = plain((await call(["check", "relay", "--help"])).stdout);
    for (const { id, title, severity } of recordedRules("both", [...commandRules, recording]))
      expect(relay).toContain(` ${id} ${severity === "warning" ? "! " : ""}${title}`);
    const consumer = plain((await call(["check", "consumer", "--help"])).stdout);
    for (const { id, title, severity } of consumerRules)
      expect(consumer).toContain(` ${id} ${severity === "warning" ? "! " : ""}${title}`);
  });

  it("does not load Prism or the validators at the top level", async () => {
    const traced = async (...args: string[]) =>
      (await run(args, { NODE_DEBUG: "esm,module" })).stderr.match(/validators|prism-http/g) ?? [];
    expect(await traced("--help")).toEqual([]);
    expect(await traced("check", "provider", "--help")).toContain("validators");
  });

  it("has the version of the package", async () => {
    const { version } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    expect(await run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});
