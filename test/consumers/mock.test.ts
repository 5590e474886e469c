// The mock, as others judge it: Schemathesis tries to break it, and the vendor's own SDK pages through it, signed.

import { execFile } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { checkConsumer } from "../../src/check/index.ts";
import { startMock } from "../../src/mock/index.ts";
import { isThere } from "../build/sample-runs.ts";
import { inherited } from "../environment.ts";

const run = promisify(execFile);
const source = join(import.meta.dirname, "mock");
const work = join(repository, ".consumers/mock");
const shell = (command: string, env: Record<string, string> = {}) =>
  run("sh", ["-ec", command], {
    cwd: work,
    env: inherited({ PIP_CACHE_DIR: join(work, "../cache/pip"), ...env }),
    maxBuffer: 2 ** 26,
  });

const isRun = isThere("python3");

it(`asks the mock with ${isRun ? "" : "nothing, since the machine has no "}Python`, () => {
  if (process.env.REQUIRE_TOOLCHAINS) expect(isRun, "python3 is not on the PATH").toBe(true);
});

describe.runIf(isRun)("the mock", () => {
  beforeAll(async () => {
    await mkdir(work, { recursive: true });
    await cp(source, work, { recursive: true });
    const manifest = await readFile(join(work, "requirements.txt"), "utf8");
    const stamp = join(work, ".installed");
    if (manifest === (await readFile(stamp, "utf8").catch(() => ""))) return;
    await shell("python3 -m venv venv && venv/bin/pip install --quiet --requirement requirements.txt");
    await writeFile(stamp, manifest);
  }, 300_000);

  it("keeps Schemathesis silent, with all its checks and a token, and a third of its cases get a page", async () => {
    const token = "the-token-of-the-mock";
    await using mock = await startMock({ records: 25, credentials: { token } });
    const options = `--url ${mock.url} --header 'X-Auth-Token: ${token}' --checks all --max-examples 500 --seed 20221109`;
    const bundle = join(repository, "generated/openapi.yaml");
    const { stdout } = await shell(`venv/bin/schemathesis run '${bundle}' ${options}`).catch((error) => error);
    const told = stripVTControlCharacters(stdout);
    expect(told).toContain("No issues found");
    const [, generated = 0] = /(\d+) generated, \1 passed/.exec(told) ?? [];
    expect(Number(generated), told).toBeGreaterThanOrEqual(500);
    const pages = mock.requests.filter(({ status }) => status === 200).length;
    expect(pages / mock.requests.length).toBeGreaterThan(1 / 3);
  }, 300_000);

  it("gives the vendor's SDK every record once, signed and verified, and check consumer finds nothing", async () => {
    const keys = { accessKey: "the-access-key", secretKey: "the-secret-key" };
    const ids = { DCS_PROJECT_ID: "my-project", DCS_INSTANCE_ID: "my-instance" };
    const env = { DCS_ACCESS_KEY: keys.accessKey, DCS_SECRET_KEY: keys.secretKey, ...ids };
    const before = { ...process.env };
    Object.assign(process.env, env);
    try {
      const list = join(work, "listed.txt");
      const command = `'${join(work, "venv/bin/python")}' '${join(work, "list.py")}' > '${list}'`;
      const report = await checkConsumer({
        command: "sh",
        args: ["-ec", command],
        records: 2500,
        credentials: keys,
        stdout: "stderr",
      });
      expect(report.findings).toEqual([]);
      expect(report.outcome).toBe("conforms");
      await using mock = await startMock({ records: 2500 });
      const expected = mock.lasting.map(({ backup_id }) => backup_id);
      expect((await readFile(list, "utf8")).trim().split("\n")).toEqual(expected);
      expect(new Set(expected).size).toBe(2500);
    } finally {
      for (const name of Object.keys(env)) delete process.env[name];
      Object.assign(process.env, before);
    }
  }, 120_000);
});
