// The rules on a consumer: whether it ran, what it asks for, and how it authenticates.

import { requestRules } from "../../../wire/judge/index.ts";
import type { ConsumerRule } from "../rule.ts";
import { command } from "./command.ts";
import { finished } from "./finished.ts";
import { mock } from "./mock.ts";
import { requested } from "./requested.ts";
import { started } from "./started.ts";
import { success } from "./success.ts";

export const consumerRules: readonly ConsumerRule[] = [
  // Whether it ran and sent requests.
  started,
  finished,
  requested,
  mock,
  command,

  // What it asks for, and how it authenticates.
  ...requestRules,
  success,
];
