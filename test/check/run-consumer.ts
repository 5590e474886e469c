// Runs the check of a consumer in a process of its own, for tests on processes and signals: options as JSON, then the
// report as JSON on standard output.

import { checkConsumer } from "../../src/check/index.ts";

const report = await checkConsumer(JSON.parse(process.argv[2] ?? ""));
console.log(JSON.stringify(report));
