// Sends a request safely: to one origin only, authenticated, timed, retried, with redirects refused and bodies limited.

import { decode, type ResponseBody, readBody } from "../wire/body.ts";
import { authenticate, type CredentialsProvider, checkCredentials, signatureOf } from "../wire/credentials.ts";
import { messageOf } from "../wire/reason.ts";
import { oneLine, type Redact, redactor } from "../wire/redact.ts";
import { readRetryAfter } from "../wire/retry-after.ts";
import { DcsError, DcsNetworkError, DcsResponseError, DcsTimeoutError } from "./errors.ts";
import { type RetryPolicy, retryDelay } from "./retry.ts";

/** What a client asks of `fetch`. */
export interface FetchInit {
  method: "GET";
  headers: Record<string, string>;
  redirect: "manual";
  signal: AbortSignal | null;
}

/** What a client uses of the `Response` that `fetch` gives. */
export interface FetchResponse extends ResponseBody {
  readonly status: number;
  readonly type?: string;
  readonly redirected?: boolean;
}

/** The global `fetch`, or any that does as much: those of undici and node-fetch do. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

export interface TransportOptions {
  /** Where requests go, and nowhere else: a URL without a slash at its end. */
  endpoint: string;
  projectId: string;
  credentials: CredentialsProvider;
  fetch: Fetch;
  timeoutMs: number;
  retry: Required<RetryPolicy>;
  maxBodyBytes: number;
  onRequest?: ((event: RequestEvent) => void) | undefined;
  onResponse?: ((event: ResponseEvent) => void) | undefined;
  now: () => Date;
}

/** What `onRequest` is told. Nothing in it is secret. */
export interface RequestEvent {
  method: "GET";
  url: string;
  /** 1, and one more with each retry. */
  attempt: number;
}

/** What `onResponse` is told at the end of each attempt. Nothing in it is secret. */
export interface ResponseEvent extends RequestEvent {
  durationMs: number;
  /** HTTP status of the answer, if one came. */
  status: number | undefined;
  /** Why there is no usable answer. */
  error: DcsError | undefined;
  /** Milliseconds until the next attempt, if there is one. */
  retryInMs: number | undefined;
}

/** An answer, read to its end. */
export interface Answer {
  status: number;
  headers: ResponseBody["headers"];
  body: string;
  /** Of the request. A server may repeat them, and no error has them. */
  secrets: readonly string[];
}

/** Takes header names in lower case. */
export type Transport = (
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal | undefined,
) => Promise<Answer>;

/**
 * @throws {DcsNetworkError | DcsTimeoutError | DcsResponseError} after the last attempt
 * @param url below the endpoint: the credentials go where it leads
 * @throws {TypeError} if the credentials cannot be sent, or `fetch` is not usable
 * @throws the signal's reason, at once
 */
