import httpx

from models import BackupStatus, ErrorResponse, ListBackupRecordsResponse
from program import Call, Failure, Page, run


def list_backup_records(call: Call) -> Page | Failure:
    path = f"/v2/{call.project_id}/instances/{call.instance_id}/backups"
    response = httpx.get(
        call.base_url + path,
        params={name: str(value) for name, value in call.query.items()},
        headers={"X-Auth-Token": call.token},
    )
    if response.is_success:
        page = ListBackupRecordsResponse.model_validate_json(response.content)
        return Page(page.total_num, page.backup_record_response or ())
    error = ErrorResponse.model_validate_json(response.content)
    return Failure(response.status_code, error.error_code, error.error_msg)


run(list_backup_records, BackupStatus.succeed)
