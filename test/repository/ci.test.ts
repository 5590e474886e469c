// The checks before a change is merged: `.ci/run` itself, in a separate repository with a fake npm, and the workflow that runs
// it. The commands that it calls are tested elsewhere.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { inherited } from "../environment.ts";

const commands = [
  "npm ci",
  "npm run build",
  "npm run compat",
  "npm ci",
  "npm test, offline",
  "npm run test:package",
  "npm run release -- --rehearse",
  "npm run test:workflows",
  "npm run test:docs",
  "npm run test:consumers -- --require-all",
  "npm run bench -- --help",
];

/** They run beside the docs' tests, so that their place in the log is open: here they stand before these. */
const beside = ["npm run release -- --rehearse", "npm run test:workflows"];
const docs = "npm run test:docs";

function inOrder(log: string[]): string[] {
  const others = log.filter((command) => !beside.includes(command));
  const at = others.indexOf(docs);
  return at === -1 ? log : others.toSpliced(at, 0, ...log.filter((command) => beside.includes(command)));
}

let folder: string;
let programs: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ci-"));
  programs = join(folder, "programs");
  for (const name of ["programs", "checkout/.ci", "checkout/generated/docs"]) {
    await mkdir(join(folder, name), { recursive: true });
  }
  const checkout = join(folder, "checkout");
  await cp(join(repository, ".ci/run"), join(checkout, ".ci/run"));
  for (const name of ["generated/docs/index.html", "CONSUMERS.md", "REVISIONS.md"])
    await writeFile(join(checkout, name), "as it was");
  const git = (...args: string[]) => spawnSync("git", ["-C", checkout, ...args]);
  for (const args of [["init"], ["add", "."], [...author, "commit", "-m", "All of it"]]) {
    expect(git(...args).status).toBe(0);
  }
  for (const name of ["git", "bash", "dirname", "env", "id", "rm", "wc", "mktemp", "cat"]) {
    const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
    await symlink(found, join(programs, name));
  }
  // A user who is not root uses sudo, with options before the command; unshare cuts the network.
  await program("sudo", `while [ "\${1#-}" != "$1" ]; do shift; done\nexec "$@"`);
  await program("unshare", '[ "$1" = --net ] && shift && export OFFLINE=", offline" && exec "$@"');
  await program("ip", '[ "$*" = "link set lo up" ]');
  await program("true", "");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const author = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];

/** Puts a program on the PATH; npm and apt-get log their calls. */
async function program(name: string, script: string) {
  const note = `echo "${name} $*$OFFLINE" >> '${join(folder, "log")}'`;
  const isNoted = ["npm", "apt-get"].includes(name);
  await writeFile(join(programs, name), `#!/bin/sh\n${isNoted ? note : ""}\n${script}\n`);
  await chmod(join(programs, name), 0o755);
}

