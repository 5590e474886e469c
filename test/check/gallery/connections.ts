// Servers that cannot be reached, keep one waiting, hang up or do not speak HTTP.

import { readFileSync } from "node:fs";
import { createServer as createHttp2Server, createSecureServer as createSecureHttp2Server } from "node:http2";
import { createServer } from "node:https";
import { createServer as createNetServer, type Server as NetServer, type Socket } from "node:net";
import { join } from "node:path";
import { repository } from "../../../scripts/repository.ts";
import {
  always,
  answers,
  type Broken,
  cannotRun,
  departs,
  listening,
  nowhere,
  replies,
  sockets,
  throttling,
} from "../broken.ts";
import { type Service, serve } from "../service.ts";

const json = { "content-type": "application/json" };
const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const impatient = { timeoutMs: 1000 }; // a busy machine needs a while to send the request

const pem = readFileSync(join(repository, "test/check/self-signed.pem"));
const certificate = { key: pem, cert: pem };

const startTls: Broken["start"] = async (conforming) =>
  listening(createServer(certificate, serve(conforming)), "https", new Set());

/** A server that speaks something else, whatever it is asked. */
const speaking =
  (scheme: "http" | "https", create: (conforming: Service) => NetServer): Broken["start"] =>
  async (conforming) => {
    const open = new Set<Socket>();
    const server = create(conforming);
    server.on("connection", (socket: Socket) => open.add(socket.on("error", () => {})));
    return listening(server, scheme, open);
  };

/** It has a server for what begins so, and another answer to all else. */
const forAllBut = (first: string, refuse: (socket: Socket) => unknown, server: NetServer) =>
  createNetServer((socket) =>
    socket.once("data", (bytes) => {
      if (!bytes.toString("latin1").startsWith(first)) return refuse(socket);
      socket.pause().unshift(bytes);
      return server.emit("connection", socket);
    }),
  );

/** It says so at once, and does not hang up. */
const greeting = (bytes: string) =>
  speaking("http", () => createNetServer((socket) => socket.write(Buffer.from(bytes, "latin1"))));

const unreachable: Broken[] = [
  cannotRun("nothing listens on the port", "reachable", nowhere()),
  cannotRun("fetch refuses its port", "reachable", nowhere("http://127.0.0.1:1")),
  cannotRun("there is no such host", "reachable", nowhere("http://dcs.invalid")),
  cannotRun("the certificate is self-signed", "reachable", startTls),
  cannotRun("an HTTP server gets HTTPS", "reachable", async (conforming) => {
    const server = await answers((_, __, next) => next())(conforming);
    return Object.assign(server, { url: server.url.replace("http:", "https:") });
  }),
  cannotRun("a proxy in front of it wants credentials", "reachable", always({ status: 407 }), { requests: 1 }),
  cannotRun(
    "it speaks only HTTP/2",
    "reachable",
    speaking("http", () => createHttp2Server()),
  ),
  cannotRun(
    "it speaks only HTTP/2, over TLS",
    "reachable",
    speaking("https", () => createSecureHttp2Server(certificate)),
  ),
  cannotRun("it hangs up in the words of HTTP/2", "reachable", greeting("\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01")),
  cannotRun("it wants another version of HTTP", "reachable", always({ status: 505 }), { requests: 1 }),
  cannotRun(
    "it wants an upgrade to HTTP/2",
    "reachable",
    always({ status: 426, headers: { connection: "upgrade", upgrade: "h2c" } }),
    { requests: 1 },
  ),
  cannotRun(
    "it speaks TLS, and was asked without",
    "reachable",
    speaking("http", (conforming) => createServer(certificate, serve(conforming))),
  ),
  cannotRun(
    "it speaks HTTP/2 over TLS, and was asked without",
    "reachable",
    speaking("http", () => createSecureHttp2Server(certificate)),
  ),
  cannotRun(
    "it speaks TLS, and explains that in plain HTTP",
    "reachable",
    speaking("http", (conforming) => {
      const explain = (socket: Socket) => socket.end("HTTP/1.0 400 Bad Request\r\n\r\nThis server speaks HTTPS\n");
      return forAllBut("\x16", explain, createServer(certificate, serve(conforming)));
    }),
  ),
  cannotRun(
    "it speaks only HTTP/2, and hangs up without a word",
    "reachable",
    speaking("http", () => forAllBut("PRI *", (socket) => socket.resetAndDestroy(), createHttp2Server())),
  ),
  cannotRun("it refuses what is no TLS with an alert", "reachable", greeting("\x15\x03\x03\0\x02\x02\x16")),
  cannotRun("it is a mail server", "reachable", greeting("220 mail.example ESMTP\r\n")),
  cannotRun("it is an SSH server", "reachable", greeting("SSH-2.0-OpenSSH_9.6\r\n")),
  cannotRun("it is an IMAP server", "reachable", greeting("* OK IMAP4rev1 ready\r\n")),
  cannotRun("it is a MySQL server", "reachable", greeting("\x4a\0\0\0\x0a8.0.36\0")),
  cannotRun(
    "it is a message broker",
    "reachable",
    sockets((socket) => socket.end("AMQP\0\0\x09\x01")),
  ),
  cannotRun(
    "it is the Redis instance itself",
    "reachable",
    sockets((socket) => socket.end("-ERR wrong number of arguments for 'get' command\r\n")),
  ),
];

