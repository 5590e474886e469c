// The contract's operation, as rules on requests see it.

import type { Contract } from "../../wire/contract.ts";
import type { Verdict } from "../model/rule.ts";
import type { Received } from "./recorder.ts";

/** Matches the operation's path; each ID is a group named after its parameter. */
export const pathForm = ({ operation }: Contract) =>
  new RegExp(`^${operation.path.replace(/{(\w+)}/g, "(?<$1>[^/]*)")}$`);

type RequestRule = (request: Received, contract: Contract) => Verdict;

/** A rule on requests that have the contract's method and path. */
export function ofOperation(rule: RequestRule): RequestRule {
  return (request, contract) => {
    const isOfOperation = request.method === contract.operation.method && pathForm(contract).test(request.path);
    return isOfOperation ? rule(request, contract) : undefined;
  };
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
