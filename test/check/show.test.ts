// Values and texts of somebody else, as they are printed.

import { expect, it } from "vitest";
import { show } from "../../src/check/engine/show.ts";
import { oneLine, redactor } from "../../src/wire/redact.ts";

it.each([
  [[1, 2, 3]],
  [[[], [[]], {}, ""]],
  [{ a: 1, b: [null, true, "c"], d: { e: -0.5 } }],
  ["a \"b\" \\ 'c'"],
  [null],
  [0],
])("a short value is shown as JSON: %j", (value) => {
  expect(show(value, String)).toBe(JSON.stringify(value));
});

it("a long text has no piece of a secret where it is cut", () => {
  const redact = redactor(["0123456789abcdef"]);
  for (const before of [9_989, 9_995, 9_999])
    expect(oneLine(`a${" ".repeat(before - 1)}0123456789abcdef`, redact)).toBe("a");
});
