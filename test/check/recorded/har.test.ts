// HAR files as browsers and proxies write them, read as exchanges; what is not there is told from what is empty.

import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isMissing, type RecordedResponse, reasonOf } from "../../../src/check/recorded/recorded.ts";
import { entry, exchange, harOf, page, readAll, readOne, token } from "./samples.ts";

const one = (changes?: Parameters<typeof entry>[0], creator?: string) => readOne(harOf([entry(changes)], creator));

async function responseOf(changes?: Parameters<typeof entry>[0]): Promise<RecordedResponse> {
  const { response } = await one(changes);
  if (isMissing(response)) throw new Error(reasonOf(response));
  return response;
}

describe("an entry", () => {
  it("is an exchange with its place, times, headers in their order, and bodies", async () => {
    expect(await one()).toEqual(exchange());
  });

  it("may have times with another zone, and none", async () => {
    const { startedAt } = await one({ startedDateTime: "2026-07-01T14:00:00.123456+02:00" as never });
    expect(startedAt?.toISOString()).toBe("2026-07-01T12:00:00.123Z");
    const without = await one({ startedDateTime: "" as never, time: -1 as never });
    expect(without).not.toHaveProperty("startedAt");
    expect(without).not.toHaveProperty("durationMs");
  });

  it("has the headers of HTTP/2 that begin with a colon apart", async () => {
    const headers = [
      { name: ":authority", value: "dcs.example.com" },
      { name: "x-auth-token", value: token },
    ];
    const { request } = await one({ request: { headers } });
    expect(request.pseudoHeaders).toEqual([[":authority", "dcs.example.com"]]);
    expect(request.headers).toEqual([["x-auth-token", token]]);
  });

  it("has each value of a header that Chromium writes as one", async () => {
    const { headers } = await responseOf({ response: { headers: [{ name: "set-cookie", value: "a=1\nb=2" }] } });
    expect(headers).toEqual([
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
  });

  it("of Chromium may have had credentials that it leaves out", async () => {
    expect((await one({}, "WebInspector")).request.leftOut).toEqual(["authorization", "cookie"]);
    const headers = [{ name: "Authorization", value: "x" }];
    expect((await one({ request: { headers } }, "WebInspector")).request.leftOut).toEqual(["cookie"]);
    expect((await one({}, "Playwright")).request).not.toHaveProperty("leftOut");
  });

  it.each(["request", "response"] as const)("says if the headers of its %s were not kept", async (part) => {
    expect((await one({ [part]: { headers: [] } }))[part]).toMatchObject({ noHeaders: { missing: "not-kept" } });
    expect((await one())[part]).not.toHaveProperty("noHeaders");
  });

  it("is told if it is none, and the others are read", async () => {
    const text = harOf([entry(), { request: { url: "/" } }, 5, null, entry()]);
    const { recorded, faults } = await readAll(text);
    expect(recorded.map(({ place }) => place.entry)).toEqual([1, 5]);
    expect(faults.map(({ fault, place }) => [fault, place.entry])).toEqual([
      ["not-an-exchange", 2],
      ["not-an-exchange", 3],
      ["not-an-exchange", 4],
    ]);
  });

  it("that is no JSON is told with its place, and nothing that it says", async () => {
    const text = harOf([entry(), entry()]).replace(`"value":"${token}"`, `"value":${token}`);
    const { recorded, faults } = await readAll(text);
    expect(recorded.map(({ place }) => place.entry)).toEqual([2]);
    expect(faults).toMatchObject([{ fault: "broken", place: { entry: 1, offset: expect.any(Number) }, ends: false }]);
    expect(JSON.stringify(faults)).not.toContain(token.slice(0, 6));
  });
});

describe("the answer is missing if", () => {
  it.each<[string, Parameters<typeof entry>[0], object]>([
    [
      "mitmproxy never saw one",
      { response: { status: 0, _error: "Client disconnected." } },
      { missing: "never-answered", detail: "Client disconnected." },
    ],
    [
      "Chromium never saw one",
      { response: { status: 0, _error: "net::ERR_FAILED" } },
      { missing: "never-answered", detail: "net::ERR_FAILED" },
    ],
    ["Playwright never saw one", { response: { status: -1 } }, { missing: "never-answered", detail: "status -1" }],
    ["it was cached, as the service says", { response: { status: 304 } }, { missing: "cached", detail: "status 304" }],
    [
      "it was cached by Chromium",
      { _fromCache: "disk" as never },
      { missing: "cached", detail: "of the browser, disk" },
    ],
    [
      "it was cached, as Playwright tells by a length",
      { response: { _transferSize: 0 } },
      { missing: "cached", detail: "nothing was transferred" },
    ],
    [
      "it was cached, and a 304 that Playwright does not tell said so",
      { request: { headers: [{ name: "If-None-Match", value: '"1"' }] }, response: { bodySize: 0 } },
      { missing: "cached", detail: "only headers were transferred" },
    ],
    ["a test of Playwright gave it", { _wasFulfilled: true as never }, { missing: "mocked" }],
  ])("%s", async (_, changes, missing) => {
    expect((await one(changes)).response).toEqual(missing);
  });
});

it("the answer is there if a length is not known, none came after a condition, or no condition was sent", async () => {
  const condition = { headers: [{ name: "If-None-Match", value: '"1"' }] };
  const there: Parameters<typeof entry>[0][] = [
    { response: { _transferSize: -1 } },
    { request: condition },
    { request: condition, response: { bodySize: 0 }, content: { size: 0, text: "" } },
    { response: { bodySize: 0 } },
  ];
  for (const changes of there) expect(await responseOf(changes)).toMatchObject({ status: 200 });
});

describe("the body of a response", () => {
  const bytesOf = (text: string) => Buffer.from(text);
  const base64 = (bytes: Buffer) => ({ text: bytes.toString("base64"), encoding: "base64", size: bytes.length });
  const encodedBy = (name: string) => ({ headers: [{ name: "Content-Encoding", value: name }] });
  const bodyOf = async (content: object, response: object = {}) => (await responseOf({ content, response })).body;

  it("may be in base64", async () => {
    expect(await bodyOf(base64(bytesOf(page)))).toEqual({ text: page });
  });

  it("is kept as bytes if it is not UTF-8", async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    expect(await bodyOf(base64(bytes))).toEqual({ bytes });
  });

  it("may have bytes that are not UTF-8 in the way of Python", async () => {
    expect(await bodyOf({ text: "{\udcffé\udc80}", size: 6 })).toEqual({
      bytes: Buffer.from([0x7b, 0xff, 0xc3, 0xa9, 0x80, 0x7d]),
    });
    expect(await bodyOf({ text: "{\ud800}", size: 5 })).toEqual({ missing: "altered" });
  });

  it("may stand in the file in bytes that are not UTF-8", async () => {
    const text = harOf([entry({ content: { text: "é\u00a7", size: 2 } })]);
    const [before, after] = text.split("\u00a7") as [string, string];
    const { response } = await readOne(Buffer.concat([Buffer.from(before), Buffer.from([0xa7]), Buffer.from(after)]));
    expect(response).toMatchObject({ body: { bytes: Buffer.from([0xc3, 0xa9, 0xa7]) } });
  });

  it("has characters that a browser put for bytes that are not UTF-8, if its length is another", async () => {
    expect(await bodyOf({ text: "{\ufffd}", size: 3 })).toEqual({ missing: "altered", bytes: 3 });
    expect(await bodyOf({ text: "{\ufffd}", size: 5 })).toEqual({ text: "{\ufffd}" });
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["x-gzip", gzipSync],
  ] as const)("has its content-encoding %s undone, if it still has it", async (name, encode) => {
    const encoded = encode(bytesOf(page));
    expect(await bodyOf(base64(encoded), encodedBy(name))).toEqual({ text: page });
    expect(await bodyOf(base64(bytesOf(page)), encodedBy(name))).toEqual({ text: page });
    expect(await bodyOf({ text: page, size: page.length }, encodedBy(name))).toEqual({ text: page });
  });

  it("whose content-encoding Redocly's proxy writes as text is told", async () => {
    const response = { ...encodedBy("gzip"), bodySize: 345 };
    const encoded = gzipSync(bytesOf(page)).toString();
    expect(await bodyOf({ text: encoded, size: 345 }, response)).toEqual({ missing: "altered", bytes: 345 });
    const text = JSON.stringify({ total_num: 0, comment: "\ufffd" });
    expect(await bodyOf({ text, size: 345 }, response)).toEqual({ text });
  });

  it("may be empty or not kept in a recording of mitmproxy, if its length was not sent", async () => {
    const changes = (headers: object[]) => ({ response: { headers, bodySize: 0 }, content: { size: 0, text: "" } });
    const chunked = changes([{ name: "Transfer-Encoding", value: "chunked" }]);
    expect((await one(chunked, "mitmproxy")).response).toMatchObject({ body: { missing: "not-kept" } });
    expect((await one(chunked, "Playwright")).response).toMatchObject({ body: { text: "" } });
    const told = changes([{ name: "Content-Length", value: "0" }]);
    expect((await one(told, "mitmproxy")).response).toMatchObject({ body: { text: "" } });
  });

  it("whose content-encoding cannot be undone is told", async () => {
    const damaged = gzipSync(bytesOf(page)).fill(0xff, 20, 40);
    expect(await bodyOf(base64(damaged), encodedBy("gzip"))).toMatchObject({ missing: "not-decodable" });
    // Without the first bytes of gzip it may as well be a body that is not UTF-8.
    expect(await bodyOf(base64(damaged.subarray(2)), encodedBy("gzip"))).toEqual({ bytes: damaged.subarray(2) });
  });

  it("that is a bomb is told", async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const text = harOf([entry({ content: base64(bomb), response: encodedBy("gzip") }), entry()]);
    const { recorded } = await readAll(text, { maxBodyBytes: 1_000_000 });
    expect(recorded).toMatchObject([
      { response: { body: { missing: "too-large", detail: "more than 1000000 bytes" } } },
      {},
    ]);
    const { recorded: twin } = await readAll(text, { maxBodyBytes: 5_000_000 });
    expect(twin).toMatchObject([{ response: { body: { text: expect.any(String) } } }, {}]);
  });

  it.each<[string, object, object, object]>([
    ["is not kept by Firefox", { size: -1, text: undefined, comment: "not included" }, {}, { missing: "not-kept" }],
    [
      "is not kept by Playwright, which tells its length",
      { size: 880, text: undefined },
      {},
      { missing: "not-kept", bytes: 880 },
    ],
    ["is not kept, though there is a text", { size: 880, text: "" }, {}, { missing: "not-kept", bytes: 880 }],
    [
      "is not kept by mitmproxy, which passes it on as it comes",
      { size: 0, text: "" },
      { bodySize: 0, headers: [{ name: "Content-Length", value: "7" }] },
      { missing: "not-kept", bytes: 7 },
    ],
    ["is not kept by mitmproxy", { text: null }, {}, { missing: "not-kept", bytes: page.length }],
    [
      "is beside the file",
      { text: undefined, _file: "a1b2.json" },
      {},
      { missing: "kept-elsewhere", detail: "a1b2.json" },
    ],
    [
      "is in the trace",
      { text: undefined, _sha1: "a1b2.json" },
      {},
      { missing: "kept-elsewhere", detail: "a1b2.json" },
    ],
    [
      "is cut off by Firefox",
      { size: 880, text: page },
      {},
      { missing: "cut-off", detail: `${page.length} of 880 bytes`, bytes: 880 },
    ],
    [
      "has no byte order mark any more, as the length that was sent tells",
      {},
      { headers: [{ name: "Content-Length", value: `${page.length + 3}` }] },
      { missing: "cut-off", detail: `${page.length} of ${page.length + 3} bytes`, bytes: page.length + 3 },
    ],
    [
      "is whole, by the length that was sent",
      {},
      { headers: [{ name: "Content-Length", value: `${page.length}` }] },
      { text: page },
    ],
    [
      "is whole, and the length that was sent is that of its content-encoding",
      {},
      { headers: [{ name: "Content-Length", value: "5000" }, ...encodedBy("gzip").headers] },
      { text: page },
    ],
    ["is not told by Chromium", { size: 0, text: undefined }, { bodySize: -1 }, { missing: "not-kept" }],
    ["is empty, as Redocly's proxy writes it", { size: 0, text: undefined }, { bodySize: 0 }, { text: "" }],
    ["is empty", { size: 0, text: "" }, { bodySize: 0 }, { text: "" }],
    [
      "is empty, as a header says",
      { size: -1, text: undefined },
      { headers: [{ name: "content-length", value: "0" }] },
      { text: "" },
    ],
    ["is empty, as of each 204", { size: 880, text: undefined }, { status: 204 }, { text: "" }],
    [
      "is whole where mitmproxy tells the length before decompression",
      { size: 5000, text: page },
      { bodySize: 5000, ...encodedBy("gzip") },
      { text: page },
    ],
  ])("%s", async (_, content, response, body) => {
    expect(await bodyOf(content, response)).toEqual(body);
  });
});