/** Runs `.ci/run` from another folder. `npm` is the code of its npm, run in the checkout. */
async function runCi(npm = "", { chromium = true, unshare = true, ip = true } = {}) {
  await program("npm", npm);
  await program("apt-get", "");
  if (chromium) await program("chromium", "");
  if (!unshare) await rm(join(programs, "unshare"));
  if (!ip) await rm(join(programs, "ip"));
  const options = { cwd: folder, env: inherited({ PATH: programs, HOME: folder }), encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync("/bin/bash", [join(folder, "checkout/.ci/run")], options);
  const log = await readFile(join(folder, "log"), "utf8");
  return { status, stdout, stderr, log: inOrder(log.trim().split("\n")) };
}

describe(".ci/run", () => {
  it("runs every check, and passes if they leave the checkout unchanged", async () => {
    expect(await runCi()).toMatchObject({ status: 0, stderr: "", log: commands });
  });

  it("runs npm test without a network and says so, or with one if it cannot cut it", async () => {
    expect((await runCi()).stdout).toContain("npm test, without a network:\n");
    await rm(join(folder, "log"));
    const { status, stdout, log } = await runCi("", { unshare: false });
    expect(status).toBe(0);
    expect(stdout).not.toContain("without a network");
    expect(log).toEqual(commands.map((command) => command.replace(", offline", "")));
  });

  it("installs the tool that cuts the network if it is missing", async () => {
    const { log } = await runCi("", { ip: false });
    expect(log.slice(0, 2)).toEqual(["apt-get update", "apt-get install --yes --no-install-recommends iproute2"]);
  });

  it("requires every toolchain for the docs' samples", async () => {
    const { status } = await runCi(`[ "$2" != test:consumers ] || [ "$REQUIRE_TOOLCHAINS" = 1 ]`);
    expect(status).toBe(0);
  });

  it.each([...commands.entries()])("stops if a command fails: %i, %s", async (index, failing) => {
    const isLast = `[ "$(wc -l < '${join(folder, "log")}')" -ne ${index + 1} ]`;
    const { status, log } = await runCi(
      index < commands.indexOf(beside[0] as string) ? isLast : `[ "npm $*" != "${failing}" ]`,
    );
    expect(status).toBe(1);
    expect(log).toEqual([...commands.slice(0, index + 1), ...(beside.includes(failing) ? [docs] : [])]);
  });

  it.each([
    ["changes", "echo new > generated/docs/index.html", " M generated/docs/index.html"],
    ["adds", "echo new > generated/docs/more.html", "?? generated/docs/more.html"],
    ["removes", "rm -f generated/docs/index.html", " D generated/docs/index.html"],
  ])("refuses a build that %s a file of generated/, before anything is tested", async (_what, change, file) => {
    const { status, stderr, log } = await runCi(`[ "$*" != "run build" ] || ${change}`);
    expect(status).toBe(1);
    expect(stderr).toBe(
      `generated/ is not what spec/ builds to:\n${file}\nFix it: npm run build, and commit generated/\n`,
    );
    expect(log).toEqual(["npm ci", "npm run build"]);
  });

  it.each(["CONSUMERS.md", "REVISIONS.md"])("fails if the run changes %s, and shows the change", async (file) => {
    const { status, stderr, log } = await runCi(`[ "$2" != test:consumers ] || echo new > ${file}`);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^-as it was$.*^\+new$.*^CONSUMERS\.md and REVISIONS\.md do not say .+ Fix it: npm run test:consumers/ms,
    );
    expect(log).toEqual(commands.slice(0, -1));
  });

  it("installs Chromium if there is none", async () => {
    const { status, log } = await runCi("", { chromium: false });
    expect(status).toBe(0);
    const before = commands.indexOf(beside[0] as string);
    expect(log).toEqual([
      ...commands.slice(0, before),
      "apt-get update",
      "apt-get install --yes --no-install-recommends chromium",
      ...commands.slice(before),
    ]);
  });
});

describe("the workflow of a pull request", () => {
  it("runs .ci/run on the oldest supported Node, the pinned one, and each long-term one between", async () => {
    const { engines, devDependencies } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    const { check } = (await workflow("ci")).jobs;
    const oldest = engines.node.replace(">=", "");
    const between: string[] = [];
    for (let major = Number.parseInt(oldest, 10) + 2; major <= Number.parseInt(devDependencies.node, 10); major += 2)
      between.push(String(major));
    expect(check?.strategy?.matrix.node).toEqual([oldest, ...between]);
    expect(commandsOf(check)).toEqual([".ci/run"]);
  });

  it("runs npm ci and npm test on Windows and macOS, and keeps what the tests say even if they fail", async () => {
    const { elsewhere } = (await workflow("ci")).jobs;
    expect(elsewhere?.strategy).toMatchObject({
      "fail-fast": false,
      matrix: { os: ["windows-latest", "macos-latest"] },
    });
    const [first, second = ""] = commandsOf(elsewhere);
    expect(first).toBe("npm ci");
    expect(second).toMatch(/^npm test -- /m);
    const written = [...second.matchAll(/(?:tee |--outputFile\.junit=)(\S+\/)/g)].map(([, folder]) => folder);
    const upload = elsewhere?.steps?.at(-1);
    expect(upload).toMatchObject({ if: "always()", with: { path: "artifacts/test" } });
    expect(new Set(written)).toEqual(new Set(["artifacts/test/"]));
  });

  it("has no secret, and may only read", async () => {
    const { on, permissions, jobs } = await workflow("ci");
    expect(Object.keys(on)).toEqual(["push", "pull_request", "workflow_call"]);
    expect(permissions).toEqual({});
    for (const { permissions } of Object.values(jobs)) expect(permissions).toEqual({ contents: "read" });
    expect(await source("ci")).not.toMatch(/secrets\b/);
  });
});

