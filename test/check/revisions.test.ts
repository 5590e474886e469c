// Which revisions the responses of a server fit, and the check against a later revision.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formats } from "../../src/check/formats/index.ts";
import { checkProvider, type Report } from "../../src/check/index.ts";
import { contractOf, revisionDates } from "../../src/wire/contract.ts";
import { type Answer, reply, startServer } from "../client/server.ts";
import { call, provider, run, secrets, withToken } from "./command.ts";
import { example } from "./reports.ts";
import { type BackupRecord, type Dataset, everyStatus, serve, service, token } from "./service.ts";

const later = { execution_at: "2019-05-11T08:31:16.166Z", backup_format: "aof" };
const records = (change: (record: BackupRecord) => object = (record) => record): Answer =>
  serve(service({ records: everyStatus.map(change) as BackupRecord[] }));

/** Answers an empty list with 204. */
const with204 = (change?: (record: BackupRecord) => object, options: Partial<Dataset> = {}): Answer => {
  const all = service({ records: everyStatus.map(change ?? ((record) => record)) as BackupRecord[], ...options });
  return serve((request) => {
    const { body, ...rest } = all(request);
    const isEmpty = JSON.stringify(body).includes('"backup_record_response":[]');
    return isEmpty ? { ...rest, status: 204, body: undefined } : { ...rest, body };
  });
};

async function checked(answer: Answer, options: object = {}): Promise<Report> {
  await using server = await startServer(answer);
  return await checkProvider({ ...example, server: server.url, credentials: { token }, ...options });
}

const errorOf = (error_code: string): Answer => {
  const all = records((record) => ({ ...record, ...later }));
  return (request, response) =>
    /offset=-1|limit=ten|begin_time=(\d{13}|\d{4}13\d{8})(&|$)/.test(request.url ?? "")
      ? reply(400, { error_code, error_msg: "No", error_ext_msg: null })(request, response)
      : all(request, response);
};

const ofOtc = ["2024-04-24", "2025-03-17"];

describe("the responses of a server", () => {
  it.each<[string, Answer, string[]]>([
    ["the base's fields alone", records(), [...revisionDates]],
    ["a later field", records((record) => ({ ...record, ...later })), revisionDates.slice(1)],
    ["a 204", with204(), ofOtc],
    ["a 204 and a later field", with204((record) => ({ ...record, ...later })), ofOtc],
    ["an error code of ten characters", errorOf("APIGW.0301"), ["2025-03-17"]],
    ["an error code of nine", errorOf("DCS.48000"), revisionDates.slice(1)],
    ["an unknown field", records((record) => ({ ...record, other: 1 })), []],
    ["a wrong type", records((record) => ({ ...record, size: "1" })), []],
  ])("fit those revisions under which nothing is found: %s", async (_, answer, fits) => {
    const { revisions, revision } = await checked(answer);
    expect(revision).toBe(revisionDates[0]);
    expect(revisions?.fits).toEqual(fits);
    const others = fits.length === 0 ? [] : revisionDates.filter((date) => !fits.includes(date));
    expect(revisions?.differs.map(({ revision }) => revision)).toEqual(others);
  });

  it("tell what tells the revisions apart, in each format", async () => {
    const report = await checked(with204((record) => ({ ...record, ...later })));
    const findings = report.findings.filter(({ rule }) => rule === "known-fields");
    expect(findings.length).toBeGreaterThan(0);
    for (const { notIn } of findings) expect(notIn).toEqual(revisionDates.slice(1));
    const empty = report.findings.filter(({ rule }) => rule === "empty-204");
    for (const { notIn } of empty) expect(notIn).toEqual(ofOtc);
    const setting = { colour: false, contractFile: undefined, failOn: "error" } as const;
    const pretty = formats.pretty(report, setting);
    expect(pretty).toMatch(/^ {2}Fits revision 2024-04-24, 2025-03-17$/m);
    expect(pretty).toMatch(
      /^ {2}Not 2022-11-09: The field is not in the contract.*, at \/.*\/execution_at \(known-fields\)$/m,
    );
    expect(pretty).toMatch(/^ {2}Not 2023-12-13, 2025-10-23: .*204.* \(empty-204\)$/m);
    expect(pretty).toContain("not in    revision 2023-12-13, 2024-04-24, 2025-03-17, 2025-10-23");
    const plain = (format: "markdown" | "github" | "junit") =>
      formats[format](report, setting).replaceAll("&#45;", "-");
    expect(plain("markdown")).toMatch(/^Fits revision 2024-04-24, 2025-03-17\.$/m);
    expect(plain("github")).toMatch(/^::notice .*%0AFits revision 2024-04-24, 2025-03-17%0ANot 2022-11-09: /m);
    expect(plain("junit")).toContain('<property name="revision" value="2022-11-09"/>');
    expect(plain("junit")).toContain(
      '<property name="revisions" value="Fits revision 2024-04-24, 2025-03-17. Not 2022-11-09: ',
    );
    expect(JSON.parse(formats.json(report)).revisions).toEqual(report.revisions);
  });

  it("tell for each place whether it is a finding under another revision", async () => {
    const { findings } = await checked(records((record) => ({ ...record, ...later, other: 1 })));
    const notIn = (field: string) => findings.find(({ pointer }) => pointer?.endsWith(`/${field}`))?.notIn;
    expect(notIn("execution_at")).toEqual(revisionDates.slice(1));
    expect(notIn("other")).toBeUndefined();
  });

  it("are told to fit nothing if the check could not run", async () => {
    expect(await checked(reply(401, {}))).not.toHaveProperty("revisions");
  });
});

describe("--revision", () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    server = await startServer(
      with204((record) => ({ ...record, ...later }), {
        credentials: { token: secrets.token },
        contract: await contractOf("newest"), // its limit has bounds
      }),
    );
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("checks a provider against that revision, and names its file", async () => {
    const right = await run([...provider(server.url), "--revision", "2025-03-17"], withToken);
    expect(right).toMatchObject({ code: 0, stderr: "" });
    expect(right.stdout).toMatch(/^✓ .* conforms to contract \d\S+, revision 2025-03-17: /);
    const other = await run([...provider(server.url), "--revision", "newest"], withToken);
    expect(other.stdout).toMatch(/conforms to contract \d\S+, revision 2025-10-23: .* 1 warned/);
    expect(other.stdout).toMatch(/revisions\/2025-10-23\/openapi\.yaml:\d+ #/);
  });

  it("checks a consumer against that revision", async () => {
    const request = `fetch(process.env.DCS_ENDPOINT + "/v2/p/instances/i/backups?limit=1001", { headers: { "X-Auth-Token": "any" } })`;
    const check = (...options: string[]) =>
      call(["check", "consumer", ...options, "--", process.execPath, "-e", request]);
    expect(await check()).toMatchObject({ code: 0 });
    const newest = await check("--revision=newest");
    expect(newest).toMatchObject({ code: 1 });
    expect(newest.stdout).toContain(`revision ${(await contractOf("newest")).revision}`);
  });

  it.each(["2024-04-25", "latest", "2024"])("is refused if there is none such: %s", async (revision) => {
    const { code, stderr } = await run([...provider(server.url), "--revision", revision], withToken);
    expect(code).toBe(2);
    expect(stderr).toContain(`--revision must be ${revisionDates.join(", ")} or newest, not "${revision}". Help: `);
  });
});
