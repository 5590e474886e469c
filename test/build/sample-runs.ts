// The docs' sample code: programs that run as pasted once the token is set.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OpenApiDocument } from "../../scripts/document.ts";
import { defaultServer } from "../../scripts/document.ts";
import { repository } from "../../scripts/repository.ts";
import { type Sample, samples } from "../../scripts/stages/samples.ts";
import { type Mock, startMock } from "../../src/mock/index.ts";
import { type Answer, reply, type Server, startServer } from "../client/server.ts";
import { inherited } from "../environment.ts";

export const bundle: OpenApiDocument = JSON.parse(await readFile(join(repository, "generated/openapi.json"), "utf8"));
export const all = samples(bundle);
export const ids = all.map(({ id }) => id);
export const sample = (id: Sample["id"]) => all.find((found) => found.id === id) as Sample;

interface Toolchain {
  /** Commands that the machine needs. */
  needs: string[];
  /** File name for the code. */
  file: string;
  /** Shell commands, in the file's folder: one that prepares it without a warning, and one that runs it. */
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

export const isThere = (command: string) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;

/** The commands that are missing to run a sample. */
export const missingFor = (id: Sample["id"]): string[] => toolchains[id].needs.filter((command) => !isThere(command));

/** What the samples print of a record. */
interface Shown {
  backup_name: string;
  status: string;
  size: number;
}

let folder: string;
let mock: Mock;
/** Answers as a test wants. It keeps its address, so that each sample is built only once. */
let server: Server;
let answer: Answer;
async function prepare(): Promise<void> {
  mock = await startMock();
  server = await startServer((request, response) => answer(request, response));
  folder = await mkdtemp(join(tmpdir(), "samples-"));
}
async function prepareTypeScript(): Promise<void> {
  const installed = join(folder, "node_modules/dcs-backup-records");
  await mkdir(installed, { recursive: true });
  await cp(join(repository, "package.json"), join(installed, "package.json"));
  const fetcher = join(repository, "node_modules/openapi-fetch");
  await cp(fetcher, join(folder, "node_modules/openapi-fetch"), { recursive: true });
  const dist = ["-p", join(repository, "tsconfig.build.json"), "--outDir", join(installed, "dist")];
  expect(spawnSync(process.execPath, [join(repository, "node_modules/typescript/bin/tsc"), ...dist]).status).toBe(0);
}
async function clear(): Promise<void> {
  await mock.close();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}

const built = new Map<string, Promise<string>>();

/** Builds a sample for another server than the contract's, as a reader would, and returns its folder. */
async function buildFor(url: string, id: Sample["id"], code: string): Promise<string> {
  const { file, build } = toolchains[id];
  const cwd = await mkdtemp(join(folder, `${id}-`));
  const placed = code.replace(defaultServer(bundle), url);
  expect(placed).not.toBe(code);
  await writeFile(join(cwd, file), placed);
  const result = await finish(spawn("sh", ["-c", build], { cwd, env: inherited() }));
  expect(result, `${id} does not build`).toMatchObject({ code: 0, errors: "" });
  return cwd;
}

async function runAt(
  url: string,
  id: Sample["id"],
  { env = { DCS_AUTH_TOKEN: "secret" }, code = sample(id).code }: { env?: NodeJS.Dict<string>; code?: string } = {},
) {
  const key = JSON.stringify([url, code]);
  if (!built.has(key)) built.set(key, buildFor(url, id, code));
  return finish(spawn("sh", ["-c", toolchains[id].run], { cwd: await built.get(key), env: inherited(env) }));
}

async function finish(child: ReturnType<typeof spawn>) {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error("Nothing to read from");
  const [[code], printed, errors] = await Promise.all([once(child, "close"), text(stdout), text(stderr)]);
  return { code: code as number, printed, errors };
}

/** Declares the tests that run these samples. */
export function describeRuns(run: Sample["id"][]): void {
  describe("the samples, run against the mock", () => {
    beforeAll(async () => {
      await prepare();
      if (run.includes("typescript")) await prepareTypeScript();
    });
    beforeEach(() => {
      server.received.length = 0;
    });
    afterAll(clear);

    it.each(run)("print the records: %s", async (id) => {
      const { code, printed, errors } = await runAt(mock.url, id);
      expect(errors).toBe("");
      expect(code).toBe(0);
      for (const field of ["backup_20190510163116", "succeed", "880232"]) expect(printed).toContain(field);
    });

    it.each(run)("print each record of the page, however large it is; TypeScript prints all pages: %s", async (id) => {
      const { EveryStatus } = bundle.components.examples as Record<
        "EveryStatus",
        { value: { backup_record_response: Shown[] } }
      >;
      const { backup_record_response: records } = EveryStatus.value;
      const perPage = 4;
      expect(records.slice(0, perPage).some(({ size }) => size > 2 ** 32)).toBe(true);
      answer = (request, response) => {
        const offset = Number(new URL(`http://localhost${request.url}`).searchParams.get("offset"));
        const page = { total_num: records.length, backup_record_response: records.slice(offset, offset + perPage) };
        reply(200, page)(request, response);
      };
      const { code, printed, errors } = await runAt(server.url, id);
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      for (const { backup_name, status, size } of id === "typescript" ? records : records.slice(0, perPage)) {
        for (const value of [backup_name, status, size]) expect(printed).toContain(String(value));
      }
    });

    it.each(run)("say that the token is missing, or that the service rejected the request: %s", async (id) => {
      const { code, printed, errors } = await runAt(mock.url, id, { env: {} });
      expect(code).not.toBe(0);
      expect(printed).not.toContain("backup_20190510163116");
      expect(errors).toMatch(/DCS_AUTH_TOKEN|credentials.token|401/);
    });

    const failure = { error_code: "DCS.5078", error_msg: "Query backup record failed.", error_ext_msg: null };
    it.each(run.filter((id) => id !== "typescript"))("fail with the service's message: %s", async (id) => {
      answer = reply(500, failure);
      const { code, printed, errors } = await runAt(server.url, id);
      expect(code).not.toBe(0);
      expect(printed + errors).toContain("DCS.5078");
      expect(errors).toContain("500");
      expect(server.received).toMatchObject([{ headers: { "x-auth-token": "secret" } }]);
    });

    it.each(run)("read an empty response as no records, as later revisions of the page allow: %s", async (id) => {
      answer = (_, response) => response.writeHead(204).end();
      const { code, printed, errors } = await runAt(server.url, id);
      expect({ code, printed: printed.trim(), errors }).toEqual({ code: 0, printed: "", errors: "" });
    });

    it.each(run.filter((id) => id !== "typescript"))("time out: %s", async (id) => {
      answer = () => {}; // never
      const impatient = sample(id).code.replace(/\b30\b/, "1"); // seconds
      const { code, errors } = await runAt(server.url, id, { code: impatient });
      expect(code).not.toBe(0);
      expect(errors).toMatch(/time[ds]? ?-?out|deadline exceeded/i);
    });

    it.each(run)("send the token nowhere else, and do not follow a redirect: %s", async (id) => {
      await using elsewhere = await startServer(reply(200, {}));
      answer = reply(302, {}, { location: `${elsewhere.url}/` });
      const { code, errors } = await runAt(server.url, id);
      expect(code).not.toBe(0);
      expect(errors).toMatch(/302|redirect/i);
      expect(server.received.length).toBeGreaterThan(0);
      expect(elsewhere.received).toEqual([]);
    });
  });
}
