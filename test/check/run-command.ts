// Runs a command as the check of a consumer does, in a process of its own, for tests on processes and signals: options as
// JSON, then how it ended as JSON on standard output. SIGUSR1 is a caller who has it stopped; SIGUSR2 ends all at once.

import { runCommand } from "../../src/check/consumer/command.ts";

const stop = new AbortController();
process.on("SIGUSR1", () => stop.abort());
process.on("SIGUSR2", () => process.exit(7));
const options = JSON.parse(process.argv[2] ?? "");
const ended = await runCommand({ environment: {}, stdout: "stdout", signal: stop.signal, ...options });
console.log(JSON.stringify(ended));
