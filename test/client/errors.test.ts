// What a caller gets when a call fails: every known form of error, and every kind of network failure.

import { getEventListeners } from "node:events";
import { brotliCompressSync, createGzip, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  type Credentials,
  createDcsClient,
  DcsApiError,
  type DcsClientOptions,
  DcsError,
  DcsNetworkError,
  DcsResponseError,
  DcsTimeoutError,
} from "../../src/client/index.ts";
import { type Answer, reply, startServer } from "./server.ts";

const client = (endpoint: string, options: Partial<DcsClientOptions> = {}) =>
  createDcsClient({ endpoint, projectId: "p", credentials: { token: "the-token" }, retry: false, ...options });

async function failure(answer: Answer, options?: Partial<DcsClientOptions>): Promise<DcsApiError> {
  await using server = await startServer(answer);
  const listed = client(server.url, options).listBackupRecords("i");
  return await listed.then(
    () => expect.unreachable("it did not fail"),
    (error) => error,
  );
}

describe("an error response", () => {
  it.each([
    [
      "of DCS",
      reply(400, { error_code: "DCS.4800", error_msg: "Invalid offset in the request.", error_ext_msg: null }),
      { status: 400, code: "DCS.4800", message: "HTTP 400, DCS.4800: Invalid offset in the request." },
    ],
    [
      "of DCS with an extended message",
      reply(500, { error_code: "DCS.5078", error_msg: "Query backup record failed.", error_ext_msg: "more" }),
      { status: 500, code: "DCS.5078", extMessage: "more", message: "HTTP 500, DCS.5078: Query backup record failed." },
    ],
    [
      "of the gateway",
      reply(401, {
        error_code: "APIGW.0301",
        error_msg: "Incorrect IAM authentication information",
        request_id: "abc",
      }),
      {
        status: 401,
        code: "APIGW.0301",
        requestId: "abc",
        message:
          "HTTP 401, APIGW.0301: Incorrect IAM authentication information. " +
          "Renew the token, or check the keys and the clock. (request abc)",
      },
    ],
    [
      "with its request in a header",
      reply(404, { error_code: "DCS.3022", error_msg: "This DCS instance does not exist." }, { "X-Request-Id": "def" }),
      {
        requestId: "def",
        message:
          "HTTP 404, DCS.3022: This DCS instance does not exist. Check instance, project and region. (request def)",
      },
    ],
    [
      "of v1",
      reply(403, { error: { code: "DCS.2003", message: "No permission" } }),
      {
        code: "DCS.2003",
        message: "HTTP 403, DCS.2003: No permission. The account needs the permission dcs:instance:getDataBackupLog.",
      },
    ],
    ["with an integer code", reply(400, { code: 42, message: "no" }), { code: "42", message: "HTTP 400, 42: no." }],
    [
      "with an encoded message",
      reply(403, { error_code: "PDP.1", error_msg: "denied", encoded_authorization_message: "x".repeat(5000) }),
      {
        code: "PDP.1",
        message: "HTTP 403, PDP.1: denied. The account needs the permission dcs:instance:getDataBackupLog.",
      },
    ],
    ["of plain text", reply(502, "upstream\n  gone\n"), { code: undefined, message: "HTTP 502: upstream gone." }],
    [
      "of HTML",
      reply(500, "<html><head><title>Oops!</title></head><body>a page</body></html>"),
      { message: "HTTP 500: Oops!" },
    ],
    ["of HTML without a title", reply(500, "<p>It is <b>late</b></p>"), { message: "HTTP 500: It is late." }],
    ["without a body", reply(405), { code: undefined, message: "HTTP 405" }],
    ["of JSON that says nothing", reply(500, { foo: 1, error_code: "", error_msg: " " }), { message: "HTTP 500" }],
    [
      "of two shapes at once",
      reply(400, { error: {}, error_code: "DCS.1", error_msg: "", message: "m" }),
      { code: "DCS.1", message: "HTTP 400, DCS.1: m." },
    ],
    ["with a string for an error", reply(400, { error: "no" }), { message: "HTTP 400: no." }],
    [
      "with its request in the body and in a header",
      reply(500, { error_msg: "No!", request_id: "abc" }, { "X-Request-Id": "def" }),
      { requestId: "abc", message: "HTTP 500: No! (request abc)" },
    ],
    ["of JSON that is a string", reply(500, '"no"'), { message: 'HTTP 500: "no".' }],
    ["of JSON null", reply(500, "null"), { message: "HTTP 500: null." }],
    ["of an array", reply(500, "[1]"), { code: undefined }],
    ["with objects for strings", reply(500, { error_code: {}, error_msg: [], request_id: true }), { code: undefined }],
    ["whose JSON is cut off", reply(500, '{"error_code":"DCS.1'), { code: undefined }],
  ])("%s is understood", async (_, answer, expected) => {
    const error = await failure(answer);
    expect(error).toBeInstanceOf(DcsApiError);
    expect(error).toBeInstanceOf(DcsError);
    expect(error).toMatchObject({ name: "DcsApiError", ...expected });
  });

  it.each<[string, Credentials, string, string]>([
    ["in another word", { token: "any" }, "Too many requests in this company", "Too many requests in this company"],
    [
      "as a word",
      { token: "any" },
      "The token any is (any) wrong: token=any",
      "The token *** is (***) wrong: token=***",
    ],
    ["in a name", { token: "any" }, "Gateway any-gate says: test_any", "Gateway any-gate says: test_any"],
    ["in letters of another script", { token: "any" }, "éany anyß", "éany anyß"],
    ["with signs", { token: "a.c" }, "abc a.c a.cd", "abc *** a.cd"],
    ["of one letter", { accessKey: "a", secretKey: "b" }, "a bad key: b", "*** bad key: ***"],
    ["of six characters", { token: "secret" }, "a secretary", "a ***ary"],
  ])("hides a short secret only as a whole word: %s", async (_, credentials, said, shown) => {
    const id = "test-any-1";
    const answer = reply(400, { error_code: "any.0001", error_msg: said }, { "X-Request-Id": id });
    const error = await failure(answer, { credentials });
    expect(error).toMatchObject({ code: "any.0001", requestId: id });
    expect(error.message).toBe(`HTTP 400, any.0001: ${shown}. (request ${id})`);
  });

  it("has a message of one line, however long or odd the response was", async () => {
    for (const text of ["a\r\nb\u2028c\u0000d\u001b[31m\u200be\u202e", "long ".repeat(10_000)]) {
      const { message, code } = await failure(reply(400, { error_code: text, error_msg: text }));
      expect(message).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{10,700}$/u);
      expect(code?.length).toBeLessThanOrEqual(300);
    }
  });

  it.each([
    ["seconds", "7", 7000],
    ["a date", "Fri, 02 Jan 2026 03:04:15 GMT", 10_000],
    ["a date in the past", "Fri, 02 Jan 2026 03:04:00 GMT", 0],
    ["nonsense", "soon", undefined],
    ["part of a second", "1.5", undefined],
    ["a negative number", "-1", undefined],
    ["a list", "7, 7", undefined],
  ])("tells how long to wait, from %s", async (_, header, retryAfterMs) => {
    const now = () => new Date("2026-01-02T03:04:05Z");
    const error = await failure(reply(429, "", { "Retry-After": header }), { now });
    expect(error).toMatchObject({ status: 429, retryAfterMs });
    expect(error.message).toContain("Wait before trying again.");
  });
});

