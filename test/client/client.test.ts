// createDcsClient: what it sends, what it makes of an answer, and which arguments it refuses.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Mock, startMock } from "../../scripts/mock.ts";
import { repository } from "../../scripts/source.ts";
import {
  createDcsClient,
  type DcsClientOptions,
  DcsResponseError,
  type ListOptions,
  type RequestEvent,
  type ResponseEvent,
} from "../../src/client/index.ts";
import { inTurn, reply, startServer } from "./server.ts";

const projectId = "0b33da72c10045ecbd8b3b4ac4b34ca7";
const instanceId = "5560df16-cebf-4473-95c4-d1b573c16e79";
const path = `/v2/${projectId}/instances/${instanceId}/backups`;
const credentials = { token: "the-token" };
const route = "/v2/{project_id}/instances/{instance_id}/backups";

describe("against the mock of the contract", () => {
  let mock: Mock;
  const violations: string[] = [];
  beforeAll(async () => {
    mock = await startMock({ onViolation: (message) => violations.push(message) });
  });
  afterAll(() => mock.close());

  it.each([
    ["a token", credentials],
    ["keys", { accessKey: "AK", secretKey: "SK" }],
    ["temporary keys", { accessKey: "AK", secretKey: "SK", securityToken: "ST" }],
    ["a function", async () => credentials],
  ])("lists backup records with %s", async (_, credentials) => {
    const dcs = createDcsClient({ endpoint: mock.url, projectId, credentials });
    const times = { beginTime: "20190501000000", endTime: new Date("2019-05-31T23:59:59.999Z") };
    const page = await dcs.listBackupRecords(instanceId, { limit: 10, offset: 0, ...times });
    expect(page.total_num).toBe(1);
    expect(page.backup_record_response).toMatchObject([{ status: "succeed", size: 880232, period: null }]);
    const names: (string | undefined)[] = [];
    for await (const { backup_name } of dcs.backupRecords(instanceId, times)) names.push(backup_name);
    expect(names).toEqual(["backup_20190510163116"]);
    expect(violations).toEqual([]);
  });

  it("gives the contract's openapi-fetch client as `raw`, errors and all", async () => {
    const { raw } = createDcsClient({ endpoint: mock.url, projectId, credentials });
    const params = { path: { project_id: projectId, instance_id: instanceId } };
    const { data, response } = await raw.GET(route, { params });
    expect(response.status).toBe(200);
    expect(data?.backup_record_response?.[0]?.backup_name).toBe("backup_20190510163116");
    const refused = await raw.GET(route, { params, headers: { Prefer: "code=400" } });
    expect(refused.response.status).toBe(400);
    expect(refused.error?.error_code).toBe("DCS.4800");
  });
});

