// The generated types accept correct code and reject wrong code.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../compile.ts";

const file = join(import.meta.dirname, "types.ts");
const directive = /^ *\/\/ @ts-expect-error .*$/;

describe("the generated types", () => {
  it("accept the correct code, and reject each wrong line and no other", async () => {
    const code = await readFile(file, "utf8");
    const wrong = code.split("\n").flatMap((line, number) => (directive.test(line) ? [number + 1] : []));
    expect(wrong.length).toBeGreaterThan(0);
    expect(compile(code, file)).toEqual([]);
    const errors = compile(code.replaceAll(new RegExp(directive, "gm"), ""), file);
    expect([...new Set(errors.map(({ line }) => line))].sort((a, b) => a - b)).toEqual(wrong);
  });
});
