// A request of somebody else as a report shows it.

import type { Contract } from "../../wire/contract.ts";
import { meantParameter, type SentRequest } from "../../wire/judge/index.ts";
import { oneLine, type Redact } from "../../wire/redact.ts";

/** Method and URL. The values of unknown parameters are hidden: they may be anything, even secrets. */
export function shownRequest(
  { method, path, query, httpFault }: Pick<SentRequest, "method" | "path" | "query" | "httpFault">,
  server: string,
  contract: Contract,
  redact: Redact,
): string {
  if (httpFault !== undefined) return server;
  const pairs = [...query].map(([name, value]) => {
    const isKnown = contract.queryParameters.includes(name) || meantParameter(name, contract);
    return `${encodeURIComponent(name)}=${isKnown ? encodeURIComponent(value) : "***"}`;
  });
  return oneLine(`${method} ${server}${path}${pairs.length > 0 ? "?" : ""}${pairs.join("&")}`, redact);
}
