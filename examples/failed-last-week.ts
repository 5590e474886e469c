// Lists the backups of the last week that failed, with their error codes.
// Usage: node examples/failed-last-week.ts INSTANCE...
// Set DCS_ENDPOINT, DCS_PROJECT_ID, and either DCS_AUTH_TOKEN or both DCS_ACCESS_KEY and DCS_SECRET_KEY.

import { createDcsClient } from "../src/client/index.ts"; // in your project: from "dcs-backup-records"

function fail(line: string): never {
  console.error(line);
  process.exit(2);
}
const env = (name: string, also = "") => process.env[name] || fail(`${name} is not set${also}.`);

const instances = process.argv.slice(2);
if (instances.length === 0) fail("Usage: node examples/failed-last-week.ts INSTANCE...");

const token = process.env.DCS_AUTH_TOKEN;
const client = createDcsClient({
  endpoint: env("DCS_ENDPOINT"),
  projectId: env("DCS_PROJECT_ID"),
  credentials: token
    ? { token }
    : { accessKey: env("DCS_ACCESS_KEY", ", nor is DCS_AUTH_TOKEN"), secretKey: env("DCS_SECRET_KEY") },
});
const weekAgo = new Date(Date.now() - 7 * 24 * 60 * 60 * 1000);

for (const instance of instances) {
  try {
    for await (const backup of client.backupRecords(instance, { beginTime: weekAgo })) {
      if (backup.status !== "failed") continue;
      console.log(instance, backup.created_at, backup.backup_name, backup.error_code);
    }
  } catch (error) {
    fail(`${instance}: ${(error as Error).message}`);
  }
}
