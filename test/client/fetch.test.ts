// Implementations of `fetch` that differ: in the form of a body, in the signals that they take, in how they fail.

import { getEventListeners } from "node:events";
import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { describe, expect, it } from "vitest";
import {
  createDcsClient,
  DcsApiError,
  type DcsClientOptions,
  DcsNetworkError,
  DcsResponseError,
  type Fetch,
  type FetchResponse,
} from "../../src/client/index.ts";
import { type Answer, reply, startServer } from "./server.ts";

const retry = { limit: 3, baseDelayMs: 1, maxDelayMs: 2 };

const client = (endpoint: string, options: Partial<DcsClientOptions>) =>
  createDcsClient({ endpoint, projectId: "p", credentials: { token: "the-token" }, retry, ...options });

async function listing(answer: Answer, options: Partial<DcsClientOptions>) {
  await using server = await startServer(answer);
  const outcome = await client(server.url, options)
    .listBackupRecords("i")
    .catch((error) => error);
  return { outcome, requests: server.received.length };
}

/** A response with another body. */
const having =
  (bodyOf: (response: Response) => unknown): Fetch =>
  async (url, init) => {
    const response = await fetch(url, init);
    const { status, headers } = response;
    return { status, headers, body: bodyOf(response), text: () => response.text() };
  };

const streamOf = ({ body }: Response) => body as NodeStream<Uint8Array>;

describe.each<[string, Fetch]>([
  ["a stream of Node.js", having((response) => Readable.fromWeb(streamOf(response)))],
  ["an iterable and no more", having((response) => ({ [Symbol.asyncIterator]: () => streamOf(response).values() }))],
  ["a stream that cannot be iterated", having((response) => ({ getReader: () => streamOf(response).getReader() }))],
  ["no stream", having(() => undefined)],
  ["null for a stream", having(() => null)],
])("a body that is %s", (name, fetch) => {
  const page = { total_num: 1, backup_record_response: [{ backup_name: "备份 é" }] };
  const chunked: Answer = (_, response) => {
    response.write(JSON.stringify(page).slice(0, 40));
    response.end(JSON.stringify(page).slice(40));
  };

  it.each<[string, Answer]>([
    ["with its length", reply(200, page)],
    ["in chunks", chunked],
  ])("is read %s", async (_, answer) => {
    expect(await listing(answer, { fetch })).toEqual({ outcome: page, requests: 1 });
  });

  it("is read where the status tells of an error", async () => {
    const { outcome, requests } = await listing(reply(400, { error_code: "DCS.4800", error_msg: "No" }), { fetch });
    expect(outcome).toBeInstanceOf(DcsApiError);
    expect(outcome).toMatchObject({ code: "DCS.4800", message: "HTTP 400, DCS.4800: No." });
    expect(requests).toBe(1);
  });

  it("is refused where it is too large", async () => {
    const body = JSON.stringify({ ...page, more: "x".repeat(100_000) });
    const { outcome, requests } = await listing(reply(200, body, { "content-length": String(body.length) }), {
      fetch,
      maxBodyBytes: 50_000,
    });
    expect(outcome).toBeInstanceOf(DcsResponseError);
    expect(outcome.message).toBe("HTTP 200, but the body exceeds 50000 bytes");
    expect(requests).toBe(1);
    const inChunks = await listing(reply(200, body), {
      fetch,
      maxBodyBytes: 50_000,
    });
    expect(inChunks.outcome.message, name).toBe("HTTP 200, but the body exceeds 50000 bytes");
  });
});

it("a body without a stream is not even read if its length is too large", async () => {
  const text = () => Promise.reject(new Error("it was read"));
  const fetch: Fetch = async () => ({ status: 200, headers: new Headers({ "content-length": "51" }), text });
  const listed = client("https://dcs.example", { fetch, maxBodyBytes: 50 }).listBackupRecords("i");
  await expect(listed).rejects.toThrow("HTTP 200, but the body exceeds 50 bytes");
});

describe("a fetch that follows redirects", () => {
  it.each([
    [{ redirected: true }, "another place"],
    [
      { status: 301, headers: new Headers({ location: "https://other.example/x?ticket=1" }) },
      "https://other.example/x",
    ],
    [{ type: "opaqueredirect", status: 0 }, "another place"],
    [{ status: 302, headers: new Headers({ location: "https://other.example/" }) }, "https://other.example/"],
  ])("is not trusted: %j", async (changed: Partial<FetchResponse>, where) => {
    const fetch: Fetch = async () => ({ status: 200, headers: new Headers(), text: async () => "{}", ...changed });
    await expect(client("https://dcs.example", { fetch }).listBackupRecords("i")).rejects.toThrow(
      `HTTP ${changed.status ?? 200}, but it redirects to ${where}, which is not followed`,
    );
  });
});

