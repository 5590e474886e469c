// Tests the consumers' run itself, with a consumer and a parser that need only Node: correct ones pass, and every fault is
// found and named. The real rows: npm run test:consumers

import { spawnSync } from "node:child_process";
import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { answers, isUsable, type Outcomes, readOutcomes } from "./answers.ts";
import type { Project } from "./projects.ts";
import { bundles, type Outcome, prove } from "./prove.ts";
import { prelude, readResults, renderReport } from "./report.ts";
import { documents, readRevisions, renderRevisions, usable } from "./revisions.ts";
import { type Parser, parsers, type Row, rows } from "./rows.ts";
import { read, startWire, type Wire } from "./wire.ts";

let source: string;
let work: string;
beforeAll(async () => {
  source = await mkdtemp(join(tmpdir(), "consumers-"));
  work = join(source, "work");
  await mkdir(join(source, "javascript"));
  await writeFile(join(source, "javascript/program.mjs"), program);
});
afterAll(() => rm(source, { recursive: true, force: true }));

/** A hand-written consumer. */
const program = `
const { BASE_URL, TOKEN, PROJECT_ID, INSTANCE_ID } = process.env;
const list = (name, query = {}) =>
  fetch(BASE_URL + "/" + name + "/v2/" + PROJECT_ID + "/instances/" + INSTANCE_ID + "/backups?" + new URLSearchParams(query), {
    headers: { "X-Auth-Token": TOKEN },
  });
const fields = ["backup_id", "period", "backup_name", "instance_id", "size", "backup_type", "created_at", "updated_at",
  "progress", "error_code", "remark", "status", "is_support_restore"];

for (const name of ["OneManualBackup", "EveryStatus"]) {
  const page = await (await list(name)).json();
  console.log(name + ".total_num: " + page.total_num);
  for (const [index, record] of page.backup_record_response.entries()) {
    for (const field of fields) console.log(name + "." + index + "." + field + ": " + (record[field] ?? null));
  }
}
const filter = { limit: 2, offset: 4, begin_time: "20190501000000", end_time: "20190531235959" };
console.log("Filtered.total_num: " + (await (await list("Filtered", filter)).json()).total_num);
for (const name of ["InvalidOffset", "BackupQueryFailed"]) {
  const answer = await list(name);
  const { error_code, error_msg } = await answer.json();
  console.log(name + ".status: " + answer.status);
  console.log(name + ".error_code: " + error_code);
  console.log(name + ".error_msg: " + error_msg);
}
const first = async (name) => (await (await list(name)).json()).backup_record_response[0];
console.log("UnknownStatus: " + (await first("UnknownStatus")).status);
console.log("UnknownField: " + ("storage_class" in (await first("UnknownField")) ? "kept" : "dropped"));
for (const type of ["size", "created_at", "status", "succeed"]) console.log("type." + type + ": any");
`;

const project: Project = { folder: "javascript", needs: { node: "Node" }, install: "true", manifests: [] };
const row: Row = {
  name: "by-hand",
  language: "JavaScript",
  generator: "none",
  version: "1.0",
  input: "openapi.yaml",
  projects: [project],
  output: "out",
  generate: "mkdir out",
  build: "node --check program.mjs",
  run: "node program.mjs",
};
/** A consumer without a program: its code is only generated. */
const { run: _, ...generated } = { ...row, build: "true" };
const parser: Parser = {
  name: "parser",
  language: "JavaScript",
  parser: "none",
  version: "1.0",
  projects: [project],
  read: `node -e 'process.argv.slice(1).forEach((file) => { if (!/"?BackupRecordsPage"?: *[{]?\\n/.test(fs.readFileSync(file))) throw Error("no BackupRecordsPage") })'`,
};

const AsyncFunction = (async () => {}).constructor as new (...code: string[]) => (...given: unknown[]) => Promise<void>;

async function outcome(tried: Row | Parser, options: Parameters<typeof prove>[1] = {}): Promise<Outcome> {
  const [result] = await prove([tried], { source, work, ...options });
  return result as Outcome;
}

const failures = ({ steps }: Outcome) =>
  steps.filter(({ failure }) => failure !== undefined).map(({ of, name, failure }) => `${of} ${name}: ${failure}`);

