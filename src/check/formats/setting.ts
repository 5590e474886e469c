// How and where a report is printed, which is not in the report itself.

import type { Severity } from "../../wire/rule.ts";

export interface Setting {
  /** Whether to use terminal colours. */
  colour: boolean;
  /** Path of the packaged openapi.yaml, if it is in the reader's working folder, or for GitHub in the repository. */
  contractFile: string | undefined;
  /** The least severity that the check fails on. */
  failOn: Severity;
}
