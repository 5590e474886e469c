// What goes wrong on either side of the relay is told, and neither lost nor taken for an answer of the service.

import { once } from "node:events";
import { request as ask } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { reply, startServer } from "../../client/server.ts";
import { nowhere } from "../broken.ts";
import { service as conforming } from "../service.ts";
import { answering, lines, path, type RawService, rawService, relayTo, type Started, say } from "./wire.ts";

const get = lines(`GET ${path} HTTP/1.1`, "Host: a");

async function responseOf(relay: Started) {
  await relay.close();
  expect(relay.passed).toHaveLength(1);
  return relay.passed[0]?.recorded.response;
}

const gone = () => nowhere()(conforming({ records: [] }));

/** Until all connections are closed. */
const closed = ({ open }: RawService) => vi.waitFor(() => expect(open.size).toBe(0));

describe("a service that does not answer", () => {
  it.each<[string, () => Promise<AsyncDisposable & { url: string }>, RegExp]>([
    ["since nobody is there", gone, /^connect ECONNREFUSED 127\.0\.0\.1:\d+$/],
    ["since it hangs up", () => rawService((socket) => socket.end()), /^socket hang up \(ECONNRESET\)$/],
    ["since it breaks the connection", () => rawService((socket) => socket.resetAndDestroy()), /ECONNRESET/],
    ["in HTTP", () => answering("SSH-2.0-OpenSSH\r\n"), /Parse Error|SSH/],
    ["in time", () => rawService(() => {}), /^No answer came within 100 ms$/],
    ["with a status that HTTP has", () => answering(lines("HTTP/1.1 099 OK")), /099|99|Parse Error/],
  ])("%s is told to the client with 502, and is no answer of the service", async (_what, start, reason) => {
    await using server = await start();
    await using relay = await relayTo(server.url, { timeoutMs: 100 });
    const response = await fetch(relay.url + path);
    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const body = await response.json();
    expect(body).toEqual({
      title: "The relay got no answer from the service",
      status: 502,
      detail: expect.stringMatching(new RegExp(`^${server.url}: `)),
    });
    expect(body.detail.slice(server.url.length + 2)).toMatch(reason);
    expect(await responseOf(relay)).toEqual({ missing: "never-answered", detail: expect.stringMatching(reason) });
  });

  it("at once, but in time, is waited for", async () => {
    await using server = await startServer(async (...given) => {
      await sleep(150);
      reply(200, "late")(...given);
    });
    await using relay = await relayTo(server.url, { timeoutMs: 2000 });
    expect(await (await fetch(relay.url + path)).text()).toBe("late");
  });

  it("to the end is cut off for the client where it stopped", async () => {
    const answer = `${lines("HTTP/1.1 200 OK", "Content-Length: 10")}half`;
    await using server = await rawService((socket) => socket.end(answer));
    await using relay = await relayTo(server.url);
    expect(await say(relay.url, get)).toMatch(/\r\n\r\nhalf$/);
    expect(await responseOf(relay)).toMatchObject({
      status: 200,
      body: { missing: "cut-off", detail: expect.stringMatching(/ after 4 bytes$/), bytes: 4 },
    });
  });

  it("in chunks to the end is cut off without the last chunk", async () => {
    const answer = `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}4\r\nhalf\r\n`;
    await using server = await rawService((socket) => socket.end(answer));
    await using relay = await relayTo(server.url);
    expect(await say(relay.url, get)).toMatch(/\r\n\r\n4\r\nhalf\r\n$/);
    expect(await responseOf(relay)).toMatchObject({ body: { missing: "cut-off" } });
  });

  it("on a connection that it has closed meanwhile is asked on a new one", async () => {
    let connections = 0;
    await using server = await rawService((socket, heard) => {
      if (heard === "") return;
      connections += 1;
      if (heard.split("GET ").length > 2) socket.resetAndDestroy();
      else socket.write(`${lines("HTTP/1.1 200 OK", "Content-Length: 2")}hi`);
    });
    await using relay = await relayTo(server.url);
    for (const _ of "12") expect(await say(relay.url, get, "hi")).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(server.received).toHaveLength(2);
    expect(connections).toBe(3);
    await relay.close();
    expect(relay.passed).toHaveLength(2);
  });
});

