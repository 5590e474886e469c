// Sends a request, and reads its answer to the end within limits of time and size. Nothing that a server does gets past here as
// an exception.

import { readBody } from "../../wire/body.ts";
import { reasonOf } from "../../wire/reason.ts";
import { type Exchange, type Failure, parseBody } from "../model/exchange.ts";
import { onlyHttp2, spokenAt, spokenInstead, versionRefused } from "./protocol.ts";
import { proxyHint } from "./proxy.ts";

export interface Limits {
  timeoutMs: number;
  maxBodyBytes: number;
  /** For the whole run. */
  deadlineMs: number;
  /** Aborts when that is over, which is at `endsAt` of `performance.now()`. */
  deadline: AbortSignal;
  endsAt: number;
}

type Outcome = Pick<Exchange, "answer" | "failure">;

/** Sends a GET request, and follows no redirect. */
export async function send(url: string, headers: Record<string, string>, limits: Limits): Promise<Outcome> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = AbortSignal.any([timeout, limits.deadline]);
  let response: Response | undefined;
  try {
    response = await fetch(url, { headers, redirect: "manual", signal });
    const body = await readBody(response, limits.maxBodyBytes);
    if (!body.isWhole) return fail("too-large", `The body has more than ${limits.maxBodyBytes} bytes`);
    const refused = versionRefused(response.status, response.headers.get("upgrade"));
    if (refused) return fail("unreachable", refused);
    return { answer: { status: response.status, headers: response.headers, ...parseBody(body) } };
  } catch (error) {
    if (limits.deadline.aborted)
      return fail("deadline", `All requests together took longer than the ${limits.deadlineMs} ms allowed`);
    const phase = response ? `after the headers (HTTP ${response.status})` : "before the headers";
    const hint = response ? "" : proxyHint(new URL(url));
    if (timeout.aborted)
      return fail(
        "timeout",
        `No complete response came within the ${limits.timeoutMs} ms allowed for a request: it stopped ${phase}${hint}`,
      );
    return classify(error, phase, hint);
  }
}

/** A server that speaks TLS alone, or HTTP/2 alone, turns plain HTTP/1.1 away in its own words, or in none. */
export async function unlessOtherProtocol(exchange: Exchange, { timeoutMs, deadline }: Limits): Promise<Exchange> {
  const { answer, failure, ...asked } = exchange;
  const isRefused = answer?.status === 400 && answer.json === undefined;
  const isTurnedAway = isRefused || failure?.kind === "closed" || failure?.kind === "malformed";
  if (!asked.url.startsWith("http:") || !isTurnedAway) return exchange;
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), deadline]);
  const spoken = await spokenAt(new URL(asked.url), signal);
  return spoken === undefined ? exchange : { ...asked, ...fail("unreachable", spoken) };
}

const fail = (kind: Failure["kind"], message: string): Outcome => ({ failure: { kind, message } });

/** @param hint for a server that was not reached, or that hung up at once */
function classify(error: unknown, phase: string, hint: string): Outcome {
  const { message: reason, code, name, data = "" } = reasonOf(error);
  const text = worded(reason, code);
  const closed = () => fail("closed", `The connection was closed ${phase}: ${text}${hint}`);
  if (/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_BODY_TIMEOUT)$/.test(code)) return closed();
  if (name === "AssertionError")
    return fail("malformed", "The answer has a status that no answer to a GET request has");
  const isMalformed =
    /^(HPE_|Z_|ERR_(?!SSL|TLS)|UND_ERR_(HEADERS_OVERFLOW|RES_))/.test(code) ||
    name === "HTTPParserError" ||
    reason.includes("content-encodings");
  const spoken = isMalformed && spokenInstead(data);
  if (spoken) return fail("unreachable", spoken);
  if (isMalformed) return fail("malformed", `The answer is not HTTP as it should be: ${text}`);
  const isOfNetwork = /^(E(?!RR_)|UND_ERR_CONNECT)/.test(code);
  return phase.startsWith("before") ? fail("unreachable", isOfNetwork ? text + hint : text) : closed();
}

/** What the error of a connection says, and what may mend it. */
export function worded(reason: string, code: string): string {
  if (code === "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL") return onlyHttp2;
  if (reason === "fetch failed")
    // and nothing else, since fetch hides such a response
    return "fetch gives no reason, as for status 407: a proxy may need credentials, in HTTP_PROXY or HTTPS_PROXY";
  if (reason === "bad port")
    return "The port is one that browsers, and this check, do not talk to (https://fetch.spec.whatwg.org/#port-blocking)";
  // OpenSSL says in which line of which of its files it was.
  const why = reason.replace(/^\w+:error:\w+:[^:]*:[^:]*:([^:]+):.*$/s, "$1");
  const told = code && !why.includes(code) ? `${why} (${code})` : why;
  if (/SELF_SIGNED|UNABLE_TO/.test(code)) return `${told}; NODE_EXTRA_CA_CERTS names a file of certificates to trust`;
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER") return `${told}; the server may speak http:// at that port`;
  return told;
}
