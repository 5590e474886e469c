// The mock in a test, without a process: `import { startMock } from "dcs-backup-records/mock"`.

import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { type MockRequest, startMock } from "../../src/mock/index.ts";
import { listenError } from "../../src/mock/server.ts";
import { contractOf } from "../../src/wire/contract.ts";
import { judge, type SentRequest } from "../../src/wire/judge/index.ts";

const path = "/v2/my-project/instances/my-instance/backups";
const headers = { "X-Auth-Token": "the-token" };

const get = (url: string, query = "", more = {}) =>
  fetch(`${url}${path}${query}`, { headers: { ...headers, ...more } });

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ backup_id: `backup-${index}`, instance_id: "another" }));

const idsIn = async (answer: Response) =>
  ((await answer.json()) as { backup_record_response: { backup_id: string }[] }).backup_record_response.map(
    ({ backup_id }) => backup_id,
  );

describe("a mock", () => {
  it("tells its requests with their violations, and forgets them when it is reset", async () => {
    await using mock = await startMock();
    await get(mock.url, "?limit=10");
    await get(mock.url, "?limit=0x10&beginTime=1");
    expect(mock.requests).toMatchObject([
      { number: 1, method: "GET", path, status: 200, violations: [] },
      {
        number: 2,
        status: 400,
        headers: { "x-auth-token": "the-token" },
        violations: [
          {
            rule: "parameter",
            severity: "error",
            message: "The query parameter limit must be an integer in decimal digits",
            expected: "a value like 10",
            actual: "0x10",
          },
          { rule: "unknown-parameter", message: "The contract has no query parameter beginTime: it has begin_time" },
        ],
      },
    ]);
    expect(mock.requests[1]?.query.get("limit")).toBe("0x10");
    mock.reset();
    expect(mock.requests).toEqual([]);
  });

  it("has the records that it is given, of the instance that is asked for, in pages of ten", async () => {
    await using mock = await startMock({ records: numbered(12) });
    const first = await get(mock.url);
    const body = (await first.clone().json()) as { total_num: number; backup_record_response: object[] };
    expect(body.total_num).toBe(12);
    expect(body.backup_record_response[0]).toEqual({ backup_id: "backup-0", instance_id: "my-instance" });
    expect(await idsIn(first)).toEqual(numbered(10).map(({ backup_id }) => backup_id));
    expect(await idsIn(await get(mock.url, "?offset=10&limit=5"))).toEqual(["backup-10", "backup-11"]);
    expect(await idsIn(await get(mock.url, "?limit=-1"))).toEqual([]); // the contract gives limit no bounds
  });

  it("knows which records nobody asked for, until an answered page held them", async () => {
    await using mock = await startMock({ records: numbered(12) });
    await get(mock.url);
    expect(mock.neverAsked.map(({ backup_id }) => backup_id)).toEqual(["backup-10", "backup-11"]);
    await get(mock.url, "?offset=10");
    expect(mock.neverAsked).toEqual([]);
    expect(mock.lasting).toHaveLength(12);
    mock.reset();
    expect(mock.neverAsked).toHaveLength(12);
  });

  it("counts in total_num what it is told to", async () => {
    await using mock = await startMock({ records: numbered(12), total: "page" });
    expect(await (await get(mock.url, "?offset=10")).json()).toMatchObject({ total_num: 2 });
  });

  it("has no other instances than those it is told", async () => {
    await using mock = await startMock({ instances: ["my-instance", "other"] });
    expect((await get(mock.url)).status).toBe(200);
    const other = await fetch(`${mock.url}${path.replace("my-instance", "none")}`, { headers });
    expect(other.status).toBe(404);
    expect(await other.json()).toEqual({
      error_code: "DCS.3022",
      error_msg: "This DCS instance does not exist.",
    });
  });

  it("answers a query parameter that the contract does not have all the same, and tells it", async () => {
    await using mock = await startMock();
    expect((await get(mock.url, "?page=2")).status).toBe(200);
    expect(mock.requests[0]?.violations).toMatchObject([{ rule: "unknown-parameter" }]);
  });

  it("never sends an answer of its own that violates the contract: it fails, and says why", async () => {
    const failed: MockRequest[] = [];
    await using mock = await startMock({ records: [{ size: "1" }], onRequest: (request) => failed.push(request) });
    const answer = await get(mock.url);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([500, "application/problem+json"]);
    expect(failed[0]?.mockFault).toMatch(/^The mock failed: its own answer violates the contract: .*size/);
    expect((await get(mock.url, "?offset=1")).status).toBe(200);
  });

  it("answers all that it has received before it is closed, and then no more", async () => {
    const told: number[] = [];
    const mock = await startMock({ onRequest: ({ number }) => told.push(number) });
    const { port } = new URL(mock.url);
    const socket = connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: t\r\nContent-Length: 5\r\n\r\n12`); // and no more
    const before = await get(mock.url);
    await before.text();
    await mock.close();
    expect(told.sort()).toEqual([1, 2]);
    await expect(get(mock.url)).rejects.toThrow("fetch failed");
    socket.destroy();
  });

  it("runs beside others, each on a port of its own", async () => {
    await using one = await startMock({ records: numbered(1) });
    await using other = await startMock({ records: numbered(2), contract: await contractOf("newest") });
    expect(one.url).not.toBe(other.url);
    expect(await idsIn(await get(one.url))).toHaveLength(1);
    expect(await idsIn(await get(other.url))).toHaveLength(2);
    expect(one.requests).toHaveLength(1);
    expect((await get(one.url, "?limit=1001")).status).toBe(200);
    expect((await get(other.url, "?limit=1001")).status).toBe(400);
  });

  const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));
  const places: [host: string, asked: string[]][] = [
    ["0.0.0.0", ["127.0.0.1"]],
    ["localhost", ["127.0.0.1", "[::1]"]],
    ...(hasIpv6 ? [["::1", ["[::1]"]] satisfies [string, string[]]] : []),
  ];

  it.each(places)("listens on %s, and says where to ask", async (host, asked) => {
    await using mock = await startMock({ host });
    expect(asked).toContain(new URL(mock.url).hostname);
    expect((await get(mock.url)).status).toBe(200);
  });

  it.each([
    [{ port: 65_536 }, "port must be an integer from 0 to 65535, not 65536"],
    [{ host: "" }, "host must be an address"],
    [{ records: -1 }, "records must be an integer from 0 to 1000000, not -1"],
    [{ records: "many" as never }, "records must be a number or an array of records"],
    [{ seed: 0.5 }, "seed must be an integer from 0 to 2147483647, not 0.5"],
    [{ total: "none" as never }, 'total must be "all" or "page"'],
    [{ scenario: "calm" }, /^scenario must be one of throttled, .*cut/],
    [{ credentials: { token: "" } }, /^credentials\.token is not usable/],
    [
      { host: "192.0.2.1" },
      "192.0.2.1 is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all of its addresses",
    ],
  ])("is not started with %o", async (options, message) => {
    await expect(startMock(options)).rejects.toThrow(message);
  });
});

it.each([
  [1, 2],
  [65535, 65534],
])("where port %i is taken, %i is offered, which is one", (port, other) => {
  const error = Object.assign(new Error("listen"), { code: "EADDRINUSE" });
  expect(listenError(error, { host: "127.0.0.1", port }).message).toBe(
    `Port ${port} is taken. Stop the program that uses it, or choose another port, such as ${other}`,
  );
});

describe("what Prism finds", () => {
  const request = (search: string, found: SentRequest["found"] = []): SentRequest => ({
    at: new Date(),
    method: "GET",
    path,
    query: new URLSearchParams(search),
    headers: { host: "h", "x-auth-token": "t" },
    bodyBytes: 0,
    found,
  });
  const messages = async (sent: SentRequest) =>
    [...judge(sent, await contractOf("2022-11-09"))].flatMap(([, faults]) => faults.map(({ message }) => message));

  it.each([
    ["a parameter that the judge accepts", "limit=7", [{ in: "query", name: "limit", message: "multipleOf" }]],
    ["no parameter", "", [{ in: "query", name: undefined, message: "multipleOf" }]],
  ])("in %s is told in its words", async (_, search, found) => {
    expect(await messages(request(search))).toEqual([]);
    expect(await messages(request(search, found))).toEqual(["multipleOf"]);
  });

  it("in a parameter that the judge refuses is not told twice", async () => {
    const found = [{ in: "query", name: "limit", message: "must be integer" }];
    expect(await messages(request("limit=ten", found))).toEqual([
      "The query parameter limit must be an integer in decimal digits",
    ]);
    expect(await messages(request("limit=1&limit=1", found))).toEqual(["The query parameter limit is given 2 times"]);
  });
});