describe("a client that hangs up", () => {
  it("before the answer ends the request to the service too", async () => {
    await using server = await rawService(() => {});
    await using relay = await relayTo(server.url);
    const socket = connect(Number(new URL(relay.url).port), "127.0.0.1");
    socket.write(get);
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
    socket.destroy();
    await closed(server);
    expect(await responseOf(relay)).toEqual({
      missing: "never-answered",
      detail: expect.stringMatching(/^the client hung up after \d+ ms$/),
    });
  });

  it("in the middle of the answer ends the answer too", async () => {
    await using server = await answering(`${lines("HTTP/1.1 200 OK", "Content-Length: 10")}half`);
    await using relay = await relayTo(server.url);
    await say(relay.url, get, "half");
    await closed(server);
    expect(await responseOf(relay)).toMatchObject({
      status: 200,
      body: { missing: "cut-off", detail: "the client hung up after 4 bytes" },
    });
  });

  it("in the middle of its request ends that too", async () => {
    await using server = await rawService(() => {});
    await using relay = await relayTo(server.url);
    const socket = connect(Number(new URL(relay.url).port), "127.0.0.1");
    socket.write(`${lines("POST /other HTTP/1.1", "Host: a", "Content-Length: 10")}half`);
    await vi.waitFor(() => expect(String(server.received[0])).toMatch(/half$/));
    socket.destroy();
    await closed(server);
    await relay.close();
    expect(relay.passed[0]?.recorded).toMatchObject({
      request: { body: { missing: "cut-off" } },
      response: { missing: "never-answered" },
    });
  });

  it("in the middle of its headers has sent no request", async () => {
    await using server = await answering("");
    await using relay = await relayTo(server.url);
    const socket = connect(Number(new URL(relay.url).port), "127.0.0.1");
    socket.end("GET / HTTP/1.1\r\nHost:");
    await once(socket.resume(), "close");
    expect({ passed: relay.passed, faults: relay.faults, received: server.received }).toEqual({
      passed: [],
      faults: [],
      received: [],
    });
  });
});

describe("many requests", () => {
  it("at once are all answered, each with its own answer, and told", async () => {
    await using server = await startServer(async (request, response) => {
      await sleep(Number(request.url?.slice(1)) % 7);
      reply(200, `answer of ${request.url}`)(request, response);
    });
    await using relay = await relayTo(server.url);
    const targets = Array.from({ length: 50 }, (_, at) => `/${at}`);
    const answers = await Promise.all(targets.map(async (target) => (await fetch(relay.url + target)).text()));
    expect(answers).toEqual(targets.map((target) => `answer of ${target}`));
    await relay.close();
    const told = relay.passed.map(({ recorded: { request, response } }) => [request.url, response]);
    expect(told.map(([url]) => url).sort()).toEqual(targets.map((target) => server.url + target).sort());
    for (const [url, response] of told)
      expect(response).toMatchObject({ body: { text: `answer of ${String(url).slice(server.url.length)}` } });
  });

  it("of one client use one connection to the service", async () => {
    await using server = await answering(`${lines("HTTP/1.1 200 OK", "Content-Length: 2")}hi`);
    await using relay = await relayTo(server.url);
    for (const _ of "123") await say(relay.url, get, "hi");
    expect(server.received).toHaveLength(1);
  });
});

