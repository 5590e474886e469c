// Passes one request on to the service, and its answer back, as they are: bodies flow through as fast as their receiver takes
// them. What passed is told afterwards.

import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import type { Refusal } from "../../mock/verify.ts";
import type { KeyCredentials } from "../../wire/credentials.ts";
import { mayHaveBody } from "../recorded/message.ts";
import type { Header, Missing, Recorded, RecordedResponse } from "../recorded/recorded.ts";
import { has, linesOf, pairsOf, withHeader, without, withoutConnection } from "./headers.ts";
import { Kept, type Room } from "./kept.ts";
import { isBodySigned, isOfKeys, isSigned, signAnew } from "./signing.ts";
import type { Upstream } from "./upstream.ts";

/** Where a request goes. */
export interface Way {
  upstream: Upstream;
  /** Path and query, as the client sent them. */
  target: string;
  /** As the service gets them. */
  path: string;
}

export interface PassOptions {
  keys: KeyCredentials | undefined;
  /** How long the service may take to begin its answer. */
  timeoutMs: number;
  room: Room;
  /** Aborts when the relay is closed. */
  stop: AbortSignal;
}

export interface Passed {
  recorded: Omit<Recorded, "place">;
  /** Of a signature that the keys of the environment do not make. */
  refusal?: Refusal;
}

export async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  way: Way,
  options: PassOptions,
): Promise<Passed> {
  const startedAt = new Date();
  const start = performance.now();
  const { method = "" } = request;
  const given = pairsOf(request.rawHeaders);
  const passage = new Passage(request, response, way, options);
  const closed = passage.closed();
  const refusal = await passage.begin(withHeader(withoutConnection(given), "Host", way.upstream.host));
  await closed;
  const durationMs = performance.now() - start;
  const { host, origin } = way.upstream;
  return {
    recorded: {
      startedAt,
      durationMs,
      request: {
        method,
        // Of an address with a host nobody would see that the client sent none.
        url: request.headers.host === undefined ? way.path : origin + way.path,
        httpVersion: `HTTP/${request.httpVersion}`,
        headers: given.map(([name, value]) => [name, name.toLowerCase() === "host" ? host : value] as const),
        body: passage.requestBody(),
      },
      response: passage.answered(durationMs),
    },
    ...(refusal && { refusal }),
  };
}

/** Sending them twice does no more than sending them once. */
const repeatable = new Set(["GET", "HEAD", "OPTIONS"]);

