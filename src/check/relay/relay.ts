// The relay between clients and the service: receives requests, finds where each goes, and passes it on. It ends when all that
// passes has been told.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, BlockList } from "node:net";
import type { Duplex } from "node:stream";
import { httpFault, listenError, type ParserError, type Place, refuse, urlOf } from "../../mock/server.ts";
import type { KeyCredentials } from "../../wire/credentials.ts";
import { type Passed, type PassOptions, pass, type Way } from "./pass.ts";
import { coversOther, isOfKeys, isSigned } from "./signing.ts";
import { maxHeaderSize, type Upstream, upstreamOf } from "./upstream.ts";

export interface RelaySettings extends Place {
  /** Base URL of the service, without a slash at its end. */
  server: string;
  keys?: KeyCredentials | undefined;
  /** How long the service may take to begin its answer. */
  timeoutMs: number;
  /** Of one body that is kept, in bytes. */
  maxBodyBytes: number;
  /** Called with each request to the service after its end. The relay is closed when all that it returns is over. */
  onPassed: (passed: Passed) => unknown;
  /** Called with why something was no request. */
  onFault: (httpFault: string) => void;
  /** Called with what the user should know, once each. */
  onNote: (note: string) => void;
}

export interface Relay {
  /** Base URL, without a slash at its end. */
  url: string;
  /** How many requests went to other hosts. */
  readonly elsewhere: number;
  close(): Promise<void>;
}

/** Of all bodies together that are kept at the same time, as many as this of the largest kind. */
const largest = 4;

/** @throws {Error} if it cannot listen there */
export async function startRelay(options: RelaySettings): Promise<Relay> {
  const { server: base, keys, timeoutMs, maxBodyBytes, host, port, onPassed, onFault } = options;
  const closing = new AbortController();
  const room = { most: maxBodyBytes, free: largest * maxBodyBytes };
  const passing: PassOptions = { keys, timeoutMs, room, stop: closing.signal };
  const upstream = upstreamOf(base);
  const others = new Map<string, Upstream>();
  const pending = new Set<Promise<void>>();
  const told = new Set<string>();
  const note = (text: string) => {
    if (!told.has(text)) options.onNote(text);
    told.add(text);
  };
  let elsewhere = 0;

  /** Of a client that takes the relay for a proxy, the target is a URL. */
  function wayOf(request: IncomingMessage): Way {
    const { url: target = "" } = request;
    const [, origin = "", authority = "", path = target] = /^(https?:\/\/([^/?#]*))(.*)$/is.exec(target) ?? [];
    const own = [urlOf(server.address() as AddressInfo).slice("http://".length), `localhost:${port}`, ""];
    if (own.includes(authority))
      return { upstream, target: path, path: path.startsWith("/") ? upstream.path + path : path };
    if (authority === upstream.host) return { upstream, target: path, path };
    const other = others.get(origin) ?? upstreamOf(origin);
    others.set(origin, other);
    return { upstream: other, target: path, path: path || "/" };
  }

  /** Why the service will refuse the signature, if the relay does not make it anew. */
  function noteSignature(request: IncomingMessage, { target, path }: Way): void {
    if (!isSigned(request) || !coversOther(request, target, { host: upstream.host, target: path })) return;
    if (keys && isOfKeys(request, keys)) return;
    const mends = keys
      ? "It was made with another access key than DCS_ACCESS_KEY: set the keys of the client"
      : "Set DCS_ACCESS_KEY and DCS_SECRET_KEY";
    note(
      `The client signs its requests. A signature covers the host and the path, which are those of the relay here: ${upstream.url} will refuse it. ${mends}, and the relay signs each request anew`,
    );
  }

  function relay(request: IncomingMessage, response: ServerResponse): void {
    let way: Way;
    try {
      way = wayOf(request);
    } catch {
      response.writeHead(400, { "content-length": 0 }).end();
      return;
    }
    const isElsewhere = way.upstream !== upstream;
    if (isElsewhere && !isOfThisMachine(request.socket.remoteAddress)) {
      response.writeHead(403, { "content-length": 0 }).end();
      return;
    }
    if (isElsewhere) elsewhere += 1;
    else noteSignature(request, way);
    const passed = isElsewhere
      ? pass(request, response, way, { ...passing, keys: undefined, room: nothing })
      : pass(request, response, way, passing).then(onPassed);
    const work: Promise<void> = passed.then(() => {
      pending.delete(work);
    });
    pending.add(work);
  }

  const server = createServer({
    requireHostHeader: false,
    maxHeaderSize,
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: 0,
  });
  server.maxHeadersCount = 0;
  for (const event of ["request", "checkContinue", "checkExpectation"]) server.on(event, relay);
  server.on("connect", (_: IncomingMessage, socket: Duplex) => {
    note(
      "A client asked for a tunnel (CONNECT), which the relay does not build: it is no proxy. Let the client send its requests to the relay's URL",
    );
    refuse(socket, "405 Method Not Allowed");
  });
  server.on("clientError", (error: ParserError, socket) => {
    const fault = httpFault(error);
    if (fault !== undefined) onFault(fault);
    refuse(socket, "400 Bad Request");
  });
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    upstream.close();
    throw listenError(error as NodeJS.ErrnoException, { host, port });
  }
  return {
    url: urlOf(server.address() as AddressInfo),
    get elsewhere() {
      return elsewhere;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      closing.abort();
      server.closeAllConnections();
      await Promise.all(pending);
      for (const one of [upstream, ...others.values()]) one.close();
      await closed;
    },
  };
}

const nothing = { most: 0, free: 0 };

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

const isOfThisMachine = (address = "") => loopback.check(address, address.includes(":") ? "ipv6" : "ipv4");
