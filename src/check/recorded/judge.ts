// Judges recorded exchanges, one after the other: the request by the rules on requests, the response by those on responses, and pages
// that follow each other. What is not there is not judged, and counted with the reason.

import { baseContract, type Contract } from "../../wire/contract.ts";
import { fine, type RuleHead, type Severity, type Verdict } from "../../wire/rule.ts";
import { Collector } from "../coverage/collector.ts";
import { withCoverage } from "../coverage/report.ts";
import { toldFaults } from "../engine/apply.ts";
import { type Asked, Tally } from "../engine/tally.ts";
import { asPage, type Exchange, type Run } from "../model/exchange.ts";
import { type Finding, makeReport, type Report, type Side } from "../model/report.ts";
import { bodyPresent } from "../provider/rules/body-present.ts";
import { json as jsonRule } from "../provider/rules/json.ts";
import { mediaType } from "../provider/rules/media-type.ts";
import { secretEcho } from "../provider/rules/secret-echo.ts";
import { status as statusRule } from "../provider/rules/status.ts";
import { utf8 } from "../provider/rules/utf-8.ts";
import { isAccepted, isTurnedAway } from "../provider/status.ts";
import { answerOf, echoVerdict, ofRecords, twinOf } from "./answer.ts";
import { judgeRequest } from "./asked.ts";
import type { Call } from "./call.ts";
import { apart, type Context, OfExchange } from "./context.ts";
import { judgeExpected } from "./expected.ts";
import { makePaging } from "./paging.ts";
import { isMissing, type Missing, type ReadFault, type Recorded, reasonOf } from "./recorded.ts";
import { type JudgedRequest, makeRequests } from "./requests.ts";
import { judged as judgedRule, readable, selectRules } from "./rules.ts";

export interface JudgeOptions {
  /** Default: the contract of 2022-11-09 */
  contract?: Contract | undefined;
  /** Default: `both` */
  side?: Side | undefined;
  /** Ids of the rules to apply. Default: all of them */
  only?: readonly string[] | undefined;
  /** Ids of rules to leave out. */
  skip?: readonly string[] | undefined;
  /** The least severity that makes the report's `ok` false. Default: `error` */
  failOn?: Severity | undefined;
  /** The least percentage of the contract that must be seen. Default: any will do */
  cover?: number | undefined;
  /** Rules that the caller applies by itself, as what is judged comes from no recording. */
  around?: readonly RuleHead[] | undefined;
  /** Called with each finding that the report will have, but for those that count others. */
  onFinding?: ((finding: Finding) => void) | undefined;
}

export interface Judge {
  /** @param refused why whoever checked the credentials of the request refuses them */
  add(recorded: Recorded, refused?: string): void;
  /** What the caller found by a rule of its own, or of what is no exchange. */
  tell(rule: RuleHead, verdict: Verdict, asked: Asked): void;
  /** Something of a recording that could not be read. */
  addFault(fault: ReadFault): void;
  /** @param run with the `server` if it is known, and is not to be read from the exchanges */
  report(run: { startedAt: Date; durationMs: number; files?: readonly string[]; server?: string }): Report;
}

/** Further faults of one rule are only counted. */
const toldFindings = 100;

/** Further servers are only counted. */
const namedServers = 5;

/** Of those that were served; more of them are forgotten. */
const rememberedAddresses = 1000;

