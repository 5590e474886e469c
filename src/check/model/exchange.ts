// One request and what came of it: an answer, read to its end within limits of time and size, or a failure. Nothing that a
// server does gets past here as an exception.

import type { Response as Documented } from "../../../generated/contract.ts";
import { type Body, decode, readBody } from "../../wire/body.ts";
import type { Contract, PageForm } from "../../wire/contract.ts";
import { reasonOf } from "../../wire/reason.ts";
import { onlyHttp2, spokenAt, spokenInstead, versionRefused } from "./protocol.ts";
import { proxyHint } from "./proxy.ts";

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Everything that was asked in one run. */
export interface Run {
  contract: Contract;
  instanceId: string;
  /** What no answer may repeat, signatures included. */
  secrets: readonly string[];
  /** In the order in which they were asked. */
  exchanges: readonly Exchange[];
  /** The pages that came, by the ids of their probes. */
  pages: ReadonlyMap<string, Page>;
}

/** What a server is asked. */
export interface Probe {
  /** Never that of a rule: `only` and `skip` take both. */
  id: string;
  /** What it asks for, after "asks for". */
  title: string;
  query: (context: Context) => Record<string, string>;
  /** What the contract says becomes of it: a page of records, or a refusal. */
  expects: "page" | "refusal";
  /** Of a request that is to be refused: the probe that differs from it in one thing, and is to be accepted. */
  twin?: string;
  /** The id of the fact that it breaks, in spec/reference.yaml. */
  breaks?: string | undefined;
  /** Whether it is sent without the credentials. */
  anonymous?: true;
  /** Whether it is sent, by the pages so far. Default: always */
  when?: (pages: Run["pages"]) => boolean;
}

export interface Context {
  /** The time window to ask for, each end as `yyyyMMddHHmmss`; either may be left out. */
  begin?: string | undefined;
  end?: string | undefined;
  /** What has been asked so far. */
  exchanges: readonly Exchange[];
  page: PageForm;
}

export interface Exchange {
  probe: Probe;
  url: string;
  /** The query that was asked. */
  query: Record<string, string>;
  /** What it was signed with, if it was. */
  signature?: string;
  answer?: Answer;
  failure?: Failure;
}

/** An answer with the status of a page whose body is a JSON object. */
export interface Page extends Exchange {
  body: Fields;
  /** The array of records, if it is one. */
  list: readonly unknown[] | undefined;
  /** Its elements that are objects, each with its position and the JSON pointer to it. */
  records: readonly { record: Fields; index: number; pointer: string }[];
}

export interface Answer {
  status: number;
  /** What the contract says of this status, if it has it. */
  documented?: Documented | undefined;
  headers: Headers;
  /** Length of the body in bytes, decompressed. */
  bytes: number;
  /** The body; `undefined` if it is not UTF-8. */
  text?: string;
  /** The body as JSON; `undefined` if it is none. */
  json?: unknown;
  /** Why it is none. */
  jsonFault?: string;
}

export interface Failure {
  /** At which point it failed. */
  kind: "unreachable" | "timeout" | "deadline" | "closed" | "malformed" | "too-large";
  message: string;
}

export function asPage(exchange: Exchange, form: PageForm): Page | undefined {
  const { answer } = exchange;
  if (answer?.status !== form.status || !isFields(answer.json)) return undefined;
  const found = answer.json[form.list];
  const list = Array.isArray(found) ? found : undefined;
  const records: { record: Fields; index: number; pointer: string }[] = [];
  for (const [index, record] of list?.entries() ?? []) {
    if (isFields(record)) records.push({ record, index, pointer: `/${form.list}/${index}` });
  }
  return { ...exchange, body: answer.json, list, records };
}

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
    // A proxy's own answer: of plain HTTP it may be asked without a tunnel.
    if (response.status === 407) return fail("unreachable", reasonOf("Proxy response (407)").message);
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

function worded(reason: string, code: string): string {
  if (code === "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL") return onlyHttp2;
  if (reason === "bad port")
    return "The port is one that browsers, and this check, do not talk to (https://fetch.spec.whatwg.org/#port-blocking)";
  // OpenSSL says in which line of which of its files it was.
  const why = reason.replace(/^\w+:error:\w+:[^:]*:[^:]*:([^:]+):.*$/s, "$1");
  const told = code && !why.includes(code) ? `${why} (${code})` : why;
  if (/SELF_SIGNED|UNABLE_TO/.test(code)) return `${told}; NODE_EXTRA_CA_CERTS names a file of certificates to trust`;
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER") return `${told}; the server may speak http:// at that port`;
  return told;
}

/** A body as the contract says it is written: JSON in UTF-8. */
export function parseBody({ chunks, bytes }: Pick<Body, "chunks" | "bytes">): Omit<Answer, "status" | "headers"> {
  let text: string;
  try {
    text = decode(chunks, new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }));
  } catch {
    return { bytes };
  }
  try {
    return { bytes, text, json: JSON.parse(text) };
  } catch (error) {
    // Without what it quotes of the body, which may be half a secret.
    const jsonFault = (error as Error).message.replace(/,? ?(\.{3})?".*"(\.{3})? is not valid JSON$/s, "");
    return { bytes, text, jsonFault };
  }
}
