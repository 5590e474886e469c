// When a call is retried, how long it waits before, and that each attempt is signed again.

import { describe, expect, it, vi } from "vitest";
import { createDcsClient, type DcsClientOptions, type ResponseEvent } from "../../src/client/index.ts";
import { defaultRetry, retryDelay } from "../../src/client/retry.ts";
import { type Answer, inTurn, reply, startServer } from "./server.ts";

const fast = { limit: 3, baseDelayMs: 1, maxDelayMs: 2, maxRetryAfterMs: 5 };
const good = reply(200, { total_num: 0, backup_record_response: [] });
const gone: Answer = (_, response) => response.destroy();

/** The attempts of a call, and how it ended. */
async function tries(answer: Answer, options: Partial<DcsClientOptions> = {}) {
  await using server = await startServer(answer);
  const events: ResponseEvent[] = [];
  const onResponse = (event: ResponseEvent) => events.push(event);
  const credentials = { token: "the-token" };
  const dcs = createDcsClient({
    endpoint: server.url,
    projectId: "p",
    credentials,
    retry: fast,
    onResponse,
    ...options,
  });
  const error = await dcs.listBackupRecords("i").then(
    () => undefined,
    (error) => error,
  );
  return { received: server.received, events, error };
}

describe("a call is retried", () => {
  it.each([408, 429, 500, 502, 504])("after status %i, until it succeeds", async (status) => {
    const { received, events, error } = await tries(inTurn(reply(status), reply(status), good));
    expect(received).toHaveLength(3);
    expect(events.map(({ attempt, status, retryInMs }) => [attempt, status, retryInMs !== undefined])).toEqual([
      [1, status, true],
      [2, status, true],
      [3, 200, false],
    ]);
    expect(error).toBeUndefined();
  });

  it("after a broken connection", async () => {
    const { received, events, error } = await tries(inTurn(gone, good));
    expect(received).toHaveLength(2);
    expect(events[0]).toMatchObject({ status: undefined, error: { name: "DcsNetworkError" } });
    expect(error).toBeUndefined();
  });

  it("after status 503 with Retry-After, and not without", async () => {
    expect((await tries(inTurn(reply(503, "", { "retry-after": "0" }), good))).received).toHaveLength(2);
    const { received, error } = await tries(inTurn(reply(503), good));
    expect(received).toHaveLength(1);
    expect(error).toMatchObject({ name: "DcsApiError", status: 503 });
  });

  it("as often as the limit allows, and then fails with the last response", async () => {
    const { received, error } = await tries(inTurn(reply(500), reply(502), reply(504)), {
      retry: { ...fast, limit: 2 },
    });
    expect(received).toHaveLength(3);
    expect(error).toMatchObject({ name: "DcsApiError", status: 504 });
  });

  it("three times by default", async () => {
    const { received } = await tries(reply(500), { retry: { baseDelayMs: 1 } });
    expect(received).toHaveLength(4);
  });

  it("and signed again, with its own time", async () => {
    let second = 0;
    const now = () => new Date(Date.UTC(2026, 0, 1, 0, 0, second++));
    const { received } = await tries(inTurn(reply(500), good), {
      credentials: { accessKey: "A", secretKey: "S" },
      now,
    });
    const [first, again] = received.map(({ headers }) => headers);
    expect(first?.["x-sdk-date"]).not.toBe(again?.["x-sdk-date"]);
    expect(first?.authorization).not.toBe(again?.authorization);
  });

  it("with credentials that are fetched again", async () => {
    const tokens = ["one", "two"];
    const { received } = await tries(inTurn(reply(500), good), {
      credentials: async () => ({ token: tokens.shift() ?? "" }),
    });
    expect(received.map(({ headers }) => headers["x-auth-token"])).toEqual(["one", "two"]);
  });

  it("also by `raw`, which returns the last response", async () => {
    await using server = await startServer(inTurn(reply(500), reply(500), reply(400, { error_code: "DCS.4800" })));
    const { raw } = createDcsClient({ endpoint: server.url, projectId: "p", credentials: { token: "t" }, retry: fast });
    const path = { project_id: "p", instance_id: "i" };
    const { error } = await raw.GET("/v2/{project_id}/instances/{instance_id}/backups", { params: { path } });
    expect(error?.error_code).toBe("DCS.4800");
    expect(server.received).toHaveLength(3);
  });
});

