// The contract's operation, as rules on requests see it.

import type { Contract } from "../contract.ts";
import type { Verdict } from "../rule.ts";
import type { SentRequest } from "./rule.ts";

const forms = new WeakMap<Contract, RegExp>();

/** Matches the operation's path; each ID is a group named after its parameter. */
export function pathForm(contract: Contract): RegExp {
  const known = forms.get(contract);
  if (known) return known;
  const form = new RegExp(`^${contract.operation.path.replace(/{(\w+)}/g, "(?<$1>[^/]*)")}$`);
  forms.set(contract, form);
  return form;
}

/** The IDs in a path, as sent, by the names of their parameters; `undefined` if it is not the operation's path. */
export const idsIn = (path: string, contract: Contract): Record<string, string> | undefined =>
  pathForm(contract).exec(path)?.groups;

type Look = (request: SentRequest, contract: Contract) => Verdict;

/** Whether a request has the contract's method and path. */
export const isOfOperation = ({ method, path }: SentRequest, contract: Contract): boolean =>
  method === contract.operation.method && pathForm(contract).test(path);

/** A rule on requests that have the contract's method and path. */
export function ofOperation(rule: Look): Look {
  return (request, contract) => (isOfOperation(request, contract) ? rule(request, contract) : undefined);
}

/** The fact about a parameter, in spec/reference.yaml. */
export function factOf(name: string, { parameters, factAt }: Contract): { source?: string } {
  const parameter = parameters.get(name);
  const source = parameter && factAt(parameter.pointer);
  return source === undefined ? {} : { source };
}

/** The parameter that a misspelled name stands for. */
export function meantParameter(name: string, { queryParameters }: Contract): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  return queryParameters.find((known) => plain(known) === plain(name));
}
