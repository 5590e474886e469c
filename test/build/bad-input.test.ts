// `npm run build` on bad input and on a failing machine: one clear message, and the output folder is unchanged.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../scripts/build.ts";
import { notice } from "../../scripts/output.ts";
import { repository } from "../../scripts/repository.ts";
import { Surroundings } from "../surroundings.ts";

const before = { "openapi.yaml": `# ${notice}\n`, "types.ts": "export {};\n" };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "build-"));
  await cp(join(repository, "spec"), join(folder, "spec"), { recursive: true });
  await mkdir(join(folder, "generated"));
  for (const [name, content] of Object.entries(before)) await writeFile(join(folder, "generated", name), content);
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(repository);
  await rm(folder, { recursive: true, force: true });
});

const here = ["--root", "spec/openapi.yaml", "--out", "generated"];

/** The command as a function. */
const build = (...options: string[]) => new Surroundings().run(main, [...here, ...options]);

/** The command as npm runs it: a process. */
const runtime = ["-r", join(repository, "scripts/runtime.cjs"), join(repository, "scripts/build.ts")];
const start = (...options: string[]) => spawn(process.execPath, [...runtime, ...here, ...options]);

async function finish(child: ReturnType<typeof start>) {
  const [[code], stdout, stderr] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

async function edit(name: string, change: (content: string) => string) {
  const file = join(folder, "spec", name);
  const content = await readFile(file, "utf8");
  const changed = change(content);
  expect(changed).not.toBe(content);
  await writeFile(file, changed);
}

async function expectUntouched() {
  expect((await readdir(folder)).sort()).toEqual(["generated", "spec"]);
  expect((await readdir(join(folder, "generated"))).sort()).toEqual(Object.keys(before));
  for (const [name, content] of Object.entries(before)) {
    expect(await readFile(join(folder, "generated", name), "utf8")).toBe(content);
  }
}

const record = "components/schemas/BackupRecordResponse.yaml";
const status = "components/schemas/BackupStatus.yaml";
const support = "components/schemas/RestoreSupport.yaml";
const endTime = "components/parameters/EndTime.yaml";
const overlay = "overlays/pt-BR.yaml";

describe("the build refuses", () => {
  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      "broken YAML",
      () => edit(status, (yaml) => yaml.replace("description: ", "description: '")),
      /^spec\/components\/schemas\/BackupStatus\.yaml:3:1 {2}This is not YAML: .+\. {2}\(yaml\)$/,
    ],
    [
      "an empty file",
      () => edit(status, () => "# nothing\n"),
      /^spec\/components\/schemas\/BackupStatus\.yaml:1:1 {2}This file does not hold a YAML object\. {2}\(yaml\)$/,
    ],
    [
      "a reference to a missing file",
      () => edit(record, (yaml) => yaml.replace("RestoreSupport.yaml", "RestoreSuport.yaml")),
      /^spec\/components\/schemas\/BackupRecordResponse\.yaml:\d+:5 {2}.*RestoreSuport\.yaml.*\(no-unresolved-refs\)$/,
    ],
    [
      "a reference to the network",
      () => edit(record, (yaml) => yaml.replace("RestoreSupport.yaml", "https://example.com/RestoreSupport.yaml")),
      /^spec\/components\/schemas\/BackupRecordResponse\.yaml:\d+:5 {2}This \$ref leads to the network\..*\(remote-ref\)$/,
    ],
    [
      "an example on the network",
      () =>
        edit("components/examples/NoBackups.yaml", (yaml) => `${yaml}externalValue: https://example.com/none.json\n`),
      /^spec\/components\/examples\/NoBackups\.yaml:\d+:1 {2}This externalValue leads to the network\..*\(remote-ref\)$/,
    ],
    [
      "a schema that holds itself",
      () => edit(record, (yaml) => yaml.replace("RestoreSupport.yaml", "BackupRecordResponse.yaml")),
      /^spec\/components\/schemas\/BackupRecordResponse\.yaml:\d+:5 {2}This \$ref leads back to itself\. {2}\(circular-ref\)$/,
    ],
    [
      "references that lead to each other",
      async () => {
        await edit(status, () => "$ref: RestoreSupport.yaml\n");
        await edit(support, () => "$ref: BackupStatus.yaml\n");
      },
      /^spec\/components\/schemas\/\w+\.yaml:1:1 {2}This \$ref leads back to itself\. {2}\(circular-ref\)$/,
    ],
    [
      "an example that violates its schema",
      () => edit("components/examples/OneManualBackup.yaml", (yaml) => yaml.replace("size: 880232", "size: big")),
      /^spec\/components\/examples\/OneManualBackup\.yaml:16:13 {2}.*`size`.*integer/,
    ],
    [
      "what Redocly refuses",
      () => edit(endTime, (yaml) => yaml.replace("in: query", "in: body")),
      /^spec\/components\/parameters\/EndTime\.yaml:2:5 {2}`in` can be one of .*\(struct\)$/,
    ],
    [
      "what Spectral refuses, with the line that a person wrote",
      () => edit(endTime, (yaml) => yaml.replace("(0[1-9]|1[0-2])", "(0\\d|1[0-2])")),
      /^spec\/components\/parameters\/EndTime\.yaml:7:3 {2}Pattern must .*\(pattern-portable\)$/,
    ],
    [
      "a file that nothing refers to",
      () => writeFile(join(folder, "spec/components/schemas/Extra.yaml"), "type: string\n"),
      /^spec\/components\/schemas\/Extra\.yaml {2}Nothing refers to this file\..*\(unused-file\)$/,
    ],
    [
      "a missing root document",
      () => rename(join(folder, "spec/openapi.yaml"), join(folder, "spec/other.yaml")),
      /^spec\/openapi\.yaml {2}This file cannot be read: ENOENT.*\(source\)$/,
    ],
    [
      "a reference that cannot be decoded",
      () => edit(record, (yaml) => yaml.replace("RestoreSupport.yaml", "RestoreSupport.yaml#/%zz")),
      /^spec\/components\/schemas\/BackupRecordResponse\.yaml:\d+:5 {2}Can't resolve \$ref.*\(no-unresolved-refs\)$/,
    ],
    [
      "YAML that holds itself by an alias",
      () => edit(status, (yaml) => `${yaml}x-loop: &loop { again: *loop }\n`),
      /^spec\/components\/schemas\/BackupStatus\.yaml {2}This file has a YAML alias.*\(yaml-alias\)$/,
    ],
    [
      "two documents in one file",
      () => edit(status, (yaml) => `${yaml}---\n${yaml}`),
      /^spec\/components\/schemas\/BackupStatus\.yaml {2}This is not YAML: .*\(yaml\)$/,
    ],
    [
      "a text without a translation",
      () => edit(status, (yaml) => `${yaml}title: A title\n`),
      /^spec\/overlays\/pt-BR\.yaml:\d+:1 {2}\/components\/schemas\/BackupStatus\/title is not translated: "A title"\. Add an action for it\. {2}\(translation\)$/,
    ],
    [
      "a translation of a changed text",
      () => edit(status, (yaml) => yaml.replace("Status of the backup.", "State of the backup.")),
      /^spec\/overlays\/pt-BR\.yaml:\d+:7 {2}The English is now "State of the backup\."\. Copy it here, and translate it again\. {2}\(translation\)$/,
    ],
    [
      "an invalid overlay",
      () => edit(overlay, (yaml) => yaml.replace("overlay: 1.0.0", "overlay: one")),
      /^spec\/overlays\/pt-BR\.yaml:\d+:1 {2}This is not an OpenAPI Overlay 1\.0\. {2}\(translation\)$/,
    ],
    [
      "an overlay with a key that Overlays do not have",
      () => edit(overlay, (yaml) => yaml.replace("info:", "info:\n  extra: 1")),
      /^spec\/overlays\/pt-BR\.yaml:\d+:\d+ {2}.+\(struct\)$/,
    ],
    [
      "a reference.yaml that is not YAML",
      () => edit("reference.yaml", (yaml) => yaml.replace("facts:", "facts: '")),
      /^spec\/reference\.yaml:\d+:\d+ {2}This is not YAML: .+\. {2}\(yaml\)$/,
    ],
    [
      "what no stage foresees, and says which it was",
      () => edit("components/parameters/Limit.yaml", (yaml) => yaml.replace("\nexample: 10", "")),
      /^Stage "samples": The contract has no limit, which the samples need\.$/,
    ],
    [
      "a keyword that no entry of reference.yaml has",
      () =>
        edit("components/parameters/Limit.yaml", (yaml) =>
          yaml.replace("format: int32", "format: int32\n  maximum: 1000"),
        ),
      /^spec\/components\/parameters\/Limit\.yaml:\d+:3 {2}query\.limit in reference\.yaml does not have \/components\/parameters\/Limit\/schema\/maximum\. Add it there, or .*\(traceability\)$/,
    ],
    [
      "a part of the contract that no entry of reference.yaml claims",
      () => edit("openapi.yaml", (yaml) => `${yaml}externalDocs:\n  url: https://example.com\n`),
      /^spec\/openapi\.yaml:\d+:1 {2}No entry of reference\.yaml claims \/externalDocs\. Add one: .*\(traceability\)$/,
    ],
    [
      "a part that differs from its entry in reference.yaml",
      () => edit("components/parameters/Limit.yaml", (yaml) => yaml.replace("int32", "int64")),
      /^spec\/reference\.yaml:\d+:\d+ {2}\/components\/parameters\/Limit\/schema\/format is "int64", but this entry says "int32"\. .*\(traceability\)$/,
    ],
    [
      "a text that does not mention what an entry of reference.yaml wants",
      () => edit("reference.yaml", (yaml) => yaml.replace("mentions: [Start, UTC", "mentions: [Start, GMT")),
      /^spec\/reference\.yaml:\d+:23 {2}\/components\/parameters\/BeginTime\/description does not mention "GMT"\. .*\(traceability\)$/,
    ],
    [
      "another version of OpenAPI",
      () => edit("openapi.yaml", (yaml) => yaml.replace("openapi: 3.0.3", "openapi: 3.1.0")),
      /^spec\/openapi\.yaml:1:1 {2}The contract must be written in OpenAPI 3\.0\.3\. {2}\(openapi-version\)$/,
    ],
  ])("%s", async (_what, spoil, message) => {
    await spoil();
    const { code, stderr } = await build();
    const [first, ...rest] = stderr.trim().split("\n");
    expect(first).toMatch(message);
    expect(rest).toEqual(["", "Nothing was written: the output folder is unchanged."]);
    expect(code).toBe(1);
    await expectUntouched();
  });

  it("with the same message and exit code as a process", async () => {
    await edit(endTime, (yaml) => yaml.replace("in: query", "in: body"));
    const { code, stdout, stderr } = await finish(start());
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe((await build()).stderr);
    expect(stderr).toMatch(/^spec\/components\/parameters\/EndTime\.yaml:2:5 {2}`in` can be one of /);
    await expectUntouched();
  });

  it("all faults at once, each on its own line", async () => {
    await edit(status, (yaml) => yaml.replace("description: ", "description: '"));
    await edit(support, () => "");
    const { stderr } = await build();
    expect(stderr.match(/\(yaml\)$/gm)).toHaveLength(2);
  });

  it("a fault with --json as one JSON object", async () => {
    await edit(endTime, (yaml) => yaml.replace("in: query", "in: body"));
    const { code, stdout, stderr } = await finish(start("--json"));
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, problems: [{ line: 2, column: 5, rule: "struct" }] });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  });

  it("a fault with --quiet, and says so", async () => {
    await edit(endTime, (yaml) => yaml.replace("in: query", "in: body"));
    const { code, stdout, stderr } = await finish(start("--quiet"));
    expect(stderr).toContain("(struct)");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  it.each([
    ["no file of a build", async () => rm(join(folder, "generated/openapi.yaml"))],
    ["another openapi.yaml", async () => writeFile(join(folder, "generated/openapi.yaml"), "# Ours\nopenapi: 3.0.3\n")],
  ])("a folder that holds %s, and leaves it", async (_what, spoil) => {
    await spoil();
    const files = await readdir(join(folder, "generated"));
    const { code, stderr } = await build();
    expect(stderr).toContain("generated  This folder holds files that no build wrote");
    expect(code).toBe(1);
    expect(await readdir(join(folder, "generated"))).toEqual(files);
  });

  it("a file to write to", async () => {
    const { code, stderr } = await build("--out", "spec/openapi.yaml");
    expect(stderr).toContain("spec/openapi.yaml  This is a file, not a folder.");
    expect(code).toBe(1);
    await expectUntouched();
  });

  it.each([["--no-such-option"], ["extra"], ["--out"]])("the command line %s, with the help", async (option) => {
    const { code, stderr } = await build(option);
    expect(stderr).toContain("Usage: npm run build");
    expect(code).toBe(2);
    await expectUntouched();
  });

  it("a command line as a process, with the same message and exit code", async () => {
    expect(await finish(start("--no-such-option"))).toEqual({ ...(await build("--no-such-option")), code: 2 });
  });
});

