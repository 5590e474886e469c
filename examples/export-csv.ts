// Writes every backup record of an instance as CSV (RFC 4180), page by page.
// Usage: node examples/export-csv.ts INSTANCE > backups.csv
// Set DCS_ENDPOINT, DCS_PROJECT_ID, and either DCS_AUTH_TOKEN or both DCS_ACCESS_KEY and DCS_SECRET_KEY.

import { pipeline } from "node:stream/promises";
import { type BackupRecordResponse, createDcsClient } from "../src/client/index.ts"; // in your project: from "dcs-backup-records"

function fail(line: string): never {
  console.error(line);
  process.exit(2);
}
const env = (name: string, also = "") => process.env[name] || fail(`${name} is not set${also}.`);

const instance = process.argv[2] ?? fail("Usage: node examples/export-csv.ts INSTANCE");

const token = process.env.DCS_AUTH_TOKEN;
const client = createDcsClient({
  endpoint: env("DCS_ENDPOINT"),
  projectId: env("DCS_PROJECT_ID"),
  credentials: token
    ? { token }
    : { accessKey: env("DCS_ACCESS_KEY", ", nor is DCS_AUTH_TOKEN"), secretKey: env("DCS_SECRET_KEY") },
});
const header =
  "backup_id,backup_name,instance_id,backup_type,status,progress,size,period,created_at,updated_at,error_code,remark,is_support_restore";
const columns = header.split(",") as (keyof BackupRecordResponse)[];
const line = (values: unknown[]) =>
  `${values.map((value) => `"${String(value ?? "").replaceAll('"', '""')}"`).join(",")}\r\n`;

async function* lines() {
  yield line(columns);
  for await (const record of client.backupRecords(instance)) yield line(columns.map((column) => record[column]));
}

await pipeline(lines, process.stdout).catch((error) => fail(`${instance}: ${error.message}`));
