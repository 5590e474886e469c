// Where in the contract a fault rests, by the id of the fact in spec/reference.yaml.

import type { Contract } from "../../wire/contract.ts";
import type { Exchange } from "../model/exchange.ts";

/** Where the contract describes the body of an answer; nothing where no fact rests there. */
export function sourceOfBody({ answer }: Exchange, { factAt }: Contract): { source?: string } {
  const source = answer?.documented && factAt(answer.documented.pointer);
  return source === undefined ? {} : { source };
}
