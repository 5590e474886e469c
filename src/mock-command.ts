// `npm run mock`, until the command of this package has it.

import { sampleRequests, startMock } from "./mock.ts";

async function main(): Promise<void> {
  const port = Number(process.env.PORT || 4010);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`PORT must be a number from 0 to 65535, not "${process.env.PORT}".`);
    process.exitCode = 2;
    return;
  }
  process.stdout.on("error", () => {}); // whoever read it has stopped: no reason to stop too
  try {
    const mock = await startMock({ port, onViolation: console.log });
    console.log(`Mock of the contract on ${mock.url}. Stop it with Ctrl-C. Try:\n`);
    for (const request of sampleRequests(mock.url)) console.log(`  ${request}`);
    console.log("\nWhat departs from the contract is printed here.\n");
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => mock.close());
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

await main();
