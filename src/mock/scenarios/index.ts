// The scenarios of the mock: the contract's own first, then those that break it.

import { empty204 } from "./empty-204.ts";
import type { Scenario } from "./scenario.ts";
import { throttled } from "./throttled.ts";

export type { Call, Play, Scenario } from "./scenario.ts";

export const scenarios: readonly Scenario[] = [empty204, throttled];

export const scenarioNames: readonly string[] = scenarios.map(({ name }) => name);
