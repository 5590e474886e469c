// Servers whose pages and records have the right types but wrong values.

import { startServer } from "../../client/server.ts";
import { type Broken, cannotRun, departs, field, pages, records, warns } from "../broken.ts";
import { serve } from "../service.ts";

export const meanings: Broken[] = [
  cannotRun("it has no record for the selected rules", "judged", (conforming) => startServer(serve(conforming)), {
    records: [],
    options: { only: ["instance", "size"] },
  }),
  departs(
    "a page is {}",
    "page-fields",
    pages(() => ({})),
  ),
  departs(
    "a page has no total_num",
    "page-fields",
    pages(({ total_num, ...body }) => body),
  ),
  departs(
    "a page has its records in the field of API v1",
    "page-fields",
    pages(({ total_num, backup_record_response }) => ({ total_num, backup_records: backup_record_response })),
    { also: ["known-fields"] },
  ),
  warns("there is an extra field", "known-fields", field("execution_at", "2019-05-10T08:31:16.166Z")),
  warns("there is an extra status", "known-values", field("status", "paused")),
  warns("manual is Manual", "known-values", field("backup_type", "Manual")),
  warns("TRUE is true", "known-values", field("is_support_restore", "true")),
  warns("a failed backup has no error code", "failure-code", field("error_code", null)),
  warns(
    "a failed backup has no field for its error code",
    "failure-code",
    records(({ error_code, ...record }) => record),
  ),
  warns("a failed backup has an unknown error code", "failure-code", field("error_code", "dcs.08.9999")),
  warns(
    "backups end before they begin",
    "times",
    records(({ updated_at, ...record }) => ({
      ...record,
      ...(updated_at && { updated_at: "2001-01-01T00:00:00Z" }),
    })),
  ),
  warns("a size is negative", "size", field("size", -1)),
  warns("progress is over 100", "progress", field("progress", "100.01")),
  warns("progress has a percent sign", "progress", field("progress", "50%")),
  warns("progress is empty", "progress", field("progress", "")),
  departs(
    "records belong to another instance",
    "instance",
    field("instance_id", "0a1b2c3d-0000-4000-8000-000000000000"),
  ),
];
