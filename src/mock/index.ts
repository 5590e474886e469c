/// <reference lib="esnext.disposable" preserve="true" />
// A mock of the service: Prism on the contract in front, and behind it a service with records, pages, credentials and faults.

import { argumentError, checkChoice, checkInteger } from "../wire/arguments.ts";
import { baseContract, type Contract } from "../wire/contract.ts";
import { type Credentials, checkCredentials } from "../wire/credentials.ts";
import { judge } from "../wire/judge/index.ts";
import type { Fault } from "../wire/rule.ts";
import { history, mostRecords } from "./history.ts";
import { type Respond, startPrism } from "./prism.ts";
import type { Delivery, Received } from "./received.ts";
import { problem, welcome } from "./replies.ts";
import { type Judged, makeResponder } from "./respond.ts";
import { scenarioNames, scenarios } from "./scenarios/index.ts";
import { listen } from "./server.ts";
import type { BackupRecord } from "./service.ts";

export type { BackupRecord } from "./service.ts";

export interface MockOptions {
  /** Address to listen on. Default: 127.0.0.1 */
  host?: string;
  /** Default: a free port */
  port?: number;
  /** The contract to serve, such as `await contractOf("newest")`. Default: the page of 2022-11-09 */
  contract?: Contract;
  /** The records, in the order of the list, or how many to make up. Default: that of the page's example; with a scenario 120 */
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
export interface MockRequest extends Judged {
  violations: readonly Violation[];
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
  /** The records that are there throughout: none in a scenario that has none. */
  readonly lasting: readonly BackupRecord[];
  /** Those of them that no answered page held. */
  readonly neverAsked: readonly BackupRecord[];
  /** Forgets the requests, and puts the records and scenarios back to their beginning. */
  reset(): void;
  close(): Promise<void>;
}

/** How many there are in a scenario by default: enough for two pages of most clients. */
export const scenarioRecords = 120;

const mostRequests = 10_000;

/**
 * Starts the mock. Unless its options say otherwise, it acts as a service with one backup, that of the page's example. A
 * `Prefer` header chooses an answer by itself: `example=NAME`, `code=500` or `scenario=NAME`.
 * @example In Vitest
 * import { expect, test } from "vitest";
 * test("lists every backup", async () => {
 *   await using mock = await startMock({ records: 25, scenario: "throttled" });
 *   await myListing(mock.url);
 *   expect(mock.neverAsked).toEqual([]);
 *   expect(mock.requests.flatMap(({ violations }) => violations)).toEqual([]);
 * });
 * @example In node:test, with one mock for all tests
 * const mock = await startMock({ credentials: { token: "the-token" } });
 * beforeEach(() => mock.reset());
 * after(() => mock.close());
 * @throws {TypeError | RangeError} if an option is invalid
 * @throws {Error} with a message of one line: it cannot listen there, or Prism is not installed or does not run on this Node
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const { place, contract, dataset, credentials, scenario, onRequest } = readOptions(options);
  const { playOf, respond, reset } = makeResponder({ contract, dataset, credentials, scenario });
  const prism = await startPrism(contract);
  const isEmpty = scenarios.some(({ name, isEmpty }) => name === scenario && isEmpty);
  const lasting = isEmpty ? [] : dataset.records;
  const requests: MockRequest[] = [];
  const held = new Set<BackupRecord>();

  async function answer(received: Judged): Promise<Delivery> {
    const { method, target } = received;
    if (target === "/" && (method === "GET" || method === "HEAD")) return welcome(method, contract);
    if (!URL.canParse(target, "http://mock")) return problem(400, "Not a path", "The target of the request is no path");
    const played = await playOf(received.headers);
    let delivery: Delivery | undefined;
    const asRequested: Respond = (found, isChosen) => {
      received.found = found;
      delivery = respond(received, isChosen, played);
      return delivery;
    };
    const { reply, faults } = await prism(received, asRequested);
    // A scenario may break the contract, and a refusal may have a status that the contract does not have.
    if (faults[0] && !reply.offSchema && contract.responses.has(reply.status))
      throw new Error(`its own answer violates the contract: ${faults.join("; ")}`);
    if (reply.status === 405) return { ...reply, headers: { ...reply.headers, allow: contract.operation.method } };
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
    lasting,
    get neverAsked() {
      return lasting.filter((record) => !held.has(record));
    },
    reset() {
      requests.length = 0;
      held.clear();
      reset();
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
  checkChoice("total", total, ["all", "page"]);
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

/** The records of the contract's example that has one, which is that of the reference page. */
function pageExample({ page, responses, document }: Contract): readonly BackupRecord[] {
  const { examples } = document().components;
  for (const name of responses.get(page.status)?.examples ?? []) {
    const records = Object(examples[name]?.value)[page.list];
    if (records?.length === 1) return records;
  }
  return [];
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

/**
 * Requests to try, as lines for a shell: the list, another example, and an invalid request.
 * @param token as a word of the shell
 */
export function sampleRequests(
  url: string,
  { parameters, operation } = baseContract,
  token = "'X-Auth-Token: any'",
): string[] {
  const target = operation.path.replace(/{(\w+)}/g, (_, name) => String(parameters.get(name)?.example));
  const curl = `curl -i -H ${token}`;
  return [
    `${curl} '${url}${target}'`,
    `${curl} -H 'Prefer: example=EveryStatus' '${url}${target}'`,
    `${curl} '${url}${target}?offset=-1'`,
  ];
}
