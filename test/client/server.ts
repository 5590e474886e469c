// A real HTTP server on loopback that responds as a test wants, and records the requests.

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  method: string;
  /** Path and query, as sent. */
  target: string;
  headers: IncomingHttpHeaders;
}

export interface Server extends AsyncDisposable {
  url: string;
  received: Received[];
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** To be closed with `await using`. */
export async function startServer(answer: Answer): Promise<Server> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    received.push({ method: request.method ?? "", target: request.url ?? "", headers: request.headers });
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Responds with a status, a body and headers; a body that is neither text nor bytes is sent as JSON. */
export const reply =
  (status: number, body: unknown = "", headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body));

/** Gives the responses in turn, and then repeats the last one. */
export const inTurn =
  (...answers: [Answer, ...Answer[]]): Answer =>
  (request, response) =>
    (answers.length > 1 ? (answers.shift() as Answer) : answers[0])(request, response);
