// What a finding on a recorded exchange needs: where that stands, and its secrets.

import type { Contract } from "../../wire/contract.ts";
import { type Redact, redactor } from "../../wire/redact.ts";
import { shownRequest } from "../engine/request.ts";
import type { Asked } from "../engine/tally.ts";
import type { Call } from "./call.ts";
import { secretsIn } from "./clean.ts";
import type { Recorded } from "./recorded.ts";

/** What a finding needs, made when there is one. */
export interface Context {
  asked: Asked;
  redact: Redact;
}

/** Of what is no exchange, and has no secrets. */
export const apart = (asked: Asked): Context => ({ asked, redact: (text) => text });

/** Made for every exchange, and looked at only if there is a finding. */
export class OfExchange implements Context, Asked {
  readonly #recorded: Recorded;
  readonly #call: Call;
  readonly #contract: Contract;
  #made: Redact | undefined;

  constructor(recorded: Recorded, call: Call, contract: Contract) {
    this.#recorded = recorded;
    this.#call = call;
    this.#contract = contract;
  }

  get asked(): Asked {
    return this;
  }

  readonly redact: Redact = (text) => {
    this.#made ??= redactor(secretsIn(this.#recorded));
    return this.#made(text);
  };

  get probe() {
    return `entry-${this.#recorded.place.entry}`;
  }

  get file() {
    return this.#recorded.place.file || undefined;
  }

  get line() {
    return this.#recorded.place.line;
  }

  get at() {
    return this.#recorded.startedAt?.toISOString();
  }

  get request() {
    return shownRequest(this.#call.request, this.#call.base, this.#contract, this.redact);
  }
}
