// Stage: the bundle, which is what others read, obeys Spectral's OpenAPI rules and this repository's.

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { refuseIf } from "../problem.ts";
import { type ContractSource, locate, type Path } from "../source.ts";
import type { OpenApiDocument } from "./bundle.ts";

export interface SpectralReport {
  /** Number of rules applied. */
  rules: number;
  findings: { path: Path; message: string; code: string | number }[];
}

/** Spectral on a thread of its own, where it loads while the source is linted and works beside the other stages. */
export function startSpectral() {
  const worker = new Worker(new URL("./spectral-worker.ts", import.meta.url));
  const stopped = new AbortController();
  worker.unref(); // a build that fails before it needs Spectral does not wait for it
  return {
    /** One bundle at a time. */
    async lint(bundle: OpenApiDocument): Promise<SpectralReport> {
      worker.ref();
      worker.postMessage(bundle);
      const [report] = await once(worker, "message", { signal: stopped.signal });
      worker.unref();
      return report;
    },
    async stop() {
      stopped.abort();
      await worker.terminate();
    },
  };
}

/**
 * @returns the number of rules applied
 * @throws {StageError} on any finding, whatever its severity, with the place in the hand-written files
 */
export async function lintBundle(
  source: ContractSource,
  bundle: OpenApiDocument,
  spectral: ReturnType<typeof startSpectral>,
): Promise<number> {
  const { rules, findings } = await spectral.lint(bundle);
  const problems = findings.map(async ({ path, message, code }) => {
    return { ...(await locate(source, path)), message, rule: String(code) };
  });
  refuseIf(await Promise.all(problems));
  return rules;
}
