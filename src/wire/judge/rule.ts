// A request as it was received, and a rule that looks at it.

import type { Contract } from "../contract.ts";
import type { RuleHead, Verdict } from "../rule.ts";

export interface SentRequest {
  /** When it was sent. */
  at: Date;
  /** Empty if it is not HTTP. */
  method: string;
  /** As sent, with its escapes. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Size of the body in bytes. */
  bodyBytes: number;
  /** Why it is not HTTP. */
  httpFault?: string;
  /** Why whoever checked its credentials refuses them. */
  refused?: string;
  /** What another validator found in its parameters. */
  found?: readonly Found[];
}

/** What another validator found: the mock's Prism. */
export interface Found {
  /** The part of the request, such as `path` or `query`; `undefined` for the request as a whole. */
  in: string | undefined;
  /** Name of the parameter; `undefined` if a parameter is missing: Prism names it only in its message. */
  name: string | undefined;
  /** In its own words, for people. */
  message: string;
}

export type RequestRule = RuleHead & { request: (request: SentRequest, contract: Contract) => Verdict };
