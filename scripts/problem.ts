// A problem in an input: every stage reports it in this form, and the build prints it.

import { relative, sep } from "node:path";

export interface Problem {
  /** Absolute path of the file to fix. */
  file: string;
  /** Counted from 1; absent for the whole file. */
  line?: number;
  column?: number;
  message: string;
  /** The rule or check that found it. */
  rule: string;
}

/** A stage rejects its input because of at least one problem. */
export class StageError extends Error {
  override name = "StageError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = new Map(problems.map((problem) => [formatProblem(problem), problem]));
    super([...lines.keys()].join("\n"));
    this.problems = [...lines.values()];
  }
}

/** `file:line:column  message  (rule)`, with the path as seen from the working directory. */
export function formatProblem({ file, line, column, message, rule }: Problem): string {
  const path = (relative(process.cwd(), file) || file).replaceAll(sep, "/");
  const place = [path, line, column].filter((part) => part !== undefined).join(":");
  return `${place}  ${message}  (${rule})`;
}

export function refuseIf(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new StageError(problems);
}