class Passage {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #way: Way;
  readonly #options: PassOptions;
  readonly #ofRequest: Kept;
  readonly #ofAnswer: Kept;
  readonly #hasBody: boolean;
  #outgoing: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;
  #isAnswered = false;
  #why: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, way: Way, options: PassOptions) {
    this.#request = request;
    this.#response = response;
    this.#way = way;
    this.#options = options;
    this.#ofRequest = new Kept(options.room);
    this.#ofAnswer = new Kept(options.room);
    const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
    this.#hasBody = encoding !== undefined || Number(length) > 0;
    request.on("error", () => {}); // the client hangs up
    response.on("error", () => {});
  }

  /** When the client has all, or is gone. */
  closed(): Promise<void> {
    const { socket } = this.#request;
    return new Promise((resolve) => {
      const settle = () => {
        socket.off("close", settle);
        this.#response.off("close", settle);
        clearTimeout(this.#timer);
        this.#outgoing?.destroy();
        resolve();
      };
      socket.on("close", settle);
      this.#response.on("close", settle);
    });
  }

  /** Sends the request, and returns why its signature is refused. */
  async begin(headers: readonly Header[]): Promise<Refusal | undefined> {
    const { keys } = this.#options;
    const { upstream, target, path } = this.#way;
    if (!keys || !isSigned(this.#request) || !isOfKeys(this.#request, keys)) {
      this.#send(headers);
      return undefined;
    }
    const needsBody = this.#hasBody && isBodySigned(this.#request);
    const chunks = needsBody ? await this.#readBody() : [];
    const isRead = !needsBody || this.#request.readableEnded;
    const signed = isRead
      ? signAnew(this.#request, target, Buffer.concat(chunks), keys, { host: upstream.host, target: path })
      : { refusal: { reason: "The body is too large for the relay to sign it anew", explanation: [] } };
    const isRefused = "refusal" in signed;
    this.#send(isRefused ? headers : withHeader(headers, "Authorization", signed.authorization), chunks);
    return isRefused ? signed.refusal : undefined;
  }

  /** As much of it as is kept. The rest is still to come. */
  async #readBody(): Promise<Buffer[]> {
    const chunks: Buffer[] = [];
    if (this.#request.headers.expect !== undefined) this.#response.writeContinue();
    await new Promise<void>((resolve) => {
      const stop = () => {
        this.#request.pause();
        this.#request.off("data", add).off("end", stop).off("close", stop);
        resolve();
      };
      const add = (chunk: Buffer) => {
        chunks.push(chunk);
        this.#ofRequest.add(chunk);
        if (!this.#ofRequest.isWhole) stop();
      };
      this.#request.on("data", add).on("end", stop).on("close", stop);
    });
    return chunks;
  }

  #send(headers: readonly Header[], chunks: readonly Buffer[] = []): void {
    if (this.#request.socket.destroyed) return;
    const { upstream, path } = this.#way;
    const { method = "GET" } = this.#request;
    const isPlain = this.#hasBody || has(headers, "content-length") || /^(GET|HEAD|DELETE|OPTIONS|TRACE)$/.test(method);
    let outgoing: ClientRequest;
    try {
      outgoing = upstream.request({ method, path, ...(isPlain && { headers: headers.flat() }) });
    } catch (error) {
      this.#fail(`The request cannot be passed on: ${(error as Error).message}`);
      return;
    }
    // Node would send an empty body with it, in chunks.
    if (!isPlain) setHeaders(outgoing, headers);
    this.#outgoing = outgoing;
    this.#timer ??= setTimeout(() => this.#late(), this.#options.timeoutMs);
    outgoing.on("information", (information) => this.#inform(information));
    outgoing.on("response", (answer) => this.#receive(answer));
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      if (this.#answer || outgoing !== this.#outgoing) return;
      // The service had closed a connection on which it had answered before.
      const isStale = outgoing.reusedSocket && /^(ECONNRESET|EPIPE)$/.test(error.code ?? "");
      if (isStale && !this.#hasBody && repeatable.has(method)) this.#send(headers);
      else this.#fail(this.#way.upstream.reason(error));
    });
    for (const chunk of chunks) outgoing.write(chunk);
    if (!this.#hasBody) outgoing.end();
    else this.#upload(outgoing);
  }

  #upload(outgoing: ClientRequest): void {
    const request = this.#request;
    const end = () => {
      if (outgoing.destroyed) return;
      if (request.rawTrailers.length > 0) outgoing.addTrailers(pairsOf(request.rawTrailers) as [string, string][]);
      outgoing.end();
    };
    if (request.readableEnded) {
      end();
      return;
    }
    request.on("data", (chunk: Buffer) => {
      this.#ofRequest.add(chunk);
      if (!outgoing.destroyed && !outgoing.write(chunk)) request.pause();
    });
    request.on("end", end);
    outgoing.on("drain", () => request.resume());
    outgoing.on("close", () => request.resume());
    request.resume();
  }

  /** An answer that says that the real one is to come. */
  #inform({
    statusCode,
    statusMessage,
    rawHeaders,
  }: {
    statusCode: number;
    statusMessage: string;
    rawHeaders: string[];
  }) {
    const { socket, headersSent } = this.#response;
    if (headersSent || this.#request.httpVersion === "1.0") return;
    socket?.write(`HTTP/1.1 ${statusCode} ${statusMessage}\r\n${linesOf(pairsOf(rawHeaders))}\r\n`, "latin1");
  }

  #receive(answer: IncomingMessage): void {
    this.#answer = answer;
    clearTimeout(this.#timer);
    const response = this.#response;
    const headers = withoutConnection(pairsOf(answer.rawHeaders));
    const isEndless = !has(headers, "content-length") && !has(headers, "transfer-encoding");
    response.sendDate = false;
    // Its end is that of the connection, as it is at the service.
    if (isEndless) response.useChunkedEncodingByDefault = false;
    const isOld = this.#request.httpVersion === "1.0"; // and knows no chunks
    const shown = isOld ? without(headers, "transfer-encoding") : headers;
    try {
      response.writeHead(answer.statusCode ?? 0, answer.statusMessage ?? "", shown.flat());
    } catch (error) {
      this.#answer = undefined;
      answer.on("error", () => {}).destroy();
      this.#fail(`The answer is not HTTP as it should be: ${(error as Error).message}`);
      return;
    }
    response.write(Buffer.alloc(0)); // sends the headers; flushHeaders would write their bytes as UTF-8
    answer.on("data", (chunk: Buffer) => {
      this.#ofAnswer.add(chunk);
      if (!response.write(chunk)) answer.pause();
    });
    response.on("drain", () => answer.resume());
    answer.on("end", () => {
      this.#isAnswered = true;
      if (answer.rawTrailers.length > 0) response.addTrailers(pairsOf(answer.rawTrailers) as [string, string][]);
      response.end();
    });
    answer.on("error", (error) => {
      this.#why ??= this.#way.upstream.reason(error);
    });
    answer.on("close", () => {
      // The client gets what came before, and then no more.
      if (!this.#isAnswered) response.socket?.destroySoon();
    });
  }

  #late(): void {
    if (!this.#request.complete) this.#timer?.refresh();
    else this.#fail(`No answer came within ${this.#options.timeoutMs} ms`);
  }

  /** An answer of the relay's own. */
  #fail(why: string): void {
    if (this.#why !== undefined) return;
    this.#why = why;
    clearTimeout(this.#timer);
    this.#outgoing?.destroy();
    this.#request.resume();
    const status = 502;
    const title = "The relay got no answer from the service";
    const body = JSON.stringify({ title, status, detail: `${this.#way.upstream.url}: ${why}` });
    const length = String(Buffer.byteLength(body));
    this.#response.writeHead(status, ["Content-Type", "application/problem+json", "Content-Length", length]).end(body);
  }

  requestBody() {
    if (!this.#hasBody) return { text: "" };
    const { headers, complete } = this.#request;
    return complete ? this.#ofRequest.take(headers["content-encoding"]) : this.#ofRequest.cutOff("the client hung up");
  }

  answered(durationMs: number): RecordedResponse | Missing {
    const answer = this.#answer;
    const isStopped = this.#options.stop.aborted;
    const why = this.#why ?? `the ${isStopped ? "relay was stopped" : "client hung up"}`;
    if (!answer) {
      this.#ofAnswer.free();
      const after = this.#why === undefined ? ` after ${Math.round(durationMs)} ms` : "";
      return { missing: "never-answered", detail: why + after };
    }
    const { statusCode: status = 0, statusMessage = "", httpVersion, rawHeaders, headers } = answer;
    const isEmpty = !mayHaveBody(this.#request.method ?? "", status);
    const whole = () => (isEmpty ? { text: "" } : this.#ofAnswer.take(headers["content-encoding"]));
    return {
      status,
      ...(statusMessage && { statusText: statusMessage }),
      httpVersion: `HTTP/${httpVersion}`,
      headers: pairsOf(rawHeaders),
      body: this.#isAnswered ? whole() : this.#ofAnswer.cutOff(why),
    };
  }
}

function setHeaders(outgoing: ClientRequest, headers: readonly Header[]): void {
  const names = new Map(headers.map(([name]) => [name.toLowerCase(), name]));
  for (const [key, name] of names)
    outgoing.setHeader(
      name,
      headers.filter(([given]) => given.toLowerCase() === key).map(([, value]) => value),
    );
  for (const name of ["content-length", "transfer-encoding"]) outgoing.removeHeader(name);
}
