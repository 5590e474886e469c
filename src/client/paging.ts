// Every record of a list, page by page. Huawei Cloud documents neither how the list is ordered nor whether `total_num`
// counts the page or the whole list, so this works with both, and ends whatever the server does.

import type { BackupRecordResponse } from "../../generated/types.ts";
import { IdSet } from "./id-set.ts";
import type { BackupRecordsPage } from "./page.ts";

/** Largest `limit` that later revisions of the reference page document. A server may cut down a larger one. */
const maxLimit = 1000;

/** Fetches a page when its first record is asked for, and not earlier. */
export async function* allRecords(
  list: (limit: number, offset: number) => Promise<BackupRecordsPage>,
  limit: number,
): AsyncGenerator<BackupRecordResponse, void, undefined> {
  const seen = new IdSet();
  let previous: BackupRecordResponse[] = [];
  for (let offset = 0; ; ) {
    const { total_num = 0, backup_record_response: records } = await list(limit, offset);
    offset += records.length;
    const withId = records.filter(hasId);
    const isNew = new Set(withId.filter(({ backup_id }) => seen.add(backup_id)));
    const bringsNothing = isNew.size === 0 && JSON.stringify(records) === JSON.stringify(previous);
    if (bringsNothing) return;
    for (const record of records) if (!hasId(record) || isNew.has(record)) yield record;

    const ignoresOffset = withId.length > 0 && isNew.size === 0;
    const hasMore = total_num > offset;
    const isEndOfTotal = total_num > records.length && !hasMore;
    const isShort = records.length < limit && limit <= maxLimit && !hasMore;
    if (records.length === 0 || ignoresOffset || isEndOfTotal || isShort) return;
    previous = records;
  }
}

const hasId = (record: BackupRecordResponse): record is BackupRecordResponse & { backup_id: string } =>
  typeof record.backup_id === "string";
