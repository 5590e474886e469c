// The check of a provider: asks a server the probes, one after the other, and applies the rules to what it did.

import { constants } from "node:buffer";
import { setTimeout as sleep } from "node:timers/promises";
import { argumentError, checkChoice, checkId, checkInteger } from "../../wire/arguments.ts";
import { baseContract, type Contract } from "../../wire/contract.ts";
import { authenticate, type Credentials, checkCredentials, signatureOf } from "../../wire/credentials.ts";
import { redactor, secretsOf } from "../../wire/redact.ts";
import { readRetryAfter } from "../../wire/retry-after.ts";
import { type Severity, severities } from "../../wire/rule.ts";
import { formatTime } from "../../wire/time.ts";
import { callUrl } from "../../wire/url.ts";
import { Collector } from "../coverage/collector.ts";
import { withCoverage } from "../coverage/report.ts";
import { applyRules } from "../engine/apply.ts";
import { readServer } from "../engine/server.ts";
import type { Coverage } from "../model/coverage.ts";
import { asPage, documentedBy, type Exchange, type Page, type Probe } from "../model/exchange.ts";
import { makeReport, type Report } from "../model/report.ts";
import { reachOf } from "./reach.ts";
import { compareRevisions } from "./revisions.ts";
import { rules } from "./rules/index.ts";
import { select } from "./select.ts";
import { type Limits, send, unlessOtherProtocol } from "./send.ts";
import { isAccepted } from "./status.ts";

export interface ProviderOptions {
  /** Base URL of the server, without the path of the call: `https://dcs.sa-brazil-1.myhuaweicloud.com` */
  server: string;
  projectId: string;
  instanceId: string;
  /** A token, or an access key and its secret key. They are sent to that server, and nowhere else. */
  credentials: Credentials;
  /** More headers for each request, as a gateway may need them. Their values are kept out of the report. */
  headers?: Record<string, string>;
  /** Start of the time window to ask for, in UTC. Default: the second in which the first listed backup was created */
  begin?: Date | string;
  /** End of the time window to ask for, in UTC. Default: a second later; none if there is a `begin` */
  end?: Date | string;
  /** Ids of the rules to apply, and of the probes to send, as the help of `check provider` lists them. Default: all of them */
  only?: readonly string[];
  /** Ids of rules and probes to leave out. */
  skip?: readonly string[];
  /** For each request, to the end of the answer. Default: 10 000 */
  timeoutMs?: number;
  /** For the whole run. Default: 60 000 */
  deadlineMs?: number;
  /** Largest body that is read, in bytes, decompressed. Default: 67 108 864 */
  maxBodyBytes?: number;
  /** The least severity that makes the report's `ok` false. Default: `error` */
  failOn?: Severity;
  /** The least percentage of what the check can reach of the contract that must be seen. Default: any will do */
  cover?: number;
  /** The contract to check against, such as `await contractOf("newest")`. Default: the one of 2022-11-09 */
  contract?: Contract;
  /** Called before each request. */
  onProbe?: (probe: { id: string; title: string; number: number; of: number }) => void;
}

/**
 * Checks whether a server keeps to the contract. It sends a handful of GET requests, and again those that are answered with
 * 429.
 * @returns what was found. A server that cannot be reached is a finding too, and no error
 * @throws {TypeError | RangeError} if an option is not usable, before anything is sent
 */
export async function checkProvider(options: ProviderOptions): Promise<Report> {
  const settings = readOptions(options);
  const { instanceId, server, failOn, selection, contract, cover } = settings;
  const startedAt = new Date();
  const start = performance.now();
  const { exchanges, pages } = await askAll(settings, options.onProbe);

  const signatures = exchanges.flatMap(({ signature }) => signature ?? []);
  const secrets = [...settings.secrets.sought, ...signatures];
  const redact = redactor([...settings.secrets.hidden, ...signatures]);
  const run = { contract, instanceId, secrets, exchanges, pages };
  const { findings: found, seen } = applyRules(selection.rules, run, redact);
  const { findings, revisions } = await compareRevisions(selection.rules, run, found, redact);
  const durationMs = performance.now() - start;
  const { version: contractVersion, revision } = contract;
  const times = { startedAt, durationMs };
  const head = { side: "provider", contractVersion, revision, revisions, server, ...times, failOn } as const;
  return withCoverage(makeReport(head, rules, seen, findings), coverageOf(exchanges, contract), cover);
}

function coverageOf(exchanges: readonly Exchange[], contract: Contract): Coverage {
  const collector = new Collector(contract);
  for (const { query, headers, answer } of exchanges) {
    if (!answer) continue;
    collector.seeRequest({ query: new URLSearchParams(query), headers });
    collector.seeAnswer(answer);
  }
  return collector.coverage(reachOf(contract, exchanges[0]?.headers ?? {}));
}

type Settings = ReturnType<typeof readOptions>;

