// Compiles TypeScript of a test like this repository's own, without writing to disk.

import { join } from "node:path";
import ts from "typescript";
import { repository } from "../scripts/repository.ts";

export interface CompileError {
  /** Counted from 0. */
  line: number;
  message: string;
}

/** Each file except the module itself is read only once. */
const read = new Map<string, ts.SourceFile | undefined>();

/** The errors of `code` as a module at `file`, where "dcs-backup-records" is this package's source. */
export function compile(code: string, file = join(repository, "test/module.ts")): CompileError[] {
  const { config } = ts.readConfigFile(join(repository, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [file] }, ts.sys, repository);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, language, ...rest) => {
    if (name === file) return ts.createSourceFile(name, code, language);
    if (!read.has(name)) read.set(name, getSourceFile(name, language, ...rest));
    return read.get(name);
  };
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file: source, start = 0, messageText }) => ({
    line: source?.getLineAndCharacterOfPosition(start).line ?? -1,
    message: ts.flattenDiagnosticMessageText(messageText, "\n"),
  }));
}
