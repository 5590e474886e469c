// The sample code of the docs is what it looks like: programs that run as they are pasted, once the token is set. Each is
// read by a parser of its language on every machine, and run where the machine has the toolchain. With
// REQUIRE_TOOLCHAINS=1, as in .ci/run, a toolchain that is missing is a failure.

import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parser as goParser } from "@lezer/go";
import { parser as javaParser } from "@lezer/java";
import { parser as pythonParser } from "@lezer/python";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/source.ts";
import type { OpenApiDocument } from "../../scripts/stages/bundle.ts";
import { defaultServer } from "../../scripts/stages/client.ts";
import { type Sample, samples } from "../../scripts/stages/samples.ts";
import { type Mock, startMock } from "../../src/mock.ts";
import { type Answer, reply, startServer } from "../client/server.ts";
import { compile } from "../compile.ts";
import { absent, changed } from "../document.ts";

const bundle: OpenApiDocument = JSON.parse(await readFile(join(repository, "generated/openapi.json"), "utf8"));
const all = samples(bundle);
const ids = all.map(({ id }) => id);
const sample = (id: Sample["id"]) => all.find((found) => found.id === id) as Sample;

interface Toolchain {
  /** Commands that the machine must have. */
  needs: string[];
  /** What the code is saved as. */
  file: string;
  /** Lines for a shell, in the folder of the file: what readies it without a complaint, and what runs it. */
  build: string;
  run: string;
}

const toolchains: Record<Sample["id"], Toolchain> = {
  curl: { needs: ["curl"], file: "list.sh", build: "sh -n list.sh", run: "sh list.sh" },
  typescript: { needs: [], file: "list.ts", build: ":", run: `"${process.execPath}" list.ts` },
  python: { needs: ["python3"], file: "list.py", build: "python3 -m py_compile list.py", run: "python3 list.py" },
  go: {
    needs: ["go", "gofmt"],
    file: "list.go",
    build: 'test -z "$(gofmt -l list.go)" && go vet list.go && go build list.go',
    run: "./list",
  },
  java: {
    needs: ["java", "javac"],
    file: "ListBackupRecords.java",
    build: "javac -Xlint:all -Werror ListBackupRecords.java",
    run: "java ListBackupRecords",
  },
};

const isThere = (command: string) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
const missing = Object.values(toolchains).flatMap(({ needs }) => needs.filter((command) => !isThere(command)));
const run = ids.filter((id) => !toolchains[id].needs.some((command) => missing.includes(command)));
const notRun = ids.filter((id) => !run.includes(id));

/** What a parser of the language stumbles over; none if it reads the code. */
function faults({ id, code }: Sample): string[] {
  if (id === "curl") {
    const { stderr } = spawnSync("sh", ["-n"], { input: code, encoding: "utf8" });
    return stderr ? [stderr] : [];
  }
  if (id === "typescript") return compile(code).map(({ message }) => message);
  const found: string[] = [];
  const tree = { python: pythonParser, go: goParser, java: javaParser }[id].parse(code);
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) found.push(`line ${code.slice(0, from).split("\n").length}`);
    },
  });
  return found;
}

/** What the samples print of a record. */
interface Shown {
  backup_name: string;
  status: string;
  size: number;
}