describe("a consumer", () => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await startWire();
  });
  afterAll(() => wire.close());

  /** Runs a program as a function, which is much faster than a process, and reads its output as the run does. */
  async function runHere(code: string) {
    const printed: string[] = [];
    const run = new AsyncFunction("process", "console", code);
    const { findings, faults } = await run(
      { env: wire.environment(row.name) },
      { log: (line: string) => printed.push(line) },
    ).then(
      () => read(printed.join("\n")),
      (error) => ({ findings: undefined, faults: [(error as Error).message] }),
    );
    return { findings, faults: [...faults, ...wire.faults(row.name)] };
  }

  it("that does everything passes, and its handling of unknown values is recorded", async () => {
    const { steps, findings } = await outcome(row);
    expect(steps.map(({ name, failure }) => [name, failure])).toEqual([
      ["generates", undefined],
      ["builds", undefined],
      ["runs", undefined],
    ]);
    expect(findings).toEqual({
      unknownStatus: "passes through",
      unknownField: "kept",
      types: { size: "any", created_at: "any", status: "any", succeed: "any" },
    });
  });

  it.each([
    ["sends another token", '"X-Auth-Token": TOKEN', '"X-Auth-Token": "x"', "X-Auth-Token x instead of"],
    [
      "sends Authorization too",
      '"X-Auth-Token": TOKEN',
      '"X-Auth-Token": TOKEN, Authorization: ""',
      "besides the token",
    ],
    ["sends another method", "headers: {", 'method: "OPTIONS", headers: {', "method OPTIONS instead of GET"],
    ["calls another path", "/backups?", "/backup?", "/backup instead of /v2/"],
    ["leaves out a parameter", "limit: 2, ", "", 'Filtered: query [["begin_time"'],
    ["sends a parameter twice over", "limit: 2,", "limit: 2, start: 4,", '["start","4"]'],
    ["misspells a parameter", "begin_time:", "beginTime:", '["beginTime","20190501000000"]'],
    ["sends a time that the contract refuses", "20190531235959", "20190531245959", "the mock objects"],
    [
      "leaves out a case",
      '["InvalidOffset", "BackupQueryFailed"]',
      '["InvalidOffset"]',
      "called EveryStatus, Filtered, InvalidOffset, One",
    ],
    ["makes up a case", '"UnknownField: "', '"UnknownField: " + (await list("Other")).status', "there is no such case"],
    ["drops a field", '"remark", ', "", "OneManualBackup.0.remark was not printed"],
    [
      "adds a field",
      '"remark", ',
      '"remark", "color", ',
      "OneManualBackup.0.color was printed, and nothing asked for it",
    ],
    ["drops a record", ".entries()", ".slice(0, 5).entries()", "EveryStatus.5.backup_id was not printed"],
    [
      "cuts a size to 32 bits",
      "record[field] ??",
      "(field === 'size' ? record.size | 0 : record[field]) ??",
      'EveryStatus.2.size is "',
    ],
    ["reads null as empty", "?? null", "?? ''", 'OneManualBackup.0.period is "" instead of "null"'],
    [
      "loses the error's message",
      '".error_msg: " + error_msg',
      '".error_msg: "',
      'InvalidOffset.error_msg is "" instead of "Invalid',
    ],
    ["says nothing of the unknown", '"UnknownField: "', '"Unknown: "', "UnknownField was not printed"],
  ])("that %s fails", async (_, right, wrong, message) => {
    expect(program.split(right).length, `${right} occurs in the program`).toBeGreaterThan(1);
    const { faults } = await runHere(program.replaceAll(right, wrong));
    expect(faults.join("\n")).toContain(message);
  });

  it("that sends and prints wrong things fails with all of them", async () => {
    const wrong = program.replaceAll("begin_time:", "beginTime:").replace("?? null", "?? ''");
    await writeFile(join(source, "javascript/wrong.mjs"), wrong);
    const [failure, ...others] = failures(await outcome({ ...row, run: "node wrong.mjs" }));
    expect(failure).toMatch(/^by-hand runs: /);
    expect(failure).toContain('OneManualBackup.0.period is "" instead of "null"');
    expect(failure).toContain('["beginTime","20190501000000"]');
    expect(others).toEqual([]);
  });

  it("that crashes fails with its own message, and with the requests sent until then", async () => {
    const wrong = program.replaceAll("/backups?", "/backup?").replace(".json();", ".json(); throw Error('no page');");
    await writeFile(join(source, "javascript/wrong.mjs"), wrong);
    const [failure] = failures(await outcome({ ...row, run: "node wrong.mjs" }));
    expect(failure).toMatch(/^by-hand runs: \$ node wrong\.mjs\n.*Error: no page\n.*\n\(exit code 1\)\n/s);
    expect(failure).toContain("/backup instead of /v2/");
    expect(failure).toContain("called OneManualBackup; the cases are ");
  });

  it("that fails on unknown values, or changes them, passes and is recorded", async () => {
    const reading = '(await first("UnknownStatus")).status';
    const made = async (other: string) => {
      const { findings, faults } = await runHere(program.replace(reading, `(${reading} && "${other}")`));
      expect(faults).toEqual([]);
      return findings?.unknownStatus;
    };
    expect(await made("fails: not one of them")).toBe("fails: not one of them");
    expect(await made("unknown")).toBe("becomes unknown");
  });

  it("stops at the first step that fails, with the tool's own message", async () => {
    const build = "echo warming up; echo 'line 7: no such type' >&2; exit 3";
    const result = await outcome({ ...row, build });
    expect(result.steps.map(({ name }) => name)).toEqual(["generates", "builds"]);
    expect(failures(result)).toEqual([`by-hand builds: $ ${build}\nwarming up\nline 7: no such type\n(exit code 3)`]);
    expect(result.findings).toBeUndefined();
  });

  it("whose generator writes nothing fails, even if an earlier run's output is still there", async () => {
    await outcome(generated);
    expect(failures(await outcome({ ...generated, generate: "true" }))).toEqual([
      expect.stringContaining("by-hand generates: "),
    ]);
  });

  it("whose packages cannot be installed fails, and the next run tries again", async () => {
    const broken = { ...project, folder: "javascript", install: "echo no such version >&2; exit 1" };
    for (const _ of [1, 2]) {
      const [failure] = failures(await outcome({ ...row, projects: [broken] }));
      expect(failure).toMatch(/^javascript installs: .*\nno such version/);
    }
  });

  it("has its packages installed again only if a manifest changes", async () => {
    const counting = { ...project, install: "echo >> installed.txt", manifests: ["lock.txt"] };
    const installs = async () => (await readFile(join(work, "javascript/installed.txt"), "utf8")).length;
    await writeFile(join(source, "javascript/lock.txt"), "one");
    await outcome({ ...generated, projects: [counting] });
    await outcome({ ...generated, projects: [counting] });
    expect(await installs()).toBe(1);
    await writeFile(join(source, "javascript/lock.txt"), "two");
    await outcome({ ...generated, projects: [counting] });
    expect(await installs()).toBe(2);
  });

  it("is not run on a machine without its toolchain", async () => {
    const needs = { node: "Node", "no-such-command": "Fortran" };
    expect(await outcome({ ...row, projects: [{ ...project, needs }] })).toMatchObject({
      lacks: ["Fortran"],
      steps: [],
    });
  });

  it("is killed, with everything that it started, if the run is stopped", async () => {
    const stop = new AbortController();
    const pidFile = join(work, "javascript/pid");
    const run = `sleep 600 & echo $! > ${pidFile}; wait`;
    const stopped = outcome({ ...row, run }, { signal: stop.signal });
    await expect.poll(() => readFile(pidFile, "utf8").catch(() => "")).toMatch(/\d\n/);
    stop.abort(new Error("Stopped by SIGINT."));
    await expect(stopped).rejects.toThrow("Stopped by SIGINT.");
    const pid = Number(await readFile(pidFile, "utf8"));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

/** A hand-written consumer of the later service, which reads JSON as it is. */
const later = `
const { BASE_URL, CASES, PROJECT_ID } = process.env;
for (const name of CASES.split(" ")) {
  const line = await fetch(BASE_URL + "/" + name + "/v2/" + PROJECT_ID)
    .then(async (answer) => [answer.status, JSON.stringify(answer.status === 204 ? undefined : await answer.json())])
    .then(([status, body]) => (status < 400 ? "gives " + body : "error " + status + " " + body));
  console.log(name + ": " + line);
}
`;

describe("a consumer that meets the later service", () => {
  const met: Row = { ...row, answers: { build: "node --check later.mjs", run: "node later.mjs" } };
  const tolerant = join(repository, "generated/tolerant");
  beforeAll(() => writeFile(join(source, "javascript/later.mjs"), later));

  const all = {
    NoContent: "nothing: undefined",
    NewFields: "value",
    NewStatus: "value",
    LongErrorCode: "error 400, with its code",
    GatewayError: "error 401, with its code",
    nulls: "value",
  };

  it("gets every answer, whichever document its code is from", async () => {
    const base = await outcome(met);
    expect(base.steps.map(({ name, failure }) => [name, failure])).toContainEqual(["meets", undefined]);
    expect(base.outcomes).toEqual(all);
    const other = await outcome(met, { from: tolerant });
    expect(other.steps.map(({ name }) => name)).toEqual(["generates", "builds", "meets"]);
    expect(other.outcomes).toEqual(all);
    expect(await readFile(join(work, "javascript/openapi.json"), "utf8")).toContain('"BackupFormat": {');
  });

  it.each([
    [
      "generate",
      "does not generate: Error: two success types",
      { generate: "echo 'Error: two success types'; exit 1" },
    ],
    ["generate", "does not generate: no file", { generate: "echo no file; exit 1" }],
    [
      "build",
      "does not build: line 7: an error",
      { answers: { build: "echo hm; echo 'line 7: an error'; exit 1", run: "" } },
    ],
  ])("that does not %s from another document has this as its result", async (_, said, changed) => {
    const { steps, outcomes } = await outcome({ ...met, ...changed }, { from: tolerant });
    expect(steps.filter(({ failure }) => failure !== undefined)).toEqual([]);
    expect(new Set(Object.values(outcomes ?? {}))).toEqual(new Set([said]));
  });

  it.each([
    ["crashes", "crash", "process.exit(3)"],
    ["says nothing of a case", "Not printed: NoContent, NewFields", "process.exit(0)"],
  ])("fails if its program %s", async (_, __, code) => {
    const run = `node -e '${code}'`;
    const failed = failures(await outcome({ ...met, answers: { build: "true", run } }, { from: tolerant }));
    expect(failed).toEqual([expect.stringMatching(/^by-hand meets: (Not printed: NoContent, NewFields|\$ node -e)/)]);
  });

  it.each<[keyof Outcomes, string, string, boolean]>([
    ["NoContent", "gives ", "nothing: ", true],
    ["NoContent", "gives *client.Page null", "nothing: *client.Page null", true],
    ["NoContent", "gives {}", "value: {}", true],
    ["NoContent", "error 204 ", "error: 204 ", false],
    ["NoContent", "crash no JSON at localhost:4010", "crash: no JSON at …", false],
    ["NewFields", "gives execution_at=datetime(2019, 5, 11, 8), backup_format=<BackupFormat.AOF>", "value", true],
    ["NewFields", "gives created_at=2019-05-10", "dropped", false],
    ["NewFields", "gives backup_format=aof", "one of them", false],
    ["NewStatus", "gives status=UNKNOWN_DEFAULT_OPEN_API", "becomes unknown", false],
    ["NewStatus", "gives status=null", "dropped", false],
    ["LongErrorCode", "error 400 {}", "error 400, without its code", false],
    ["LongErrorCode", "crash longer than 9", "crash: longer than 9", false],
    ["GatewayError", "error 401 APIGW.0301", "error 401, with its code", true],
  ])("%s: %s is read as %s", (name, line, said, usable) => {
    const outcomes = readOutcomes(printed({ [name]: line }));
    expect(outcomes[name]).toBe(said);
    expect(isUsable(name, said)).toBe(usable);
  });

  it.each([
    ["null.record.size", "crash no number", "fails in 1 of 20: record.size: no number"],
    ["null.record.created_at", "gives 1970-01-01T00:00:00Z", "fails in 1 of 20: record.created_at: becomes 1970-01-01"],
    ["null.total_num", "error 200 null", "fails in 1 of 20: total_num: error 200 null"],
    ["null.error.error_msg", "gives {}", "fails in 1 of 20: error.error_msg: gives {}"],
  ])("%s: %s is read as %s", (name, line, said) => {
    expect(readOutcomes(printed({ [name]: line })).nulls).toBe(said);
    expect(readOutcomes(printed({})).nulls).toBe("value");
    expect(isUsable("nulls", said)).toBe(false);
  });

  /** A program's output, in which some lines are others. */
  function printed(changed: Record<string, string>): string {
    const good = (name: string) =>
      /^(null\.e|Long|Gateway)/.test(name) ? "error 400 APIGW.0301" : "gives 2019-05-11 aof archived";
    return [...answers.keys()].map((name) => `${name}: ${changed[name] ?? good(name)}`).join("\n");
  }
});

describe("a parser", () => {
  it("that reads the bundles and names the missing part of a broken one passes", async () => {
    const { steps } = await outcome(parser);
    expect(steps.map(({ name, failure }) => [name, failure])).toEqual([
      ["reads", undefined],
      ["refuses", undefined],
    ]);
  });

  it.each([
    ["complains about a bundle", "node -e 'throw Error(process.argv[2])'", "parser reads: "],
    ["accepts everything", "true", "parser refuses: "],
    ["refuses the broken one for another reason", "set -- ; f() { [ $# = 4 ]; }; f", "parser refuses: "],
  ])("that %s fails", async (_, read, failure) => {
    expect(failures(await outcome({ ...parser, read }))).toEqual([expect.stringContaining(failure)]);
  });
});

/** Whether a process runs; a zombie does not. */
async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return status !== undefined && !/\) Z /.test(status);
}

