// The formats of the report.

import type { Report } from "../model/report.ts";
import { github } from "./github.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { pretty } from "./pretty.ts";
import type { Setting } from "./setting.ts";

export const formats = { pretty, json, junit, github, markdown } satisfies Record<
  string,
  (report: Report, setting: Setting) => string
>;

export type Format = keyof typeof formats;