describe("the workflow of a release", () => {
  it("publishes a tag only after it was found on main and .ci/run has passed, and nothing if it is run by hand", async () => {
    const { on, jobs } = await workflow("release");
    expect(on).toEqual({ push: { tags: ["v*"] }, workflow_dispatch: null });
    expect(commandsOf(jobs.main)[0]).toContain('git merge-base --is-ancestor "$GITHUB_SHA" origin/main');
    expect(jobs.check).toMatchObject({ needs: "main", uses: "./.github/workflows/ci.yml" });
    expect(jobs.npm).toMatchObject({ needs: "check", if: "github.event_name == 'push' && github.ref_type == 'tag'" });
    for (const name of ["github", "pages"]) expect(jobs[name]).toMatchObject({ needs: "npm" });
  });

  it("gives a job that may write nothing of the repository to run, and no job a secret", async () => {
    const { permissions, jobs } = await workflow("release");
    expect(permissions).toEqual({});
    const rights = Object.fromEntries(Object.entries(jobs).map(([name, { permissions }]) => [name, permissions]));
    expect(rights).toEqual({
      main: { contents: "read" },
      check: { contents: "read" },
      npm: { "id-token": "write" },
      github: { contents: "write" },
      pages: { pages: "write", "id-token": "write" },
    });
    for (const name of ["npm", "github", "pages"]) {
      const used = jobs[name]?.steps?.map(({ uses = "" }) => uses.split("@")[0]);
      expect(used).not.toContain("actions/checkout");
      expect(commandsOf(jobs[name]).join("\n")).not.toMatch(/npm (ci|install|run|test)|node |scripts\//);
    }
    expect(await source("release")).not.toMatch(/secrets\b/);
  });

  it("publishes what the rehearsal of .ci/run made, as it is", async () => {
    const { jobs } = await workflow("release");
    const { check } = (await workflow("ci")).jobs;
    const kept = check?.steps?.find(({ with: given }) => given?.path === "artifacts/release")?.with?.name;
    const { devDependencies } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
    const artifact = kept?.replace(/\$\{\{ matrix\.node \}\}/, devDependencies.node.split(".")[0]);
    for (const name of ["npm", "github", "pages"]) {
      const download = jobs[name]?.steps?.find(({ uses }) => uses?.startsWith("actions/download-artifact@"));
      expect(download?.with, name).toEqual({ name: artifact, path: "release" });
    }
    expect(commandsOf(jobs.npm)[0]).toMatch(/^sha256sum --check /);
    expect(commandsOf(jobs.github)).toEqual([
      expect.stringMatching(/--notes-file release\/notes\.md release\/assets\/\*$/),
    ]);
    expect(jobs.pages?.steps).toContainEqual(expect.objectContaining({ with: { path: "release/site" } }));
  });

  it.each([
    ["a version that npm lacks is published", "exit 1", 0, ["view", "publish"]],
    ["a version that npm has already is left, if its bytes are the same", 'echo "$SAME"', 0, ["view"]],
    ["a version that npm has with other bytes is refused", "echo sha512-other", 1, ["view"]],
  ])("%s", async (_what, view, code, asked) => {
    const [, script = ""] = commandsOf((await workflow("release")).jobs.npm);
    const tarball = "release/assets/dcs-backup-records-1.2.3.tgz";
    await mkdir(join(folder, "release/assets"), { recursive: true });
    await writeFile(join(folder, tarball), "bytes");
    const SAME = `sha512-${createHash("sha512").update("bytes").digest("base64")}`;
    await program("npm", `[ "$1" != view ] || { ${view}; }`);
    const env = inherited({ PATH: [programs, process.env.PATH].join(delimiter), GITHUB_REF_NAME: "v1.2.3", SAME });
    const bash = ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script];
    const { status, stdout } = spawnSync("/bin/bash", bash, { cwd: folder, env, encoding: "utf8" });
    expect(status).toBe(code);
    if (code === 1) expect(stdout).toContain("::error::npm has other bytes as 1.2.3.");
    const log = (await readFile(join(folder, "log"), "utf8")).trim().split("\n");
    const wanted = {
      view: "npm view dcs-backup-records@1.2.3 dist.integrity",
      publish: `npm publish ./${tarball} --access public --provenance`,
    };
    expect(log).toEqual(asked.map((name) => wanted[name as keyof typeof wanted]));
  });
});

const source = (name: string) => readFile(join(repository, `.github/workflows/${name}.yml`), "utf8");
const workflow = async (name: string) => parseYaml(await source(name)) as Workflow;
const commandsOf = (job?: Job) => (job?.steps ?? []).flatMap(({ run }) => run?.trim() ?? []);

interface Workflow {
  on: object;
  permissions: object;
  jobs: Record<string, Job>;
}

interface Job {
  permissions?: object;
  strategy?: { matrix: { node?: string[] } };
  steps?: { run?: string; uses?: string; if?: string; with?: Record<string, string> }[];
}
