import { type Answer, type BackupRecord, run } from "../program.js";
import {
  type BackupRecordResponse,
  BackupStatus,
  BackupsApi,
  Configuration,
  ErrorResponseFromJSON,
  ResponseError,
} from "./api/index.js";

await run({
  async list({ baseUrl, token, path, query }): Promise<Answer> {
    const api = new BackupsApi(new Configuration({ basePath: baseUrl, headers: { "X-Auth-Token": token } }));
    try {
      const { totalNum, backupRecordResponse } = await api.listBackupRecords({
        projectId: path.project_id,
        instanceId: path.instance_id,
        limit: query.limit,
        offset: query.offset,
        beginTime: query.begin_time,
        endTime: query.end_time,
      });
      return { status: 200, page: { total_num: totalNum, backup_record_response: backupRecordResponse?.map(record) } };
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      const { errorCode, errorMsg } = ErrorResponseFromJSON(await error.response.json());
      return { status: error.response.status, failure: { error_code: errorCode, error_msg: errorMsg } };
    }
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
