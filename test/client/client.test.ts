// createDcsClient: what it sends, and how it reads a response.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import {
  createDcsClient,
  DcsResponseError,
  type Fetch,
  type RequestEvent,
  type ResponseEvent,
} from "../../src/client/index.ts";
import { type Mock, startMock } from "../../src/mock/index.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { sign } from "../../src/wire/signature.ts";
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
    mock = await startMock({
      onRequest: (request) => violations.push(...request.violations.map(({ message }) => message)),
    });
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

  it("has the contract's openapi-fetch client as `raw`, with its errors", async () => {
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
  it("goes where the contract says, without anything extra", async () => {
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

  it("with keys is signed completely, at the client's time", async () => {
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

  it("is signed as it arrives, with the port in its Host", async () => {
    await using server = await startServer(reply(200, {}));
    const keys = { accessKey: "AK", secretKey: "SK", securityToken: "ST" };
    const now = () => new Date("2026-01-02T03:04:05Z");
    const dcs = createDcsClient({ endpoint: server.url, projectId, credentials: keys, now });
    await dcs.listBackupRecords("an instance", { limit: 10, beginTime: "20260101000000" });
    const [{ method, target, headers: sent } = { method: "", target: "", headers: {} }] = server.received;
    expect(sent.host).toBe(new URL(server.url).host);
    const signed = /SignedHeaders=([^,]+)/.exec(sent.authorization ?? "")?.[1]?.split(";") ?? [];
    const headers = Object.fromEntries(signed.map((name) => [name, String(sent[name])]));
    const { authorization } = sign({ method, url: new URL(target, "https://any.example"), headers }, keys, now());
    expect(sent.authorization).toBe(authorization);
  });

  it("is signed for an IPv6 literal as for any host: it stays in brackets, with its port", async () => {
    const keys = { accessKey: "AK", secretKey: "SK" };
    const now = () => new Date("2026-01-02T03:04:05Z");
    const sent: [url: string, authorization: string | undefined][] = [];
    const fetch: Fetch = async (url, { headers }) => {
      sent.push([url, headers.authorization]);
      return Response.json({});
    };
    const endpoint = "https://[2001:DB8::0001]:8443";
    await createDcsClient({ endpoint, projectId: "p", credentials: keys, now, fetch }).listBackupRecords("i");
    const url = new URL("https://[2001:db8::1]:8443/v2/p/instances/i/backups");
    const headers = { Host: "[2001:db8::1]:8443", "X-Project-Id": "p" };
    expect(sent).toEqual([[url.href, sign({ method: "GET", url, headers }, keys, now()).authorization]]);
  });

  it("escapes ids, so that they stay in their place in the path", async () => {
    await using server = await startServer(reply(200, {}));
    const dcs = createDcsClient({ endpoint: server.url, projectId: "p/q", credentials });
    await dcs.listBackupRecords("../a?b#c %2eé");
    expect(server.received[0]?.target).toBe("/v2/p%2Fq/instances/..%2Fa%3Fb%23c%20%252e%C3%A9/backups");
  });

  it("keeps the path of a gateway endpoint", async () => {
    await using server = await startServer(reply(200, {}));
    await createDcsClient({ endpoint: `${server.url}/dcs/`, projectId, credentials }).listBackupRecords(instanceId);
    expect(server.received[0]?.target).toBe(`/dcs${path}`);
  });

  it("accepts a Date of another realm, such as a test runner or a frame", async () => {
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

  it.each([204, 205])("by `raw` may be answered with %i", async (status) => {
    await using server = await startServer(reply(status));
    const { raw } = createDcsClient({ endpoint: server.url, projectId, credentials });
    const params = { path: { project_id: projectId, instance_id: instanceId } };
    const { data, response } = await raw.GET(route, { params, headers: { "X-Auth-Token": "another" } });
    expect([data, response.status]).toEqual([undefined, status]);
    expect(server.received[0]?.headers["x-auth-token"]).toBe("the-token");
  });

  it("by `raw` stays on the contract's path, whatever the ids", async () => {
    await using server = await startServer(reply(200, {}));
    const { raw } = createDcsClient({ endpoint: server.url, projectId, credentials });
    const up = raw.GET(route, { params: { path: { project_id: "..", instance_id: ".." } } });
    await expect(up).rejects.toThrow("The contract has no GET /backups");
    expect(server.received).toEqual([]);
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
    await expect(stray).rejects.toThrow(`The contract has no GET ${other.url}`);
    expect(other.received).toEqual([]);
  });
});

describe("the hooks", () => {
  it("are called before and after each request, with only what may be logged", async () => {
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

  it("get the duration of a request", async () => {
    await using server = await startServer((...exchange) => setTimeout(() => reply(200, {})(...exchange), 60));
    const told: ResponseEvent[] = [];
    const onResponse = (event: ResponseEvent) => told.push(event);
    await createDcsClient({ endpoint: server.url, projectId, credentials, onResponse }).listBackupRecords(instanceId);
    expect(told[0]?.durationMs).toBeGreaterThan(50);
    expect(told[0]?.durationMs).toBeLessThan(10_000);
  });
});

describe("a response", () => {
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

  const fieldsOf = (schema: string) => Object.entries(baseContract.fieldsOf(schema));

  it.each(fieldsOf("BackupRecordResponse"))(
    "has null for $0 only if its type allows it",
    async (field, { nullable }) => {
      const page = await listing(200, { backup_record_response: [{ [field]: null }, { later: null }] });
      expect(page.backup_record_response).toEqual([nullable ? { [field]: null } : {}, {}]);
    },
  );

  it.each(fieldsOf("ListBackupRecordsResponse"))("never has null for $0 of a page", async (field, { nullable }) => {
    expect(nullable).toBe(false);
    expect(await listing(200, { later: null, [field]: null })).toEqual({ backup_record_response: [] });
  });

  it("has the fields of later revisions, with their types, and a null in one of them left out", async () => {
    const later = { execution_at: "2019-05-11T08:31:16.166Z", backup_format: "aof" };
    const nulls = { execution_at: null, backup_format: null };
    const page = await listing(200, { backup_record_response: [later, nulls] });
    const typed: { execution_at?: string; backup_format?: "aof" | "rdb" | (string & {}) }[] =
      page.backup_record_response;
    expect(typed).toEqual([later, {}]);
  });

  it("keeps strings, unknown values and unknown fields unchanged", async () => {
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

  it("is read as UTF-8, wherever its chunks are cut", async () => {
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

  it("with a size of 2^53-1 is read exactly, and with a larger one rejected", async () => {
    const body = (size: string) => `{"backup_record_response":[{"backup_id":"b","size":${size}}]}`;
    expect((await listing(200, body("9007199254740991"))).backup_record_response[0]?.size).toBe(9007199254740991);
    for (const size of ["9007199254740992", "9007199254740993", "-9007199254740993", "1e400"]) {
      await expect(listing(200, body(size))).rejects.toThrow(/^HTTP 200, but the size of record 0 is beyond 2\^53-1/);
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
