// The contract over HTTP, against a real Prism: which requests are accepted or rejected, and the responses.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpenApiDocument } from "../../scripts/document.ts";
import { repository } from "../../scripts/repository.ts";
import { compileSchemas, type Validate } from "../../scripts/schemas.ts";
import { checkProvider } from "../../src/check/index.ts";
import { type Mock, startMock } from "../../src/mock/index.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { known, nodeAt } from "../document.ts";

let mock: Mock;
let bundle: OpenApiDocument;
let validate: Validate;

beforeAll(async () => {
  bundle = JSON.parse(await readFile(join(repository, "generated/openapi.json"), "utf8"));
  validate = compileSchemas(bundle);
  mock = await startMock();
});
afterAll(() => mock.close());

const path = "/v2/0b33da72c10045ecbd8b3b4ac4b34ca7/instances/5560df16-cebf-4473-95c4-d1b573c16e79/backups";
const token = { "X-Auth-Token": "any" };
const signature = { Authorization: "SDK-HMAC-SHA256 Access=AK, SignedHeaders=x-sdk-date, Signature=00" };

const parameters = Object.fromEntries(baseContract.parameters);

const get = (target: string, headers: Record<string, string> = token) => fetch(mock.url + target, { headers });

/** The errors of a body against a schema of the contract. */
const faults = (schema: string, body: unknown) => validate(["components", "schemas", schema], body);

const examplesOf = (response: string) =>
  Object.keys(known(bundle, `/components/responses/${response}/content/application~1json/examples`));

