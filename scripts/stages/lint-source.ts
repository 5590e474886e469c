// Stage: the hand-written files obey Redocly's rules and this repository's, and each of them is in use.

import { lint } from "@redocly/openapi-core";
import { type Problem, refuseIf } from "../problem.ts";
import { type ContractSource, contractFiles, fromRedocly } from "../source.ts";

/**
 * @returns the number of files read
 * @throws {StageError} on any error or warning
 */
export async function lintSource(source: ContractSource): Promise<number> {
  const problems = await lint({ ref: source.root, config: source.config, externalRefResolver: source.resolver });
  refuseIf(problems.filter(({ ignored }) => !ignored).map(fromRedocly));

  const used = source.resolver.getFiles();
  const unused = (await contractFiles(source.root)).filter((file) => !used.has(file));
  refuseIf(
    unused.map(
      (file): Problem => ({ file, message: "Nothing refers to this file. Refer to it or remove it.", rule: "unused-file" }),
    ),
  );
  return used.size;
}
