// Lists the instances without a successful backup in the last 24 hours. Exit code: 1 if there are any, 2 on an error.
// Usage: node examples/stale-instances.ts INSTANCE...
// Set DCS_ENDPOINT, DCS_PROJECT_ID, and either DCS_AUTH_TOKEN or both DCS_ACCESS_KEY and DCS_SECRET_KEY.

import { createDcsClient } from "../src/client/index.ts"; // in your project: from "dcs-backup-records"

function fail(line: string): never {
  console.error(line);
  process.exit(2);
}
const env = (name: string, also = "") => process.env[name] || fail(`${name} is not set${also}.`);

const instances = process.argv.slice(2);
if (instances.length === 0) fail("Usage: node examples/stale-instances.ts INSTANCE...");

const token = process.env.DCS_AUTH_TOKEN;
const client = createDcsClient({
  endpoint: env("DCS_ENDPOINT"),
  projectId: env("DCS_PROJECT_ID"),
  credentials: token
    ? { token }
    : { accessKey: env("DCS_ACCESS_KEY", ", nor is DCS_AUTH_TOKEN"), secretKey: env("DCS_SECRET_KEY") },
});
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 60 * 60 * 1000);

async function isFresh(instance: string): Promise<boolean> {
  // A backup that succeeded in the last 24 hours may have begun earlier. The loop stops fetching at the first fresh one.
  for await (const { status, updated_at } of client.backupRecords(instance, { beginTime: hoursAgo(48) })) {
    if (status === "succeed" && updated_at && new Date(updated_at) >= hoursAgo(24)) return true;
  }
  return false;
}

for (const instance of instances) {
  if (await isFresh(instance).catch((error) => fail(`${instance}: ${error.message}`))) continue;
  console.log(instance);
  process.exitCode = 1;
}