describe("the build, on a failing machine,", () => {
  // A limit on the size of a file makes the kernel refuse the write, as a full disk does.
  it("leaves the output unchanged when the disk is full", async () => {
    const command = ["-c", 'ulimit -f 8 && exec "$0" "$@"', process.execPath, ...runtime, ...here];
    const { code, stderr } = await finish(spawn("sh", command));
    expect(stderr).toContain('Stage "write 3.0": Could not write openapi.json: EFBIG');
    expect(code).toBe(1);
    await expectUntouched();
  });

  it("leaves the output unchanged when it cannot write the docs, which come last", async () => {
    const around = new Surroundings();
    around.stdout.on("text", (line) => {
      if (!line.startsWith("postman")) return;
      const [fresh = ""] = readdirSync(folder).filter((name) => name.startsWith(".generated-"));
      mkdirSync(join(folder, fresh, "docs/index.html"), { recursive: true }); // where the file is to go
    });
    const { code, stderr } = await around.run(main, here);
    expect(stderr).toContain('Stage "docs": Could not write docs/index.html: EISDIR');
    expect(code).toBe(1);
    await expectUntouched();
  });

  const interrupted = async (signal: NodeJS.Signals, stage: string) => {
    const around = new Surroundings();
    around.stdout.on("text", (line) => line.startsWith(stage) && around.emit(signal, signal));
    return around.run(main, here);
  };

  const interruptedProcess = async (signal: NodeJS.Signals, stage: string) => {
    const child = start();
    child.stdout.on("data", (chunk) => {
      if (String(chunk).includes(stage)) child.kill(signal);
    });
    return finish(child);
  };

  it.each([
    ["SIGHUP", 129, "lint source", interrupted],
    ["SIGINT", 130, "lint source", interrupted],
    ["SIGINT", 130, "write 3.0", interruptedProcess],
    ["SIGINT", 130, "types", interrupted],
    ["SIGTERM", 143, "write 3.0", interruptedProcess],
  ] as const)("leaves the output as it was at %s (%i) after the stage %s", async (signal, status, stage, run) => {
    const { code, stdout, stderr } = await run(signal, stage);
    expect(stdout).toContain(stage);
    expect(stdout).not.toContain("wrote");
    expect(stderr).toContain("The build was interrupted.");
    expect(code).toBe(status);
    await expectUntouched();
  });
});