let folder: string;
let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
  folder = await mkdtemp(join(tmpdir(), "samples-"));
  const installed = join(folder, "node_modules/dcs-backup-records");
  await mkdir(installed, { recursive: true });
  await cp(join(repository, "package.json"), join(installed, "package.json"));
  const fetcher = join(repository, "node_modules/openapi-fetch");
  await cp(fetcher, join(folder, "node_modules/openapi-fetch"), { recursive: true });
  const dist = ["-p", join(repository, "tsconfig.build.json"), "--outDir", join(installed, "dist")];
  expect(spawnSync(process.execPath, [join(repository, "node_modules/typescript/bin/tsc"), ...dist]).status).toBe(0);
});
afterAll(async () => {
  await mock.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a sample against another server than the contract's, as a reader would who has put it there. */
async function runAt(
  url: string,
  id: Sample["id"],
  { env = { DCS_AUTH_TOKEN: "secret" }, code = sample(id).code }: { env?: NodeJS.ProcessEnv; code?: string } = {},
) {
  const { file, build, run } = toolchains[id];
  const cwd = await mkdtemp(join(folder, `${id}-`));
  const placed = code.replace(defaultServer(bundle), url);
  expect(placed).not.toBe(code);
  await writeFile(join(cwd, file), placed);
  const { DCS_AUTH_TOKEN: _, ...inherited } = process.env;
  const options: SpawnOptions = { cwd, env: { ...inherited, ...env } };
  const built = await finish(spawn("sh", ["-c", build], options));
  expect(built, `${id} does not build`).toMatchObject({ code: 0, errors: "" });
  return finish(spawn("sh", ["-c", run], options));
}

async function finish(child: ReturnType<typeof spawn>) {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error("Nothing to read from");
  const [[code], printed, errors] = await Promise.all([once(child, "close"), text(stdout), text(stderr)]);
  return { code: code as number, printed, errors };
}

describe("the samples", () => {
  it("are in the five languages that readers were promised", () => {
    expect(ids).toEqual(["curl", "typescript", "python", "go", "java"]);
  });

  it.each(all)("are read by a parser of their language: $label", (one) => {
    expect(faults(one)).toEqual([]);
    const spoilt = one.code.replace(/[)}'](?=[^)}']*$)/, ""); // what closes last
    expect(spoilt).not.toBe(one.code);
    expect(faults({ ...one, code: spoilt })).not.toEqual([]);
  });

  it.each(all)("have the contract's examples, its token header and no prose: $label", ({ id, code }) => {
    const { parameters } = bundle.components as { parameters: Record<string, { example: unknown }> };
    expect(code).toContain(defaultServer(bundle));
    expect(code).toContain(parameters.ProjectId?.example);
    expect(code).toContain(parameters.InstanceId?.example);
    expect(code).toContain("DCS_AUTH_TOKEN");
    if (id !== "typescript") expect(code).toContain("X-Auth-Token");
    if (id !== "typescript") expect(code).toContain("?limit=10&offset=0");
    expect(code).not.toMatch(/^\s*(#|\/\/)/m);
  });

  it("do not lean on when Go reads a variable beside a call, which it leaves open", () => {
    expect(sample("go").code).not.toMatch(/return result, \w+\.\w+\(.*&result/);
  });

  it("follow the contract", () => {
    const other = changed(bundle, "/components/securitySchemes/AuthToken/name", "X-Other");
    expect(samples(other)[0]?.code).toContain("X-Other: ");
  });

  it("are none for a contract of another call", () => {
    const operation = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get";
    expect(samples(changed(bundle, `${operation}/operationId`, "listInstances"))).toEqual([]);
  });

  it.each(["/components/parameters/Limit/example", "/components/schemas/BackupRecordResponse/properties/size"])(
    "cannot be made without %s",
    (pointer) => {
      expect(() => samples(changed(bundle, pointer, absent))).toThrow(/^The contract has no \w+ to make samples of\.$/);
    },
  );
});

describe(`the samples, run against the mock${notRun.length > 0 ? ` (not ${notRun.join(", ")}: no ${missing.join(", ")})` : ""}`, () => {
  it("have their toolchains where all are required", () => {
    if (process.env.REQUIRE_TOOLCHAINS) expect(missing, "not on the PATH").toEqual([]);
    expect(run).toContain("typescript");
    expect(isThere("no-such-toolchain")).toBe(false);
  });

  it.each(run)("print the records: %s", async (id) => {
    const { code, printed, errors } = await runAt(mock.url, id);
    expect(errors).toBe("");
    expect(code).toBe(0);
    for (const field of ["backup_20190510163116", "succeed", "880232"]) expect(printed).toContain(field);
  });

  it.each(run)("print each record of the page, however large it is, and TypeScript turns pages: %s", async (id) => {
    const { EveryStatus } = bundle.components.examples as Record<
      "EveryStatus",
      { value: { backup_record_response: Shown[] } }
    >;
    const { backup_record_response: records } = EveryStatus.value;
    const perPage = 4;
    expect(records.slice(0, perPage).some(({ size }) => size > 2 ** 32)).toBe(true);
    await using server = await startServer((request, response) => {
      const offset = Number(new URL(`http://localhost${request.url}`).searchParams.get("offset"));
      const page = { total_num: records.length, backup_record_response: records.slice(offset, offset + perPage) };
      reply(200, page)(request, response);
    });
    const { code, printed, errors } = await runAt(server.url, id);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    for (const { backup_name, status, size } of id === "typescript" ? records : records.slice(0, perPage)) {
      for (const value of [backup_name, status, size]) expect(printed).toContain(String(value));
    }
  });

  it.each(run)("name what is missing without a token, or say that the service refused: %s", async (id) => {
    const { code, printed, errors } = await runAt(mock.url, id, { env: {} });
    expect(code).not.toBe(0);
    expect(printed).not.toContain("backup_20190510163116");
    expect(errors).toMatch(/DCS_AUTH_TOKEN|credentials.token|401/);
  });

  const failure = { error_code: "DCS.5078", error_msg: "Query backup record failed.", error_ext_msg: null };
  it.each(run.filter((id) => id !== "typescript"))("fail with what the service said: %s", async (id) => {
    await using server = await startServer(reply(500, failure));
    const { code, printed, errors } = await runAt(server.url, id);
    expect(code).not.toBe(0);
    expect(printed + errors).toContain("DCS.5078");
    expect(errors).toContain("500");
    expect(server.received).toMatchObject([{ headers: { "x-auth-token": "secret" } }]);
  });

  it.each(run)("take an empty answer for no records, as later revisions of the page allow: %s", async (id) => {
    await using server = await startServer((_, response) => response.writeHead(204).end());
    const { code, printed, errors } = await runAt(server.url, id);
    expect({ code, printed: printed.trim(), errors }).toEqual({ code: 0, printed: "", errors: "" });
  });

  it.each(run.filter((id) => id !== "typescript"))("do not wait for ever: %s", async (id) => {
    await using server = await startServer(() => {}); // never answers
    const impatient = sample(id).code.replace(/\b30\b/, "1"); // seconds
    const { code, errors } = await runAt(server.url, id, { code: impatient });
    expect(code).not.toBe(0);
    expect(errors).toMatch(/time[ds]? ?-?out|deadline exceeded/i);
  });

  it.each(run)("send the token nowhere else, and do not take a redirect for an answer: %s", async (id) => {
    await using elsewhere = await startServer(reply(200, {}));
    const redirect: Answer = reply(302, {}, { location: `${elsewhere.url}/` });
    await using server = await startServer(redirect);
    const { code, errors } = await runAt(server.url, id);
    expect(code).not.toBe(0);
    expect(errors).toMatch(/302|redirect/i);
    expect(server.received.length).toBeGreaterThan(0);
    expect(elsewhere.received).toEqual([]);
  });
});
