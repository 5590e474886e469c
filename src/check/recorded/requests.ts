// Reads and judges the requests of a recording. Traffic repeats itself: a request that differs from an earlier one in nothing that a
// rule looks at is judged once.

import type { Contract } from "../../wire/contract.ts";
import type { RequestRule } from "../../wire/judge/index.ts";
import { isSecretHeader } from "../../wire/redact.ts";
import type { Fault } from "../../wire/rule.ts";
import type { Probe } from "../model/exchange.ts";
import { judgeRequest, probeOf } from "./asked.ts";
import { type Call, callIn } from "./call.ts";
import { credentialsIn } from "./clean.ts";
import { isMissing, type Recorded, type RecordedRequest } from "./recorded.ts";

export interface JudgedRequest {
  call: Call;
  judgement: ReadonlyMap<RequestRule, readonly Fault[]>;
  /** Whether a report has all that it says already: it has no fault, and came before. */
  isTold: boolean;
  /** Whether all of it was there, and has no fault. */
  isFine: boolean;
  /** What no response may repeat. */
  credentials: readonly string[];
  /** What the rules on responses see of it, by whether it was served. */
  asked(isServed: boolean): { probe: Probe; query: Record<string, string> };
}

/** A longer address is judged again. */
const longest = 2000;

/** Further ones are judged again. */
const remembered = 256;

/** Of `refused` it is told why whoever checked the credentials refuses them; `undefined` stands for another call. */
type Requests = (recorded: Recorded, refused?: string) => JudgedRequest | undefined;

export function makeRequests(contract: Contract): Requests {
  const known = new Map<string, JudgedRequest | undefined>();
  return (recorded, refused) => {
    const key = recorded.expected || refused !== undefined ? undefined : keyOf(recorded.request);
    if (key === undefined) return judged(recorded, contract, refused);
    const found = known.get(key);
    if (found) found.isTold = found.isFine;
    if (found || known.has(key)) return found;
    if (known.size >= remembered) known.clear();
    const made = judged(recorded, contract);
    known.set(key, made);
    return made;
  };
}

function judged(recorded: Recorded, contract: Contract, refused?: string): JudgedRequest | undefined {
  const call = callIn(recorded, contract);
  if (!call) return undefined;
  if (refused !== undefined) call.request.refused = refused;
  const judgement = judgeRequest(call, contract);
  const asked: (ReturnType<typeof probeOf> | undefined)[] = [];
  return {
    call,
    judgement,
    isFine: call.missing.size === 0 && [...judgement.values()].every(({ length }) => length === 0),
    isTold: false,
    credentials: credentialsIn(recorded.request),
    asked(isServed) {
      const index = Number(isServed);
      asked[index] ??= probeOf(call, judgement, isServed);
      return asked[index];
    },
  };
}

/** What a rule looks at; nothing if the time counts as well, as with a signature. */
function keyOf({ method, url, httpVersion, headers, pseudoHeaders, noHeaders, leftOut, body }: RecordedRequest) {
  if (
    isMissing(body) ||
    !("text" in body) ||
    body.text !== "" ||
    pseudoHeaders ||
    noHeaders ||
    leftOut ||
    url.length > longest
  )
    return undefined;
  let key = `${method} ${url} ${httpVersion}`;
  for (const [name, value] of headers) {
    const use = useOf(name);
    if (use === "signature") return undefined;
    key += use === "value" ? `\n${name}: ${value}` : `\n${name}`;
  }
  return key;
}

type Use = "name" | "value" | "signature";

const uses = new Map<string, Use>();

function useOf(written: string): Use {
  const known = uses.get(written);
  if (known) return known;
  const name = written.toLowerCase();
  const isRead = name === "host" || name === "accept" || isSecretHeader(name);
  const use = name === "authorization" ? "signature" : isRead ? "value" : "name";
  if (uses.size < 1000) uses.set(written, use);
  return use;
}