function readOptions(given: ProviderOptions) {
  const options: ProviderOptions = Object(given);
  const { projectId, instanceId, begin, end, failOn = "error", contract = baseContract, cover } = options;
  const { timeoutMs = 10_000, deadlineMs = 60_000, maxBodyBytes = 2 ** 26 } = options;
  const credentials = checkCredentials(options.credentials);
  checkId("projectId", projectId);
  checkId("instanceId", instanceId);
  for (const [name, value] of Object.entries({ timeoutMs, deadlineMs })) checkInteger(name, value, 1);
  checkInteger("maxBodyBytes", maxBodyBytes, 1, constants.MAX_STRING_LENGTH);
  checkInteger("cover", cover ?? 0, 0, 100);
  checkChoice("failOn", failOn, severities);
  const window = { begin: readTime("begin", begin), end: readTime("end", end) };
  if (window.begin && window.end && window.begin > window.end)
    throw argumentError(RangeError, "begin", "must not be after the end");
  const server = readServer(options.server);
  const headers = checkHeaders(options.headers ?? {}, credentials);
  return {
    server,
    projectId,
    instanceId,
    credentials,
    headers,
    secrets: secretsOf(credentials, headers, `${server}/${projectId}/${instanceId}`),
    window,
    contract,
    selection: select(contract, options.only, options.skip),
    timeoutMs,
    deadlineMs,
    maxBodyBytes,
    failOn,
    cover,
  };
}

interface Asked {
  exchanges: Exchange[];
  /** The pages that came, by the ids of their probes. */
  pages: Map<string, Page>;
}

async function askAll(settings: Settings, onProbe: ProviderOptions["onProbe"]): Promise<Asked> {
  const { selection, contract, timeoutMs, maxBodyBytes, deadlineMs } = settings;
  const deadline = AbortSignal.timeout(deadlineMs);
  const limits: Limits = { timeoutMs, maxBodyBytes, deadlineMs, deadline, endsAt: performance.now() + deadlineMs };
  const exchanges: Exchange[] = [];
  const pages = new Map<string, Page>();
  const always = selection.probes.filter(({ when }) => !when).length;
  for (const probe of selection.probes) {
    const { id, title, when } = probe;
    if (when && !when(pages)) continue;
    const number = exchanges.length + 1;
    onProbe?.({ id, title, number, of: Math.max(number, always) });
    const asked = await ask(probe, settings, limits, exchanges);
    const exchange = probe.id === "list" ? await unlessOtherProtocol(asked, limits) : asked;
    exchanges.push(exchange);
    const page = asPage(exchange, contract.page);
    if (page) pages.set(id, page);
    // Without a first page there is nothing to compare with, and a server that is gone or throttles is left in peace.
    const isShut = probe.id === "list" && !isAccepted(exchange);
    const isGone = exchange.failure?.kind === "unreachable";
    if (isShut || isGone || exchange.answer?.status === 429 || limits.deadline.aborted) break;
  }
  return { exchanges, pages };
}

/** Sends a probe, again after each 429 that says when, as long as there is time. */
async function ask(probe: Probe, settings: Settings, limits: Limits, exchanges: Exchange[]): Promise<Exchange> {
  const { server, projectId, instanceId, credentials, window, contract } = settings;
  const query = probe.query({ ...window, exchanges, page: contract.page });
  const ids = { project_id: projectId, instance_id: instanceId };
  const url = callUrl(server, ids, query, contract.operation.path);
  for (let attempt = 1; ; attempt += 1) {
    const own = probe.anonymous ? {} : await authenticate(credentials, url, projectId, new Date());
    const signature = signatureOf(own);
    const headers = { accept: "application/json", ...settings.headers, ...own };
    const exchange = {
      probe,
      url,
      query,
      headers,
      ...(signature && { signature }),
      ...documentedBy(contract, await send(url, headers, limits)),
    };
    const wait =
      exchange.answer?.status === 429
        ? (readRetryAfter(exchange.answer.headers, new Date()) ?? 1000 * 2 ** attempt)
        : undefined;
    if (wait === undefined || attempt === 4 || performance.now() + wait > limits.endsAt) return exchange;
    await sleep(wait, undefined, { signal: limits.deadline }).catch(() => {}); // the deadline
    if (limits.deadline.aborted) return exchange;
  }
}

/** As the contract's parameters write it. Their pattern has room for days that a month does not have. */
function readTime(name: string, time: Date | string | undefined): string | undefined {
  if (time === undefined) return undefined;
  const text = formatTime(name, time);
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6, 8)];
  if (new Date(`${year}-${month}-${day}T00:00:00Z`).getUTCDate() === Number(day)) return text;
  throw argumentError(RangeError, name, `is on a day that its month does not have: ${text}`);
}

/** The headers as they are sent, their names in lower case. */
function checkHeaders(headers: Record<string, string>, credentials: Credentials): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const told = JSON.stringify(name);
    if (isOwnHeader(name, credentials))
      throw argumentError(TypeError, "headers", `must not have ${told}: the check sets it itself`);
    try {
      for (const [sent, text] of new Headers({ [name]: value })) checked[sent] = text;
    } catch {
      throw argumentError(TypeError, "headers", `has a name or a value that HTTP cannot carry: ${told}`);
    }
  }
  return checked;
}

function isOwnHeader(name: string, credentials: Credentials): boolean {
  const ofSignature = "token" in credentials ? [] : ["authorization", "x-sdk-date", "x-project-id", "host"];
  return [...ofCredentials, ...ofConnection, ...ofSignature].includes(name.toLowerCase());
}

const ofCredentials = ["x-auth-token", "x-security-token"];
const ofConnection = ["connection", "content-length", "expect", "keep-alive", "te", "transfer-encoding", "upgrade"];
