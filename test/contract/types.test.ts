// The generated types accept right code and refuse wrong code.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/source.ts";

const file = join(import.meta.dirname, "types.ts");
const directive = /^ *\/\/ @ts-expect-error .*$/;

/** The lines of `code`, counted from 0, at which the compiler reports an error. */
function errorLines(code: string): number[] {
  const config = ts.readConfigFile(join(repository, "tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [file] }, ts.sys, repository);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, language, ...rest) =>
    name === file ? ts.createSourceFile(name, code, language) : read(name, language, ...rest);
  const program = ts.createProgram([file], options, host);
  const found = ts
    .getPreEmitDiagnostics(program)
    .map(({ file, start = 0 }) => file?.getLineAndCharacterOfPosition(start).line);
  return [...new Set(found)].map((line) => line ?? -1).sort((a, b) => a - b);
}

describe("the generated types", () => {
  it("accept the right code, and refuse each wrong line and no other", async () => {
    const code = await readFile(file, "utf8");
    const wrong = code.split("\n").flatMap((line, number) => (directive.test(line) ? [number + 1] : []));
    expect(wrong.length).toBeGreaterThan(15);
    expect(errorLines(code)).toEqual([]);
    expect(errorLines(code.replaceAll(new RegExp(directive, "gm"), ""))).toEqual(wrong);
  });
});
