// Checks the server whose URL it is given, and prints as JSON what was found and how much memory that took at most, in MB.

import { checkProvider } from "../../src/check/index.ts";
import { instanceId, projectId, token } from "./service.ts";

const [server = ""] = process.argv.slice(2);
const { findings } = await checkProvider({ server, projectId, instanceId, credentials: { token } });
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ rules: [...new Set(findings.map(({ rule }) => rule))], peak }));
