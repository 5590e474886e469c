// The scenarios of the mock: those that keep to the contract first, then those that break it.

import { braces } from "./braces.ts";
import { clamped } from "./clamped.ts";
import { cut } from "./cut.ts";
import { empty204 } from "./empty-204.ts";
import { flaky } from "./flaky.ts";
import { gatewayErrors } from "./gateway-error.ts";
import { growing } from "./growing.ts";
import { ignoresOffset } from "./ignores-offset.ts";
import { newer } from "./newer.ts";
import type { Scenario } from "./scenario.ts";
import { slow } from "./slow.ts";
import { throttled } from "./throttled.ts";
import { tokenExpired } from "./token-expired.ts";
import { unknownValues } from "./unknown-values.ts";

export type { Call, Play, Scenario } from "./scenario.ts";

export const scenarios: readonly Scenario[] = [
  throttled,
  slow,
  clamped,
  growing,
  unknownValues,
  newer,

  empty204, // keeps to the revisions that have a 204
  flaky,
  gatewayErrors,
  tokenExpired,
  ignoresOffset,
  braces,
  cut,
];

export const scenarioNames: readonly string[] = scenarios.map(({ name }) => name);
