// The relay changes nothing of what passes, but for Host and what belongs to the connection.

import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { answering, lines, path, rawService, relayTo, say } from "./wire.ts";

const ok = `${lines("HTTP/1.1 200 OK", "Content-Length: 2")}hi`;
const host = (url: string) => new URL(url).host;

/** What the service gets of a request. */
async function sent(request: (relay: string) => string, base = "", body = "") {
  await using service = await answering(ok);
  await using relay = await relayTo(service.url + base);
  await say(relay.url, request(relay.url) + body, "hi");
  return { received: service.received.map(String), service: host(service.url) };
}

/** What the client gets of an answer. */
async function got(answer: string | Buffer, end?: string, request = lines(`GET ${path} HTTP/1.1`, "Host: a")) {
  await using service = await rawService((socket, heard) => {
    if (!heard.endsWith("\r\n\r\n")) return;
    socket.write(Buffer.from(answer as string, "latin1"));
    if (end === undefined) socket.end();
  });
  await using relay = await relayTo(service.url);
  const heard = await say(relay.url, request, end);
  await relay.close();
  return { heard, passed: relay.passed };
}

describe("a request reaches the service", () => {
  it("with its headers in their order and case, repeated ones too, and the service's Host in place of the relay's", async () => {
    const { received, service } = await sent((relay) =>
      lines(
        `GET ${path}?limit=10&x=%7e~ HTTP/1.1`,
        "x-A: 1",
        `hOsT: ${host(relay)}`,
        "X-b:   2",
        "x-a: 3",
        "ACCEPT: */*",
      ),
    );
    expect(received).toEqual([
      lines(
        `GET ${path}?limit=10&x=%7e~ HTTP/1.1`,
        "x-A: 1",
        `hOsT: ${service}`,
        "X-b: 2",
        "x-a: 3",
        "ACCEPT: */*",
        "Connection: keep-alive",
      ),
    ]);
  });

  it("without the headers of the client's connection, and those that Connection names", async () => {
    const { received, service } = await sent(() =>
      lines(
        "GET / HTTP/1.1",
        "Host: a",
        "Connection: Upgrade, X-Mine",
        "Upgrade: h2c",
        "X-Mine: 1",
        "Keep-Alive: 5",
        "X-Yours: 2",
      ),
    );
    expect(received).toEqual([lines("GET / HTTP/1.1", `Host: ${service}`, "X-Yours: 2", "Connection: keep-alive")]);
  });

  it("with bytes in its headers that are no ASCII", async () => {
    const { received } = await sent(() => lines("GET / HTTP/1.1", "Host: a", "X-Name: caf\u00c3\u00a9 \u00ff"));
    expect(received[0]).toContain("X-Name: café \ufffd\r\n");
  });

  it.each([
    ["of a length that it tells", ["Content-Length: 5"], "a\0b\r\n"],
    ["in chunks", ["Transfer-Encoding: chunked"], "5\r\na\0b\r\n\r\n0\r\n\r\n"],
    ["in chunks, with a trailer", ["Transfer-Encoding: chunked", "Trailer: X-Sum"], "2\r\nab\r\n0\r\nX-Sum: 1\r\n\r\n"],
  ])("with a body %s", async (_what, headers, body) => {
    const { received, service } = await sent(() => lines("POST /other HTTP/1.1", "Host: a", ...headers), "", body);
    expect(received).toEqual([
      lines("POST /other HTTP/1.1", `Host: ${service}`, ...headers, "Connection: keep-alive") + body,
    ]);
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])(
    "by %s without a body, and without a header for one",
    async (method) => {
      const { received, service } = await sent(() => lines(`${method} /other HTTP/1.1`, "x-A: 1", "Host: a", "X-b: 2"));
      expect(received).toEqual([
        lines(`${method} /other HTTP/1.1`, "x-A: 1", `Host: ${service}`, "X-b: 2", "Connection: keep-alive"),
      ]);
    },
  );

  it.each([
    ["under the base path of the service", "/base/path", path, `/base/path${path}`],
    ["with a slash too many", "", `/${path}?`, `/${path}?`],
    ["with an empty query", "", `${path}?`, `${path}?`],
    ["with an asterisk", "/base", "*", "*"],
  ])("%s", async (_what, base, target, received) => {
    const method = target === "*" ? "OPTIONS" : "GET";
    const got = await sent(() => lines(`${method} ${target} HTTP/1.1`, "Host: a"), base);
    expect(got.received[0]?.split("\r\n")[0]).toBe(`${method} ${received} HTTP/1.1`);
  });

  it("as a path if the client sends the relay's URL as a whole", async () => {
    const { received } = await sent((relay) => lines(`GET ${relay}${path} HTTP/1.1`, "Host: a"), "/base");
    expect(received[0]?.split("\r\n")[0]).toBe(`GET /base${path} HTTP/1.1`);
  });

  it("with a Host of HTTP/1.1 if the client speaks HTTP/1.0 and sends none", async () => {
    await using service = await answering(ok);
    await using relay = await relayTo(service.url);
    await say(relay.url, lines(`GET ${path} HTTP/1.0`));
    expect(String(service.received[0])).toContain(`\r\nHost: ${host(service.url)}\r\n`);
    await relay.close();
    expect(relay.passed[0]?.recorded.request.url).toBe(path);
  });
});

