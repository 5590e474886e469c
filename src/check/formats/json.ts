// The report as JSON, for programs. Its schema is report.schema.json.

import type { Report } from "../model/report.ts";

export const json = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;
