// Decides what a request to the operation is answered with: a refusal by the judge, an answer of the service, or what a
// scenario makes of it.

import type { Contract } from "../wire/contract.ts";
import type { Credentials } from "../wire/credentials.ts";
import { idsIn, judge } from "../wire/judge/index.ts";
import type { Delivery, Received } from "./received.ts";
import { invalid, problem, unauthenticated } from "./replies.ts";
import { type Play, scenarioNames, scenarios } from "./scenarios/index.ts";
import { type Dataset, pageRequest, Service } from "./service.ts";
import { verify } from "./verify.ts";

/** A request, with what was found out while it was answered. */
export interface Judged extends Received {
  /** The scenario that was played. */
  scenario?: string;
  /** If its credentials were refused: what the mock computed, a line each, without secrets. */
  explanation?: readonly string[];
}

export interface Settings {
  contract: Contract;
  dataset: Dataset;
  /** Default: any are accepted. */
  credentials?: Credentials | undefined;
  /** Name of the scenario to play, if a request does not choose one. */
  scenario?: string | undefined;
}

/** The scenario of a request, by its name; without a play there is none of that name. */
export interface Played {
  name: string;
  play: Play | undefined;
}

export interface Responder {
  /** The scenario that a request chooses, or that of the mock; it begins with its first request. */
  playOf(headers: Received["headers"]): Promise<Played | undefined>;
  /**
   * @param received gets what is found out
   * @param isChosen whether a Prefer header asks Prism for the answer: then a valid request has none here
   */
  respond(received: Judged, isChosen: boolean, played?: Played): Delivery | undefined;
  /** Puts the scenarios back to their beginning. */
  reset(): void;
}

export function makeResponder({ contract, dataset, credentials, scenario }: Settings): Responder {
  const service = new Service(contract, dataset);
  const plays = new Map<string, Play | Promise<Play>>();

  async function playOf(headers: Received["headers"]): Promise<Played | undefined> {
    const name = scenarioOf(headers) ?? scenario;
    if (name === undefined) return undefined;
    const play = plays.get(name) ?? scenarios.find((scenario) => scenario.name === name)?.begin(service);
    if (play) plays.set(name, play);
    return { name, play: await play };
  }

  function respond(received: Judged, isChosen: boolean, played?: Played): Delivery | undefined {
    const refusal = refuse(received, contract, credentials);
    if (refusal || isChosen) return refusal;
    const { number, headers, query, path, target } = received;
    const request = pageRequest(instanceOf(path, contract), query);
    const answer = (asked = request) => service.answer(asked);
    if (!played) return answer();
    const { name, play } = played;
    if (!play) {
      const known = scenarioNames.join(", ");
      return problem(422, "No such scenario", `There is no scenario ${JSON.stringify(name)}. Those are: ${known}`);
    }
    received.scenario = name;
    return play({ number, request, target, credential: credentialOf(headers), now: performance.now(), answer });
  }

  return { playOf, respond, reset: () => plays.clear() };
}

/** Whatever the judge calls an error of a parameter, of the credentials or of Accept. */
function refuse(received: Judged, contract: Contract, credentials: Credentials | undefined): Delivery | undefined {
  const refusal = credentials && verify(received, credentials);
  if (refusal) Object.assign(received, { refused: refusal.reason, explanation: refusal.explanation });
  const faults = new Map([...judge(received, contract)].map(([{ id }, [first]]) => [id, first]));
  const stranger = faults.get("credentials");
  if (stranger) return unauthenticated(received.number, received.refused ?? stranger.message);
  const wrong = faults.get("parameter") ?? faults.get("repeated-parameter");
  if (wrong) return invalid(wrong, contract);
  const other = faults.get("accept");
  return other && problem(406, "Not acceptable", `${other.message}: ask for ${other.expected}`);
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
