// The requests of a provider check, and their order.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkProvider, type ProviderOptions } from "../../src/check/index.ts";
import { probesOf } from "../../src/check/provider/probes.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { reply, type Server, startServer } from "../client/server.ts";
import { misread } from "./broken.ts";
import { everyStatus, instanceId, projectId, serve, service, token } from "./service.ts";

const probes = probesOf(baseContract).filter(({ when }) => !when); // always sent

let server: Server;
beforeAll(async () => {
  server = await startServer(serve(service({ records: everyStatus })));
});
afterAll(() => server[Symbol.asyncDispose]());

const check = (options: Partial<ProviderOptions> = {}) =>
  checkProvider({ server: server.url, projectId, instanceId, credentials: { token }, ...options });

describe("requests", () => {
  it("are eleven GETs, in this order, one after the other", async () => {
    server.received.length = 0;
    const told: string[] = [];
    await check({ onProbe: ({ id, number, of }) => told.push(`${number}/${of} ${id} ${server.received.length}`) });
    expect(told).toEqual(probes.map(({ id }, index) => `${index + 1}/${probes.length} ${id} ${index}`));
    expect(server.received.map(({ method }) => method)).toEqual(probes.map(() => "GET"));
    const path = `/v2/${projectId}/instances/${instanceId}/backups`;
    expect(server.received.map(({ target }) => target.replace(path, ""))).toEqual([
      "",
      "?limit=1",
      "?limit=2&offset=1",
      "?limit=1&offset=1000000",
      "?begin_time=20190512220004&end_time=20190512220005",
      "?begin_time=19700101000000&end_time=19700101000001",
      "?limit=2&offset=-1",
      "?limit=ten",
      "?begin_time=2019051222000&end_time=20190512220005",
      "?begin_time=20181312220004&end_time=20190512220005",
      "?limit=1",
    ]);
  });

  it("end with the unfiltered list again, only if the pages do not fit it", async () => {
    const start = misread((query) => Number(query.get("offset")) > 0 && query.set("offset", "2"));
    await using odd = await start(service({ records: everyStatus }));
    const told: string[] = [];
    const options = { server: odd.url, skip: ["page-past-the-end"] };
    const { findings } = await check({
      ...options,
      onProbe: ({ id, number, of }) => told.push(`${number}/${of} ${id}`),
    });
    expect(told.slice(-2)).toEqual(["10/10 no-credentials", "11/11 list-again"]);
    expect(odd.received.at(-1)?.target).toBe(odd.received[0]?.target);
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([["page-skips", "error"]]);

    const unsettled = await check({ ...options, skip: [...options.skip, "list-again"] });
    expect(unsettled.findings.map(({ rule, severity }) => [rule, severity])).toEqual([["page-order", "warning"]]);
    const chosen = await check({ ...options, only: ["second-page"] });
    expect(chosen.findings.map(({ rule }) => rule)).toEqual(["page-skips"]);
  });

  it("each differ from their twin in one parameter, or in the credentials", async () => {
    server.received.length = 0;
    await check();
    const queryOf = (id?: string) => {
      const at = probes.findIndex((probe) => probe.id === id);
      return new URL(server.received[at]?.target ?? "", server.url).searchParams;
    };
    const refused = probes.filter(({ expects }) => expects === "refusal");
    expect(refused).not.toEqual([]);
    for (const { id, twin, anonymous } of refused) {
      const [own, other] = [queryOf(id), queryOf(twin)];
      const names = new Set([...own.keys(), ...other.keys()]);
      expect([...names].filter((name) => own.get(name) !== other.get(name))).toHaveLength(anonymous ? 0 : 1);
    }
  });

  it("carry the credentials, except the one without", async () => {
    server.received.length = 0;
    await check({ headers: { "X-Api-Key": "gateway" } });
    const sent = server.received.map(({ headers }) => [headers["x-auth-token"], headers["x-api-key"], headers.accept]);
    expect(sent).toEqual([
      ...Array(10).fill([token, "gateway", "application/json"]),
      [undefined, "gateway", "application/json"],
    ]);
  });

  it("carry the given headers in any case, once, and without spaces around them", async () => {
    await using server = await startServer(reply(403, {}, { "x-seen": "the-key" }));
    const headers = { ACCEPT: "application/vnd.gateway+json", "X-Api-Key": "  the-key " };
    const { findings } = await check({ server: server.url, headers });
    expect(server.received[0]?.headers).toMatchObject({ accept: headers.ACCEPT, "x-api-key": "the-key" });
    expect(findings.map(({ rule }) => rule)).toContain("secret-echo");
  });

  it("are sent one at a time", async () => {
    let open = 0;
    let most = 0;
    const conforming = serve(service({ records: everyStatus }));
    await using server = await startServer((request, response) => {
      open += 1;
      most = Math.max(most, open);
      response.once("close", () => {
        open -= 1;
      });
      setTimeout(() => conforming(request, response), 5);
    });
    expect((await check({ server: server.url })).ok).toBe(true);
    expect(most).toBe(1);
  });

  it("keep the path of the server, and escape the IDs", async () => {
    await using server = await startServer(reply(404));
    await check({ server: `${server.url}/base/`, projectId: "a/b", instanceId: "?#é" });
    expect(server.received.map(({ target }) => target)).toEqual(["/base/v2/a%2Fb/instances/%3F%23%C3%A9/backups"]);
  });

  it("ask for the given time window, unchanged", async () => {
    const windowOf = async (window: Partial<ProviderOptions>) => {
      server.received.length = 0;
      await check({ only: ["window"], ...window });
      return server.received.at(-1)?.target.split("?")[1];
    };
    expect(await windowOf({ begin: "20260101000000" })).toBe("begin_time=20260101000000");
    expect(await windowOf({ end: new Date("2026-01-01T00:00:00.9Z") })).toBe(
      "begin_time=20000101000000&end_time=20260101000000",
    );
    expect(await windowOf({ begin: "20260101000000", end: "20260102000000" })).toBe(
      "begin_time=20260101000000&end_time=20260102000000",
    );
  });

  it("ask for a default window if there are no records", async () => {
    await using server = await startServer(serve(service({ records: [] })));
    await check({ server: server.url, only: ["window"] });
    expect(server.received.at(-1)?.target).toContain("?begin_time=20170718235959&end_time=20170719000000");
  });

  it.each([401, 403, 404, 400, 500, 503, 302])("end with the first if its response is %i", async (status) => {
    await using server = await startServer(reply(status, {}));
    expect((await check({ server: server.url })).ok).toBe(false);
    expect(server.received).toHaveLength(1);
  });

  it("end once the server is gone", async () => {
    const conforming = serve(service({ records: everyStatus }));
    const server: Server = await startServer((request, response) =>
      server.received.length === 3 ? void server[Symbol.asyncDispose]() : conforming(request, response),
    );
    const asked: string[] = [];
    const { findings, outcome } = await check({ server: server.url, onProbe: ({ id }) => asked.push(id) });
    expect(findings.map(({ rule, probe }) => `${probe}: ${rule}`)).toEqual([
      `${probes[2]?.id}: whole-answer`,
      `${probes[3]?.id}: reachable`,
    ]);
    expect(asked).toHaveLength(4);
    expect(outcome).toBe("departs");
  });
});
