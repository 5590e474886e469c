// An HTTP server on loopback between a consumer and the mock: it passes requests and responses on, and records the requests
// for the rules.

import { once } from "node:events";
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { listenError, type Violation } from "../../mock/index.ts";

/** A request as it was received. */
export interface Received {
  /** Counted from 1, in the order of arrival. */
  number: number;
  at: Date;
  /** Empty if it is not HTTP. */
  method: string;
  /** As sent, with its escapes. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Size of the body in bytes. */
  bodyBytes: number;
  /** Status code of the mock's response. */
  status?: number;
  violations: readonly Violation[];
  /** Why the mock gave no usable response. */
  mockFault?: string;
  /** Why it is not HTTP. */
  httpFault?: string;
}

/** A header from the recorder to the mock: the number of the request, by which its violations are found. */
export const numberHeader = "x-recorded-request";

export interface Recorder {
  /** Base URL, without a slash at the end. */
  url: string;
  /** Closes it after all received requests have been judged. */
  close(): Promise<void>;
}

/**
 * @param mock Base URL of the mock.
 * @param judgements The violations of each request, by its number; deleted once read.
 * @param judge Called with each request after its response has come.
 * @throws {Error} if it cannot listen on the port
 */
export async function startRecorder(
  mock: string,
  judgements: Map<string, readonly Violation[]>,
  port: number,
  judge: (request: Received) => void,
): Promise<Recorder> {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const pending = new Set<Promise<void>>();
  let count = 0;
  const receive = ({ method = "", url = "", headers }: Partial<IncomingMessage>): Received => {
    const [, path = "", search = ""] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)\??([^#]*)/i.exec(url) ?? [];
    count += 1;
    const query = new URLSearchParams(search);
    return { number: count, at: new Date(), method, path, query, headers: headers ?? {}, bodyBytes: 0, violations: [] };
  };

  const server = createServer({ requireHostHeader: false }, (request, response) => {
    const isPreflight = request.method === "OPTIONS" && request.headers["access-control-request-method"];
    const received = isPreflight ? undefined : receive(request); // sent by the browser itself, not by the program
    const passOn = { mock, agent, judgements };
    const done = record(request, response, passOn, received).then(() => received && judge(received));
    pending.add(done);
    done.finally(() => pending.delete(done));
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    judge({ ...receive(request), status: 405 });
    refuse(socket, "405 Method Not Allowed");
  });
  server.on("clientError", (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
    // A client that went away half-way is no HTTP fault. Its request is judged elsewhere, if its headers arrived.
    if (error.code?.startsWith("HPE_") && error.code !== "HPE_INVALID_EOF_STATE")
      judge({ ...receive({}), status: 400, httpFault: httpFault(error) });
    refuse(socket, "400 Bad Request");
  });

  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw listenError((error as Error).message, port);
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await Promise.all(pending);
      agent.destroy();
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.on("error", () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

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

function httpFault({ code, message, rawPacket }: NodeJS.ErrnoException & { rawPacket?: Buffer }): string {
  if (rawPacket?.[0] === 0x16) return "The client started TLS: use DCS_ENDPOINT unchanged, with http://";
  const first = rawPacket?.toString("latin1", 0, 16) ?? "";
  const other = spokenInstead.find(({ begins }) => begins.some((bytes) => first.startsWith(bytes)));
  if (other) return other.told;
  return code === "HPE_HEADER_OVERFLOW" ? "The headers are larger than 16 KiB" : message;
}

/** Headers of a single connection, or of a body, which is not passed on. */
const notPassedOn = /^(connection|keep-alive|upgrade|http2-settings|te|expect|transfer-encoding|content-length)$/;

async function record(
  request: IncomingMessage,
  response: ServerResponse,
  { mock, agent, judgements }: { mock: string; agent: Agent; judgements: Map<string, readonly Violation[]> },
  received: Received | undefined,
): Promise<void> {
  try {
    for await (const { length } of request) if (received) received.bodyBytes += length;
  } catch {
    // The client is gone. Its request is judged all the same.
  }
  const { method, url = "" } = request;
  // Prism fails on these.
  if (!URL.canParse(url, mock)) {
    if (received) received.status = 400;
    response.writeHead(400).end();
    return;
  }
  const number = String(received?.number);
  try {
    const headers = Object.entries(request.headers).filter(([name]) => !notPassedOn.test(name));
    const sent = { ...Object.fromEntries(headers), [numberHeader]: number };
    const asked = send(mock, { agent, method, path: url, headers: sent }).end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    const { statusCode = 0 } = answer;
    if (received) Object.assign(received, { status: statusCode, ...verdict(answer, judgements.get(number)) });
    const passed = Object.entries(answer.headers).filter(([name]) => !notPassedOn.test(name));
    response.writeHead(statusCode, Object.fromEntries(passed));
    await pipeline(answer, response).catch(() => {}); // the client is gone
  } catch (error) {
    if (received) received.mockFault = `The mock did not respond: ${(error as Error).message}`;
    response.destroy();
  } finally {
    judgements.delete(number);
  }
}

function verdict({ statusCode, headers }: IncomingMessage, violations?: readonly Violation[]): Partial<Received> {
  const type = headers["content-type"];
  if (statusCode === 422) return { mockFault: "The mock does not understand the Prefer header" };
  if (type !== "application/json" && statusCode === 500) return { mockFault: "The mock failed" }; // the contract's 500 is JSON
  if (violations) return { violations };
  // Prism rejects an unknown method or path with a problem response: there is nothing more to judge.
  if (type === "application/problem+json") return {};
  return { mockFault: `The mock did not check the request: it responded with HTTP ${statusCode}` };
}
