import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const duplicates: Rule = {
  id: "duplicates",
  severity: "warning",
  title: "No backup is listed twice on a page",
  source: "record.backup_id",
  page({ records }) {
    if (records.length < 2) return undefined;
    const ids = new Set(records.map(({ record }) => record.backup_id));
    if (ids.size === records.length) return fine; // as on most pages
    const seen = new Set<unknown>();
    return records.flatMap(({ record: { backup_id }, pointer }) => {
      if (typeof backup_id !== "string" || !seen.has(backup_id)) {
        seen.add(backup_id);
        return fine;
      }
      const message = "The backup is listed twice";
      return [{ message, pointer: `${pointer}/backup_id`, actual: backup_id }];
    });
  },
};
