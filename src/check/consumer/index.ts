// Checks a consumer: runs its command against the mock, once or in each scenario, and applies the rules to the requests.

import { setTimeout as sleep } from "node:timers/promises";
import { type MockOptions, type MockRequest, scenarioRecords, startMock } from "../../mock/index.ts";
import { scenarios } from "../../mock/scenarios/index.ts";
import { argumentError, checkChoice, checkInteger, checkTexts } from "../../wire/arguments.ts";
import { baseContract, type Contract } from "../../wire/contract.ts";
import { isOfOperation, requestRules } from "../../wire/judge/index.ts";
import { isSecretHeader, redactor } from "../../wire/redact.ts";
import { type Severity, severities } from "../../wire/rule.ts";
import { Collector } from "../coverage/collector.ts";
import { itemsOf } from "../coverage/items.ts";
import { withCoverage } from "../coverage/report.ts";
import { shownRequest } from "../engine/request.ts";
import { Tally } from "../engine/tally.ts";
import { type Finding, makeReport, type Report, type ScenarioRun } from "../model/report.ts";
import { type Ended, runCommand, withoutProxy } from "./command.ts";
import type { ConsumerRule, ConsumerRun } from "./rule.ts";
import { consumerRules } from "./rules/index.ts";
import { success } from "./rules/success.ts";

export interface ConsumerOptions extends Omit<MockOptions, "onRequest"> {
  /** The program to run, looked up in `PATH`. Its environment has the mock's URL in `DCS_ENDPOINT` and the mock's host in `NO_PROXY`. */
  command: string;
  args?: readonly string[];
  /** Name of a scenario for the mock to play, or `each`: the command runs once without one, and once in each. Default: none */
  scenario?: string;
  /** How long a run of the command may take, in milliseconds; then it is stopped. Default: no limit; in scenarios 60 000 */
  timeoutMs?: number;
  /** Whether a 4xx or 5xx response is a violation; not in scenarios. Default: `false` */
  requireSuccess?: boolean;
  /** The least severity that makes the report's `ok` false. Default: `error` */
  failOn?: Severity;
  /** The least percentage of what the contract says of requests that the command must send. Default: any will do */
  cover?: number;
  /** Where the standard output of the command goes. Default: `stdout` */
  stdout?: "stdout" | "stderr";
  /** Stops the command and everything that it started. The report then says that it was stopped. */
  signal?: AbortSignal;
  /** Called before each run in a scenario. */
  onScenario?: (run: { scenario: string; title: string; number: number; of: number }) => void;
}

/** Further findings of one rule are only counted. */
export const toldRequests = 100;

/** The run without a scenario. */
const none = { name: "none", title: "the ordinary service", keeps: () => true };

type Tallies = ReadonlyMap<ConsumerRule, Tally>;

/**
 * Checks the requests that a command sends against the contract. An invalid request is a finding even if it is sent on
 * purpose. Meanwhile SIGINT, SIGTERM, SIGHUP and SIGQUIT to this process are passed on to the command, and do not end this
 * process.
 * @returns the findings. A command that fails or cannot be started is also a finding, not an error
 * @throws {TypeError | RangeError} if an option is invalid
 * @throws {Error} with a message of one line: the port is taken, or Prism is not installed
 */
export async function checkConsumer(options: ConsumerOptions): Promise<Report> {
  checkOptions(options);
  const { command, failOn = "error", requireSuccess = false, contract = baseContract, scenario, onScenario } = options;
  options.signal?.throwIfAborted();
  const isRequired = requireSuccess && scenario === undefined;
  const rules = consumerRules.filter((rule) => isRequired || rule !== success);
  const tallies: Tallies = new Map(rules.map((rule) => [rule, new Tally(contract, rule, toldRequests)]));
  // The answers are the mock's.
  const collector = new Collector(
    contract,
    itemsOf(contract).filter((item) => item.in === "request"),
  );
  const secrets = environmentSecrets(process.env);
  const redact = redactor(secrets);
  const startedAt = new Date();
  const start = performance.now();

  const played = [none, ...scenarios].filter(({ name }) => scenario === "each" || name === (scenario ?? none.name));
  const runs: ScenarioRun[] = [];
  let server = "";
  for (const [index, { name, title, keeps }] of played.entries()) {
    if (scenario !== undefined) onScenario?.({ scenario: name, title, number: index + 1, of: played.length });
    const isServed = keeps(contract);
    const ran = await runOnce({ ...options, contract }, name, tallies, collector, secrets);
    server = ran.server;
    const { requests, violations, ended, hungMs } = ran;
    const asked = { probe: "command", ...(name !== none.name && { scenario: name }) };
    for (const [rule, tally] of tallies) {
      if ("run" in rule) tally.add(rule.run({ ended, command, requests, hungMs, isServed }), asked, redact);
    }
    const end = hungMs === undefined ? endOf(ended) : "hung";
    const ok = requests > 0 && violations === 0 && (!isServed || end === "exit 0");
    runs.push({ scenario: name, keeps: isServed, ok, requests, violations, command: end, neverAsked: ran.neverAsked });
    if (ended.failure !== undefined || (ended.stoppedBy && hungMs === undefined)) break;
  }

  const seen = new Set([...tallies].filter(([, tally]) => tally.hasLooked).map(([{ id }]) => id));
  const findings = [...tallies.values()].flatMap((tally) => [
    ...inOrder(tally.told, runs),
    ...tally.rest("in other requests", { probe: "command" }, redact),
  ]);
  const durationMs = performance.now() - start;
  const { version: contractVersion, revision } = contract;
  const head = { side: "consumer", contractVersion, revision, server, startedAt, durationMs, failOn } as const;
  const isPlayed = scenario !== undefined;
  const report = makeReport({ ...head, ...(isPlayed && { scenarios: runs }) }, consumerRules, seen, findings);
  return withCoverage(report, collector.coverage(), options.cover);
}

