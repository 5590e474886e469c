// The contract's operation, as rules on requests see it.

import { sources } from "../../../generated/sources.ts";
import { pathTemplate, queryParameters } from "../model/contract.ts";
import type { Source, Verdict } from "../model/rule.ts";
import type { Received } from "./recorder.ts";

/** Of its path; the IDs are groups, by the names of their parameters. */
export const pathForm = new RegExp(`^${pathTemplate.replace(/{(\w+)}/g, "(?<$1>[^/]*)")}$`);

/** A rule on requests that have the contract's method and path. */
export function ofOperation(rule: (request: Received) => Verdict): (request: Received) => Verdict {
  return (request) => (request.method === "GET" && pathForm.test(request.path) ? rule(request) : undefined);
}

/** The fact on a parameter in spec/reference.yaml. */
export function factOf(where: string, name: string): { source?: Source } {
  const fact = `${where}.${name}`;
  return fact in sources ? { source: fact as Source } : {};
}

/** The parameter that a name is another spelling of. */
export function meantParameter(name: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  return queryParameters.find((known) => plain(known) === plain(name));
}
