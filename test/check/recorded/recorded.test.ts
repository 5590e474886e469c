// `check recorded` as its users run it: its reports, its exit codes, hostile recordings, and what --clean writes.

import { link, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { checkRecorded, type Report } from "../../../src/check/index.ts";
import reportSchema from "../../../src/check/model/report.schema.json" with { type: "json" };
import exchangeSchema from "../../../src/check/recorded/exchange.schema.json" with { type: "json" };
import { harEnd, harStart, toHar } from "../../../src/check/recorded/har-entry.ts";
import { toLine } from "../../../src/check/recorded/ndjson.ts";
import type { Recorded } from "../../../src/check/recorded/recorded.ts";
import { call, folder, run, start, surroundings } from "../command.ts";
import { exchange, host, json, page, path, records, token } from "./traffic.ts";

const recorded = (...args: string[]) => call(["check", "recorded", ...args]);
const lines = (...all: Recorded[]) => all.map((one) => `${toLine(one)}\n`).join("");
const har = (...all: Recorded[]) => harStart + all.map(toHar).join(",\n") + harEnd;
const good = exchange();
const bad = exchange({ body: { ...page(), total_num: "6" } });

const jsonOf = async (...args: string[]) => {
  const { code, stdout } = await recorded(...args, "--format", "json");
  return { code, report: JSON.parse(stdout) as Report };
};

describe("the exit code is", () => {
  it("0 if all exchanges keep to the contract", async () => {
    await writeFile("traffic.har", har(good));
    const { code, stdout, stderr } = await recorded("traffic.har");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^✓ traffic\.har conforms to contract .*\n {2}1 exchange, 1 of this call\n/);
  });

  it("1 if one does not", async () => {
    await writeFile("traffic.ndjson", lines(good, bad));
    const { code, stdout } = await recorded("traffic.ndjson");
    expect(code).toBe(1);
    expect(stdout).toContain("✗ page-schema  ");
    expect(stdout).toContain(`GET https://${host}${path} (entry-2)`);
    expect(stdout).toContain("recorded  traffic.ndjson, line 2, 2026-07-01T12:00:00.000Z");
    expect(stdout).toContain("✗ traffic.ndjson violates contract ");
  });

  it("1 on warnings if those are to fail", async () => {
    await writeFile("traffic.har", har(exchange({ body: { ...page(), more: 1 } })));
    expect((await recorded("traffic.har")).code).toBe(0);
    expect((await recorded("traffic.har", "--fail-on", "warning")).code).toBe(1);
  });

  it("2 if nothing is judged: no exchange, another call, no response", async () => {
    await writeFile("empty.har", har());
    await writeFile("other.har", har(exchange({ url: `https://${host}/` })));
    await writeFile("unanswered.har", har(exchange({ response: { missing: "never-answered" } })));
    for (const file of ["empty.har", "other.har", "unanswered.har"]) {
      const { code, report } = await jsonOf(file, "--side", "provider");
      expect(code).toBe(2);
      expect(report).toMatchObject({ ok: false, outcome: "could-not-run", findings: [{ rule: "judged" }] });
    }
  });

  it("2 if a part cannot be read, and 1 if the rest violates the contract", async () => {
    await writeFile("good.ndjson", `${lines(good)}{"request":\n${lines(good)}`);
    const { code, stdout } = await recorded("good.ndjson");
    expect(code).toBe(2);
    expect(stdout).toContain("Line 2 is no JSON");
    expect(stdout).toContain("✗ good.ndjson could not be checked in full: ");
    await writeFile("bad.ndjson", `${lines(good)}{"request":\n${lines(bad)}`);
    expect((await recorded("bad.ndjson")).code).toBe(1);
    expect((await recorded("good.ndjson", "--skip", "readable")).code).toBe(0);
  });

  it("2 for a usage error, in one line", async () => {
    await writeFile("traffic.har", har(good));
    await mkdir("empty");
    const wrong: [args: string[], complaint: string][] = [
      [[], "The recording is missing: give a file, a folder, or - for the standard input. Help: "],
      [["no-such.har"], "There is no file or folder no-such.har\n"],
      [["empty"], "There is no recording in empty"],
      [["traffic.har", "--input", "pcap"], '--input must be har, ndjson or pact, not "pcap"'],
      [["traffic.har", "--side", "left"], '--side must be provider, consumer or both, not "left"'],
      [["traffic.har", "--only", "list"], '--only has "list", which is not the id of a rule on recordings'],
      [["traffic.har", "--revision", "1999-01-01"], "--revision must be "],
      [["traffic.har", "--foo"], "There is no option --foo"],
      [
        ["traffic.har", "--clean", "traffic.har"],
        "--clean is the recording that is read, traffic.har: name another file",
      ],
      [
        ["traffic.har", "--clean", "no/such/folder.har"],
        "--clean cannot be written to no/such/folder.har: there is no such folder",
      ],
      [["traffic.har", "--clean", "empty"], "--clean is no file: empty"],
      [["-", "-"], "files has - more than once"],
    ];
    for (const [args, complaint] of wrong) {
      const { code, stdout, stderr } = await recorded(...args);
      expect({ code, stdout }, args.join(" ")).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(complaint);
      expect(stderr.trimEnd()).not.toContain("\n");
    }
  });

  it("130 if it is interrupted, and nothing is left behind", async () => {
    await writeFile("traffic.ndjson", lines(good).repeat(5000));
    const around = surroundings();
    const ended = call(["check", "recorded", "traffic.ndjson", "--clean", "out.ndjson"], {}, around);
    await expect.poll(async () => (await readdir(folder)).length).toBe(2);
    around.emit("SIGINT");
    expect((await ended).code).toBe(130);
    expect(await readdir(folder)).toEqual(["traffic.ndjson"]);
  });
});