/** @throws {RangeError} if there is no such rule, or no rule is left */
export function makeJudge(options: JudgeOptions = {}): Judge {
  const { contract = baseContract, side = "both", failOn = "error", cover, onFinding } = options;
  const selection = selectRules(side, options.only, options.skip, options.around);
  const isSelected = new Set<RuleHead>([...selection.request, ...selection.response, ...selection.expected]);
  const tallies = new Map<RuleHead, Tally>(
    selection.all.map((rule) => [rule, new Tally(contract, rule, toldFindings, toldFaults)]),
  );
  const collector = new Collector(contract);
  const notJudged = new Map<string, number>();
  const servers = new Set<string>();
  const served = new Set<string>(); // addresses
  const servedTwin = twinOf(contract);
  const exchanges = { all: 0, ofCall: 0 };

  const tell = (rule: RuleHead, verdict: Verdict, { asked, redact }: Context): void => {
    const tally = tallies.get(rule);
    if (!verdict || !tally) return;
    const { length } = tally.told;
    tally.add(verdict, asked, redact);
    if (onFinding) for (const finding of tally.told.slice(length)) onFinding(finding);
  };
  const tellIfSelected = (rule: RuleHead, verdict: Verdict, context: Context): void => {
    if (isSelected.has(rule)) tell(rule, verdict, context);
  };
  const miss = (part: string, why: Missing | string): void => {
    const reason = `${part}: ${typeof why === "string" ? why : reasonOf({ missing: why.missing })}`;
    notJudged.set(reason, (notJudged.get(reason) ?? 0) + 1);
  };
  const requestOf = makeRequests(contract);
  const page = makePaging(contract, tellIfSelected);

  function judgeAnswer(recorded: Recorded, request: JudgedRequest, context: Context) {
    const { response, place, startedAt } = recorded;
    const { call } = request;
    if (isMissing(response)) return miss("response", response);
    const isRootless = !call.isOfPath || call.instanceId === "" || /^\/\w+\/\//.test(call.request.path);
    if (isRootless) return miss("response", "the path of the request is not that of the call");
    const answer = answerOf(response, contract);
    collector.seeAnswer(answer);
    const { probe, query } = request.asked(isAccepted({ answer } as Exchange));
    const exchange: Exchange = { probe, url: "", query, headers: call.request.headers, answer };
    const address = `${place.file} ${call.base}${call.request.path}`;
    const isServed = isAccepted(exchange);
    const run: Run = {
      contract,
      instanceId: call.instanceId,
      secrets: [],
      exchanges: isServed || served.has(address) ? [servedTwin] : [],
      pages: new Map(),
    };
    const found = asPage(exchange, contract.page);
    const isAway = isTurnedAway(answer) && !probe.anonymous;
    const isWithoutBody = isMissing(response.body);
    for (const rule of selection.response) {
      if (isAway && rule === statusRule) continue;
      if (isWithoutBody && (rule === bodyPresent || rule === utf8 || rule === jsonRule)) continue;
      if (response.noHeaders && rule === mediaType) continue;
      if (rule === secretEcho) tell(rule, echoVerdict(recorded, request.credentials), context);
      else if ("exchange" in rule) tell(rule, rule.exchange(exchange, run), context);
      else if ("page" in rule) found && tell(rule, rule.page(found, run), context);
      else if (found) tell(rule, ofRecords(rule, found, run), context);
    }
    if (isAway) miss("response", "the credentials were turned away, with 401 or 403");
    if (answer.status === 429) miss("response", "the service was asked too often, and said 429");
    if (isMissing(response.body)) miss("body of the response", response.body);
    if (response.noHeaders) miss("headers of the response", response.noHeaders);
    if (!isServed || probe.expects !== "page") return;
    if (!served.has(address) && request.isFine) {
      if (served.size >= rememberedAddresses) served.clear();
      served.add(address);
    }
    if (call.request.query.has("limit") === "limit" in query) {
      const { asked, redact } = context;
      page({ exchange, page: found, list: listOf(address, call, query), startedAt, asked, redact });
    }
  }

  /** Of a Pact: what is not in it, such as the token, is sent and answered all the same. */
  function judgeInteraction(recorded: Recorded, call: Call, context: Context) {
    if (side === "provider")
      return miss("response", "a Pact has what the consumer expects, and not what the service said");
    const { headers } = call.request;
    const notExpected = { missing: "not-expected" } as const;
    const missing = new Map(call.missing).set("host", notExpected).set("time", notExpected);
    if (!headers["x-auth-token"] && !headers.authorization) missing.set("credentials", notExpected);
    const asked: Call = { ...call, missing };
    collector.seeRequest(asked.request);
    for (const [rule, faults] of judgeRequest(asked, contract)) tellIfSelected(rule, faults, context);
    for (const [rule, faults] of judgeExpected(recorded, contract)) tellIfSelected(rule, faults, context);
    const unexpected = missing.get("credentials");
    if (unexpected) miss(nameOf.credentials, unexpected);
    const { response } = recorded;
    if (isMissing(response)) return miss("response", response);
    collector.seeAnswer(answerOf(response, contract));
    if (isMissing(response.body)) miss("body of the response", response.body);
  }

  return {
    add(recorded, refused) {
      exchanges.all += 1;
      const request = requestOf(recorded, refused);
      if (!request) return;
      const { call, judgement } = request;
      exchanges.ofCall += 1;
      if (servers.size < 1000 && call.base !== "") servers.add(call.base);
      const context = new OfExchange(recorded, call, contract);
      if (recorded.expected) return judgeInteraction(recorded, call, context);
      if (!request.isTold) {
        if (call.isOfPath) collector.seeRequest(call.request);
        for (const [rule, faults] of judgement) tellIfSelected(rule, faults, context);
        if (side !== "provider")
          for (const [part, missing] of call.missing) if (part !== "host") miss(nameOf[part], missing);
      }
      if (side !== "consumer") judgeAnswer(recorded, request, context);
    },
    tell: (rule, verdict, asked) => tell(rule, verdict, apart(asked)),
    addFault({ fault, place, message }) {
      miss("entry", fault);
      if (!selection.isReadable) return;
      const { file, entry, line } = place;
      const asked = { probe: entry === undefined ? "recordings" : `entry-${entry}`, file, ...(line && { line }) };
      tell(readable, [{ message }], apart(asked));
    },
    report({ startedAt, durationMs, files, server }) {
      const reasons = [...notJudged].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
      const context = apart({ probe: "recordings" });
      const looked = () => selection.all.filter((rule) => tallies.get(rule)?.hasLooked);
      const ofCaller = new Set([readable, ...(options.around ?? [])]);
      const nothing = looked().every((rule) => ofCaller.has(rule));
      tell(judgedRule, nothing ? [{ message: nothingJudged(exchanges, reasons, contract) }] : fine, context);
      if (selection.isReadable) tell(readable, fine, context);
      const findings = [...tallies.values()].flatMap((tally) => [
        ...tally.told,
        ...tally.rest("in other exchanges", context.asked, context.redact),
      ]);
      const { version: contractVersion, revision } = contract;
      const [named, others] = [[...servers].slice(0, namedServers), servers.size - namedServers];
      const head = {
        side,
        server: server ?? [...named, ...(others > 0 ? [`${others} more`] : [])].join(", "),
        contractVersion,
        revision,
        startedAt,
        durationMs,
        failOn,
        exchanges: { ...(files && { files: [...files] }), ...exchanges },
        notJudged: reasons,
      };
      const report = makeReport(head, selection.all, new Set(looked().map(({ id }) => id)), findings);
      return withCoverage(report, collector.coverage(), cover);
    },
  };
}

const nameOf = {
  headers: "headers of the request",
  credentials: "credentials of the request",
  signature: "signature of the request",
  time: "time of the signature",
  host: "host of the request",
  body: "body of the request",
} as const;

/** What is the same of all pages of a list. */
function listOf(address: string, { request }: Call, { begin_time, end_time }: Record<string, string>): string {
  const { "x-auth-token": token, authorization = "" } = request.headers;
  const who = token ?? /\bAccess=([^,\s]*)/.exec(authorization)?.[1] ?? authorization;
  return JSON.stringify([address, begin_time, end_time, who]);
}

function nothingJudged(
  { all, ofCall }: { all: number; ofCall: number },
  reasons: readonly { reason: string }[],
  { operation }: Contract,
): string {
  if (all === 0) return "Nothing was judged: there is no exchange";
  if (ofCall === 0)
    return `Nothing was judged: none of the ${all} exchanges is a ${operation.method} of ${operation.path}`;
  const why = reasons.length === 0 ? "select more rules" : reasons.map(({ reason }) => reason).join("; ");
  return `Nothing was judged of the ${ofCall} exchanges: ${why}`;
}
