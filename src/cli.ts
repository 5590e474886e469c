#!/usr/bin/env node
// The command `dcs-backup-records`.

import { main } from "./cli/main.ts";

process.stdout.on("error", () => {}); // its reader is gone: no reason to stop
process.exitCode = await main(process.argv.slice(2), process);