describe("the body of a request", () => {
  const bodyOf = async (request: object) => (await one({ request })).request.body;

  it.each<[string, object, object]>([
    ["is there", { postData: { mimeType: "application/json", text: "{}" } }, { text: "{}" }],
    ["is in base64", { postData: { mimeType: "x", text: "/w==", encoding: "base64" } }, { bytes: Buffer.of(0xff) }],
    ["is not kept", { postData: { mimeType: "x", text: "" }, bodySize: 12 }, { missing: "not-kept", bytes: 12 }],
    ["is not kept, as its length tells", { bodySize: 12 }, { missing: "not-kept", bytes: 12 }],
    [
      "is not kept, as a header tells",
      { headers: [{ name: "Transfer-Encoding", value: "chunked" }] },
      { missing: "not-kept" },
    ],
    ["is beside the file", { postData: { text: "", _file: "a.bin" } }, { missing: "kept-elsewhere", detail: "a.bin" }],
    ["is empty", { bodySize: -1 }, { text: "" }],
  ])("%s", async (_, request, body) => {
    expect(await bodyOf(request)).toEqual(body);
  });
});

it("each reason says what is missing, in words", () => {
  expect(reasonOf({ missing: "cut-off", detail: "120 of 880 bytes" })).toBe("it is cut off: 120 of 880 bytes");
  expect(reasonOf({ missing: "mocked" })).toBe("the answer came from the test, not from the service");
});