describe("an answer reaches the client", () => {
  it("with its status line, and its headers in their order and case, and nothing more", async () => {
    const answer = lines(
      "HTTP/1.1 299 Quite \xe9 OK",
      "x-A: 1",
      "Content-Length: 2",
      "X-b: 2",
      "x-a: 3",
      "set-cookie: a=b",
    );
    const { heard } = await got(`${answer}hi`, "hi");
    expect(heard).toBe(`${answer.slice(0, -2)}Connection: keep-alive\r\n\r\nhi`);
  });

  it.each([
    ["in chunks", "Transfer-Encoding: chunked", "2\r\nhi\r\n0\r\n\r\n"],
    ["in chunks, with a trailer", "Transfer-Encoding: chunked", "2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n"],
  ])("%s", async (_what, header, body) => {
    const head = lines("HTTP/1.1 200 OK", header);
    const { heard, passed } = await got(head + body, "0\r\n\r\n".slice(body.includes("Sum") ? 5 : 0) || "1\r\n\r\n");
    expect(heard).toBe(`${head.slice(0, -2)}Connection: keep-alive\r\n\r\n${body}`);
    expect(passed[0]?.recorded.response).toMatchObject({ status: 200, body: { text: "hi" } });
  });

  it("that ends with the connection", async () => {
    const { heard, passed } = await got(`${lines("HTTP/1.1 200 OK", "A: b")}as long as it takes`);
    expect(heard).toBe(`${lines("HTTP/1.1 200 OK", "A: b", "Connection: close")}as long as it takes`);
    expect(passed[0]?.recorded.response).toMatchObject({ body: { text: "as long as it takes" } });
  });

  it("compressed as it is, while what is kept of it is not", async () => {
    const body = gzipSync('{"total_num":0}');
    const head = lines("HTTP/1.1 200 OK", "Content-Encoding: gzip", `Content-Length: ${body.length}`);
    const { heard, passed } = await got(Buffer.concat([Buffer.from(head), body]), body.toString("latin1").slice(-8));
    expect(gunzipSync(Buffer.from(heard, "latin1").subarray(-body.length)).toString()).toBe('{"total_num":0}');
    expect(Buffer.from(heard, "latin1").subarray(-body.length).equals(body)).toBe(true);
    expect(passed[0]?.recorded.response).toMatchObject({ body: { text: '{"total_num":0}' } });
  });

  it("to HEAD without its body, and with the header that tells its length", async () => {
    const answer = lines("HTTP/1.1 200 OK", "Content-Length: 880");
    const { heard, passed } = await got(answer, "\r\n\r\n", lines(`HEAD ${path} HTTP/1.1`, "Host: a"));
    expect(heard).toBe(lines("HTTP/1.1 200 OK", "Content-Length: 880", "Connection: keep-alive"));
    expect(passed[0]?.recorded.response).toMatchObject({ status: 200, body: { text: "" } });
  });

  it("of 204 without a body, and without a header for one", async () => {
    const { heard } = await got(lines("HTTP/1.1 204 No Content", "A: b"), "\r\n\r\n");
    expect(heard).toMatch(/^HTTP\/1\.1 204 No Content\r\nA: b\r\nConnection: (keep-alive|close)\r\n\r\n$/);
  });

  it("after those that say that it is to come", async () => {
    const early = lines("HTTP/1.1 103 Early Hints", "lInk: </a>; rel=preload", "X-b: 1");
    const { heard } = await got(early + ok, "hi");
    expect(heard).toBe(`${early + lines("HTTP/1.1 200 OK", "Content-Length: 2", "Connection: keep-alive")}hi`);
  });

  it("to a client of HTTP/1.0 without chunks", async () => {
    const answer = `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}2\r\nhi\r\n0\r\n\r\n`;
    const { heard } = await got(answer, "hi", lines(`GET ${path} HTTP/1.0`));
    expect(heard).toBe(`${lines("HTTP/1.1 200 OK", "Connection: close")}hi`);
  });
});

it("a client that waits for 100 Continue gets that of the service, and then sends its body", async () => {
  await using service = await rawService((socket, heard) => {
    if (heard.endsWith("\r\n\r\n")) socket.write(lines("HTTP/1.1 100 Continue"));
    if (heard.endsWith("body")) socket.write(ok);
  });
  await using relay = await relayTo(service.url);
  const head = lines("POST /other HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 4");
  const first = await say(relay.url, head, "\r\n\r\n");
  expect(first).toBe(lines("HTTP/1.1 100 Continue"));
});

it("requests of one connection are answered on it, in their order", async () => {
  await using service = await rawService((socket, heard) => {
    const target = heard.split("GET ").at(-1)?.split(" ")[0] ?? "";
    setTimeout(
      () => socket.write(`${lines("HTTP/1.1 200 OK", "Content-Length: 2")}${target}`),
      target === "/1" ? 50 : 0,
    );
  });
  await using relay = await relayTo(service.url);
  const heard = await say(
    relay.url,
    ["/1", "/2", "/3"].map((one) => lines(`GET ${one} HTTP/1.1`, "Host: a")).join(""),
    "/3",
  );
  expect(heard.match(/\/\d$|\/\d(?=HTTP)/g)).toEqual(["/1", "/2", "/3"]);
});
