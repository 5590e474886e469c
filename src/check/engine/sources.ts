// The source of a fault in the contract, by the id of the fact in spec/reference.yaml.

import type { Contract } from "../../wire/contract.ts";
import type { Exchange } from "../model/exchange.ts";

/** The fact about the body of a response; nothing if there is none. */
export function sourceOfBody({ answer }: Exchange, { factAt }: Contract): { source?: string } {
  const source = answer?.documented && factAt(answer.documented.pointer);
  return source === undefined ? {} : { source };
}
