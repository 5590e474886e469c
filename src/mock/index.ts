// A mock of the service: Prism on the contract in front, and behind it a service with records, pages, credentials and faults.

import { argumentError, checkInteger } from "../wire/arguments.ts";
import { baseContract, type Contract } from "../wire/contract.ts";
import { type Credentials, checkCredentials } from "../wire/credentials.ts";
import { idsIn, judge } from "../wire/judge/index.ts";
import type { Fault } from "../wire/rule.ts";
import { history } from "./history.ts";
import { type Respond, startPrism } from "./prism.ts";
import { invalid, problem, unauthenticated, welcome } from "./replies.ts";
import { type Play, scenarioNames, scenarios } from "./scenarios/index.ts";
import { type Delivery, listen, type Received } from "./server.ts";
import { type BackupRecord, pageRequest, Service } from "./service.ts";
import { verify } from "./verify.ts";

export type { BackupRecord } from "./service.ts";

export interface MockOptions {
  /** Address to listen on. Default: 127.0.0.1 */
  host?: string;
  /** Default: a free port */
  port?: number;
  /** The contract to serve, such as `await contractOf("newest")`. Default: the page of 2022-11-09 */
  contract?: Contract;
  /** The records, in the order of the list, or how many to make up. Default: that of the page's example; with a scenario 25 */
  records?: readonly BackupRecord[] | number;
  /** Of the records that are made up: the same seed makes the same ones. Default: 1 */
  seed?: number;
  /** What `total_num` counts: all matching records, or those of the page. Default: `all` */
  total?: "all" | "page";
  /** The instances that there are; others get a 404. Default: any */
  instances?: readonly string[];
  /** Name of the scenario to play, as the help of `mock` lists them. Default: none */
  scenario?: string;
  /** The credentials to accept; a signature is verified. Default: any */
  credentials?: Credentials;
  /** Called with each request after its answer. */
  onRequest?: (request: MockRequest) => void;
}

/** A request and what became of it. */
export interface MockRequest extends Received {
  violations: readonly Violation[];
  /** The scenario that was played. */
  scenario?: string;
  /** If its credentials were refused: what the mock computed, a line each, without secrets. */
  explanation?: readonly string[];
}

/** A violation of the contract in a request. */
export interface Violation {
  /** Id of the rule, as `check consumer` reports it. */
  rule: string;
  severity: "error" | "warning";
  message: string;
  expected?: string;
  actual?: unknown;
}

export interface Mock extends AsyncDisposable {
  /** Base URL, without a slash at the end. */
  url: string;
  /** In the order in which they were answered. The newest 10 000 are kept. */
  readonly requests: readonly MockRequest[];
  /** The records that were there from the beginning and that no answered page held. */
  readonly neverAsked: readonly BackupRecord[];
  /** Forgets the requests, and puts the records and scenarios back to their beginning. */
  reset(): void;
  close(): Promise<void>;
}

/** With a scenario, one record would be too few to page through. */
const scenarioRecords = 25;

const mostRequests = 10_000;

/**
 * Starts the mock. Unless its options say otherwise, it acts as a service with one backup, that of the page's example. A
 * `Prefer` header chooses an answer by itself: `example=NAME`, `code=500` or `scenario=NAME`.
 * @throws {TypeError | RangeError} if an option is invalid
 * @throws {Error} with a message of one line: it cannot listen there, or Prism is not installed or does not run on this Node
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const { place, contract, dataset, credentials, scenario, onRequest } = readOptions(options);
  const service = new Service(contract, dataset);
  const prism = await startPrism(contract);
  const isEmpty = scenarios.find(({ name }) => name === scenario)?.isEmpty ?? false;
  const requests: MockRequest[] = [];
  const held = new Set<BackupRecord>();
  const plays = new Map<string, Play | Promise<Play>>();

  const playOf = (name: string) => {
    const known = plays.get(name) ?? scenarios.find((scenario) => scenario.name === name)?.begin(service);
    if (known) plays.set(name, known);
    return known;
  };

  /** @param isChosen whether a Prefer header asks Prism for the answer */
  function respond(
    received: Received & Partial<MockRequest>,
    isChosen: boolean,
    name: string | undefined,
    play: Play | undefined,
  ): Delivery | undefined {
    const { number, headers, query, path, target } = received;
    const refusal = credentials && verify(received, credentials);
    if (refusal) Object.assign(received, { refused: refusal.reason, explanation: refusal.explanation });
    const faults = new Map([...judge(received, contract)].map(([{ id }, [first]]) => [id, first]));
    if (faults.get("credentials")) return unauthenticated(number, refusal?.reason ?? "none");
    const wrong = faults.get("parameter") ?? faults.get("repeated-parameter");
    if (wrong) return invalid(wrong, contract);
    const unacceptable = faults.get("accept");
    if (unacceptable)
      return problem(406, "Not acceptable", `${unacceptable.message}: ask for ${unacceptable.expected}`);
    if (isChosen) return undefined;
    const request = pageRequest(instanceOf(path, contract), query);
    const answer = (asked = request) => service.answer(asked);
    if (name === undefined) return answer();
    received.scenario = name;
    if (!play)
      return problem(
        422,
        "No such scenario",
        `There is no scenario ${JSON.stringify(name)}: ${scenarioNames.join(", ")}`,
      );
    return play({ number, request, target, credential: credentialOf(headers), now: performance.now(), answer });
  }

  async function answer(received: Received): Promise<Delivery> {
    const { method, target } = received;
    if (target === "/" && (method === "GET" || method === "HEAD")) return welcome(method, contract);
    if (!URL.canParse(target, "http://mock")) return problem(400, "Not a path", "The target of the request is no path");
    const name = scenarioOf(received.headers) ?? scenario;
    const play = name === undefined ? undefined : await playOf(name);
    let delivery: Delivery | undefined;
    const asRequested: Respond = (found, isChosen) => {
      received.found = found;
      delivery = respond(received, isChosen, name, play);
      return delivery;
    };
    const reply = await prism(received, asRequested);
    const { delayMs, fate } = delivery ?? {};
    return { ...reply, ...(delayMs && { delayMs }), ...(fate && { fate }) };
  }

  const listener = await listen(
    place,
    async (received) => {
      try {
        const reply = await answer(received);
        const mockFault = faultOf(reply);
        if (mockFault) received.mockFault = mockFault;
        return reply;
      } catch (error) {
        received.mockFault = `The mock failed: ${(error as Error).message}`;
        return problem(500, "The mock failed", received.mockFault);
      }
    },
    (received, delivered) => {
      for (const record of delivered?.held ?? []) held.add(record);
      const request: MockRequest = Object.assign(received, { violations: violationsOf(received, contract) });
      requests.push(request);
      if (requests.length > mostRequests) requests.shift();
      onRequest(request);
    },
  );
  return {
    url: listener.url,
    requests,
    get neverAsked() {
      return isEmpty ? [] : service.records.filter((record) => !held.has(record));
    },
    reset() {
      requests.length = 0;
      held.clear();
      plays.clear();
    },
    close: listener.close,
    [Symbol.asyncDispose]: listener.close,
  };
}

