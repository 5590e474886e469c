// Checks the servers with the given URLs, one after the other, and prints as JSON the findings of each, and the peak memory so
// far in MB.

import { checkProvider } from "../../src/check/index.ts";
import { instanceId, projectId, token } from "./service.ts";

const results: { rules: string[]; peak: number }[] = [];
for (const server of process.argv.slice(2)) {
  globalThis.gc?.(); // what is left of the last one is no matter of this one
  const { findings } = await checkProvider({ server, projectId, instanceId, credentials: { token } });
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  results.push({ rules: [...new Set(findings.map(({ rule }) => rule))], peak });
}
console.log(JSON.stringify(results));