/** They came in the order of the answers: here they are in that of the requests, run after run. */
const inOrder = (findings: readonly Finding[], runs: readonly ScenarioRun[]): Finding[] => {
  const place = ({ scenario }: Finding) => runs.findIndex((run) => run.scenario === (scenario ?? none.name));
  const number = ({ probe }: Finding) => Number(probe.replace("request-", ""));
  return [...findings].sort((a, b) => place(a) - place(b) || number(a) - number(b));
};

interface Ran
  extends Pick<ConsumerRun, "ended" | "requests" | "hungMs">,
    Pick<ScenarioRun, "violations" | "neverAsked"> {
  server: string;
}

async function runOnce(
  options: ConsumerOptions & { contract: Contract },
  scenario: string,
  tallies: Tallies,
  collector: Collector,
  secrets: readonly string[],
): Promise<Ran> {
  const { command, args = [], stdout = "stdout", contract, signal } = options;
  const { timeoutMs = options.scenario === undefined ? undefined : 60_000 } = options;
  const { records = options.scenario === undefined ? undefined : scenarioRecords } = options;
  const isPlayed = scenario !== none.name;
  let requests = 0;
  const onRequest = (received: MockRequest) => {
    requests += 1;
    if (isOfOperation(received, contract)) collector.seeRequest(received);
    const redact = redactor([...secrets, ...requestSecrets(received)]);
    const probe = `request-${received.number}`;
    const request = shownRequest(received, mock.url, contract, redact);
    for (const [rule, tally] of tallies) {
      if (!("request" in rule)) continue;
      tally.add(rule.request(received, contract), { probe, request, ...(isPlayed && { scenario }) }, redact);
    }
  };
  const { scenario: _, ...service } = options;
  const mock = await startMock({
    ...service,
    onRequest,
    ...(records !== undefined && { records }),
    ...(isPlayed && { scenario }),
  });
  const before = violationsIn(tallies);
  const environment = { DCS_ENDPOINT: mock.url, ...withoutProxy("127.0.0.1") };
  const limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const stops = [signal, limit].filter((stop) => stop !== undefined);
  let ended: Ended;
  try {
    ended = await runCommand({ command, args, environment, stdout, signal: AbortSignal.any(stops) });
    await sleep(50); // a request sent just before the command ended may still arrive
  } finally {
    await mock.close();
  }
  const isHung = ended.stoppedBy !== undefined && limit?.aborted && !signal?.aborted;
  return {
    server: mock.url,
    ended,
    requests,
    hungMs: isHung ? timeoutMs : undefined,
    violations: violationsIn(tallies) - before,
    neverAsked: { count: mock.neverAsked.length, of: mock.lasting.length },
  };
}

/** Those of the rules on requests that are errors. */
const violationsIn = (tallies: Tallies): number =>
  [...tallies].reduce((sum, [rule, { count }]) => {
    const isOfRequests = requestRules.some(({ id, severity }) => id === rule.id && severity === "error");
    return isOfRequests ? sum + count : sum;
  }, 0);

const endOf = ({ failure, signal, stoppedBy, code }: Ended): string =>
  failure === undefined ? (signal ?? stoppedBy ?? `exit ${code}`) : "not started";

function environmentSecrets(environment: NodeJS.ProcessEnv): string[] {
  const names = ["DCS_AUTH_TOKEN", "DCS_ACCESS_KEY", "DCS_SECRET_KEY", "DCS_SECURITY_TOKEN"];
  return names.map((name) => environment[name]?.trim() ?? "");
}

/** The credentials of a request; some headers are split into parts: `Access=…`, `Signature=…`, `Bearer …`, `session=…` */
function requestSecrets({ headers }: MockRequest): string[] {
  const { authorization = "", cookie = "", ...others } = headers as Record<string, string>;
  const [scheme = "", ...rest] = authorization.split(/[\s,]+/).filter((part) => !part.startsWith("SignedHeaders="));
  const credentials = rest.length > 0 ? rest : [scheme];
  const parts = [...credentials, ...cookie.split(/;\s*/)].map((part) => part.replace(/^[\w-]+=/, ""));
  const whole = Object.entries(others).flatMap(([name, value]) => (isSecretHeader(name) ? [String(value)] : []));
  return [...whole, ...parts];
}

function checkOptions(options: ConsumerOptions): void {
  const { command, args = [], failOn = "error", stdout = "stdout", timeoutMs = 1, scenario, cover = 0 } = options;
  if (typeof command !== "string" || command === "")
    throw argumentError(TypeError, "command", "must be the name of a program");
  checkTexts("args", args);
  checkChoice("failOn", failOn, severities);
  checkChoice("stdout", stdout, ["stdout", "stderr"]);
  checkInteger("timeoutMs", timeoutMs, 1);
  checkInteger("cover", cover, 0, 100);
  const names = [...scenarios.map(({ name }) => name), "each"];
  if (scenario !== undefined && !names.includes(scenario))
    throw argumentError(RangeError, "scenario", `must be one of ${names.join(", ")}`);
}