function readOptions(given: MockOptions) {
  const options: MockOptions = Object(given);
  const { host = "127.0.0.1", port = 0, contract = baseContract, total = "all", instances, scenario } = options;
  const { records = scenario === undefined ? pageExample(contract) : scenarioRecords, seed = 1 } = options;
  const { onRequest = () => {} } = options;
  if (typeof host !== "string" || host === "") throw argumentError(TypeError, "host", "must be an address");
  checkInteger("port", port, 0, 65_535);
  checkInteger("seed", seed);
  if (typeof records === "number") checkInteger("records", records, 0, mostRecords);
  else if (!Array.isArray(records))
    throw argumentError(TypeError, "records", "must be a number or an array of records");
  if (!["all", "page"].includes(total)) throw argumentError(TypeError, "total", 'must be "all" or "page"');
  if (scenario !== undefined && !scenarioNames.includes(scenario))
    throw argumentError(RangeError, "scenario", `must be one of ${scenarioNames.join(", ")}`);
  const list = typeof records === "number" ? history(records, seed, contract) : records;
  return {
    place: { host, port },
    contract,
    dataset: { records: list, total, instances },
    credentials: options.credentials && checkCredentials(options.credentials),
    scenario,
    onRequest,
  };
}

/** More would not fit into memory in any useful time. */
export const mostRecords = 1_000_000;

/** The records of the contract's example that has one, which is that of the reference page. */
function pageExample({ page, responses, document }: Contract): readonly BackupRecord[] {
  const { examples } = document().components;
  for (const name of responses.get(page.status)?.examples ?? []) {
    const records = Object(examples[name]?.value)[page.list];
    if (records?.length === 1) return records;
  }
  return [];
}

function instanceOf(path: string, contract: Contract): string {
  const ids = idsIn(path, contract) ?? {};
  return decodeURIComponent(ids.instance_id ?? "");
}

const scenarioOf = ({ prefer }: Received["headers"]): string | undefined =>
  /(?:^|[\s,;])scenario="?([^\s,;"]*)/i.exec(String(prefer ?? ""))?.[1];

function credentialOf(headers: Received["headers"]): string {
  const { authorization = "", "x-auth-token": token, "x-security-token": securityToken } = headers;
  return String(token ?? securityToken ?? /Access=([^,\s]*)/.exec(String(authorization))?.[1] ?? "");
}

/** An answer that says nothing about the request. */
function faultOf({ status, headers, body }: Delivery): string | undefined {
  if (headers["content-type"] !== "application/problem+json") return undefined;
  if (status === 422) return "The mock does not understand the Prefer header";
  return status >= 500 ? `The mock failed: ${(body as { detail?: string }).detail}` : undefined;
}

const violationsOf = (received: Received, contract: Contract): Violation[] =>
  [...judge(received, contract)].flatMap(([{ id: rule, severity }, faults]) =>
    faults.map(({ message, expected, actual }: Fault) => ({
      rule,
      severity,
      message,
      ...(expected !== undefined && { expected }),
      ...(actual !== undefined && { actual }),
    })),
  );

/** Requests to try, as lines for a shell: the list, another example, and an invalid request. */
export function sampleRequests(url: string, { parameters, operation } = baseContract): string[] {
  const target = operation.path.replace(/{(\w+)}/g, (_, name) => String(parameters.get(name)?.example));
  const curl = "curl -i -H 'X-Auth-Token: any'";
  return [
    `${curl} '${url}${target}'`,
    `${curl} -H 'Prefer: example=EveryStatus' '${url}${target}'`,
    `${curl} '${url}${target}?offset=-1'`,
  ];
}