describe("a request", () => {
  it("goes where the contract says, with nothing that was not asked for", async () => {
    await using server = await startServer(reply(200, {}));
    const dcs = createDcsClient({ endpoint: server.url, projectId, credentials });
    await dcs.listBackupRecords(instanceId);
    await dcs.listBackupRecords(instanceId, { limit: 5, offset: 7, beginTime: new Date(0), endTime: "20190531235959" });
    expect(server.received.map(({ target }) => target)).toEqual([
      path,
      `${path}?begin_time=19700101000000&end_time=20190531235959&limit=5&offset=7`,
    ]);
    expect(server.received[0]).toMatchObject({ method: "GET", headers: { "x-auth-token": "the-token" } });
    expect(server.received[0]?.headers.authorization).toBeUndefined();
  });

  it("with keys is signed with all that must be, at the client's time", async () => {
    await using server = await startServer(reply(200, {}));
    const keys = { accessKey: "AK", secretKey: "SK", securityToken: "ST" };
    const now = () => new Date("2026-01-02T03:04:05Z");
    await createDcsClient({ endpoint: server.url, projectId, credentials: keys, now }).listBackupRecords(instanceId);
    expect(server.received[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(
        /^SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-project-id;x-sdk-date;x-security-token, Signature=[0-9a-f]{64}$/,
      ),
      "x-project-id": projectId,
      "x-sdk-date": "20260102T030405Z",
      "x-security-token": "ST",
    });
    expect(server.received[0]?.headers["x-auth-token"]).toBeUndefined();
  });

  it("escapes ids, so that they stay in their place of the path", async () => {
    await using server = await startServer(reply(200, {}));
    const dcs = createDcsClient({ endpoint: server.url, projectId: "p/é", credentials });
    await dcs.listBackupRecords("../a?b#c %2e");
    expect(server.received[0]?.target).toBe("/v2/p%2F%C3%A9/instances/..%2Fa%3Fb%23c%20%252e/backups");
  });

  it("keeps the path of an endpoint that is a gateway's", async () => {
    await using server = await startServer(reply(200, {}));
    await createDcsClient({ endpoint: `${server.url}/dcs/`, projectId, credentials }).listBackupRecords(instanceId);
    expect(server.received[0]?.target).toBe(`/dcs${path}`);
  });

  it("takes a Date of another realm, as a test runner or a frame has it", async () => {
    await using server = await startServer(reply(200, {}));
    const beginTime: Date = runInNewContext("new Date(0)");
    expect(beginTime).not.toBeInstanceOf(Date);
    await createDcsClient({ endpoint: server.url, projectId, credentials }).listBackupRecords("i", { beginTime });
    expect(server.received[0]?.target).toContain("begin_time=19700101000000");
  });

  it("goes to the region's endpoint if only the region is given", async () => {
    const asked: string[] = [];
    const fetch = async (url: string) => {
      asked.push(url);
      return Response.json({});
    };
    await createDcsClient({ region: "cn-north-4", projectId, credentials, fetch }).listBackupRecords(instanceId);
    expect(asked).toEqual([`https://dcs.cn-north-4.myhuaweicloud.com${path}`]);
  });

  it("by `raw` may be answered with 204", async () => {
    await using server = await startServer(reply(204));
    const { raw } = createDcsClient({ endpoint: server.url, projectId, credentials });
    const params = { path: { project_id: projectId, instance_id: instanceId } };
    const { data, response } = await raw.GET(route, { params, headers: { "X-Auth-Token": "another" } });
    expect([data, response.status]).toEqual([undefined, 204]);
    expect(server.received[0]?.headers["x-auth-token"]).toBe("the-token");
  });

  it("by `raw` is a GET, whatever an untyped caller asks for", async () => {
    await using server = await startServer(reply(200, {}));
    const { raw } = createDcsClient({ endpoint: server.url, projectId, credentials });
    await expect((raw as unknown as { POST(path: string): unknown }).POST(route)).rejects.toThrow("no POST");
    expect(server.received).toEqual([]);
  });

  it("by `raw` goes to the client's own origin only", async () => {
    await using other = await startServer(reply(200, {}));
    const { raw } = createDcsClient({ region: "cn-north-4", projectId, credentials });
    const params = { path: { project_id: projectId, instance_id: instanceId } };
    const stray = raw.GET(route, { params, baseUrl: other.url });
    await expect(stray).rejects.toThrow("The client is for https://dcs.cn-north-4.myhuaweicloud.com, not for ");
    expect(other.received).toEqual([]);
  });
});

describe("the hooks", () => {
  it("are told of each request before and after it, with nothing but what may be logged", async () => {
    await using server = await startServer(inTurn(reply(500), reply(302, "", { location: "/" })));
    const told: (RequestEvent | ResponseEvent)[] = [];
    const dcs = createDcsClient({
      endpoint: server.url,
      projectId,
      credentials,
      retry: { baseDelayMs: 1 },
      onRequest: (event) => told.push(event),
      onResponse: (event) => told.push(event),
    });
    await dcs.listBackupRecords(instanceId).catch(() => {});
    const url = `${server.url}${path}`;
    expect(told).toEqual([
      { method: "GET", url, attempt: 1 },
      {
        method: "GET",
        url,
        attempt: 1,
        durationMs: expect.any(Number),
        status: 500,
        error: undefined,
        retryInMs: expect.any(Number),
      },
      { method: "GET", url, attempt: 2 },
      {
        method: "GET",
        url,
        attempt: 2,
        durationMs: expect.any(Number),
        status: 302,
        error: expect.any(DcsResponseError),
        retryInMs: undefined,
      },
    ]);
  });

  it("are told how long a request took", async () => {
    await using server = await startServer((...exchange) => setTimeout(() => reply(200, {})(...exchange), 60));
    const told: ResponseEvent[] = [];
    const onResponse = (event: ResponseEvent) => told.push(event);
    await createDcsClient({ endpoint: server.url, projectId, credentials, onResponse }).listBackupRecords(instanceId);
    expect(told[0]?.durationMs).toBeGreaterThan(50);
    expect(told[0]?.durationMs).toBeLessThan(10_000);
  });
});

