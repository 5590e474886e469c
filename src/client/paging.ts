// Every record of a list, page by page. Huawei Cloud documents neither how the list is ordered nor whether `total_num`
// counts the page or the whole list, so this works with both, and ends whatever the server does.

import type { BackupRecord, BackupRecordsPage } from "./page.ts";

/** Largest `limit` that later revisions of the reference page document. A server may cut down a larger one. */
const maxLimit = 1000;

/** Fetches a page when its first record is asked for, and not earlier. */
export async function* allRecords(
  list: (limit: number, offset: number) => Promise<BackupRecordsPage>,
  limit: number,
): AsyncGenerator<BackupRecord, void, undefined> {
  const seen = new Set<string>();
  let previous: BackupRecord[] = [];
  for (let offset = 0; ; ) {
    const { total_num = 0, backup_record_response: records } = await list(limit, offset);
    offset += records.length;
    const hasMore = total_num > offset;
    const withId = records.filter(hasId);
    const isNew = new Set(withId.filter(({ backup_id }) => seen.size < seen.add(String(backup_id)).size));
    if (isNew.size === 0 && identity(records) === identity(previous)) return;
    for (const record of records) if (isNew.has(record) || !hasId(record)) yield record;

    const bringsNothingNew = withId.length > 0 && isNew.size === 0;
    const isEndOfTotal = total_num > records.length && !hasMore;
    const isShort = records.length < limit && limit <= maxLimit && !hasMore;
    if (records.length === 0 || bringsNothingNew || isEndOfTotal || isShort) return;
    previous = records;
  }
}

/** An empty id is none. */
const hasId = ({ backup_id }: BackupRecord): boolean => ![undefined, ""].includes(backup_id);

/** What does not change while a backup is running. */
const identity = (records: BackupRecord[]) =>
  JSON.stringify(records.map(({ backup_id, backup_name, created_at }) => [backup_id, backup_name, created_at]));