describe("a response", () => {
  it.each([
    ["BackupRecordsPage", 200, ["OneManualBackup", "NoBackups", "EveryStatus"]],
    ["BadRequest", 400, ["InvalidOffset"]],
    ["InternalServerError", 500, ["BackupQueryFailed"]],
  ])("of %s is each of its named examples, to the letter", async (response, status, names) => {
    expect(examplesOf(response)).toEqual(names);
    for (const name of names) {
      const answer = await get(path, { ...token, Prefer: `code=${status}, example=${name}` });
      expect(answer.status).toBe(status);
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(await answer.json()).toEqual(nodeAt(bundle, `/components/examples/${name}/value`));
    }
  });

  it("is the reference page's example without a Prefer header", async () => {
    const page = (await (await get(path)).json()) as { backup_record_response: object[] };
    expect(page.backup_record_response).toHaveLength(1);
    expect(page.backup_record_response[0]).toMatchObject({ period: null, error_code: null, size: 880232 });
  });

  it.each([
    ["offset=0", "offset=1"],
    ["limit=1", "limit=0"],
    ["begin_time=20190510083230", "begin_time=20190510083231"],
    ["end_time=20190510083116", "end_time=20190510083115"],
    ["begin_time=20190510083200&end_time=20190510083200", "begin_time=20190510083231&end_time=20190531000000"],
  ])("has the one record for %s, and none for %s", async (held, without) => {
    expect(await (await get(`${path}?${held}`)).json()).toEqual(
      nodeAt(bundle, "/components/examples/OneManualBackup/value"),
    );
    const empty = (await (await get(`${path}?${without}`)).json()) as { backup_record_response: object[] };
    expect(empty.backup_record_response).toEqual([]);
  });

  it.each([
    ["code=200", "/components/examples/OneManualBackup/value"],
    ["example=EveryStatus", "/components/examples/EveryStatus/value"],
    ["code=500", "/components/examples/BackupQueryFailed/value"],
  ])("is what Prefer: %s asks for, whatever the page", async (Prefer, pointer) => {
    const answer = await get(`${path}?offset=10&end_time=20000101000000`, { ...token, Prefer });
    expect(await answer.json()).toEqual(nodeAt(bundle, pointer));
  });

  it.each([200, 400, 500])("of status %i can be requested", async (status) => {
    const answer = await get(path, { ...token, Prefer: `code=${status}` });
    expect(answer.status).toBe(status);
    expect(faults(status === 200 ? "ListBackupRecordsResponse" : "ErrorResponse", await answer.json())).toEqual([]);
  });

  it.each([204, 401, 404])("of status %i cannot be requested: the contract has none", async (status) => {
    const answer = await get(path, { ...token, Prefer: `code=${status}` });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  it.each([
    [200, "ListBackupRecordsResponse"],
    [400, "ErrorResponse"],
    [500, "ErrorResponse"],
  ])("of status %i made of the schema alone conforms to it, formats and all, 50 times", async (status, schema) => {
    const bodies = new Set<string>();
    for (let seed = 0; seed < 50; seed += 1) {
      const answer = await get(path, { ...token, Prefer: `code=${status}, dynamic=true, seed=${seed}` });
      const body = await answer.text();
      expect(answer.status).toBe(status);
      expect(faults(schema, JSON.parse(body))).toEqual([]);
      bodies.add(body);
    }
    expect(bodies.size).toBeGreaterThan(1);
  });
});

describe("the check of a provider", () => {
  it("finds nothing at all", async () => {
    const [, , projectId = "", , instanceId = ""] = path.split("/");
    for (const credentials of [{ token: "any-token" }, { accessKey: "access-key", secretKey: "secret-key" }]) {
      const report = await checkProvider({ server: mock.url, projectId, instanceId, credentials });
      expect(report.findings).toEqual([]);
      expect(report.outcome).toBe("conforms");
      expect(report.summary.passed).toBeGreaterThan(0);
    }
  });
});

describe("a request", () => {
  // Each rejected value is beside an accepted one that differs in one thing. A parameter is rejected with the contract's 400,
  // whose body is an ErrorResponse that names the parameter, its value and the right form.
  it.each([
    ["offset=-1", "offset=0", "below the minimum"],
    ["offset=1.5", "offset=1", "not a whole number"],
    ["offset=2147483648", "offset=2147483647", "wider than 32 bits"],
    ["limit=ten", "limit=10", "not a number"],
    ["limit=", "limit=10", "without a value"],
    ["limit=0x10", "limit=10", "hexadecimal"],
    ["limit=1e1", "limit=10", "with an exponent"],
    ["limit=%2010", "limit=10", "with a space"],
    ["limit=010", "limit=10", "with a leading zero"],
    ["limit=%2B10", "limit=10", "with a sign"],
    ["end_time=", "end_time=20170718235959", "without a value"],
    ["begin_time=%2020170718235959", "begin_time=20170718235959", "with a space"],
    ["limit=2147483648", "limit=2147483647", "wider than 32 bits"],
    ["begin_time=2017071823595", "begin_time=20170718235959", "13 digits"],
    ["begin_time=201707182359599", "begin_time=20170718235959", "15 digits"],
    ["begin_time=20171318235959", "begin_time=20171218235959", "month 13"],
    ["begin_time=20170718245959", "begin_time=20170718235959", "hour 24"],
    ["end_time=2017071823595", "end_time=20170718235959", "13 digits"],
    ["end_time=201707182359599", "end_time=20170718235959", "15 digits"],
    ["end_time=20171318235959", "end_time=20171218235959", "month 13"],
    ["end_time=20170718245959", "end_time=20170718235959", "hour 24"],
    ["limit=10&limit=10", "limit=10", "given twice"],
    ["offset=0&offset=0", "offset=0", "given twice"],
    ["begin_time=20170718235959&begin_time=20170718235959", "begin_time=20170718235959", "given twice"],
    ["end_time=20170718235959&end_time=20170718235959", "end_time=20170718235959", "given twice"],
  ])("with %s is refused, with %s accepted (%s)", async (refused, accepted) => {
    expect((await get(`${path}?${accepted}`)).status).toBe(200);
    const answer = await get(`${path}?${refused}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/json");
    const error = (await answer.json()) as { error_msg: string };
    expect(faults("ErrorResponse", error)).toEqual([]);
    const [name = ""] = accepted.split("=");
    const [value = ""] = new URLSearchParams(refused).getAll(name);
    const example = parameters[name]?.example;
    expect(error.error_msg).toContain(`The query parameter ${name} `);
    expect(error.error_msg).toContain(JSON.stringify(value));
    expect(error.error_msg).toMatch(new RegExp(`It takes (a value like ${example}|at most one value)\\.$`));
  });

  it.each([
    ["project_id", "/v2//instances/5560df16-cebf-4473-95c4-d1b573c16e79/backups"],
    ["instance_id", "/v2/0b33da72c10045ecbd8b3b4ac4b34ca7/instances//backups"],
  ])("with an empty %s is refused", async (name, target) => {
    expect((await get(path)).status).toBe(200);
    const answer = await get(target);
    expect(answer.status).toBe(400);
    const error = (await answer.json()) as { error_msg: string };
    expect(faults("ErrorResponse", error)).toEqual([]);
    expect(error.error_msg).toContain(`The path has no ${name}, not "". It takes a value like`);
  });

  it("with all four query parameters is accepted", async () => {
    const query = "begin_time=20170718000000&end_time=20170718235959&limit=10&offset=20";
    const answer = await get(`${path}?${query}`);
    expect(answer.status).toBe(200);
  });

  it.each(["beginTime=20170718235959", "page=2", "no_such_parameter=1"])(
    "with the unknown parameter %s is accepted: OpenAPI closes no query",
    async (query) => {
      expect((await get(`${path}?${query}`)).status).toBe(200);
    },
  );

  it.each([
    ["a token", token],
    ["a signature", signature],
    ["both", { ...token, ...signature }],
  ])("with %s is let in", async (_credentials, headers: Record<string, string>) => {
    expect((await get(path, headers)).status).toBe(200);
  });

  // The contract has no 401: the body is that of the gateway in front of DCS.
  it.each([
    ["no credentials", {}],
    ["an empty token", { "X-Auth-Token": "" }],
    ["the token in another header", { "X-Token": "any" }],
  ])("with %s is turned away with 401", async (_credentials, headers: Record<string, string>) => {
    const answer = await get(path, headers);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({
      error_code: "APIGW.0301",
      request_id: answer.headers.get("x-request-id"),
    });
  });

  it("without credentials is rejected before its parameters are checked", async () => {
    expect((await get(`${path}?offset=-1`, {})).status).toBe(401);
  });

  it.each(["HEAD", "POST", "PUT", "PATCH", "DELETE"])("with the method %s is rejected with 405", async (method) => {
    const answer = await fetch(mock.url + path, { method, headers: token });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it.each(["GET", "HEAD"])("by %s to / tells that the mock is ready, and what it is", async (method) => {
    const answer = await fetch(mock.url, { method });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(
      method === "GET" ? `Mock of GET ${baseContract.operation.path}, revision ${baseContract.revision}\n` : "",
    );
  });

  it.each(["/v1/p/instances/i/backups", "/v2/p/instances/i", "/v2/p/instances/backups"])(
    "to another path, %s, is refused with 404",
    async (target) => {
      expect((await get(target)).status).toBe(404);
    },
  );

  it("whose path cannot be decoded is rejected with 400, and does not stop the mock", async () => {
    expect((await get("/v2/%zz/instances/i/backups")).status).toBe(400);
    expect((await get(path)).status).toBe(200);
  });

  it("from a page of another origin is allowed by CORS", async () => {
    const answer = await get(path, { ...token, Origin: "https://example.com" });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://example.com");
  });

  it("for another media type is rejected with 406", async () => {
    expect((await get(path, { ...token, Accept: "application/xml" })).status).toBe(406);
  });
});