describe("npm run test:consumers", () => {
  /** Without a PATH there is no toolchain. */
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(repository, "test/consumers/run.ts"), ...args], {
      env: { ...process.env, PATH: "/nowhere", NO_COLOR: "1" },
      encoding: "utf8",
    });

  it("prints its help with each row", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    for (const { name } of [...rows, ...parsers]) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  it.each([
    [["no-such-row"], 'There is no row "no-such-row". Choose from: openapi-typescript, '],
    [["--fast"], "Unknown option '--fast'"],
  ])("refuses %s", (args, message) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it("says which toolchain a row needs; a missing one is a failure only if all rows are required", () => {
    const name = "openapi-typescript";
    const lenient = run(name);
    expect(lenient.stdout).toMatch(/openapi-typescript .* not run: needs Node and npm\n/);
    expect(lenient.status).toBe(0);
    const strict = run(name, "--require-all");
    expect(strict.stdout).toContain("not run: needs Node and npm");
    expect(strict.status).toBe(1);
  });
});

describe("CONSUMERS.md", () => {
  let report: string;
  let later: ReturnType<typeof usable>;
  beforeAll(async () => {
    report = await readFile(join(repository, "CONSUMERS.md"), "utf8");
    later = usable(readRevisions(await readFile(join(repository, "REVISIONS.md"), "utf8")));
  });

  it("is the output of the run", () => {
    expect(renderReport(rows, parsers, readResults(report), later), "Fix it: npm run test:consumers").toBe(report);
  });

  it("has a result for each row with a program", () => {
    expect([...readResults(report).keys()]).toEqual(rows.filter(({ run }) => run).map(({ name }) => name));
  });

  it("gives commands that put the bundles beside the programs", async () => {
    expect(report).toContain(`\n${prelude}\n`);
    const folder = join(source, "by-hand");
    await mkdir(folder);
    for (const part of ["test", "generated"]) await symlink(join(repository, part), join(folder, part));
    spawnSync("sh", ["-c", prelude], { cwd: folder });
    for (const { folder: project } of [...rows, ...parsers].flatMap(({ projects }) => projects)) {
      for (const bundle of bundles) await access(join(folder, "consumers", project, bundle));
    }
  });

  it("is stale if a row is added, or has another version or command", () => {
    for (const changed of [
      [...rows, row],
      [{ ...(rows[0] as Row), version: "0" }, ...rows.slice(1)],
      [{ ...(rows[0] as Row), generate: "x" }, ...rows.slice(1)],
    ]) {
      expect(renderReport(changed, parsers, readResults(report), later)).not.toBe(report);
    }
  });
});

