// The thread that startSpectral starts: answers each bundle with Spectral's report on it.

import * as fs from "node:fs";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import spectral from "@stoplight/spectral-core";
import { bundleAndLoadRuleset } from "@stoplight/spectral-ruleset-bundler/with-loader";
import type { SpectralReport } from "./lint-bundle.ts";

const ruleset = join(import.meta.dirname, "../../.spectral.yaml");
const linter = new spectral.Spectral();
linter.setRuleset(await bundleAndLoadRuleset(ruleset, { fs, fetch }));
const rules = Object.values(linter.ruleset?.rules ?? {}).filter(({ enabled }) => enabled).length;

parentPort?.on("message", async (bundle) => {
  const found = await linter.run(bundle);
  const findings = found.map(({ path, message, code }) => ({ path, message, code }));
  parentPort?.postMessage({ rules, findings } satisfies SpectralReport);
});
