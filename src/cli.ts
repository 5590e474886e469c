#!/usr/bin/env node
// The command `dcs-backup-records`. An older Node could not load what it is made of, and is told so by this file alone,
// which therefore uses nothing that is new.

import { createRequire } from "node:module";

const { engines } = createRequire(import.meta.url)("dcs-backup-records/package.json");
const [least] = /\d+\.\d+/.exec(engines.node) as RegExpExecArray;
const { node } = process.versions;

if (isOlder(node, least)) {
  process.stderr.write(
    `dcs-backup-records needs Node ${least} or newer, and this is Node ${node}. Its mock, and check consumer, which runs it, are made for Node 24\n`,
  );
  process.exitCode = 2;
} else {
  const { main } = await import("./cli/main.ts");
  process.stdout.on("error", () => {}); // whoever read it has stopped: no reason to stop too
  process.exitCode = await main(process.argv.slice(2), process);
}

function isOlder(version: string, least: string): boolean {
  const [[major = 0, minor = 0], [leastMajor = 0, leastMinor = 0]] = [numbers(version), numbers(least)];
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

function numbers(version: string): number[] {
  return version.split(".").map(Number);
}