const slow: Broken[] = [
  departs(
    "it hangs before the headers",
    "in-time",
    answers(() => {}),
    { requests: 1, options: impatient },
  ),
  departs(
    "it hangs after the headers",
    "in-time",
    answers((_, response) => response.writeHead(200, json).flushHeaders()),
    { requests: 1, options: impatient },
  ),
  departs(
    "it drips a byte a second",
    "in-time",
    answers((_, response) => {
      response.writeHead(200, json).write(" ");
      const timer = setInterval(() => response.write(" "), 1000);
      response.once("close", () => clearInterval(timer));
    }),
    { requests: 1, options: { timeoutMs: 1500 } },
  ),
  departs(
    "it drips headers",
    "in-time",
    sockets((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => socket.write("x-more: 1\r\n"), 50);
      socket.once("close", () => clearInterval(timer));
    }),
    { options: impatient },
  ),
  departs(
    "its Content-Length is larger than its body",
    "in-time",
    sockets((socket) => socket.write(`${head}content-length: 100\r\n\r\n{}`)),
    { options: impatient },
  ),
  cannotRun(
    "the responses are slow, together too slow",
    "deadline",
    answers((_, __, next) => setTimeout(next, 300)),
    { options: { deadlineMs: 700 } },
  ),
  cannotRun("it throttles for ever", "rate-limit", throttling(Number.POSITIVE_INFINITY, "0"), { requests: 4 }),
  cannotRun(
    "it throttles for ever from the second request on",
    "rate-limit",
    (conforming) => {
      let served = 0;
      return replies((reply) => {
        served += 1;
        return served === 1 ? reply : { ...reply, status: 429, headers: { ...reply.headers, "retry-after": "0" } };
      })(conforming);
    },
    { requests: 5 },
  ),
  cannotRun("it asks to retry in an hour", "rate-limit", throttling(Number.POSITIVE_INFINITY, "3600"), {
    requests: 1,
  }),
];

const torn: Broken[] = [
  departs(
    "it hangs up before the headers",
    "whole-answer",
    sockets((socket) => socket.end()),
  ),
  departs(
    "it resets the connection",
    "whole-answer",
    sockets((socket) => socket.resetAndDestroy()),
  ),
  departs(
    "it hangs up half-way through a body of known length",
    "whole-answer",
    sockets((socket) => socket.end(`${head}content-length: 100\r\n\r\n{"total_num":`)),
  ),
  departs(
    "it hangs up half-way through a chunked body",
    "whole-answer",
    sockets((socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\nd\r\n{"total_num":\r\n`)),
  ),
  departs(
    "it hangs up half-way through a later response",
    "whole-answer",
    answers((request, response, next) =>
      request.url?.includes("offset=1000000") ? response.socket?.destroy() : next(),
    ),
  ),
];

const notHttp: Broken[] = [
  departs(
    "it sends a body alone",
    "valid-http",
    sockets((socket) => socket.end('{"total_num":0,"backup_record_response":[]}')),
  ),
  departs(
    "it forgets the version of HTTP",
    "valid-http",
    sockets((socket) => socket.end("200 OK\r\ncontent-length: 2\r\n\r\n{}")),
  ),
  departs(
    "it refuses with a text that is no JSON",
    ["media-type", "json"],
    always({ status: 400, headers: { "content-type": "text/plain" }, body: "Bad Request" }),
    { also: ["accepted"], requests: 1 },
  ),
  departs(
    "it sends random bytes",
    "valid-http",
    sockets((socket) => socket.end(Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 197 + 13) % 256)))),
  ),
  departs(
    "it switches to another protocol",
    "valid-http",
    sockets((socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n")),
  ),
  departs(
    "it compresses eight times",
    "valid-http",
    replies((reply) => ({ ...reply, headers: { ...reply.headers, "content-encoding": "gzip, ".repeat(8) } })),
  ),
  departs(
    "a header has a megabyte",
    "valid-http",
    sockets((socket) => socket.end(`${head}x-big: ${"x".repeat(2 ** 20)}\r\ncontent-length: 2\r\n\r\n{}`)),
  ),
  departs(
    "a chunk has no length",
    "valid-http",
    sockets((socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\nlong\r\n{}`)),
  ),
  departs(
    "the gzip is invalid",
    "valid-http",
    replies((reply) => ({ ...reply, headers: { ...reply.headers, "content-encoding": "gzip" } })),
  ),
];

export const connections: Broken[] = [...unreachable, ...slow, ...torn, ...notHttp];
