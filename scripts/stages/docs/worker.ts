// Renders the docs in a separate thread, while the stages that do not need them run.

import { parentPort, Worker, workerData } from "node:worker_threads";
import type { Sample } from "../samples.ts";
import type { Translation } from "../translate.ts";

interface Input {
  translations: Translation[];
  samples: Sample[];
}

/** Runs `renderDocs`. An aborted signal ends the thread, and the promise then never settles. */
export function renderDocsBeside(input: Input, signal: AbortSignal): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: input });
    worker.once("message", resolve);
    worker.once("error", reject);
    signal.addEventListener("abort", () => worker.terminate());
  });
}

if (workerData && parentPort) {
  const { renderDocs } = await import("../docs.ts");
  const { translations, samples } = workerData as Input;
  parentPort.postMessage(renderDocs(translations, samples));
}