export function createTransport(options: TransportOptions): Transport {
  const { endpoint, projectId, fetch, timeoutMs, retry, maxBodyBytes, onRequest, onResponse, now } = options;

  return async (url, headers, signal) => {
    for (let attempt = 1; ; attempt += 1) {
      const event: RequestEvent = { method: "GET", url, attempt };
      const start = performance.now();
      let answer: Answer | undefined;
      let error: DcsError | undefined;
      try {
        answer = await within(timeoutMs, signal, (stop) => send(event, headers, stop));
      } catch (reason) {
        if (!(reason instanceof DcsError)) throw reason;
        error = reason;
      }
      const status = answer?.status ?? (error instanceof DcsResponseError ? error.status : undefined);
      const retryAfterMs = answer && readRetryAfter(answer.headers, now());
      const retryInMs =
        answer || error instanceof DcsNetworkError
          ? retryDelay(retry, attempt, status, retryAfterMs, Math.random())
          : undefined;
      onResponse?.({ ...event, durationMs: performance.now() - start, status, error, retryInMs });
      if (retryInMs !== undefined) await within(retryInMs, signal);
      else if (answer) return answer;
      else throw error;
    }
  };

  async function send(event: RequestEvent, extra: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const { method, url } = event;
    const credentials = checkCredentials(await options.credentials());
    const sent = { ...extra, ...(await authenticate(credentials, url, projectId, now())) };
    const secrets = [...Object.values(credentials), signatureOf(sent) ?? ""];
    signal.throwIfAborted(); // fetching the credentials may have taken long
    onRequest?.(event);
    try {
      const response = await ask(fetch, url, { method, headers: sent, redirect: "manual", signal });
      const { status, headers } = response;
      if (response.type === "opaqueredirect" || response.redirected || (status >= 300 && status < 400)) {
        const where = oneLine(headers.get("location") ?? "another place", redactor(secrets));
        const [place] = where.split(/[?#]/); // without the query, which may repeat what was sent
        throw new DcsResponseError(status, `HTTP ${status}, but it redirects to ${place}, which is not followed`);
      }
      const { chunks, isWhole } = await readBody(response, maxBodyBytes);
      if (isWhole || status >= 400) return { status, headers, body: decode(chunks), secrets };
      throw new DcsResponseError(status, `HTTP ${status}, but the body exceeds ${maxBodyBytes} bytes`);
    } catch (error) {
      if (error instanceof DcsError) throw error;
      const redact = redactor(secrets);
      const reason = oneLine(messageOf(error), redact);
      const cause = isSafe(error, redact) ? error : new Error(reason);
      if (isMisuse(error)) throw new TypeError(`fetch is not usable: ${reason}`, { cause });
      throw new DcsNetworkError(`Request to ${endpoint} failed: ${reason}`, { cause });
    }
  }
}

/** Some test environments pair the `fetch` of Node.js with an AbortController of their own, whose signals it refuses. */
async function ask(fetch: Fetch, url: string, init: FetchInit): Promise<FetchResponse> {
  const response = await (async () => fetch(url, init))().catch((error) => {
    if (!isMisuse(error) || !/signal/i.test(error.message)) throw error;
    return fetch(url, { ...init, signal: null });
  });
  if (response?.status >= 0 && typeof response.text === "function") return response;
  throw new TypeError("not a Response");
}

/** Whether an exception tells of a program that is at fault, and not of a network: another try would end likewise. */
function isMisuse(error: unknown): boolean {
  const { name, message, cause } = Object(error);
  if (name !== "TypeError") return /^(Reference|Range|Syntax|NotSupported)/.test(name);
  const ofPrograms = /not (an? |impl|supp)|instance of|must be|undefined|null|Illegal|to execute/;
  return !cause && ofPrograms.test(message);
}

/** Whether what a log could print of a value is plain enough to be looked through, and has no secret. */
function isSafe(value: unknown, redact: Redact, depth = 0): boolean {
  if (typeof value === "string") return redact(value) === value;
  if (Object(value) !== value) return true;
  const isPlain = value instanceof Error || Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain || depth > 5) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every((part) => isSafe(part.value, redact, depth + 1));
}

/**
 * Settles as the work does, or rejects when time is up; without work it waits until then.
 * @throws the signal's reason, at once, whether or not the work minds
 */
async function within<T = void>(
  ms: number,
  signal: AbortSignal | undefined,
  work?: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const stops = signal && (stopsOf.get(signal) ?? new Set());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop = () => {};
  const stopped = new Promise<never>((resolve, reject) => {
    stop = () => reject(signal?.reason);
    timer = setTimeout(() => (work ? reject(new DcsTimeoutError(ms)) : resolve(undefined as never)), ms);
  });
  if (stops) stopsOf.set(signal, stops.add(stop));
  signal?.addEventListener("abort", stopAll); // the same one again is none more
  try {
    return await (work ? Promise.race([stopped, work(controller.signal)]) : stopped);
  } catch (reason) {
    controller.abort(reason); // what is left of a response is not waited for
    throw reason;
  } finally {
    clearTimeout(timer);
    stops?.delete(stop);
    if (stops?.size === 0) signal?.removeEventListener("abort", stopAll);
  }
}

/** How to stop each call that waits for a signal, which has one listener for all: Node.js takes many for a leak. */
const stopsOf = new WeakMap<EventTarget, Set<() => void>>();

const stopAll = ({ currentTarget }: Event) => {
  for (const stop of stopsOf.get(currentTarget as EventTarget) ?? []) stop();
};
