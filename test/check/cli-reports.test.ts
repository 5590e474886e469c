// Where the reports of a run go, and what a terminal shows.

import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, open, readdir, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { probesOf } from "../../src/check/provider/probes.ts";
import { main } from "../../src/cli/main.ts";
import { baseContract } from "../../src/wire/contract.ts";

import { type Server, startServer } from "../client/server.ts";
import type { Environment } from "../surroundings.ts";
import {
  call,
  check,
  folder,
  provider,
  start,
  startBroken,
  startConforming,
  surroundings,
  withToken,
} from "./command.ts";

const probes = probesOf(baseContract).filter(({ when }) => !when); // always sent

let conforming: Server;
beforeAll(async () => {
  conforming = await startConforming();
});
afterAll(() => conforming[Symbol.asyncDispose]());

describe("reports", () => {
  it("are printed in each format", async () => {
    await using server = await startBroken();
    const printed = async (format: string) => (await check(server.url, ["--format", format])).stdout;
    expect(await printed("pretty")).toContain("✗ page-schema  A page");
    expect(JSON.parse(await printed("json"))).toMatchObject({ ok: false, outcome: "departs", server: server.url });
    expect(await printed("junit")).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /);
    expect(await printed("github")).toMatch(/^::error title=/);
    expect(await printed("markdown")).toMatch(/^## ❌ /);
  });

  it("go to the files after their formats, and the one without a file is printed", async () => {
    await mkdir(join(folder, "out"));
    const files = [
      "--format",
      "json",
      "--output",
      "out/a.json",
      "--format",
      "junit",
      "--output",
      join(folder, "b.xml"),
    ];
    const { code, stdout } = await check(conforming.url, [...files, "--format", "github"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^::notice /);
    expect(JSON.parse(await readFile(join(folder, "out/a.json"), "utf8"))).toMatchObject({ ok: true });
    expect(await readFile(join(folder, "b.xml"), "utf8")).toContain("<testsuites ");
    expect([...(await readdir(folder)), ...(await readdir(join(folder, "out")))].sort()).toEqual([
      "a.json",
      "b.xml",
      "out",
    ]);
  });

  it("are pretty on standard output if all formats have a file", async () => {
    const { stdout } = await check(conforming.url, ["--format=markdown", "--output=summary.md"]);
    expect(stdout).toMatch(/^✓ /);
    expect(await readFile(join(folder, "summary.md"), "utf8")).toMatch(/^## ✅ /);
  });

  it("are left out if their --output is empty, but no others", async () => {
    const files = ["--format=json", "--output=a.json", "--format=junit", "--output=", "--format=github", "--output=b"];
    const { code, stdout } = await check(conforming.url, files);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ /);
    expect((await readdir(folder)).sort()).toEqual(["a.json", "b"]);
    const twice = await check(conforming.url, ["--format=json", "--output=a.json", "--output="]);
    expect(twice).toMatchObject({ code: 0, stdout: expect.stringMatching(/^✓ /) });
  });

  it("replace a whole file, through a link, and write to anything else, such as a pipe", async () => {
    await writeFile(join(folder, "old.json"), "x".repeat(1_000_000));
    await using reader = await open(join(folder, "old.json"));
    await symlink("old.json", join(folder, "link.json"));
    await check(conforming.url, [
      "--format",
      "json",
      "--output",
      "link.json",
      "--format",
      "junit",
      "--output",
      "/dev/null",
    ]);
    expect(JSON.parse(await readFile(join(folder, "old.json"), "utf8"))).toMatchObject({ ok: true });
    expect(await reader.readFile("utf8"), "who has begun to read it").toBe("x".repeat(1_000_000));
    expect((await readdir(folder)).sort()).toEqual(["link.json", "old.json"]);
    expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
  });

  it("leave the old file unchanged if the check is interrupted", async () => {
    await using server = await startServer(() => {});
    await writeFile(join(folder, "a.json"), "the last one");
    const child = start([...provider(server.url), "--format", "json", "--output", "a.json"], withToken);
    while (server.received.length === 0) await sleep(10);
    expect(await readdir(folder)).toHaveLength(2);
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(await readdir(folder)).toEqual(["a.json"]);
    expect(await readFile(join(folder, "a.json"), "utf8")).toBe("the last one");
  });

  it("do not fail if their reader has stopped", async () => {
    const child = start([...provider(conforming.url), "--format", "json"], withToken);
    child.stdout.destroy();
    const [[code], stderr] = await Promise.all([once(child, "exit"), text(child.stderr)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe("the contract's file", () => {
  // A checkout with a package in it. Each case prepares its git repository.
  let home: string;
  let command: (args: string[], around: NodeJS.Process) => Promise<number>;
  const path = "packages/contract/generated/openapi.yaml";
  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), "workspace-")));
    const place = join(home, "checkout/packages/contract");
    for (const name of ["package.json", "src", "generated"])
      await cp(join(repository, name), join(place, name), { recursive: true });
    await symlink(join(home, "checkout"), join(home, "link"), "junction");
    command = (await import(pathToFileURL(join(place, "src/cli/main.ts")).href)).main;
  });
  afterAll(() => rm(home, { recursive: true, force: true }));
  afterEach(async () => {
    for (const name of ["", "checkout", "checkout/packages", "checkout/packages/contract"])
      await rm(join(home, name, ".git"), { recursive: true, force: true });
  });

  const git = (place: string, ...args: string[]) => {
    const author = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    const { status, stderr } = spawnSync("git", [...author, ...args], { cwd: join(home, place), encoding: "utf8" });
    expect(status, stderr).toBe(0);
  };
  const init = (place: string) => git(place, "-c", "init.defaultBranch=main", "init", "--quiet");
  const track = (place: string, what = ".") => {
    init(place);
    git(place, "add", "--force", what);
  };

  async function annotation(environment: Environment): Promise<string> {
    await using server = await startBroken();
    const around = surroundings({ ...withToken, ...environment });
    const { code, stdout } = await around.run(command, [...provider(server.url), "--format", "github"]);
    expect(code).toBe(1);
    return stdout.split("\n")[0] ?? "";
  }

  it.each<[string, () => void, string, string]>([
    ["that git tracks", () => track("checkout"), "checkout", path],
    ["that git is about to track", () => track("checkout", path), "checkout", path],
    ["in a workspace behind a symbolic link", () => track("checkout"), "link", path],
    ["in a repository that is larger than the workspace", () => track(""), "checkout", `checkout/${path}`],
  ])("%s gets the annotation", async (_what, make, place, file) => {
    make();
    const environment = { GITHUB_WORKSPACE: join(home, place) };
    expect(await annotation(environment)).toMatch(
      new RegExp(`^::error file=${file},line=\\d+,title=.*%0Aline ${file}:\\d+ #`),
    );
  });

  it.each<[string, () => void, Environment]>([
    ["that git does not track", () => track("checkout", "packages/contract/package.json"), {}],
    [
      "that git ignores",
      () => {
        init("checkout");
        appendFileSync(join(home, "checkout/.git/info/exclude"), "packages\n");
        git("checkout", "add", ".");
      },
      {},
    ],
    ["in no repository", () => {}, {}],
    [
      "in its own repository inside another",
      () => {
        track("checkout/packages/contract");
        init("checkout");
      },
      {},
    ],
    [
      "in a submodule",
      () => {
        track("checkout/packages/contract");
        git("checkout/packages/contract", "commit", "--quiet", "--message=all");
        track("checkout");
      },
      {},
    ],
    ["on a machine without git", () => track("checkout"), { PATH: "/nowhere" }],
    ["outside of the workspace", () => track("checkout"), { GITHUB_WORKSPACE: repository }],
    ["with a workspace that does not exist", () => track("checkout"), { GITHUB_WORKSPACE: "/no/such/folder" }],
  ])("%s is named without a path in the workspace", async (_what, make, environment) => {
    make();
    const told = await annotation({ GITHUB_WORKSPACE: join(home, "checkout"), ...environment });
    expect(told).toMatch(/^::error title=refused.*%0Aline dcs-backup-records\/openapi\.yaml:\d+ #/);
  });

  it("is named in the text report even if git does not track it", async () => {
    await using server = await startBroken();
    const around = surroundings({ ...withToken, GITHUB_WORKSPACE: join(home, "link") });
    const { stdout } = await around.run(command, provider(server.url));
    expect(stdout).toMatch(new RegExp(`^ +line +${path}:\\d+ #`, "m"));
  });
});

describe("a terminal", () => {
  const args = () => provider(conforming.url);

  it("shows the progress of the check in one line, which is gone at the end", async () => {
    const { stdout, stderr } = await call(args(), withToken, surroundings(withToken, "stderr"));
    const lines = stderr.split("\r\u001b[2K");
    expect(lines[1]).toBe(`1/${probes.length}  asking for the unfiltered list …`);
    expect(lines[probes.length]).toMatch(/^(\d+)\/\1 {2}asking for one record without/);
    expect(lines.at(-1)).toBe("");
    for (const line of lines) expect(line.length).toBeLessThan(40);
    expect(stderr).not.toContain("\n");
    expect(stdout).toMatch(/^✓ /);
  });

  it("shows no progress if stderr is not a terminal", async () => {
    expect((await call(args(), withToken)).stderr).toBe("");
  });

  it("has colours unless NO_COLOR is set; other outputs only if FORCE_COLOR is set", async () => {
    const coloured = async (environment: Environment, ...terminals: ("stdout" | "stderr")[]) => {
      const around = surroundings({ ...withToken, ...environment }, ...terminals);
      const { stdout } = await around.run(main, [...args(), "--format", "pretty"]);
      return stdout !== stripVTControlCharacters(stdout);
    };
    const terminal = { TERM: "xterm" };
    expect(await coloured(terminal, "stdout")).toBe(true);
    expect(await coloured(terminal, "stderr")).toBe(false);
    expect(await coloured({ FORCE_COLOR: "1" })).toBe(true);
    expect(await coloured({ ...terminal, FORCE_COLOR: "0" }, "stdout")).toBe(false);
    expect(await coloured({ ...terminal, NO_COLOR: "1" }, "stdout")).toBe(false);
    expect(await coloured({ TERM: "dumb" }, "stdout")).toBe(false);
  });

  it("has no colours in a file", async () => {
    await call([...args(), "--format", "pretty", "--output", "a.txt"], { ...withToken, FORCE_COLOR: "1" });
    const file = await readFile(join(folder, "a.txt"), "utf8");
    expect(file).toMatch(/^✓ /);
    expect(file).toBe(stripVTControlCharacters(file));
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGQUIT", 131],
  ] as const)("can interrupt the check: %s ends it with %i, and without its line", async (signal, expected) => {
    await using server = await startServer(() => {});
    const around = surroundings(withToken, "stderr");
    const ended = around.run(main, provider(server.url));
    while (server.received.length === 0) await sleep(10);
    around.emit(signal, signal);
    expectInterrupted(await ended, expected);
  });

  it("can interrupt the process", async () => {
    await using server = await startServer(() => {});
    // The only pretence: its stream is a terminal.
    const code = "process.stderr.isTTY = true; process.stderr.columns = 40;";
    const pretend = ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
    const child = start(provider(server.url), withToken, pretend);
    const ended = Promise.all([once(child, "exit"), text(child.stderr)]);
    while (server.received.length === 0) await sleep(10);
    child.kill("SIGINT");
    const [[exit], stderr] = await ended;
    expectInterrupted({ code: exit, stderr }, 130);
  });

  function expectInterrupted({ code, stderr }: { code: number; stderr: string }, expected: number): void {
    expect(code).toBe(expected);
    const [before, line, after, ...more] = stderr.split("\r\u001b[2K");
    expect([before, after, more]).toEqual(["", "", []]);
    expect(line).toMatch(/^1\/\d+ {2}asking for /);
  }
});
