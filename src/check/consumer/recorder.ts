// An HTTP server on loopback between a consumer and the mock: passes on what is asked and what is answered, and keeps what
// there is to judge.

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

/** A request, as it came. */
export interface Received {
  /** From 1, in the order in which they came. */
  number: number;
  at: Date;
  /** Empty if what came is not HTTP. */
  method: string;
  /** As sent, escapes and all. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** How many bytes of a body came. */
  bodyBytes: number;
  /** Of the mock's answer. */
  status?: number;
  violations: readonly Violation[];
  /** Why there is no answer of the mock that could be trusted. */
  mockFault?: string;
  /** Why it is not HTTP. */
  httpFault?: string;
}

/** A header between the recorder and the mock: the number of the request, by which the mock's judgement of it is found. */
export const numberHeader = "x-recorded-request";

export interface Recorder {
  /** Base URL, without a slash at the end. */
  url: string;
  /** Closes it once all that came has been judged. */
  close(): Promise<void>;
}

/**
 * @param mock Base URL of the mock.
 * @param judgements What the mock finds wrong with each request, by its number; taken out once it is read.
 * @param judge Called with each request once its answer is there.
 * @throws {Error} if the port cannot be listened on
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
    const received = isPreflight ? undefined : receive(request); // a browser's own question, and no request of the program
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
    // Not of a client that is gone half-way: what it asked is judged, if it got that far.
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

/** What a client may speak in the place of HTTP/1.1, by its first bytes. */
const spokenInstead: readonly { begins: readonly string[]; told: string }[] = [
  {
    begins: ["PRI * HTTP/2"],
    told: "HTTP/2 came, with prior knowledge: let the client speak HTTP/1.1 to DCS_ENDPOINT",
  },
  {
    begins: ["PROXY ", "\r\n\r\n\0\r\nQUIT\n"],
    told: "A header of the PROXY protocol came: let the client send none to DCS_ENDPOINT",
  },
  { begins: ["\x04", "\x05"], told: "SOCKS came: DCS_ENDPOINT is the server to ask, and no proxy to ask it through" },
];

function httpFault({ code, message, rawPacket }: NodeJS.ErrnoException & { rawPacket?: Buffer }): string {
  if (rawPacket?.[0] === 0x16)
    return "A TLS handshake came: DCS_ENDPOINT begins with http://, and is to be used as it is";
  const first = rawPacket?.toString("latin1", 0, 16) ?? "";
  const other = spokenInstead.find(({ begins }) => begins.some((bytes) => first.startsWith(bytes)));
  if (other) return other.told;
  return code === "HPE_HEADER_OVERFLOW" ? "The headers have more than 16 KiB" : message;
}

/** Headers of one connection, or of a body that is not passed on. */
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
    // The client is gone. What it had asked is judged all the same.
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
    if (received) received.mockFault = `The mock did not answer: ${(error as Error).message}`;
    response.destroy();
  } finally {
    judgements.delete(number);
  }
}

function verdict({ statusCode, headers }: IncomingMessage, violations?: readonly Violation[]): Partial<Received> {
  const type = headers["content-type"];
  if (statusCode === 422) return { mockFault: "The mock does not understand the header Prefer" };
  if (type !== "application/json" && statusCode === 500) return { mockFault: "The mock failed" }; // the contract's 500 is JSON
  if (violations) return { violations };
  // A problem is how Prism refuses a method and a path that the contract does not have: there is nothing more to judge.
  if (type === "application/problem+json") return {};
  return { mockFault: `The mock did not judge the request: it answered with HTTP ${statusCode}` };
}