it("reads several files, folders and the standard input, compressed or not", async () => {
  await mkdir("night/deep", { recursive: true });
  await writeFile("night/a.har", har(good));
  await writeFile("night/deep/b.ndjson.gz", gzipSync(lines(good, bad)));
  await writeFile("night/package.json", "{}");
  const { report } = await jsonOf("night", "night/a.har");
  expect(report.exchanges).toMatchObject({ all: 4, ofCall: 4 });
  expect(report.findings).toMatchObject([{ file: "night/deep/b.ndjson.gz", probe: "entry-2", line: 2 }]);

  const child = start(["check", "recorded", "-"]);
  expect(child.stdin).toBeNull(); // it is empty
  await writeFile("input", lines(good));
  const { code, stdout } = await run(["check", "recorded", "-"], {}, []);
  expect(code).toBe(2);
  expect(stdout).toContain("It is empty");
});

it("the same as a function", async () => {
  await writeFile("traffic.har", har(good, bad));
  const progress: number[] = [];
  const report = await checkRecorded({
    files: ["traffic.har"],
    onProgress: ({ exchanges }) => progress.push(exchanges),
  });
  expect(report).toMatchObject({ outcome: "departs", findings: [{ rule: "page-schema", probe: "entry-2" }] });
  expect(progress).toEqual([0]);
  await expect(checkRecorded({ files: [] })).rejects.toThrow("files must be paths of recordings, at least one");
  await expect(checkRecorded({ files: ["a"], side: "left" as "both" })).rejects.toThrow(
    'side must be "provider", "consumer" or "both"',
  );
  await expect(checkRecorded({ files: ["a"], signal: AbortSignal.abort() })).rejects.toThrow("aborted");
});

it("the revision is the one asked for", async () => {
  await writeFile("traffic.har", har(exchange({ status: 204, body: "", answerHeaders: [] })));
  expect((await jsonOf("traffic.har")).report.findings).toMatchObject([{ rule: "empty-204" }]);
  expect((await jsonOf("traffic.har", "--revision", "2025-03-17")).report.findings).toEqual([]);
});

