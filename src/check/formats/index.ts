// The forms in which a report is printed.

import type { Report } from "../model/report.ts";
import type { Severity } from "../model/rule.ts";
import { github } from "./github.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { pretty } from "./pretty.ts";

/** What a report does not say of the place in which it is printed. */
export interface Setting {
  /** Whether whatever shows it understands the colours of a terminal. */
  colour: boolean;
  /** Path of the packaged openapi.yaml, if it is in the folder that the reader works in. */
  contractFile: string | undefined;
  /** The least severity that the check fails on. */
  failOn: Severity;
}

export const formats = { pretty, json, junit, github, markdown } satisfies Record<
  string,
  (report: Report, setting: Setting) => string
>;

export type Format = keyof typeof formats;