describe("a large body", () => {
  const mebibyte = Buffer.alloc(2 ** 20, "x");
  const count = 200;
  const most = 50;

  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");

  /** The most memory of buffers while something runs, beyond that of before, in MiB. */
  async function memoryOf(run: () => Promise<void>): Promise<number> {
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const timer = setInterval(() => {
      collectGarbage();
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 20);
    await run().finally(() => clearInterval(timer));
    return most / 2 ** 20;
  }

  async function* pieces() {
    for (let left = count; left > 0; left -= 1) yield mebibyte;
  }

  async function pour(write: (chunk: Buffer) => boolean, drained: () => Promise<unknown>) {
    for await (const piece of pieces()) if (!write(piece)) await drained();
  }

  it("of an answer passes as a whole, while no more of it is held than what is kept, and is not judged", async () => {
    await using server = await startServer(async (_, response) => {
      response.writeHead(200);
      await pour(
        (chunk) => response.write(chunk),
        () => once(response, "drain"),
      );
      response.end();
    });
    await using relay = await relayTo(server.url);
    let bytes = 0;
    const memory = await memoryOf(async () => {
      const [answer] = await once(ask(relay.url).end(), "response");
      for await (const chunk of answer) bytes += chunk.length;
    });
    expect(bytes).toBe(count * mebibyte.length);
    expect(memory).toBeLessThan(most);
    expect(await responseOf(relay)).toMatchObject({ status: 200, body: { missing: "too-large", bytes } });
  });

  it("of a request does too", async () => {
    let bytes = 0;
    await using server = await startServer(async (request, response) => {
      for await (const chunk of request) bytes += chunk.length;
      response.end();
    });
    await using relay = await relayTo(server.url);
    const memory = await memoryOf(async () => {
      const sent = ask(relay.url, { method: "PUT" });
      const answered = once(sent, "response");
      await pour(
        (chunk) => sent.write(chunk),
        () => once(sent, "drain"),
      );
      sent.end();
      await text((await answered)[0]);
    });
    expect(bytes).toBe(count * mebibyte.length);
    expect(memory).toBeLessThan(most);
    await relay.close();
    expect(relay.passed[0]?.recorded.request.body).toMatchObject({ missing: "too-large", bytes });
  });

  it("that is as large as what is kept is kept, and one byte more is not", async () => {
    await using server = await startServer((request, response) =>
      response.end("x".repeat(Number(request.url?.slice(1)))),
    );
    await using relay = await relayTo(server.url, { maxBodyBytes: 100 });
    for (const length of [100, 101]) await (await fetch(`${relay.url}/${length}`)).text();
    await relay.close();
    expect(relay.passed.map(({ recorded: { response } }) => ("body" in response ? response.body : response))).toEqual([
      { text: "x".repeat(100) },
      { missing: "too-large", detail: "101 bytes", bytes: 101 },
    ]);
  });

  it("is read from the service as slowly as the client takes it", async () => {
    let written = 0;
    await using server = await startServer(async (_, response) => {
      response.on("error", () => {});
      for await (const piece of pieces()) {
        if (response.destroyed) return;
        written += 1;
        if (response.write(piece)) continue;
        await new Promise((resolve) => {
          for (const event of ["drain", "close"]) response.once(event, resolve);
        });
      }
      response.end();
    });
    await using relay = await relayTo(server.url);
    const socket = connect(Number(new URL(relay.url).port), "127.0.0.1");
    socket.pause().write(get);
    await sleep(300);
    expect(written).toBeLessThan(30);
    socket.destroy();
  });

  it("is read from the client as slowly as the service takes it", async () => {
    await using server = await rawService((socket) => socket.pause());
    await using relay = await relayTo(server.url);
    let written = 0;
    const sent = ask(relay.url, { method: "PUT" });
    sent.on("error", () => {});
    const poured = pour(
      (chunk) => {
        written += 1;
        return sent.write(chunk);
      },
      () => once(sent, "drain"),
    );
    poured.catch(() => {}); // it ends with the connection
    await sleep(300);
    expect(written).toBeLessThan(30);
    sent.destroy();
  });
});

describe("what is no request to the service", () => {
  it.each([
    [
      "that asks for a tunnel",
      "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
      "405 Method Not Allowed",
    ],
    ["that is no HTTP", "HELO\r\n\r\n", "400 Bad Request"],
    ["that starts TLS", "\x16\x03\x01\x02\x00\x01", "400 Bad Request"],
  ])("such as one %s is refused, and told", async (_what, bytes, status) => {
    await using server = await answering("");
    await using relay = await relayTo(server.url);
    expect(await say(relay.url, bytes)).toBe(lines(`HTTP/1.1 ${status}`, "Connection: close", "Content-Length: 0"));
    expect(relay.passed).toEqual([]);
    expect(server.received).toEqual([]);
    expect([...relay.faults, ...relay.notes]).toEqual([expect.stringMatching(/TLS|CONNECT|Parse Error/)]);
  });

  it("but one to another host passes as it is, is counted, and not told", async () => {
    await using other = await answering(`${lines("HTTP/1.1 200 OK", "Content-Length: 5")}other`);
    await using server = await answering("");
    await using relay = await relayTo(server.url);
    const request = (host: string) => lines(`GET http://${host}/?a=b HTTP/1.1`, `Host: ${host}`, "X-Auth-Token: a");
    const heard = await say(relay.url, request(new URL(other.url).host), "other");
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(String(other.received[0])).toMatch(/^GET \/\?a=b HTTP\/1\.1\r\nHost: .*\r\nX-Auth-Token: a\r\n/);
    await relay.close();
    expect({ elsewhere: relay.elsewhere, passed: relay.passed, received: server.received }).toEqual({
      elsewhere: 1,
      passed: [],
      received: [],
    });
  });
});

it("a relay that is closed leaves no connection, and tells what was under way", async () => {
  await using server = await rawService(() => {});
  const relay = await relayTo(server.url);
  const heard = say(relay.url, get);
  await vi.waitFor(() => expect(server.received).toHaveLength(1));
  expect(await responseOf(relay)).toMatchObject({ missing: "never-answered", detail: /^the relay was stopped/ });
  await closed(server);
  expect(await heard).toBe("");
  await expect(fetch(relay.url)).rejects.toThrow("fetch failed");
});

it("a port that is taken is named, and where the relay cannot listen", async () => {
  await using server = await answering("");
  await expect(relayTo(server.url, { port: server.port })).rejects.toThrow(`Port ${server.port} is taken`);
  await expect(relayTo(server.url, { host: "192.0.2.1" })).rejects.toThrow("192.0.2.1 is no address of this machine");
});
