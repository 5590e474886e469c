// Runs the consumer check in its own process, for tests on processes and signals: it takes options as JSON, and prints the
// report as JSON.

import { checkConsumer } from "../../src/check/index.ts";

const report = await checkConsumer(JSON.parse(process.argv[2] ?? ""));
console.log(JSON.stringify(report));
