// The arguments and options that createDcsClient rejects: by name, before anything is sent.

import { describe, expect, it } from "vitest";
import { createDcsClient, type DcsClientOptions, type ListOptions } from "../../src/client/index.ts";
import { reply, startServer } from "./server.ts";

const projectId = "0b33da72c10045ecbd8b3b4ac4b34ca7";
const credentials = { token: "the-token" };

describe("an invalid argument is named, and nothing is sent", () => {
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
    ["instanceId", "\ud800", {}, RangeError],
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
    ["beginTime", "i", { beginTime: Object.create(null) }, TypeError],
    ["endTime", "i", { endTime: "20190531\n235959" }, RangeError],
    ["endTime", "i", { endTime: "2019-05-31T23:59:59Z" }, RangeError],
    ["endTime", "i", { endTime: "2019053123595" }, RangeError],
    ["endTime", "i", { endTime: "20191331235959" }, RangeError],
    ["beginTime", "i", { beginTime: "20190501000001", endTime: "20190501000000" }, RangeError],
    ["beginTime", "i", { beginTime: new Date(1000), endTime: new Date(0) }, RangeError],
  ])("%s: %j, %j", async (name, id, options, type) => {
    const listed = listing(id, options);
    await expect(listed).rejects.toBeInstanceOf(type);
    await expect(listed).rejects.toThrow(new RegExp(`^${name} .*$`));
  });

  it("not: an ID of three dots, and the largest numbers", async () => {
    await using server = await startServer(reply(200, {}));
    const dcs = createDcsClient({ endpoint: server.url, projectId, credentials });
    await dcs.listBackupRecords("...", { limit: 2 ** 31 - 1, offset: 2 ** 31 - 1 });
    expect(server.received[0]?.target).toMatch(/\/\.\.\.\/backups\?limit=2147483647&offset=2147483647$/);
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

describe("an invalid option is named", () => {
  const right = { endpoint: "https://dcs.example", projectId, credentials };
  it("unless all are valid", () => {
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
    ["endpoint", { endpoint: "https://dcs.example/%zz" }],
    ["region", { endpoint: undefined, region: "evil.example/" }],
    ["region", { endpoint: undefined, region: "" }],
    ["projectId", { projectId: "" }],
    ["projectId", { projectId: ".." }],
    ["projectId", { projectId: "a\nb" }],
    ["projectId", { projectId: "中" }],
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