describe("a call is not retried", () => {
  it.each([400, 401, 403, 404, 405, 501, 302])("after status %i", async (status) => {
    expect((await tries(inTurn(reply(status), good))).received).toHaveLength(1);
  });

  it("with `retry: false`", async () => {
    for (const answer of [reply(500), gone]) {
      expect((await tries(inTurn(answer, good), { retry: false })).received).toHaveLength(1);
    }
  });

  it("after a timeout", async () => {
    const { received, error } = await tries(
      inTurn(() => {}, good),
      { timeoutMs: 50 },
    );
    expect(received).toHaveLength(1);
    expect(error.name).toBe("DcsTimeoutError");
  });

  it("after an unusable body", async () => {
    expect((await tries(inTurn(reply(200, "no JSON"), good))).received).toHaveLength(1);
  });

  it("if it is aborted while it waits: it rejects at once", async () => {
    await using server = await startServer(reply(429, "", { "retry-after": "60" }));
    const stop = new AbortController();
    const onResponse = () => setTimeout(() => stop.abort("enough"), 10);
    const dcs = createDcsClient({ endpoint: server.url, projectId: "p", credentials: { token: "t" }, onResponse });
    await expect(dcs.listBackupRecords("i", { signal: stop.signal })).rejects.toBe("enough");
    expect(server.received).toHaveLength(1);
  });
});

describe("the wait", () => {
  const upperBound = (tries: number) => retryDelay({ ...defaultRetry, limit: 10 }, tries, 500, undefined, 1);

  it("is random, up to a bound that doubles with each attempt and is capped", () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(upperBound)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    expect(retryDelay(defaultRetry, 2, 500, undefined, 0)).toBe(0);
    expect(retryDelay(defaultRetry, 2, undefined, undefined, 0.25)).toBe(250);
  });

  it("is what `Retry-After` asks for, up to a cap", () => {
    expect(retryDelay(defaultRetry, 1, 429, 7000, 0.5)).toBe(7000);
    expect(retryDelay(defaultRetry, 1, 503, 0, 0.5)).toBe(0);
    expect(retryDelay(defaultRetry, 1, 500, 3_600_000, 0.5)).toBe(60_000);
  });

  it("is random each time", async () => {
    const random = vi.spyOn(Math, "random").mockReturnValueOnce(0.25).mockReturnValueOnce(0.5);
    const { events } = await tries(inTurn(reply(500), reply(500), good), { retry: { baseDelayMs: 8 } });
    random.mockRestore();
    expect(events.map(({ retryInMs }) => retryInMs)).toEqual([2, 8, undefined]);
  });

  it("until a date is counted from the client's own clock", async () => {
    const header = { "retry-after": "Fri, 02 Jan 2026 03:04:07 GMT" };
    const now = () => new Date("2026-01-02T03:04:06.950Z");
    const { events } = await tries(inTurn(reply(429, "", header), good), { now, retry: { maxRetryAfterMs: 9000 } });
    expect(events[0]?.retryInMs).toBe(50);
  });

  it("is passed to the hook, and kept", async () => {
    const { events } = await tries(inTurn(reply(429, "", { "retry-after": "3600" }), good));
    expect(events.map(({ retryInMs }) => retryInMs)).toEqual([5, undefined]);
    const spread = await tries(inTurn(reply(500), good), { retry: { baseDelayMs: 300 } });
    const [wait] = spread.events.map(({ retryInMs }) => retryInMs);
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThanOrEqual(300);
  });
});
