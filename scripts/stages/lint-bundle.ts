// Stage: the bundle, which others read, follows Spectral's OpenAPI rules and this repository's.

import * as fs from "node:fs";
import { join } from "node:path";
import type { OpenApiDocument } from "../document.ts";
import { refuseIf } from "../problem.ts";
import { repository } from "../repository.ts";
import { type ContractSource, locate } from "../source.ts";

/**
 * @returns the number of rules applied
 * @throws {StageError} on any finding, whatever its severity, with the place in the hand-written files
 */
export async function lintBundle(source: ContractSource, bundle: OpenApiDocument): Promise<number> {
  // Spectral takes long to load, so it is loaded while the docs are being rendered.
  const { default: spectral } = await import("@stoplight/spectral-core");
  const { bundleAndLoadRuleset } = await import("@stoplight/spectral-ruleset-bundler/with-loader");
  const linter = new spectral.Spectral();
  const ruleset = await bundleAndLoadRuleset(join(repository, ".spectral.yaml"), { fs, fetch });
  linter.setRuleset(ruleset);
  const findings = await linter.run(bundle as unknown as Record<string, unknown>);
  refuseIf(
    await Promise.all(
      findings.map(async ({ path, message, code }) => ({
        ...(await locate(source, path)),
        message,
        rule: String(code),
      })),
    ),
  );
  return Object.values(linter.ruleset?.rules ?? {}).filter(({ enabled }) => enabled).length;
}
