// Checks a consumer: runs its command against the mock, and applies the rules to the requests.

import { setTimeout as sleep } from "node:timers/promises";
import { type MockRequest, startMock } from "../../mock/index.ts";
import { argumentError } from "../../wire/arguments.ts";
import { baseContract, type Contract } from "../../wire/contract.ts";
import { meantParameter } from "../../wire/judge/index.ts";
import { isSecretHeader, oneLine, type Redact, redactor } from "../../wire/redact.ts";
import type { Severity } from "../../wire/rule.ts";
import { Tally } from "../engine/tally.ts";
import { type Finding, makeReport, type Report } from "../model/report.ts";
import { type Ended, runCommand } from "./command.ts";
import { consumerRules } from "./rules/index.ts";
import { success } from "./rules/success.ts";

export interface ConsumerOptions {
  /** The program to run, looked up in `PATH`. Its environment has the mock's URL in `DCS_ENDPOINT` and the mock's host in `NO_PROXY`. */
  command: string;
  args?: readonly string[];
  /** Port on 127.0.0.1 to listen on. Default: a free one */
  port?: number;
  /** The contract to check against, such as `await contractOf("newest")`. Default: the page of 2022-11-09 */
  contract?: Contract;
  /** Whether a 4xx or 5xx response is a violation. Default: `false` */
  requireSuccess?: boolean;
  /** The least severity that makes the report's `ok` false. Default: `error` */
  failOn?: Severity;
  /** Where the standard output of the command goes. Default: `stdout` */
  stdout?: "stdout" | "stderr";
  /** Stops the command and everything that it started. The report then says that it was stopped. */
  signal?: AbortSignal;
}

/** Further findings of one rule are only counted. */
export const toldRequests = 100;

/**
 * Checks the requests that a command sends against the contract. An invalid request is a finding even if it is sent on
 * purpose. Meanwhile SIGINT, SIGTERM, SIGHUP and SIGQUIT to this process are passed on to the command, and do not end this
 * process.
 * @returns the findings. A command that fails or cannot be started is also a finding, not an error
 * @throws {TypeError | RangeError} if an option is invalid
 * @throws {Error} with a message of one line: the port is taken, or Prism is not installed
 */
export async function checkConsumer(options: ConsumerOptions): Promise<Report> {
  const { command, args = [], port = 0, requireSuccess = false, failOn = "error", stdout = "stdout" } = options;
  const { signal, contract = baseContract } = options;
  checkOptions({ command, args, port, failOn, stdout });
  signal?.throwIfAborted();
  const rules = consumerRules.filter((rule) => requireSuccess || rule !== success);
  const secrets = environmentSecrets(process.env);
  const startedAt = new Date();
  const start = performance.now();
  const tallies = new Map(rules.map((rule) => [rule, new Tally(contract, rule, toldRequests)]));

  let requests = 0;
  const onRequest = (received: MockRequest) => {
    requests += 1;
    const redact = redactor([...secrets, ...requestSecrets(received)]);
    const asked = { probe: `request-${received.number}`, request: shownRequest(received, server, contract, redact) };
    for (const [rule, tally] of tallies) {
      if ("request" in rule) tally.add(rule.request(received, contract), asked, redact);
    }
  };
  let server = "";
  let ended: Ended;
  const mock = await startMock({ contract, port, onRequest });
  try {
    server = mock.url;
    const environment = { DCS_ENDPOINT: server, ...withoutProxy(process.env) };
    ended = await runCommand({ command, args, environment, stdout, signal });
    await sleep(50); // a request sent just before the command ended may still arrive
  } finally {
    await mock.close();
  }

  const redact = redactor(secrets);
  const asked = { probe: "command" };
  for (const [rule, tally] of tallies) {
    if ("run" in rule) tally.add(rule.run({ ended, command, requests }), asked, redact);
  }
  const seen = new Set([...tallies].filter(([, tally]) => tally.hasLooked).map(([{ id }]) => id));
  const findings = [...tallies.values()].flatMap((tally) => [
    ...[...tally.told].sort((a, b) => numberOf(a) - numberOf(b)), // they came in the order of the responses
    ...tally.rest("in other requests", asked, redact),
  ]);
  const durationMs = performance.now() - start;
  const { version: contractVersion, revision } = contract;
  const times = { startedAt, durationMs };
  return makeReport(
    { side: "consumer", contractVersion, revision, server, ...times, failOn },
    consumerRules,
    seen,
    findings,
  );
}

const numberOf = ({ probe }: Finding) => Number(probe.replace("request-", ""));

/** Method and URL. The values of unknown parameters are hidden: they may be anything, even secrets. */
function shownRequest(
  { method, path, query, httpFault }: MockRequest,
  server: string,
  contract: Contract,
  redact: Redact,
): string {
  if (httpFault !== undefined) return server;
  const pairs = [...query].map(([name, value]) => {
    const isKnown = contract.queryParameters.includes(name) || meantParameter(name, contract);
    return `${encodeURIComponent(name)}=${isKnown ? encodeURIComponent(value) : "***"}`;
  });
  return oneLine(`${method} ${server}${path}${pairs.length > 0 ? "?" : ""}${pairs.join("&")}`, redact);
}

/**
 * The mock is on this machine, which a proxy set by CI cannot reach. Some programs read one spelling, some the other. `*`
 * means every host only if it stands alone. Separators at the end are cut off: some programs read an empty entry as every
 * host.
 */
function withoutProxy({ no_proxy: lower, NO_PROXY: upper }: NodeJS.ProcessEnv): Record<string, string> {
  const hosts = (spared = "") =>
    spared === "*" ? spared : [spared.replace(/[\s,]+$/, ""), "127.0.0.1"].filter(Boolean).join(",");
  return { no_proxy: hosts(lower || upper), NO_PROXY: hosts(upper || lower) };
}

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

function checkOptions(given: Required<Pick<ConsumerOptions, "command" | "args" | "port" | "failOn" | "stdout">>): void {
  const { command, args, port, failOn, stdout } = given;
  if (typeof command !== "string" || command === "")
    throw argumentError(TypeError, "command", "must be the name of a program");
  if (!Array.isArray(args) || args.some((arg) => typeof arg !== "string"))
    throw argumentError(TypeError, "args", "must be an array of strings");
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw argumentError(RangeError, "port", `must be an integer from 0 to 65535, not ${port}`);
  if (!["error", "warning"].includes(failOn)) throw argumentError(TypeError, "failOn", 'must be "error" or "warning"');
  if (!["stdout", "stderr"].includes(stdout)) throw argumentError(TypeError, "stdout", 'must be "stdout" or "stderr"');
}
