// TypeScript of a test, compiled as this repository compiles its own, with nothing written to disk.

import { join } from "node:path";
import ts from "typescript";
import { repository } from "../scripts/source.ts";

export interface CompileError {
  /** Counted from 0. */
  line: number;
  message: string;
}

/** The errors of `code` as a module at `file`, where "dcs-backup-records" is this package's source. */
export function compile(code: string, file = join(repository, "test/module.ts")): CompileError[] {
  const { config } = ts.readConfigFile(join(repository, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [file] }, ts.sys, repository);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, language, ...rest) =>
    name === file ? ts.createSourceFile(name, code, language) : getSourceFile(name, language, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file: source, start = 0, messageText }) => ({
    line: source?.getLineAndCharacterOfPosition(start).line ?? -1,
    message: ts.flattenDiagnosticMessageText(messageText, "\n"),
  }));
}
