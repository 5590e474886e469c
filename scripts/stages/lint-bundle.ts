// Stage: a bundle, which others read, follows Spectral's OpenAPI rules and this repository's.

import * as fs from "node:fs";
import { join } from "node:path";
import { lintDocument, Source } from "@redocly/openapi-core";
import { directPath, type OpenApiDocument } from "../document.ts";
import { parsePointer } from "../pointer.ts";
import { refuseIf } from "../problem.ts";
import { repository } from "../repository.ts";
import { type ContractSource, locate } from "../source.ts";

/**
 * @returns the number of Spectral's rules applied
 * @throws {StageError} on any finding, whatever its severity, with the place in the hand-written files
 */
export async function lintBundle(source: ContractSource, bundle: OpenApiDocument): Promise<number> {
  linter ??= loadSpectral();
  const spectral = await linter;
  const rules = Object.values(spectral.ruleset?.rules ?? {});
  const isDerived = source.layers.length > 0;
  for (const rule of rules.filter(({ name }) => ofExamples.test(name))) rule.enabled = !isDerived;
  const found = await spectral.run(bundle as unknown as Record<string, unknown>);
  const findings = [
    ...found.map(({ path, message, code }) => ({ path, message, rule: String(code) })),
    ...(isDerived ? await lintByRedocly(source, bundle) : []),
  ];
  refuseIf(
    await Promise.all(
      findings.map(async ({ path, ...rest }) => ({
        ...(await locate(source, isDerived ? directPath(bundle, path) : path)),
        ...rest,
      })),
    ),
  );
  return rules.filter(({ enabled }) => enabled).length;
}

/** The slowest rules. On the documents of later revisions, they are left to the check of examples, which looks at more places. */
const ofExamples = /^oas3-valid-(schema|media)-example$/;

let linter: ReturnType<typeof loadSpectral> | undefined;

/** Spectral takes long to load, so it is loaded while the docs are being rendered. */
async function loadSpectral() {
  const { default: spectral } = await import("@stoplight/spectral-core");
  const { bundleAndLoadRuleset } = await import("@stoplight/spectral-ruleset-bundler/with-loader");
  const linter = new spectral.Spectral();
  linter.setRuleset(await bundleAndLoadRuleset(join(repository, ".spectral.yaml"), { fs, fetch }));
  return linter;
}

/** Its rules for the hand-written files (lint-source.ts), on a document that overlays changed. */
async function lintByRedocly({ config, written }: ContractSource, bundle: OpenApiDocument) {
  const document = { source: new Source("openapi.json", "", "application/json"), parsed: bundle };
  const problems = await lintDocument({ document, config, externalRefResolver: written });
  return problems.map(({ location: [place], message, ruleId }) => ({
    path: parsePointer(place?.pointer ?? ""),
    message,
    rule: ruleId,
  }));
}
