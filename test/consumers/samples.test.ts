// The docs' sample code, run in each language whose toolchain the machine has. With REQUIRE_TOOLCHAINS=1, as in .ci/run, a
// missing one is a failure.

import { expect, it } from "vitest";
import { describeRuns, ids, isThere, missingFor } from "../build/sample-runs.ts";

const others = ids.filter((id) => id !== "typescript"); // which npm test runs
const notRun = others.filter((id) => missingFor(id).length > 0);

it(`is a sample of ${others.join(", ")}${notRun.length > 0 ? ` (not run, toolchain missing: ${notRun.join(", ")})` : ""}`, () => {
  if (process.env.REQUIRE_TOOLCHAINS) expect(notRun.flatMap(missingFor), "not on the PATH").toEqual([]);
  expect(isThere("no-such-toolchain")).toBe(false);
});

describeRuns(others.filter((id) => !notRun.includes(id)));
