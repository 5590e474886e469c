// The report formats, with real reports, including ones that quote hostile input.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { formats } from "../../src/check/formats/index.ts";
import type { Setting } from "../../src/check/formats/setting.ts";
import type { Report } from "../../src/check/index.ts";
import { makeReports } from "./reports.ts";

let reports: Awaited<ReturnType<typeof makeReports>>;
beforeAll(async () => {
  reports = await makeReports();
});

const setting: Setting = { colour: false, contractFile: "generated/openapi.yaml", failOn: "error" };
const names = ["kept", "departed", "warnedOnly", "unknown", "consumer"] as const;

describe("the reports that this test prints", () => {
  it("are of each outcome and of both sides", () => {
    const seen = names.map((name) => `${reports[name].side} ${reports[name].outcome}`);
    expect(seen).toEqual([
      "provider conforms",
      "provider departs",
      "provider conforms",
      "provider could-not-run",
      "consumer departs",
    ]);
    expect(reports.kept.findings).toEqual([]);
    expect(reports.warnedOnly.summary).toMatchObject({ failed: 0, warned: 1 });
  });
});

describe("pretty", () => {
  it("is short when all is well: what was checked, how many rules passed, which revisions fit, what had nothing to check and was never seen", () => {
    const { server, durationMs, rules, summary, contractVersion } = reports.kept;
    const skipped = rules.filter(({ result }) => result === "skipped").map(({ id }) => id);
    expect(skipped.length).toBeGreaterThan(0);
    const { neverSeen = [] } = reports.kept.coverage ?? {};
    const all = structuredClone(reports.kept);
    all.coverage = { seen: 53, of: 53, percent: 100, neverSeen: [], outOfReach: [] };
    expect(formats.pretty(all, setting)).toBe(
      `✓ ${server} conforms to contract ${contractVersion}: of ${rules.length} rules ${summary.passed} passed, ` +
        `${summary.skipped} skipped (${(durationMs / 1000).toFixed(1)} s)\n` +
        "  Fits every revision: no response tells them apart\n" +
        `  Left out, or nothing to check: ${skipped.join(", ")}\n` +
        "  Coverage of the contract: seen 53 of 53 (100 %)\n",
    );
    expect(neverSeen.length).toBeGreaterThan(0);
    expect(formats.pretty(reports.kept, setting).split("\n").length).toBeLessThan(20);
  });

  it.each(["pretty", "markdown"] as const)("names the skipped rules, as %s, if all seems well", (format) => {
    const left = "Left out, or nothing to check: ";
    const { skipped } = reports.warnedOnly.summary;
    expect(formats[format](reports.warnedOnly, setting)).toMatch(
      new RegExp(`${left}in-time, whole-answer, ([\\w-]+, ){9}[\\w-]+ and ${skipped - 12} more\\b`),
    );
    expect(formats[format](reports.unknown, setting)).not.toContain(left);
  });

  it("shows for a fault the request, the value found, what the contract says, and where", () => {
    const text = formats.pretty(reports.departed, setting);
    expect(text).toContain(`
✗ page-schema  A page has the types and formats of the contract

    size should be integer
      request   GET ${reports.departed.server}/v2/`);
    expect(text).toMatch(
      /\/backups \(list\)\n {6}found {5}"880232"\n {6}at {8}\/backup_record_response\/0\/size\n {6}expected {2}integer\n {6}contract {2}reference page, table 4, line 5\n {6}line {6}generated\/openapi\.yaml:\d+ #\/components\/schemas\/BackupRecordResponse\/properties\/size\n/,
    );
  });

  it("shows a fault of every response once, and names the other responses", () => {
    const own = reports.departed.findings.filter(({ rule }) => rule === "media-type");
    expect(own.length).toBeGreaterThan(0);
    const text = formats.pretty(reports.departed, setting);
    expect(text.match(/The Content-Type is not JSON in UTF-8/g)).toHaveLength(1);
    expect(text).toMatch(
      /also in {3}first-page, second-page, page-past-the-end, window, empty-window, offset-negative and 5 more\n/,
    );
  });

  it("shows a fault of a field once for all records, and faults of other fields separately", () => {
    const report = structuredClone(reports.departed);
    const one = { ...(report.findings[0] as Report["findings"][number]), probe: "list", message: "it is wrong" };
    const pointers = ["/a/0/size", "/a/1/size", "/a/12/size", "/a/1/name"];
    const text = formats.pretty({ ...report, findings: pointers.map((pointer) => ({ ...one, pointer })) }, setting);
    expect(text.match(/it is wrong/g)).toHaveLength(2);
    expect(text.match(/(?<= at {8}| also in {3}).*/g)).toEqual(["/a/0/size", "list (2 times)", "/a/1/name"]);
  });

  it("counts what it does not name: more than six other responses, and faults that the report only counts", () => {
    const report = structuredClone(reports.departed);
    const one = { ...(report.findings[0] as Report["findings"][number]), rule: "size" };
    const found = (message: string, probe: string) => ({ ...one, message, probe });
    const more = { ...found("9 more", "a"), more: 9 };
    const probes = ["b", "b", "c", "d", "e", "f", "g", "h", "h", "h", "i"];
    const alsoIn = (...findings: Report["findings"]) =>
      formats.pretty({ ...report, findings }, setting).match(/(?<=also in {3}).*/g);
    expect(alsoIn(found("x", "a"), ...probes.map((probe) => found("x", probe)))).toEqual([
      "b (2 times), c, d, e, f, g and 4 more",
    ]);
    expect(alsoIn(found("x", "a"), more)).toEqual(["9 more"]);
    expect(alsoIn(...probes.map((probe) => found("x", probe)), more)).toEqual(["b, c, d, e, f, g and 13 more"]);
    const text = formats.pretty({ ...report, findings: [found("x", "a"), found("y", "a"), more] }, setting);
    expect(text.indexOf("9 more")).toBeGreaterThan(text.indexOf("    y\n"));
    expect(text.match(/9 more/g)).toHaveLength(1);
  });

  it("has errors before warnings", () => {
    const marks = formats
      .pretty(reports.departed, setting)
      .match(/^[✗!](?= [\w-]+ {2})/gm)
      ?.join("");
    expect(marks).toMatch(/^✗+!+$/);
  });

  it("names the package's export of the contract if its file is not at hand", () => {
    const text = formats.pretty(reports.departed, { ...setting, contractFile: undefined });
    expect(text).toMatch(/line {6}dcs-backup-records\/openapi\.yaml:\d+ #/);
  });

  it("has colours only on request, and the same text with them", () => {
    const plain = formats.pretty(reports.departed, setting);
    const coloured = formats.pretty(reports.departed, { ...setting, colour: true });
    expect(coloured).toContain("\u001b[31m✗ page-schema\u001b[39m");
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it("escapes control and bidirectional characters of a server", () => {
    for (const name of names) {
      const text = formats.pretty(reports[name], setting);
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(formats.pretty(reports.departed, setting)).toContain("\\u001b[31m\\u0000");
    const report = structuredClone(reports.departed);
    for (const finding of report.findings) finding.message = "\u001b[2J\u202e";
    expect(formats.pretty(report, setting)).toContain("    \\u001b[2J\\u202e\n");
  });

  it("says that a command violates the contract, with the number of the request", () => {
    const text = formats.pretty(reports.consumer, setting);
    expect(text).toMatch(/beginTime=x \(request-1\)\n/);
    expect(text).toContain("The command ended with exit code 3");
    expect(text).toMatch(/^✗ The command violates contract /m);
  });

  it("says that the check could not run, and why", () => {
    const text = formats.pretty(reports.unknown, setting);
    expect(text).toContain("HTTP 403: the credentials are rejected");
    expect(text).toMatch(/^✗ http:\/\/127\.0\.0\.1:\d+ could not be checked: of \d+ rules 1 failed, /m);
  });
});

describe("json", () => {
  it("is the report", () => {
    for (const name of names) expect(JSON.parse(formats.json(reports[name]))).toEqual(reports[name]);
  });
});

describe("junit", () => {
  const numbers = (xml: string) =>
    Object.fromEntries(
      ["tests", "failures", "errors", "skipped"].map((name) => [
        name,
        Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(xml)?.[1]),
      ]),
    );
  const elements = (xml: string) =>
    Object.fromEntries(
      ["testcase", "failure", "error", "skipped", "system-out"].map((name) => [
        name,
        xml.match(new RegExp(`<${name}[ />]`, "g"))?.length ?? 0,
      ]),
    );

  it("has a case for each rule: failed, skipped, or passed with its warnings", () => {
    const { rules, summary } = reports.departed;
    const xml = formats.junit(reports.departed, setting);
    const { failed, skipped, warned } = summary;
    expect(Math.min(failed, skipped, warned)).toBeGreaterThan(0);
    expect(numbers(xml)).toEqual({ tests: rules.length, failures: failed, errors: 0, skipped });
    expect(elements(xml)).toEqual({ testcase: rules.length, failure: failed, error: 0, skipped, "system-out": warned });
  });

  it("has warnings as failures if they fail the check", () => {
    const { summary, rules } = reports.warnedOnly;
    expect(summary).toMatchObject({ failed: 0, warned: 1 });
    expect(elements(formats.junit(reports.warnedOnly, setting))).toMatchObject({ failure: 0, "system-out": 1 });
    const xml = formats.junit(reports.warnedOnly, { ...setting, failOn: "warning" });
    expect(elements(xml)).toMatchObject({ testcase: rules.length, failure: 1, "system-out": 0 });
    expect(numbers(xml)).toMatchObject({ failures: 1, errors: 0 });
  });

  it("has an error, not a failure, if the check could not run", () => {
    const xml = formats.junit(reports.unknown, setting);
    expect(numbers(xml)).toMatchObject({ failures: 0, errors: 1 });
    expect(elements(xml)).toMatchObject({ failure: 0, error: 1 });
  });
});

describe("github", () => {
  const commands = (report: Report, own: Partial<Setting> = {}) =>
    formats
      .github(report, { ...setting, ...own })
      .trimEnd()
      .split("\n");

  it("is one command per line: an error or a warning for each fault, then the verdict", () => {
    const lines = commands(reports.departed);
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) [^:]*::[^\r\n]+$/);
    const kinds = lines.map((line) => /^::(\w+)/.exec(line)?.[1]);
    expect(kinds.join(" ")).toMatch(/^(error )+(warning )+notice$/);
    expect(lines.at(-1)).toMatch(/^::notice title=Contract check::http:\/\/127\S+ violates contract /);
  });

  it("is only a notice when all is well", () => {
    const { server, contractVersion, rules, summary } = reports.kept;
    const counts = `of ${rules.length} rules ${summary.passed} passed, ${summary.skipped} skipped`;
    const { coverage: _, ...kept } = reports.kept;
    expect(commands(kept)).toEqual([
      `::notice title=Contract check::${server} conforms to contract ${contractVersion}: ${counts}%0AFits every revision: no response tells them apart`,
    ]);
  });

  it("points at the violated line of the contract", async () => {
    const yaml = (await readFile(join(repository, "generated/openapi.yaml"), "utf8")).split("\n");
    const lines = commands(reports.departed);
    const size = lines.find((line) => line.includes("::size should be integer%0A")) ?? "";
    const [, file, line] = /^::error file=([^,]+),line=(\d+),title=page-schema%3A /.exec(size) ?? [];
    expect(file).toBe("generated/openapi.yaml");
    expect(yaml[Number(line) - 1]?.trim()).toBe("size:");
  });

  it("names no file that is not in the repository, and still says where", () => {
    const lines = commands(reports.departed, { contractFile: undefined });
    expect(lines.join("\n")).not.toMatch(/file=|line=/);
    expect(lines[0]).toMatch(/%0Aline dcs-backup-records\/openapi\.yaml:\d+ #/);
  });

  it("escapes characters that would end a command or a property, and those that look like an escape", () => {
    const report = structuredClone(reports.departed);
    const [finding] = report.findings.splice(0);
    report.findings.push({ ...(finding as Report["findings"][number]), message: "50%, a: b\n::error::\r%0A" });
    report.rules = [{ id: finding?.rule ?? "", title: "one, two: three", result: "failed" }];
    const lines = commands(report);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(
      `,title=${finding?.rule}%3A one%2C two%3A three::50%25, a: b\\u000a::error::\\u000d%250A%0Arequest`,
    );
  });
});

describe("markdown", () => {
  it("has a heading with the outcome, the numbers, and no table when all is well", () => {
    const text = formats.markdown(reports.kept, setting);
    expect(text).toMatch(/^## ✅ http&#58;\/\/127\.0\.0\.1&#58;\d+ conforms to contract \d/);
    expect(text).toMatch(/\nChecked in \d\.\d s: of \d+ rules \d+ passed, \d+ skipped\.\n/);
    expect(text).not.toContain("|");
  });

  it("has a table of the faults, and nothing from a server can break out of a cell", () => {
    for (const name of ["departed", "unknown", "consumer"] as const) {
      const text = formats.markdown(reports[name], setting);
      expect(text).toMatch(/^## ❌ /);
      const rows = text.split("\n").filter((line) => line.startsWith("|"));
      expect(rows.length).toBeGreaterThan(2);
      for (const row of rows) expect(row.split("|")).toHaveLength(6);
      const html = rows.join("").match(/<[^>]*>/g) ?? [];
      expect([...new Set(html)].sort()).toEqual(["</b>", "</code>", "<b>", "<br>", "<code>"]);
      expect(rows.slice(2).join("")).not.toMatch(/[`*_[\]\\\r]/);
    }
  });

  it("stays within GitHub's limit, however many faults there are", () => {
    const report = structuredClone(reports.departed);
    const [finding] = report.findings as [Report["findings"][number]];
    const messages = Array.from({ length: 5000 }, (_, index) => `${"<".repeat(290)}${index}`);
    report.findings = messages.map((message) => ({ ...finding, message, actual: "|".repeat(120) }));
    const text = formats.markdown(report, setting);
    expect(Buffer.byteLength(text)).toBeLessThan(2 ** 20);
    expect(text).toContain("\n\nAnd 4800 more.\n");
  });
});

describe("the coverage of the contract", () => {
  const item = (id: string, about: string, what: string) => ({ id, about, what });
  const codes = Array.from({ length: 12 }, (_, index) =>
    item(`code-${index}`, "record.error_code", `dcs.08.00${index}`),
  );
  const covered: Report["coverage"] = {
    seen: 31,
    of: 58,
    percent: 53,
    neverSeen: [item("a", "limit", "absent"), item("b", "HTTP status", "400"), item("c", "limit", "given"), ...codes],
    outOfReach: [item("d", "HTTP status", "500"), item("e", "offset", "0 (minimum)")],
  };
  const printed = (format: keyof typeof formats, coverage = covered, colour = false) =>
    formats[format]({ ...reports.departed, ...(coverage && { coverage }) }, { ...setting, colour });

  it("ends the text: the number, what was never seen under its label, and what is out of reach", () => {
    const [some, others] = [codes.slice(0, 6), codes.slice(6)].map((part) => part.map(({ what }) => what).join(", "));
    const text = printed("pretty");
    expect(text.slice(text.indexOf("  Coverage"))).toBe(
      `  Coverage of the contract: seen 31 of 58 (53 %); never seen:
    limit              absent, given
    HTTP status        400
    record.error_code  ${some},
                       ${others}
    out of reach       HTTP status: 500; offset: 0 (minimum)
`,
    );
  });

  it("has no line in the text that is longer than 100 characters, and each item once", () => {
    for (const name of ["kept", "departed", "consumer"] as const) {
      const { coverage } = reports[name];
      const text = formats.pretty(reports[name], setting).split("Coverage of the contract")[1] ?? "";
      for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
      const names = text.match(/[\w./]+( \((empty|null|minimum)\))?(?=[,\n])/g);
      expect(coverage?.neverSeen.length).toBeGreaterThan(0);
      for (const { what } of coverage?.neverSeen ?? []) expect(names, what).toContain(what);
    }
  });

  it("breaks its lines at 100 characters, and not before", () => {
    const lengths = Array.from({ length: 58 }, (_, room) => {
      const neverSeen = [item("a", "limit", "x".repeat(30 + room)), item("b", "limit", "given")];
      const [line = ""] =
        printed("pretty", { ...covered, neverSeen, outOfReach: [] }).match(/(?<=\n) {4}limit.*/) ?? [];
      return line.length;
    });
    expect(Math.max(...lengths)).toBe(100);
  });

  it("is dim in colours", () => {
    expect(printed("pretty", covered, true)).toContain("\u001b[2m    limit              absent, given\u001b[22m\n");
  });

  it("is in the JSON with the ids of the items", () => {
    expect(JSON.parse(printed("json")).coverage).toEqual(covered);
  });

  it("is in properties of the JUnit suite, those left out that have nothing", () => {
    const xml = printed("junit");
    expect(xml).toContain('<property name="coverage" value="seen 31 of 58 (53 %)"/>');
    expect(xml).toContain(
      '<property name="neverSeen" value="limit: absent, given; HTTP status: 400; record.error_code: ',
    );
    expect(xml).toContain('<property name="outOfReach" value="HTTP status: 500; offset: 0 (minimum)"/>');
    const all = printed("junit", { ...covered, neverSeen: [], outOfReach: [] });
    expect(all.match(/"neverSeen"|"outOfReach"|"coverage"/g)).toEqual(['"coverage"']);
  });

  it("ends GitHub's notice", () => {
    const [last = ""] = printed("github").trimEnd().split("\n").slice(-1);
    expect(last).toMatch(/^::notice /);
    expect(last).toContain(
      "%0ACoverage of the contract: seen 31 of 58 (53 %25); never seen:%0Alimit: absent, given%0AHTTP status: 400%0A",
    );
    expect(last).toMatch(/%0Aout of reach: HTTP status: 500; offset: 0 \(minimum\)$/);
  });

  it("can be opened at the end of the Markdown, and is only a line if all was seen", () => {
    const text = printed("markdown");
    expect(text).toContain(
      "\n\n<details><summary>Coverage of the contract&#58; seen 31 of 58 (53 %); never seen&#58;</summary>\n\n- **limit** absent, given\n- **HTTP status** 400\n",
    );
    expect(text).toMatch(/\n- \*\*out of reach\*\* HTTP status&#58; 500; offset&#58; 0 \(minimum\)\n\n<\/details>\n$/);
    const all = printed("markdown", { ...covered, neverSeen: [], outOfReach: [] });
    expect(all).toMatch(/\n\nCoverage of the contract: seen 31 of 58 \(53 %\)\n$/);
  });

  it("is in no report of a check that could not run", () => {
    for (const format of Object.values(formats)) expect(format(reports.unknown, setting)).not.toMatch(/coverage/i);
  });
});