describe("an unusable response", () => {
  it.each([300, 301, 302, 303, 304, 307, 308])("is a redirect %i, which is not followed", async (status) => {
    await using other = await startServer(reply(200, {}));
    const error = await failure(reply(status, "", { location: `${other.url}/elsewhere` }));
    expect(error).toBeInstanceOf(DcsResponseError);
    expect(error.message).toBe(`HTTP ${status}, but it redirects to ${other.url}/elsewhere, which is not followed`);
    expect(other.received).toEqual([]);
  });

  it("is a redirect that a browser hides", async () => {
    const hidden = Object.defineProperty(new Response(), "type", { value: "opaqueredirect" });
    const listed = client("https://dcs.example", { fetch: async () => hidden }).listBackupRecords("i");
    await expect(listed).rejects.toThrow("it redirects to another place, which is not followed");
  });

  it.each([
    ["a redirect", 302],
    ["a body that is too large", 200],
  ])("is %s whose endless body is not read on", async (_, status) => {
    let closed = false;
    const endless: Answer = (_, response) => {
      response.on("close", () => {
        closed = true;
      });
      response.writeHead(status, { location: "/" });
      const pump = (): void => {
        while (!closed && response.write("x".repeat(65_536)));
      };
      response.on("drain", pump);
      pump();
    };
    await using server = await startServer(endless);
    const listed = client(server.url, { maxBodyBytes: 1000 }).listBackupRecords("i");
    await expect(listed).rejects.toBeInstanceOf(DcsResponseError);
    await expect.poll(() => closed).toBe(true);
  });

  it("is not: a body of 32 MiB by default; one more byte is", async () => {
    await using server = await startServer((request, response) => {
      const bytes = 32 * 1024 * 1024 + (request.url?.includes("offset=1") ? 1 : 0);
      response.writeHead(200);
      response.end("{}".padEnd(bytes));
    });
    expect(await client(server.url).listBackupRecords("i")).toEqual({ backup_record_response: [] });
    await expect(client(server.url).listBackupRecords("i", { offset: 1 })).rejects.toThrow("exceeds 33554432 bytes");
  });

  const page = (bytes: number) =>
    JSON.stringify({ total_num: 0, backup_record_response: [], a: "x".repeat(bytes - 50) });
  const sized =
    (bytes: number): Answer =>
    (_, response) =>
      response.writeHead(200, { "content-length": bytes }).end(page(bytes).padEnd(bytes));
  const chunked =
    (bytes: number): Answer =>
    (_, response) => {
      response.writeHead(200);
      response.write(page(bytes).padEnd(bytes));
      response.end();
    };
  const zipped =
    (bytes: number): Answer =>
    (_, response) => {
      const body = gzipSync(page(bytes).padEnd(bytes));
      response.writeHead(200, { "content-encoding": "gzip", "content-length": body.length }).end(body);
    };

  it.each([
    ["announced", sized],
    ["in chunks", chunked],
    ["compressed", zipped],
  ])("is a body, %s, that is larger than maxBodyBytes, by a single byte", async (_, answer) => {
    const error = await failure(answer(100_001), { maxBodyBytes: 100_000 });
    expect(error).toBeInstanceOf(DcsResponseError);
    expect(error.message).toBe("HTTP 200, but the body exceeds 100000 bytes");
    await using server = await startServer(answer(100_000));
    const { total_num } = await client(server.url, { maxBodyBytes: 100_000 }).listBackupRecords("i");
    expect(total_num).toBe(0);
  });

  it("is not: a larger error response, whose status code counts, and which is retried", async () => {
    await using server = await startServer(reply(500, "x".repeat(1000)));
    const listed = client(server.url, { maxBodyBytes: 100, retry: { limit: 1, baseDelayMs: 1 } }).listBackupRecords(
      "i",
    );
    await expect(listed).rejects.toMatchObject({ name: "DcsApiError", status: 500 });
    expect(server.received).toHaveLength(2);
  });

  it("is not: a megabyte of angle brackets, on which a careless pattern would hang", async () => {
    expect(await failure(reply(502, "<".repeat(1_000_000)))).toBeInstanceOf(DcsApiError);
  });

  it("is a body that is larger than its Content-Length, such as a compressed one from another origin", async () => {
    const body = new Response("{}".padEnd(1000), { headers: { "content-length": "10" } });
    const fetch = async () => Object.defineProperty(body, "type", { value: "cors" });
    const listed = client("https://dcs.example", { fetch, maxBodyBytes: 100 }).listBackupRecords("i");
    await expect(listed).rejects.toThrow("HTTP 200, but the body exceeds 100 bytes");
  });

  it.each([
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["deflate", deflateSync],
    ["gzip", gzipSync],
  ])("counts the bytes of a body after its decompression: %s", async (encoding, compress) => {
    const body = compress(page(100_000).padEnd(100_000));
    await using server = await startServer(reply(200, body, { "content-encoding": encoding }));
    const listing = (maxBodyBytes: number) => client(server.url, { maxBodyBytes }).listBackupRecords("i");
    expect(body.length).toBeLessThan(10_000);
    expect((await listing(100_000)).total_num).toBe(0);
    await expect(listing(99_999)).rejects.toThrow("HTTP 200, but the body exceeds 99999 bytes");
  });

  it("is a gzip bomb, which is not unpacked completely", async () => {
    let written = 0;
    const bomb: Answer = (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      const gzip = createGzip({ level: 1 });
      gzip.pipe(response);
      const zeros = Buffer.alloc(1 << 20);
      const pump = () => {
        while (written < 4096 && !response.destroyed) {
          written += 1;
          if (!gzip.write(zeros)) return gzip.once("drain", pump);
        }
        gzip.end();
      };
      pump();
    };
    const error = await failure(bomb, { maxBodyBytes: 1_000_000 });
    expect(error.message).toBe("HTTP 200, but the body exceeds 1000000 bytes");
    expect(written).toBeLessThan(4096);
  });
});

