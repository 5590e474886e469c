import { type BackupRecord, run } from "../program.js";
import { type BackupRecordResponse, BackupStatus } from "./api/index.js";
import { list } from "./list.js";

await run({
  async list(call) {
    const { status, page, failure } = await list(call);
    return {
      status,
      page: page && { total_num: page.totalNum, backup_record_response: page.backupRecordResponse?.map(record) },
      failure: failure && { error_code: failure.errorCode, error_msg: failure.errorMsg },
    };
  },
  succeed: BackupStatus.Succeed,
  spelling: "BackupStatus.Succeed",
  statusType: "BackupStatus",
});

function record(record: BackupRecordResponse): BackupRecord {
  return {
    backup_id: record.backupId,
    period: record.period,
    backup_name: record.backupName,
    instance_id: record.instanceId,
    size: record.size,
    backup_type: record.backupType,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    progress: record.progress,
    error_code: record.errorCode,
    remark: record.remark,
    status: record.status,
    is_support_restore: record.isSupportRestore,
  };
}
