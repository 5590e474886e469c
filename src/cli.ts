#!/usr/bin/env node
// The command `dcs-backup-records`.

import { main } from "./cli/main.ts";

process.stdout.on("error", () => {}); // whoever read it has stopped: no reason to stop too
process.exitCode = await main(process.argv.slice(2), process);
