import httpx

from answers import Call, Failure, run
from models import ErrorResponse, ListBackupRecordsResponse


def list_backup_records(call: Call) -> object:
    path = f"/v2/{call.project_id}/instances/{call.instance_id}/backups"
    headers = {"X-Auth-Token": call.token}
    response = httpx.get(call.base_url + path, headers=headers)
    if response.is_success:
        return ListBackupRecordsResponse.model_validate_json(response.content)
    error = ErrorResponse.model_validate_json(response.content)
    return Failure(response.status_code, error)


run(list_backup_records)