describe("a hostile recording", () => {
  it("with broken JSON in line 70 000 is told with that line, and the rest is judged", async () => {
    const other = `${toLine(exchange({ url: `https://${host}/`, body: "" }))}\n`;
    await writeFile(
      "traffic.ndjson",
      `${lines(good)}${other.repeat(69_998)}{"request":{]\n${other.repeat(10)}${lines(bad)}`,
    );
    const { code, report } = await jsonOf("traffic.ndjson");
    expect(code).toBe(1);
    expect(report.findings).toMatchObject([
      { rule: "readable", line: 70_000, file: "traffic.ndjson", probe: "entry-70000" },
      { rule: "page-schema", line: 70_011 },
    ]);
    expect(report.exchanges).toMatchObject({ all: 70_010, ofCall: 2 });
    expect(report.notJudged).toEqual([{ reason: "entry: broken", count: 1 }]);
  });

  it("that is cut off is told, and what came before is judged", async () => {
    const compressed = gzipSync(lines(bad, good));
    await writeFile("cut.ndjson", lines(bad, good).slice(0, -20));
    await writeFile("cut.har", har(bad, good).slice(0, -20));
    await writeFile("cut.ndjson.gz", compressed.subarray(0, -12));
    for (const file of ["cut.ndjson", "cut.har", "cut.ndjson.gz"]) {
      const { report } = await jsonOf(file);
      expect(report.findings.map(({ rule }) => rule).sort(), file).toEqual(["page-schema", "readable"]);
    }
  });

  it("whose body unpacks to a gigabyte, or is no UTF-8, does no harm", async () => {
    const bomb = gzipSync(Buffer.alloc(128 * 1024 * 1024)).toString("base64");
    const entry = JSON.parse(toHar(exchange({ answerHeaders: [...json, ["content-encoding", "gzip"]] })));
    entry.response.content = { size: -1, mimeType: "application/json", text: bomb, encoding: "base64" };
    await writeFile("bomb.har", harStart + JSON.stringify(entry) + harEnd);
    const { code, report } = await jsonOf("bomb.har");
    expect(code).toBe(0);
    expect(report.notJudged).toEqual([{ reason: "body of the response: it is too large", count: 1 }]);
    const latin1 = Buffer.from(lines(exchange({ body: page([{ ...records[0], remark: "é" }]) })), "latin1");
    await writeFile("latin1.ndjson", latin1);
    expect((await jsonOf("latin1.ndjson")).report.findings).toMatchObject([{ rule: "utf-8" }]);
  });

  it("that is something else is told", async () => {
    await writeFile("notes.txt", "hello");
    const { code, report } = await jsonOf("notes.txt");
    expect(code).toBe(2);
    expect(report.findings.map(({ message }) => message)).toContain("It is no HAR, no NDJSON of exchanges and no Pact");
  });
});

const secret = {
  cookie: "s3ssion-of-someone",
  key: "sekret-api-key-9",
  signature: "ab".repeat(32),
  accessKey: "AKIA-OF-SOMEONE",
};
const withSecrets = [
  exchange({
    query: `?limit=ten&token=${token}`,
    headers: [
      ["Host", host],
      ["X-Auth-Token", token],
      ["Cookie", `sid=${secret.cookie}`],
      ["X-Api-Key", secret.key],
    ],
    body: { error_code: token, [token]: secret.cookie, backup_record_response: [{ size: token, status: secret.key }] },
  }),
  exchange({
    headers: [
      ["X-Sdk-Date", "20060102T150405Z"],
      [
        "Authorization",
        `SDK-HMAC-SHA256 Access=${secret.accessKey}, SignedHeaders=x-sdk-date;${secret.accessKey.toLowerCase()}, Signature=${secret.signature}`,
      ],
    ],
    body: `<html>${secret.signature} ${secret.accessKey}`,
    answerHeaders: [["Content-Type", secret.signature]],
  }),
];
const all = [token, ...Object.values(secret)];