describe("a fetch that fails", () => {
  async function failing(fetch: unknown) {
    let tries = 0;
    const counting = async (url: string, init: unknown) => {
      tries += 1;
      return (fetch as (url: string, init: unknown) => unknown)(url, init);
    };
    const options = { fetch: counting as Fetch };
    const error = await client("https://dcs.example", options)
      .listBackupRecords("i")
      .catch((error) => error);
    return { error, tries };
  }
  const throwing = (error: unknown) => () => {
    throw error;
  };

  it.each<[string, unknown, string]>([
    ["is called on the wrong object", throwing(new TypeError("Illegal invocation")), "Illegal invocation"],
    ["is not implemented", throwing(new TypeError("fetch is not implemented")), "fetch is not implemented"],
    ["is a program with a fault", () => Object(undefined).missing.fetch, "Cannot read properties of undefined"],
    ["is not there", () => (globalThis as never as { missing(): void }).missing(), "is not a function"],
    ["names what is not there", throwing(new ReferenceError("XMLHttpRequest is not defined")), "XMLHttpRequest is not"],
    ["refuses what it is asked", throwing(new DOMException("no manual redirects", "NotSupportedError")), "no manual"],
    ["gives nothing", () => undefined, "not a Response"],
    ["gives data", () => ({ status: 200, data: {} }), "not a Response"],
    ["gives a response without text", () => ({ status: 200, headers: new Headers() }), "not a Response"],
  ])("since it %s is named, and asked once", async (_, fetch, reason) => {
    const { error, tries } = await failing(fetch);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(`fetch is not usable: `);
    expect(error.message).toContain(reason);
    expect(tries).toBe(1);
  });

  it.each([
    ["Chrome", new TypeError("Failed to fetch"), "Failed to fetch"],
    ["Firefox", new TypeError("NetworkError when attempting to fetch resource."), "NetworkError when"],
    ["Safari", new TypeError("Load failed"), "Load failed"],
    ["whatwg-fetch", new TypeError("Network request failed"), "Network request failed"],
    ["Node.js", new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED ::1:1") }), "ECONNREFUSED"],
    ["node-fetch", Object.assign(new Error("reason: socket hang up"), { name: "FetchError" }), "socket hang up"],
    ["Deno", new TypeError("error sending request for url (https://dcs.example/)"), "error sending request"],
    ["workerd", new Error("Network connection lost."), "Network connection lost."],
    [
      "a proxy",
      new TypeError("fetch failed", {
        cause: new Error("Request was cancelled.", {
          cause: new Error("Proxy response (407) !== 200 when HTTP Tunneling"),
        }),
      }),
      "Proxy response (407) !== 200 when HTTP Tunneling: HTTPS_PROXY needs credentials",
    ],
    [
      "several addresses",
      new TypeError("fetch failed", { cause: new AggregateError([new Error("connect ETIMEDOUT 192.0.2.1:443")]) }),
      "connect ETIMEDOUT 192.0.2.1:443",
    ],
  ])("as that of %s does where the network failed is tried again", async (_, thrown, reason) => {
    const { error, tries } = await failing(throwing(thrown));
    expect(error).toBeInstanceOf(DcsNetworkError);
    expect(error.message).toContain(reason);
    expect(error.cause).toBe(thrown);
    expect(tries).toBe(4);
  });
});

describe("the signals of another realm", () => {
  it("do not hinder a fetch that refuses them", async () => {
    const refusing: Fetch = async (url, init) => {
      if (init.signal)
        throw new TypeError('RequestInit: Expected signal ("AbortSignal {}") to be an instance of AbortSignal.');
      return fetch(url, init);
    };
    const page = { total_num: 0, backup_record_response: [] };
    expect(await listing(reply(200, page), { fetch: refusing })).toEqual({ outcome: page, requests: 1 });
    const silent = await listing(() => {}, { fetch: refusing, timeoutMs: 50, retry: false });
    expect(silent).toMatchObject({ outcome: { name: "DcsTimeoutError" }, requests: 1 });
  });
});

describe("one signal for many calls", () => {
  it("has one listener, whatever they are, and none in the end", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on("warning", warn);
    const stop = new AbortController();
    const { signal } = stop;
    let most = 0;
    const fetch: Fetch = async () => {
      most = Math.max(most, getEventListeners(signal, "abort").length);
      return Response.json({});
    };
    const dcs = client("https://dcs.example", { fetch });
    await Promise.all(Array.from({ length: 50 }, () => dcs.listBackupRecords("i", { signal })));
    await Promise.all(Array.from({ length: 50 }, () => dcs.backupRecords("i", { signal }).next()));
    expect(most).toBe(1);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    const never = client("https://dcs.example", { fetch: () => new Promise(() => {}) });
    const calls = Array.from({ length: 50 }, () => never.listBackupRecords("i", { signal }).catch((reason) => reason));
    stop.abort("enough");
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["enough"]));
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await new Promise(setImmediate);
    process.off("warning", warn);
    expect(warnings).toEqual([]);
  });
});
