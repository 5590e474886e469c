// A request as the mock received it, and what it is answered with. Types alone: a user of the mock needs none of Node's for them.

import type { SentRequest } from "../wire/judge/index.ts";
import type { Reply } from "./service.ts";

/** What became of a request. */
export interface Received extends SentRequest {
  /** Counted from 1, in the order of arrival. */
  number: number;
  /** Path and query, as sent. */
  target: string;
  /** SHA-256 of the body, in hexadecimal digits. */
  bodyHash: string;
  /** Of the answer. */
  status?: number;
  /** Why the mock gave no usable answer. */
  mockFault?: string;
}

export interface Delivery extends Reply {
  /** Milliseconds before the answer begins. */
  delayMs?: number;
  /** `reset` closes the connection instead of an answer; `cut` ends it half-way through the body. */
  fate?: "reset" | "cut";
}