describe("secrets", () => {
  it.each(["pretty", "json", "junit", "github", "markdown"])("are not in the report as %s", async (format) => {
    await writeFile("traffic.ndjson", lines(...withSecrets));
    const { code, stdout, stderr } = await recorded("traffic.ndjson", "--format", format, "--fail-on", "warning");
    expect(code).toBe(1);
    expect(stdout).toContain("secret-echo");
    for (const text of all) expect(`${stdout}${stderr}`.toLowerCase()).not.toContain(text.toLowerCase());
  });

  it("are taken out by --clean, which says how many", async () => {
    await writeFile("traffic.ndjson", lines(...withSecrets));
    for (const out of ["clean.ndjson", "clean.har"]) {
      const { stderr } = await recorded("traffic.ndjson", "--clean", out);
      expect(stderr).toMatch(/^clean\.\w+: 2 exchanges; \d+ secrets taken out, and \d+ repeats of them elsewhere\n$/);
      const text = await readFile(out, "utf8");
      for (const one of all) expect(text).not.toContain(one);
      expect((await stat(out)).mode & 0o077).toBe(0);
    }
    const rules = async (file: string) =>
      (await jsonOf(file)).report.findings.map(({ rule, probe }) => `${rule} ${probe}`).sort();
    expect(await rules("clean.ndjson")).toEqual(await rules("clean.har"));
    expect(await rules("clean.ndjson")).toEqual(expect.arrayContaining(["secret-echo entry-1", "parameter entry-1"]));
  });

  it("are not taken out of the recording itself, under whatever name it is given", async () => {
    await writeFile("traffic.ndjson", lines(...withSecrets));
    await link("traffic.ndjson", "hard.ndjson");
    await symlink("traffic.ndjson", "soft.ndjson");
    const before = await readFile("traffic.ndjson", "utf8");
    for (const out of ["traffic.ndjson", "./traffic.ndjson", "hard.ndjson", "soft.ndjson"]) {
      const { code, stderr } = await recorded("traffic.ndjson", "--clean", out);
      expect(code, out).toBe(2);
      expect(stderr).toContain("--clean is the recording that is read");
    }
    expect(await readFile("traffic.ndjson", "utf8")).toBe(before);
    await writeFile("old.ndjson", "old");
    expect((await recorded("traffic.ndjson", "--clean", "old.ndjson")).code).toBe(1);
    expect(await readFile("old.ndjson", "utf8")).not.toBe("old");
  });
});

it("every form of the report tells what was not judged, and JSON and lines match their published schemas", async () => {
  await writeFile("traffic.ndjson", lines(bad, exchange({ response: { missing: "never-answered" } })));
  for (const format of ["pretty", "json", "junit", "github", "markdown"]) {
    const { stdout } = await recorded("traffic.ndjson", "--format", format);
    expect(stdout.replaceAll("&#58;", ":"), format).toContain("response: the request was never answered");
  }
  const ajv = new Ajv2020();
  addFormats.default(ajv);
  const isReport = ajv.compile(reportSchema);
  expect(isReport((await jsonOf("traffic.ndjson")).report), JSON.stringify(isReport.errors)).toBe(true);
  const isExchange = ajv.compile(exchangeSchema);
  await recorded("traffic.ndjson", "--clean", "clean.ndjson");
  for (const line of (await readFile("clean.ndjson", "utf8")).trimEnd().split("\n"))
    expect(isExchange(JSON.parse(line)), JSON.stringify(isExchange.errors)).toBe(true);
});

it("a terminal sees how far it is, and nothing of that stays", async () => {
  await writeFile("traffic.ndjson", lines(good).repeat(600));
  const around = surroundings({}, "stderr");
  const { stderr } = await call(["check", "recorded", "traffic.ndjson"], {}, around);
  expect(stderr).toContain("1/1  traffic.ndjson: 500 exchanges …");
  expect(stderr.endsWith("\r\u001b[2K")).toBe(true);
});

it("the help has every rule", async () => {
  const { stdout } = await recorded("--help");
  for (const id of ["readable", "parameter", "expected-fields", "page-repeats", "secret-echo"])
    expect(stdout).toMatch(new RegExp(`^ {2}${id} `, "m"));
  expect(stdout).not.toMatch(/^ {2}in-time /m);
});