describe("an answer", () => {
  const listing = async (status: number, body: unknown, headers?: Record<string, string>) => {
    await using server = await startServer(reply(status, body, headers));
    return await createDcsClient({ endpoint: server.url, projectId, credentials }).listBackupRecords(instanceId);
  };

  it("is the reference page's example, verbatim: `{ }` reads as null", async () => {
    const example = await readFile(join(repository, "test/spec/page-example.json"), "utf8");
    expect(example).toMatch(/"period" *: *\{ *\}/);
    const { total_num, backup_record_response } = await listing(200, example);
    expect(total_num).toBe(1);
    expect(backup_record_response).toMatchObject([{ period: null, error_code: null, size: 880232, status: "succeed" }]);
  });

  it.each([
    ["204", 204, ""],
    ["no array", 200, { total_num: 0 }],
    ["null for the array", 200, { backup_record_response: null }],
    ["an empty object", 200, {}],
  ])("with %s is an empty list", async (_, status, body) => {
    const page = await listing(status, body);
    expect(page.backup_record_response).toEqual([]);
    if (status === 204) expect(page.total_num).toBe(0);
  });

  it("keeps strings, unknown values and unknown fields as they are", async () => {
    const record = {
      backup_id: "1",
      period: "22:00-23:00",
      error_code: "dcs.08.0002",
      status: "archived",
      backup_format: "rdb",
      deep: {},
    };
    const page = { total_num: 1, backup_record_response: [record], next: "x" };
    expect(await listing(200, page)).toEqual(page);
  });

  it("is read as UTF-8, however it is cut into pieces", async () => {
    const name = "备份 é 🗄️";
    const bytes = Buffer.from(JSON.stringify({ backup_record_response: [{ backup_name: name }] }));
    await using server = await startServer(async (_, response) => {
      response.writeHead(200);
      for (const byte of bytes) {
        response.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
      response.end();
    });
    const dcs = createDcsClient({ endpoint: server.url, projectId, credentials });
    expect((await dcs.listBackupRecords(instanceId)).backup_record_response).toEqual([{ backup_name: name }]);
    const cut = {
      start: (controller: ReadableStreamDefaultController) => controller.enqueue(Buffer.of(0x7b, 0x22, 0xe5)),
    };
    const fetch = async () => new Response(new ReadableStream({ ...cut, pull: (controller) => controller.close() }));
    const broken = createDcsClient({ region: "cn-north-4", projectId, credentials, fetch }).listBackupRecords("i");
    await expect(broken).rejects.toThrow("not JSON, or cut off, at 3 characters");
  });

  it("with a size of 2^53-1 is read to the byte, and with a larger one refused", async () => {
    const body = (size: string) => `{"backup_record_response":[{"backup_id":"b","size":${size}}]}`;
    expect((await listing(200, body("9007199254740991"))).backup_record_response[0]?.size).toBe(9007199254740991);
    for (const size of ["9007199254740992", "9007199254740993", "-9007199254740993", "1e400"]) {
      await expect(listing(200, body(size))).rejects.toThrow(/^HTTP 200, but the size of backup b is beyond 2\^53-1/);
    }
  });

  it.each([
    ["an empty body", "", "is empty"],
    ["no JSON", "<html>busy</html>", "is not JSON, or cut off"],
    ["half of the JSON", '{"backup_record_response":[{"backup_id":', "is not JSON, or cut off"],
    ["a JSON array", "[]", "is no page of records"],
    ["a JSON null", "null", "is no page of records"],
    ["an object for the array", '{"backup_record_response":{}}', "is no page of records"],
    ["null for a record", '{"backup_record_response":[null]}', "is no page of records"],
  ])("with %s is an error that says so", async (_, body, message) => {
    const listed = listing(200, body);
    await expect(listed).rejects.toThrow(message);
    await expect(listed).rejects.toMatchObject({ name: "DcsResponseError", status: 200 });
  });
});

describe("an argument at fault is named, and nothing is sent", () => {
  const listing = async (id: unknown, options: unknown) => {
    await using server = await startServer(reply(200, {}));
    const dcs = createDcsClient({ endpoint: server.url, projectId, credentials });
    try {
      return await dcs.listBackupRecords(id as string, options as ListOptions);
    } finally {
      expect(server.received).toHaveLength(0);
    }
  };

  it.each([
    ["instanceId", "", {}, RangeError],
    ["instanceId", "  ", {}, RangeError],
    ["instanceId", ".", {}, RangeError],
    ["instanceId", "..", {}, RangeError],
    ["instanceId", undefined, {}, TypeError],
    ["offset", "i", { offset: -1 }, RangeError],
    ["offset", "i", { offset: 1.5 }, RangeError],
    ["offset", "i", { offset: 2 ** 31 }, RangeError],
    ["limit", "i", { limit: 0 }, RangeError],
    ["limit", "i", { limit: Number.NaN }, RangeError],
    ["limit", "i", { limit: "10" }, RangeError],
    ["beginTime", "i", { beginTime: new Date(Number.NaN) }, RangeError],
    ["beginTime", "i", { beginTime: new Date("-000001-01-01T00:00:00Z") }, RangeError],
    ["beginTime", "i", { beginTime: new Date("+010000-01-01T00:00:00Z") }, RangeError],
    ["beginTime", "i", { beginTime: 20190501000000 }, TypeError],
    ["beginTime", "i", { beginTime: null }, TypeError],
    ["endTime", "i", { endTime: "2019-05-31T23:59:59Z" }, RangeError],
    ["endTime", "i", { endTime: "2019053123595" }, RangeError],
    ["endTime", "i", { endTime: "20191331235959" }, RangeError],
    ["beginTime", "i", { beginTime: "20190501000001", endTime: "20190501000000" }, RangeError],
    ["beginTime", "i", { beginTime: new Date(1000), endTime: new Date(0) }, RangeError],
  ])("%s: %j, %j", async (name, id, options, type) => {
    const listed = listing(id, options);
    await expect(listed).rejects.toBeInstanceOf(type);
    await expect(listed).rejects.toThrow(name);
  });

  it("not: times that are equal", async () => {
    await using server = await startServer(reply(200, {}));
    const dcs = createDcsClient({ endpoint: server.url, projectId, credentials });
    await dcs.listBackupRecords("i", { beginTime: new Date(0), endTime: "19700101000000" });
    expect(server.received).toHaveLength(1);
  });

  it("when a listing of all records begins, and not at its first record", () => {
    const dcs = createDcsClient({ region: "cn-north-4", projectId, credentials });
    expect(() => dcs.backupRecords("")).toThrow("instanceId");
    expect(() => dcs.backupRecords("i", { pageSize: 0 })).toThrow("pageSize");
    expect(() => dcs.backupRecords("i", { endTime: "now" })).toThrow("endTime");
  });
});

describe("an option at fault is named", () => {
  const right = { endpoint: "https://dcs.example", projectId, credentials };
  it("unless all are right", () => {
    expect(() => createDcsClient(right)).not.toThrow();
  });

  it.each([
    ["endpoint", { endpoint: undefined }],
    ["endpoint", { endpoint: "dcs.example" }],
    ["endpoint", { endpoint: "ftp://dcs.example" }],
    ["endpoint", { region: "cn-north-4" }],
    ["endpoint", { endpoint: "https://user@dcs.example" }],
    ["endpoint", { endpoint: "https://dcs.example?a=b" }],
    ["endpoint", { endpoint: "https://dcs.example#a" }],
    ["region", { endpoint: undefined, region: "evil.example/" }],
    ["region", { endpoint: undefined, region: "" }],
    ["projectId", { projectId: "" }],
    ["projectId", { projectId: ".." }],
    ["projectId", { projectId: undefined }],
    ["credentials", { credentials: undefined }],
    ["credentials", { credentials: "the-token" }],
    ["credentials", { credentials: {} }],
    ["credentials", { credentials: { token: "a", accessKey: "b", secretKey: "c" } }],
    ["credentials.token", { credentials: { token: "" } }],
    ["credentials.token", { credentials: { token: "a\n" } }],
    ["credentials.token", { credentials: { token: undefined } }],
    ["credentials.secretKey", { credentials: { accessKey: "a" } }],
    ["credentials.accessKey", { credentials: { secretKey: "a" } }],
    ["credentials.securityToken", { credentials: { accessKey: "a", secretKey: "b", securityToken: "" } }],
    ["timeoutMs", { timeoutMs: 0 }],
    ["timeoutMs", { timeoutMs: Number.NaN }],
    ["maxBodyBytes", { maxBodyBytes: -1 }],
    ["retry.limit", { retry: { limit: -1 } }],
    ["retry.limit", { retry: { limit: "3" } }],
    ["retry.baseDelayMs", { retry: { baseDelayMs: Number.NaN } }],
  ])("%s: %j", (name, wrong) => {
    const create = () => createDcsClient({ ...right, ...wrong } as DcsClientOptions);
    expect(create).toThrow(name);
    expect(create).toThrow(/^(?:.(?!the-token))*$/);
  });

  it.each(["http://localhost:1", "http://a.localhost", "http://127.0.0.1", "http://[::1]:8080"])(
    "not: %s, which is loopback",
    (endpoint) => {
      expect(() => createDcsClient({ ...right, endpoint })).not.toThrow();
    },
  );

  it.each([
    "http://dcs.example",
    "http://127.0.0.1.example",
    "http://localhost.example",
    "http://0.0.0.0",
    "http://128.0.0.1",
  ])("endpoint: %s, unless the caller allows what others can read", (endpoint) => {
    expect(() => createDcsClient({ ...right, endpoint })).toThrow("would send the credentials unencrypted");
    expect(() => createDcsClient({ ...right, endpoint, allowInsecureHttp: true })).not.toThrow();
  });
});
