// Runs a command as the consumer check does, in its own process, for tests on processes and signals: it takes options as JSON,
// and prints how the command ended as JSON. SIGUSR1 stands for a caller that aborts; SIGUSR2 ends this process at once.

import { runCommand } from "../../src/check/consumer/command.ts";

const stop = new AbortController();
process.on("SIGUSR1", () => stop.abort());
process.on("SIGUSR2", () => process.exit(7));
const options = JSON.parse(process.argv[2] ?? "");
const ended = await runCommand({ environment: {}, stdout: "stdout", signal: stop.signal, ...options });
console.log(JSON.stringify(ended));
