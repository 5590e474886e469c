// Servers that cannot be reached, keep one waiting, hang up or do not speak HTTP.

import { readFileSync } from "node:fs";
import { createServer } from "node:https";
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
import { serve } from "../service.ts";

const json = { "content-type": "application/json" };
const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const impatient = { timeoutMs: 1000 }; // a busy machine needs a while to send the request

const startTls: Broken["start"] = async (conforming) => {
  const pem = readFileSync(join(repository, "test/check/self-signed.pem"));
  const server = createServer({ key: pem, cert: pem }, serve(conforming));
  return listening(server, "https", new Set());
};

const unreachable: Broken[] = [
  cannotRun("nothing listens on the port", "reachable", nowhere()),
  cannotRun("its port is one that fetch refuses", "reachable", nowhere("http://127.0.0.1:1")),
  cannotRun("there is no such host", "reachable", nowhere("http://dcs.invalid")),
  cannotRun("the certificate is signed by itself", "reachable", startTls),
  cannotRun("HTTPS is spoken to a server of HTTP", "reachable", async (conforming) => {
    const server = await answers((_, __, next) => next())(conforming);
    return Object.assign(server, { url: server.url.replace("http:", "https:") });
  }),
  cannotRun("a proxy in front of it wants credentials", "reachable", always({ status: 407 }), { requests: 1 }),
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
    "it promises more than it sends",
    "in-time",
    sockets((socket) => socket.write(`${head}content-length: 100\r\n\r\n{}`)),
    { options: impatient },
  ),
  cannotRun(
    "each answer takes its time, and together too much",
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
  cannotRun("it wants to be asked in an hour", "rate-limit", throttling(Number.POSITIVE_INFINITY, "3600"), {
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
    "it hangs up half-way through a later answer",
    "whole-answer",
    answers((request, response, next) =>
      request.url?.includes("offset=1000000") ? response.socket?.destroy() : next(),
    ),
  ),
];

const notHttp: Broken[] = [
  departs(
    "it does not speak HTTP",
    "valid-http",
    sockets((socket) => socket.end("220 mail.example ESMTP\r\n")),
  ),
  departs(
    "it sends random bytes",
    "valid-http",
    sockets((socket) => socket.end(Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 197 + 13) % 256)))),
  ),
  departs(
    "it wants to speak another protocol",
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
    "gzip that is none",
    "valid-http",
    replies((reply) => ({ ...reply, headers: { ...reply.headers, "content-encoding": "gzip" } })),
  ),
];

export const connections: Broken[] = [...unreachable, ...slow, ...torn, ...notHttp];
