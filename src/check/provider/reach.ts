// What of the contract the requests of this check can cause.

import type { Contract } from "../../wire/contract.ts";
import type { Item } from "../coverage/items.ts";
import { probesOf } from "./probes.ts";

/**
 * In reach are what a probe asks for, and all answers but those of a server that fails: which records there are, and so which
 * fields and values, is up to the server's data.
 * @param headers of an authenticated request
 */
export function reachOf(contract: Contract, headers: Readonly<Record<string, string>>): (item: Item) => boolean {
  const requests = probesOf(contract).map((probe) => {
    const query = new URLSearchParams(probe.query({ exchanges: [], page: contract.page }));
    return { query, headers };
  });
  return (item) => (item.in === "request" ? requests.some(item.shows) : item.statuses.some((status) => status < 500));
}
