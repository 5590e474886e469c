// Where in the contract a fault rests, by the id of the fact in spec/reference.yaml.

import type { Contract } from "../../wire/contract.ts";
import type { Exchange } from "../model/exchange.ts";

/** Where the contract describes the body of an answer. */
export function sourceOfBody({ answer }: Exchange, contract: Contract): { source?: string } {
  return sourceAt(answer?.documented?.pointer, contract);
}

/** Nothing where no fact rests. */
export function sourceAt(pointer: string | undefined, contract: Contract): { source?: string } {
  const source = pointer === undefined ? undefined : contract.factAt(pointer);
  return source === undefined ? {} : { source };
}
