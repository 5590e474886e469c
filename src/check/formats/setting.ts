// What a report does not say of the place in which it is printed.

import type { Severity } from "../model/rule.ts";

export interface Setting {
  /** Whether whatever shows it understands the colours of a terminal. */
  colour: boolean;
  /** Path of the packaged openapi.yaml, if the reader has it: in the folder that they work in, or GitHub in the repository. */
  contractFile: string | undefined;
  /** The least severity that the check fails on. */
  failOn: Severity;
}