describe("the build, if nothing is wrong,", () => {
  it("prints nothing with --quiet, and ignores files of editors and file managers", async () => {
    await writeFile(join(folder, "spec/components/schemas/.BackupType.yaml.swp"), "\0");
    await writeFile(join(folder, "spec/components/.DS_Store"), "\0");
    expect(await build("--quiet")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("goes on if nobody reads its output", async () => {
    const child = start();
    child.stdout.destroy();
    const [[code], stderr] = await Promise.all([once(child, "close"), text(child.stderr)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await readdir(join(folder, "generated"))).toContain("openapi-3.1.json");
  });

  it("replaces the whole output, and lists what it wrote", async () => {
    await writeFile(join(folder, "generated/stale.txt"), "");
    const { code, stdout, stderr } = await build();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const stages = [
      "lint source",
      "bundle",
      "samples",
      "revisions",
      "translate",
      "tolerant",
      "lint bundle",
      "check examples",
      "trace",
      "write 3.0",
      "write 3.1",
      "types",
      "contract",
      "validators",
      "postman",
      "docs",
    ];
    const lines = stdout.split("\n");
    expect(lines.slice(0, stages.length).map((line) => line.slice(0, 15).trim())).toEqual(stages);
    for (const line of lines.slice(0, stages.length)) expect(line).toMatch(/ \d+\.\d\d s {2}\S/);
    expect(stdout).toMatch(/wrote generated\/ in \d+\.\d\d s/);
    const files = (await readdir(join(folder, "generated"), { recursive: true })).sort();
    expect(files).not.toContain("stale.txt");
    for (const file of files.filter((name) => name !== "docs")) expect(stdout).toContain(file);
    expect((await readdir(folder)).sort()).toEqual(["generated", "spec"]);
  });

  it("prints one JSON object with --json", async () => {
    const { stdout } = await build("--json");
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      files: expect.arrayContaining([{ file: "types.ts", bytes: expect.any(Number) }]),
    });
  });

  it("prints its help with --help", async () => {
    const { code, stdout } = await finish(start("--help"));
    expect(code).toBe(0);
    for (const option of ["--root", "--out", "--quiet", "--json", "--help", "Exit code"])
      expect(stdout).toContain(option);
    await expectUntouched();
  });
});
