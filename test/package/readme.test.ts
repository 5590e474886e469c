// The README's commands work as pasted: word for word, in a fresh checkout after its `npm ci`, before any build.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listFiles } from "../../scripts/output.ts";
import { repository } from "../../scripts/repository.ts";
import { createDcsClient } from "../../src/client/index.ts";
import { curl } from "../curl.ts";
import { inherited } from "../environment.ts";

const readme = await readFile(join(repository, "README.md"), "utf8");
const commands = [...readme.matchAll(/^```sh\n(.*?)\n```$/gms)].flatMap(([, block = ""]) => block.split("\n"));

const run = promisify(execFile);

let folder: string;
let checkout: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "readme-"));
  checkout = join(folder, "checkout");
  const listed = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repository,
  });
  for (const file of listed.stdout.split("\0").filter(Boolean)) await cp(join(repository, file), join(checkout, file));
  await run("npm", ["ci", "--prefer-offline"], { cwd: checkout, env: inherited() });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Pastes a command into a shell. */
const paste = (command: string) => run("bash", ["-c", command], { cwd: checkout, env: inherited() });

// Each command has its test: here, or in the named test or script.
const proofs: [command: RegExp, prove: (command: string) => Promise<unknown>][] = [
  // .ci/run begins with these two; test/repository/ci.test.ts runs that.
  [/^npm ci && npm run build$/, inRunOfCi],
  [/^npm ci && npm test$/, inRunOfCi],
  [
    /^npx openapi-typescript /,
    async (command) => expect((await paste(command)).stdout).toContain("BackupRecordResponse: {"),
  ],
  [
    /^npm run build -- --out public$/,
    async (command) => {
      expect((await paste(command)).stdout).toContain("wrote public/");
      expect(await listFiles(join(checkout, "public"))).toEqual(await listFiles(join(checkout, "generated")));
    },
  ],
  [/^npm run mock$/, (command) => whileMockRuns(command, async () => {})],
  [
    /^npm run mock -- --records 2500$/,
    (command) =>
      whileMockRuns(command, async () => expect(await askFor("?limit=1")).toMatchObject({ total_num: 2500 })),
  ],
  [
    /^npm run mock -- --scenario throttled$/,
    (command) =>
      whileMockRuns(command, async () => expect(await askFor("")).toMatchObject({ error_code: "APIGW.0308" })),
  ],
  [
    /^DCS_ACCESS_KEY=my-key DCS_SECRET_KEY=my-secret npm run mock -- --verify$/,
    (command) =>
      whileMockRuns(command, async () => {
        expect(await askFor("")).toMatchObject({ error_code: "APIGW.0301" });
        const client = createDcsClient({
          endpoint,
          projectId: "my-project",
          credentials: { accessKey: "my-key", secretKey: "my-secret" },
        });
        expect((await client.listBackupRecords("my-instance")).total_num).toBe(1);
      }),
  ],
  [/^curl -i .*EveryStatus/, (command) => askMock(command, 200)],
  [/^curl -i .*code=500/, (command) => askMock(command, 500)],
  [/^curl -i .*offset=-1/, (command) => askMock(command, 400)],
  [
    /npm run dcs -- check provider /,
    (command) =>
      whileMockRuns("npm run mock", async () => {
        expect((await paste(command)).stdout).toMatch(/^✓ http:\/\/127\.0\.0\.1:4010 conforms to contract /m);
      }),
  ],
  [
    /^npm run dcs -- check relay .* -- npm test$/,
    // With a service that is there, and a command that asks it once.
    (command) =>
      whileMockRuns("npm run mock", async () => {
        const asking = `node -e 'fetch(process.env.DCS_ENDPOINT + "/v2/p/instances/i/backups", { headers: { "X-Auth-Token": "t" } })'`;
        const { stdout } = await paste(command.replace(/https:\S+/, endpoint).replace("npm test", asking));
        expect(stdout).toMatch(/^✓ The exchanges with http:\/\/127\.0\.0\.1:4010 conform to contract /m);
        expect(await readFile(join(checkout, "traffic.har"), "utf8")).toContain('"entries"');
      }),
  ],
  [
    /npm run dcs -- check recorded /,
    async (command) => {
      const { stdout } = await paste(command).catch((error) => {
        expect(error.code).toBe(1);
        return error as { stdout: string };
      });
      expect(stdout).toContain("✗ limit  A page has at most as many records as limit says");
    },
  ],
  [
    /npm run dcs -- check consumer -- /,
    async (command) => {
      const { stdout } = await paste(command);
      expect(stdout).toContain('"backup_20190510163116"');
      expect(stdout).toMatch(/^✓ The command conforms to contract /m);
    },
  ],
];

const endpoint = "http://127.0.0.1:4010";

async function askFor(query: string): Promise<unknown> {
  const url = `${endpoint}/v2/my-project/instances/my-instance/backups${query}`;
  return (await fetch(url, { headers: { "X-Auth-Token": "any" } })).json();
}

async function inRunOfCi(command: string): Promise<void> {
  expect(await readFile(join(checkout, ".ci/run"), "utf8")).toContain(`\n(${command})\n`);
}

const askMock = (command: string, status: number) =>
  whileMockRuns("npm run mock", async () => expect((await curl(command)).status).toBe(status));

/** Starts the mock as in another terminal, on the README's port, and stops it as Ctrl-C does. */
async function whileMockRuns(command: string, work: () => Promise<unknown>): Promise<void> {
  const { PORT: _, ...env } = inherited();
  const mock = spawn("bash", ["-c", command], { cwd: checkout, env, detached: true });
  const closed = once(mock, "close");
  let printed = "";
  mock.stderr.on("data", (text) => {
    printed += text;
  });
  for await (const text of mock.stdout) {
    printed += text;
    if (printed.includes("printed here")) break;
  }
  expect(printed).toContain(endpoint);
  try {
    await work();
  } finally {
    process.kill(-(mock.pid as number), "SIGINT");
    await closed;
  }
}

describe("the README's commands", () => {
  it("are run before any build, and without other packages", async () => {
    await expect(access(join(checkout, "dist"))).rejects.toThrow("ENOENT");
    expect((await readdir(join(checkout, "test/package"))).includes("node_modules")).toBe(false);
  });

  it("each have a test, and each test a command", () => {
    const matching = commands.map((command) => proofs.filter(([form]) => form.test(command)).length);
    expect(matching, commands.join("\n")).toEqual(commands.map(() => 1));
    expect(proofs.map(([form]) => commands.filter((command) => form.test(command)).length)).toEqual(
      proofs.map(() => 1),
    );
  });

  it.each(commands)("work: %s", async (command) => {
    const [, prove] = proofs.find(([form]) => form.test(command)) as (typeof proofs)[0];
    await prove(command);
  });
});