describe("REVISIONS.md", () => {
  const met = rows.filter(({ answers }) => answers);
  let report: string;
  beforeAll(async () => {
    report = await readFile(join(repository, "REVISIONS.md"), "utf8");
  });

  it("is the output of the run", () => {
    expect(renderRevisions(met, readRevisions(report)), "Fix it: npm run test:consumers").toBe(report);
  });

  it.each(documents.map(({ name }) => name))("has a result for each row with a program, generated from %s", (name) => {
    expect([...(readRevisions(report).get(name)?.keys() ?? [])]).toEqual(
      rows.filter(({ run }) => run).map(({ name }) => name),
    );
  });

  it("keeps each result and each message", () => {
    const outcomes = Object.fromEntries(
      ["NoContent", "NewFields", "NewStatus", "LongErrorCode", "GatewayError", "nulls"].map((key) => [
        key,
        `crash: ${key} | a: b`,
      ]),
    ) as unknown as Outcomes;
    const matrix = new Map([["base", new Map([["by-hand", outcomes]])]]);
    expect(readRevisions(renderRevisions([row], matrix))).toEqual(matrix);
  });

  it("is stale if a row is added, or a result is another", () => {
    expect(renderRevisions([...met, row], readRevisions(report))).not.toBe(report);
    const matrix = readRevisions(report);
    const [outcomes] = [...(matrix.get("tolerant")?.values() ?? [])];
    if (outcomes) outcomes.NewStatus = "crash: at last";
    expect(renderRevisions(met, matrix)).not.toBe(report);
  });
});