describe("a call without a response", () => {
  it("fails with the network's reason if nobody listens", async () => {
    const server = await startServer(reply(200));
    await server[Symbol.asyncDispose]();
    const error = await client(server.url)
      .listBackupRecords("i")
      .catch((error) => error);
    expect(error).toBeInstanceOf(DcsNetworkError);
    expect(error.message).toMatch(new RegExp(`^Request to ${server.url} failed: .*ECONNREFUSED`));
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it.each([
    ["before the headers", ((_, response) => response.destroy()) as Answer],
    [
      "in the body",
      ((_, response) => {
        response.writeHead(200, { "content-length": 1000 });
        response.write("{", () => response.destroy());
      }) as Answer,
    ],
  ])("fails where the connection breaks %s", async (_, answer) => {
    const error = await failure(answer);
    expect(error).toBeInstanceOf(DcsNetworkError);
    expect(error.cause).toBeInstanceOf(Error);
  });

  const silent: Answer = () => {};
  const dripping: Answer = (request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(" "), 20);
    request.on("close", () => clearInterval(timer));
  };

  it.each([
    ["never comes", silent],
    ["never ends", dripping],
  ])("in time is timed out, where the answer %s", async (_, answer) => {
    const error = await failure(answer, { timeoutMs: 100 });
    expect(error).toBeInstanceOf(DcsTimeoutError);
    expect(error).toMatchObject({ message: "No answer within 100 ms", timeoutMs: 100 });
  });

  it.each([
    ["never comes", silent],
    ["never ends", dripping],
  ])("is aborted with the signal's reason, where the answer %s", async (_, answer) => {
    await using server = await startServer(answer);
    const reason = { because: "of me" };
    const stop = new AbortController();
    const listed = client(server.url).listBackupRecords("i", { signal: stop.signal });
    await expect.poll(() => server.received.length).toBe(1);
    stop.abort(reason);
    await expect(listed).rejects.toBe(reason);
  });

  it.each([
    ["timed out", { timeoutMs: 50 }, 60_000],
    ["aborted", {}, 200],
  ])("and is %s is given up: the connection closes", async (_, options, abortAfter) => {
    const closed: string[] = [];
    await using server = await startServer((request) => {
      request.on("close", () => closed.push("request"));
    });
    const signal = AbortSignal.timeout(abortAfter);
    await expect(client(server.url, options).listBackupRecords("i", { signal })).rejects.toThrow();
    await expect.poll(() => closed).toEqual(["request"]);
  });

  it("does not begin if the credentials come too late", async () => {
    let come = (_: { token: string }) => {};
    const credentials = () =>
      new Promise<{ token: string }>((resolve) => {
        come = resolve;
      });
    const begun: string[] = [];
    const onRequest = ({ url }: { url: string }) => begun.push(url);
    const options = { credentials, onRequest, fetch: async () => Response.json({}), timeoutMs: 20 };
    const listed = client("https://dcs.example", options).listBackupRecords("i");
    await expect(listed).rejects.toBeInstanceOf(DcsTimeoutError);
    come({ token: "t" });
    await new Promise(setImmediate);
    expect(begun).toEqual([]);
  });

  it("leaves nothing behind: no timer, and no listener on the signal", async () => {
    await using server = await startServer(reply(500));
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const { signal } = new AbortController();
    const before = timers();
    for (let call = 0; call < 20; call += 1) {
      await client(server.url, { retry: { limit: 1, baseDelayMs: 1 } })
        .listBackupRecords("i", { signal })
        .catch(() => {});
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(timers() - before).toBeLessThan(10);
  });

  it("says in one line what fetch threw, whatever it was", async () => {
    const messageOf = async (thrown: unknown) => {
      const fetch = () => Promise.reject(thrown);
      const error = await client("https://dcs.example", { fetch })
        .listBackupRecords("i")
        .catch((error) => error);
      expect(error).toBeInstanceOf(DcsNetworkError);
      expect(error.cause).toBe(thrown);
      return error.message;
    };
    expect(await messageOf("boom")).toBe("Request to https://dcs.example failed: boom");
    expect(await messageOf(undefined)).toBe("Request to https://dcs.example failed: undefined");
    expect(await messageOf(new Error("two\n  lines"))).toBe("Request to https://dcs.example failed: two lines");
  });

  it("is not sent if the signal is already aborted", async () => {
    await using server = await startServer(reply(200, {}));
    const signal = AbortSignal.abort("enough");
    await expect(client(server.url).listBackupRecords("i", { signal })).rejects.toBe("enough");
    await expect(client(server.url).backupRecords("i", { signal }).next()).rejects.toBe("enough");
    expect(server.received).toEqual([]);
  });

  it("rejects at once even if fetch ignores the abort", async () => {
    const stop = new AbortController();
    const fetch = () => new Promise<Response>(() => {});
    const listed = client("https://dcs.example", { fetch }).listBackupRecords("i", { signal: stop.signal });
    stop.abort("enough");
    await expect(listed).rejects.toBe("enough");
  });

  it("passes on unchanged what the credentials' function throws", async () => {
    const reason = new Error("no token today");
    const credentials = () => Promise.reject(reason);
    await expect(client("https://dcs.example", { credentials }).listBackupRecords("i")).rejects.toBe(reason);
  });
});
