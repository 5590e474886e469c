#!/usr/bin/env node
// The command `dcs-backup-records`. A Node that is too old cannot load its modules. This file must run there and say so:
// it imports them late, and uses no new syntax.

import { createRequire } from "node:module";

const { engines } = createRequire(import.meta.url)("dcs-backup-records/package.json");
const [least] = /\d+\.\d+/.exec(engines.node) as RegExpExecArray;
const { node } = process.versions;

if (isOlder(node, least)) {
  process.stderr.write(
    `dcs-backup-records needs Node ${least} or newer, and this is Node ${node}. The mock and check consumer need Node 24\n`,
  );
  process.exitCode = 2;
} else {
  const { main } = await import("./cli/main.ts");
  process.stdout.on("error", () => {}); // its reader is gone: no reason to stop
  process.exitCode = await main(process.argv.slice(2), process);
}

function isOlder(version: string, least: string): boolean {
  const [[major = 0, minor = 0], [leastMajor = 0, leastMinor = 0]] = [numbers(version), numbers(least)];
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

function numbers(version: string): number[] {
  return version.split(".").map(Number);
}
