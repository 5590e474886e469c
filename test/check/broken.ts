// The parts of the galleries of broken servers: a server that conforms, and ways to break it in one place.

import { once } from "node:events";
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from "node:net";
import type { ProviderOptions } from "../../src/check/index.ts";
import { type Answer, type Server, startServer } from "../client/server.ts";
import {
  type BackupRecord,
  everyStatus,
  type Reply,
  type Request,
  type Service,
  send,
  serve,
  service,
} from "./service.ts";

export interface Broken {
  name: string;
  /** The rules that must find it. */
  meant: string[];
  /** Other rules that it also breaks, as a consequence. */
  also?: string[];
  outcome: "conforms" | "departs" | "could-not-run";
  /** Default: the contract's example with a record of every status. */
  records?: BackupRecord[];
  options?: Partial<ProviderOptions>;
  /** How many requests reach it, if that matters. */
  requests?: number;
  start: (conforming: Service) => Promise<Server>;
}

type Start = Broken["start"];
type More = Pick<Broken, "also" | "records" | "options" | "requests">;

const broken =
  (outcome: Broken["outcome"]) =>
  (name: string, meant: string | string[], start: Start, more: More = {}): Broken => ({
    name,
    meant: [meant].flat(),
    outcome,
    start,
    ...more,
  });

export const departs = broken("departs");
/** It conforms, except for warnings. */
export const warns = broken("conforms");
export const cannotRun = broken("could-not-run");

// biome-ignore lint/suspicious/noExplicitAny: a broken value can have any form
type Any = any;

export const startBroken = ({ start, records = everyStatus }: Broken): Promise<Server> => start(service({ records }));

/** Each reply is changed. */
export const replies =
  (change: (reply: Reply, request: Request, conforming: Service) => Reply): Start =>
  (conforming) =>
    startServer(serve((request) => change(conforming(request), request, conforming)));

/** Each page of records is changed. */
export const pages = (change: (body: Any, query: URLSearchParams) => unknown): Start =>
  replies((reply, request) =>
    reply.status === 200 ? { ...reply, body: change(structuredClone(reply.body), queryOf(request)) } : reply,
  );

/** Each record is changed. */
export const records = (change: (record: Any) => unknown): Start =>
  pages((body) => ({ ...body, backup_record_response: body.backup_record_response.map(change) }));

/** A field of each record has another value. */
export const field = (name: string, value: unknown): Start => records((record) => ({ ...record, [name]: value }));

/** Each rejection of a request is changed. */
export const refusals = (change: (reply: Reply) => Partial<Reply>): Start =>
  replies((reply) => (reply.status === 400 ? { ...reply, ...change(reply) } : reply));

export const refusalBody = (change: (body: Any) => unknown): Start => refusals(({ body }) => ({ body: change(body) }));

/** The service misreads the request. */
export const misread = (change: (query: URLSearchParams) => void): Start =>
  replies((_, request, conforming) => {
    const url = new URL(request.target, "http://server");
    change(url.searchParams);
    return conforming({ ...request, target: `${url.pathname}${url.search}` });
  });

/** What it holds may be another with each request, which are counted from 1. */
export const changing =
  (
    change: (records: readonly BackupRecord[], request: number, query: URLSearchParams) => readonly BackupRecord[],
    total: "page" | "all" = "all",
  ): Start =>
  async () => {
    let request = 0;
    return startServer(
      serve((asked) => {
        request += 1;
        return service({ records: [...change(everyStatus, request, queryOf(asked))], total })(asked);
      }),
    );
  };

/** The body as it is written on the wire. */
export const written = (change: (text: string) => string | Buffer, headers: Record<string, string> = {}): Start =>
  replies((reply) => ({
    ...reply,
    headers: { ...reply.headers, ...headers },
    body: change(JSON.stringify(reply.body)),
  }));

/** Answers in its own way; `next` answers as the service does. */
export const answers =
  (answer: (request: Parameters<Answer>[0], response: Parameters<Answer>[1], next: () => void) => unknown): Start =>
  (conforming) =>
    startServer((request, response) => answer(request, response, () => serve(conforming)(request, response)));

/** Always the same response. */
export const always = (reply: Partial<Reply> & { status: number }): Start =>
  answers((_, response) =>
    send(response, { headers: { "content-type": "application/json" }, body: undefined, ...reply }),
  );

/** Asks that often to wait, and then answers. */
export const throttling =
  (times: number, retryAfter: string): Start =>
  (conforming) => {
    let left = times;
    const headers = { "content-type": "application/json", "retry-after": retryAfter };
    const start = answers((_, response, next) => {
      left -= 1;
      if (left < 0) return next();
      send(response, { status: 429, headers, body: { error_code: "APIGW.0308", error_msg: "Too many requests" } });
    });
    return start(conforming);
  };

/** Not an HTTP server: it gets the socket once a request begins to arrive. */
export const sockets =
  (talk: (socket: Socket) => unknown): Start =>
  async () => {
    const open = new Set<Socket>();
    const server = createServer((socket) => {
      open.add(socket);
      socket.on("error", () => {}); // the check hangs up
      socket.once("data", () => talk(socket));
    });
    return listening(server, "http", open);
  };

/** On loopback; it does not record requests. */
export async function listening(server: NetServer, scheme: "http" | "https", open: Set<Socket>): Promise<Server> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Nothing is listening there (any more). */
export const nowhere =
  (url?: string): Start =>
  async (conforming) => {
    await using server = await startServer(serve(conforming));
    return { url: url ?? server.url, received: [], async [Symbol.asyncDispose]() {} };
  };

export const queryOf = ({ target }: Request): URLSearchParams => new URL(target, "http://server").searchParams;
