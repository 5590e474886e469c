// Sends a request safely: to one origin only, authenticated, timed, retried, with redirects refused and bodies limited.

import { decode, readBody } from "../wire/body.ts";
import { authenticate, type CredentialsProvider, checkCredentials, signatureOf } from "../wire/credentials.ts";
import { oneLine, type Redact, redactor } from "../wire/redact.ts";
import { readRetryAfter } from "../wire/retry-after.ts";
import { DcsError, DcsNetworkError, DcsResponseError, DcsTimeoutError } from "./errors.ts";
import { type RetryPolicy, retryDelay } from "./retry.ts";

export interface TransportOptions {
  /** Where requests go, and nowhere else: a URL without a slash at its end. */
  endpoint: string;
  projectId: string;
  credentials: CredentialsProvider;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  timeoutMs: number;
  retry: Required<RetryPolicy>;
  maxBodyBytes: number;
  onRequest: ((event: RequestEvent) => void) | undefined;
  onResponse: ((event: ResponseEvent) => void) | undefined;
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
  headers: Headers;
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
 * @throws {TypeError} if the URL is not below the endpoint, or the credentials cannot be sent
 * @throws the signal's reason, at once
 */
export function createTransport(options: TransportOptions): Transport {
  const { endpoint, retry, timeoutMs, onResponse, now } = options;

  return async (url, headers, signal) => {
    if (!url.startsWith(`${endpoint}/`)) throw new TypeError(`The client is for ${endpoint}, not for ${url}`);
    for (let attempt = 1; ; attempt += 1) {
      const event: RequestEvent = { method: "GET", url, attempt };
      const start = performance.now();
      let answer: Answer | undefined;
      let error: DcsError | undefined;
      try {
        answer = await within(timeoutMs, signal, (stop) => send(options, event, headers, stop));
      } catch (reason) {
        if (!(reason instanceof DcsError)) throw reason;
        error = reason;
      }
      const durationMs = performance.now() - start;
      const status = answer?.status ?? (error instanceof DcsResponseError ? error.status : undefined);
      const retryAfterMs = answer && readRetryAfter(answer.headers, now());
      const retryInMs =
        answer || error instanceof DcsNetworkError
          ? retryDelay(retry, attempt, status, retryAfterMs, Math.random())
          : undefined;
      onResponse?.({ ...event, durationMs, status, error, retryInMs });
      if (retryInMs !== undefined) await within(retryInMs, signal);
      else if (answer) return answer;
      else throw error;
    }
  };
}

async function send(
  options: TransportOptions,
  event: RequestEvent,
  extra: Record<string, string>,
  signal: AbortSignal,
): Promise<Answer> {
  const { endpoint, projectId, maxBodyBytes, now, onRequest, fetch } = options;
  const { url } = event;
  const credentials = checkCredentials(await options.credentials());
  const headers = { ...extra, ...(await authenticate(credentials, url, projectId, now())) };
  const secrets = [...Object.values(credentials), signatureOf(headers) ?? ""];
  signal.throwIfAborted(); // fetching the credentials may have taken long
  onRequest?.(event);
  try {
    const response = await fetch(url, { method: "GET", headers, redirect: "manual", signal });
    const { status } = response;
    if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
      response.body?.cancel().catch(() => {});
      // Without the query, which may repeat what was sent.
      const [where] = oneLine(response.headers.get("location") ?? "another place", redactor(secrets)).split(/[?#]/);
      throw new DcsResponseError(status, `HTTP ${status}, but it redirects to ${where}, which is not followed`);
    }
    const { body, isWhole } = await readText(response, maxBodyBytes);
    if (isWhole || !response.ok) return { status, headers: response.headers, body, secrets };
    throw new DcsResponseError(status, `HTTP ${status}, but the body exceeds ${maxBodyBytes} bytes`);
  } catch (cause) {
    if (cause instanceof DcsError) throw cause;
    const { message = String(cause), cause: inner } = Object(cause);
    const redact = redactor(secrets);
    const reason = oneLine(String(Object(inner).message || message), redact);
    throw new DcsNetworkError(`Request to ${endpoint} failed: ${reason}`, {
      cause: isSafe(cause, redact) ? cause : new Error(reason),
    });
  }
}

/** The body, or its beginning if it has more bytes than that. */
async function readText(response: Response, maxBytes: number): Promise<{ body: string; isWhole: boolean }> {
  const length = response.headers.get("content-length");
  // CORS hides whether the body is compressed, and so longer than its length.
  const isSized = length !== null && response.type !== "cors" && !response.headers.has("content-encoding");
  if (isSized && Number(length) <= maxBytes) return { body: await response.text(), isWhole: true };
  const { chunks, isWhole } = await readBody(response, maxBytes);
  return { body: decode(chunks), isWhole };
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
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = () => {};
  const stopped = new Promise<never>((resolve, reject) => {
    abort = () => reject(signal?.reason);
    timer = setTimeout(() => (work ? reject(new DcsTimeoutError(ms)) : resolve(undefined as never)), ms);
  });
  signal?.addEventListener("abort", abort);
  stopped.catch((reason) => controller.abort(reason));
  try {
    return await (work ? Promise.race([stopped, work(controller.signal)]) : stopped);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
