// The rules, in the order in which a response is read: whether it came, what it is, what it says.

import type { Rule } from "../../model/rule.ts";
import { accepted } from "./accepted.ts";
import { bodyPresent } from "./body-present.ts";
import { bodySize } from "./body-size.ts";
import { credentials } from "./credentials.ts";
import { deadline } from "./deadline.ts";
import { duplicates } from "./duplicates.ts";
import { empty204 } from "./empty-204.ts";
import { errorFields } from "./error-fields.ts";
import { errorSchema } from "./error-schema.ts";
import { failureCode } from "./failure-code.ts";
import { inTime } from "./in-time.ts";
import { instance } from "./instance.ts";
import { json } from "./json.ts";
import { judged } from "./judged.ts";
import { knownFields } from "./known-fields.ts";
import { knownValues } from "./known-values.ts";
import { limit } from "./limit.ts";
import { mediaType } from "./media-type.ts";
import { noRedirect } from "./no-redirect.ts";
import { nullFields } from "./null-fields.ts";
import { pageFields } from "./page-fields.ts";
import { pageLost } from "./page-lost.ts";
import { pageOrder } from "./page-order.ts";
import { pageRepeats } from "./page-repeats.ts";
import { pageSchema } from "./page-schema.ts";
import { pageSkips } from "./page-skips.ts";
import { pastTheEnd } from "./past-the-end.ts";
import { progress } from "./progress.ts";
import { rateLimit } from "./rate-limit.ts";
import { reachable } from "./reachable.ts";
import { refused } from "./refused.ts";
import { secretEcho } from "./secret-echo.ts";
import { size } from "./size.ts";
import { status } from "./status.ts";
import { timeWindow } from "./time-window.ts";
import { times } from "./times.ts";
import { total } from "./total.ts";
import { utf8 } from "./utf-8.ts";
import { validHttp } from "./valid-http.ts";
import { wholeAnswer } from "./whole-answer.ts";
import { windowApplied } from "./window-applied.ts";

export const rules: readonly Rule[] = [
  // Whether a response came.
  reachable,
  credentials,
  rateLimit,
  deadline,
  inTime,
  wholeAnswer,
  validHttp,
  bodySize,
  judged,

  // What it is.
  noRedirect,
  status,
  accepted,
  refused,
  mediaType,
  bodyPresent,
  utf8,
  json,
  secretEcho,
  empty204,

  // What it says.
  pageSchema,
  pageFields,
  errorSchema,
  errorFields,
  nullFields,
  limit,
  pageRepeats,
  pageLost,
  pageSkips,
  pageOrder,
  pastTheEnd,
  total,
  duplicates,
  windowApplied,
  timeWindow,
  instance,
  knownFields,
  knownValues,
  failureCode,
  times,
  size,
  progress,
];
