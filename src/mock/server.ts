// The mock over HTTP: receives requests, hands each to whoever answers, and delivers the answer as it is told, be it whole,
// late, cut or not at all.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { type Duplex, finished } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Delivery, Received } from "./received.ts";
import type { Reply } from "./service.ts";

export interface Listener {
  /** Base URL, without a slash at the end. */
  url: string;
  /** Closes it after all received requests have been told. */
  close(): Promise<void>;
}

export interface Place {
  host: string;
  port: number;
}

/**
 * @param answer adds to the request what is known of it
 * @param done called with each request after its answer, or as soon as it cannot have one
 * @throws {Error} if it cannot listen there
 */
export async function listen(
  { host, port }: Place,
  answer: (request: Received) => Promise<Delivery>,
  done: (request: Received, delivered?: Reply) => void,
): Promise<Listener> {
  const pending = new Set<Promise<void>>();
  const closing = new AbortController();
  let count = 0;
  const receive = ({ method = "", url = "", headers = {} }: Partial<IncomingMessage>): Received => {
    const [, path = "", search = ""] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)\??([^#]*)/i.exec(url) ?? [];
    count += 1;
    const target = search === "" ? path : `${path}?${search}`;
    const query = new URLSearchParams(search);
    return { number: count, at: new Date(), method, path, query, target, headers, bodyBytes: 0, bodyHash: "" };
  };
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    setOrigin(request, response);
    // A browser sends it by itself, not the program.
    if (request.method === "OPTIONS" && request.headers["access-control-request-method"])
      return allow(request, response);
    const received = receive(request);
    const work = readAll(request, received)
      .then(() => answer(received))
      .then((delivery) => deliver(response, received, delivery, closing.signal))
      .then((delivered) => done(received, delivered))
      .finally(() => pending.delete(work));
    pending.add(work);
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    done({ ...receive(request), status: 405 });
    refuse(socket, "405 Method Not Allowed");
  });
  server.on("clientError", (error: ParserError, socket) => {
    // The request of a client that went away half-way is told elsewhere, if its headers arrived.
    const fault = httpFault(error);
    if (fault !== undefined) done({ ...receive({}), status: 400, httpFault: fault });
    refuse(socket, "400 Bad Request");
  });
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, { host, port });
  }
  return {
    url: urlOf(server.address() as AddressInfo),
    async close() {
      server.close();
      closing.abort();
      server.closeAllConnections();
      await Promise.all(pending);
    },
  };
}

/** URL of a server; of every address of the machine, the one that a program on it would use. */
export function urlOf({ address, port }: AddressInfo): string {
  const host = { "0.0.0.0": "127.0.0.1", "::": "::1" }[address] ?? address;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** The error of a server that cannot listen. */
export function listenError({ code, message }: { code?: string; message: string }, { host, port }: Place): Error {
  if (code === "EADDRINUSE") {
    const other = port < 65535 ? port + 1 : port - 1;
    return new Error(`Port ${port} is taken. Stop the program that uses it, or choose another port, such as ${other}`);
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new Error(`${host} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all of its addresses`);
  return new Error(message);
}

async function readAll(request: IncomingMessage, received: Received): Promise<void> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of request) {
      received.bodyBytes += chunk.length;
      hash.update(chunk);
    }
  } catch {
    // The client is gone. Its request is told all the same.
  }
  received.bodyHash = hash.digest("hex");
}

/** Returns the reply if all of it was sent. */
async function deliver(
  response: ServerResponse,
  received: Received,
  { fate, delayMs, ...reply }: Delivery,
  signal: AbortSignal,
): Promise<Reply | undefined> {
  if (delayMs) await sleep(delayMs, undefined, { signal }).catch(() => {});
  if (fate === "reset" || signal.aborted) {
    response.destroy();
    return undefined;
  }
  received.status = reply.status;
  const isText = typeof reply.body === "string";
  const body = Buffer.from(reply.body === undefined ? "" : isText ? String(reply.body) : JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(reply.status !== 204 && { "content-length": body.length }),
  });
  if (fate === "cut") response.write(body.subarray(0, body.length / 2), () => response.destroy());
  else response.end(body);
  await new Promise<void>((resolve) => finished(response, () => resolve())); // even if the client is gone
  return response.writableFinished ? reply : undefined;
}

function setOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Origin", headers.origin ?? "*");
  response.setHeader("Access-Control-Allow-Headers", headers["access-control-request-headers"] ?? "*");
  response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader("Access-Control-Expose-Headers", "*");
  if (headers.origin) response.setHeader("Vary", "Origin");
}

function allow({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Methods", headers["access-control-request-method"] ?? "GET");
  response.writeHead(204).end();
}

/** Answers what is no request that can be served. */
export function refuse(socket: Duplex, status: string): void {
  socket.on("error", () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

export type ParserError = NodeJS.ErrnoException & { rawPacket?: Buffer };

/** What a client may speak instead of HTTP/1.1, by its first bytes. */
const spokenInstead: readonly { begins: readonly string[]; told: string }[] = [
  {
    begins: ["PRI * HTTP/2"],
    told: "The client sent HTTP/2 with prior knowledge: let it use HTTP/1.1",
  },
  {
    begins: ["PROXY ", "\r\n\r\n\0\r\nQUIT\n"],
    told: "The client sent a header of the PROXY protocol: switch that off",
  },
  { begins: ["\x04", "\x05"], told: "The client sent SOCKS: DCS_ENDPOINT is the server, not a proxy" },
];

/** Why what came is no HTTP/1.1, by the error of the parser; nothing if the client went away half-way. */
export function httpFault({ code, message, rawPacket }: ParserError): string | undefined {
  if (!code?.startsWith("HPE_") || code === "HPE_INVALID_EOF_STATE") return undefined;
  if (rawPacket?.[0] === 0x16) return "The client started TLS: use DCS_ENDPOINT unchanged, with http://";
  const first = rawPacket?.toString("latin1", 0, 16) ?? "";
  const other = spokenInstead.find(({ begins }) => begins.some((bytes) => first.startsWith(bytes)));
  if (other) return other.told;
  return code === "HPE_HEADER_OVERFLOW" ? "The headers are larger than 16 KiB" : message;
}
