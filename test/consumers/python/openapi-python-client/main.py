from dcs_backup_records_client import AuthenticatedClient
from dcs_backup_records_client.api.backups import list_backup_records
from dcs_backup_records_client.models import (
    BackupStatus,
    ErrorResponse,
    ListBackupRecordsResponse,
)
from dcs_backup_records_client.types import UNSET
from program import Call, Failure, Page, run


def call_with_client(call: Call) -> Page | Failure:
    with AuthenticatedClient(
        call.base_url, call.token, prefix="", auth_header_name="X-Auth-Token"
    ) as client:
        response = list_backup_records.sync_detailed(
            call.project_id, call.instance_id, client=client, **call.query
        )
    match response.parsed:
        case ListBackupRecordsResponse() as page:
            return Page(page.total_num, page.backup_record_response or ())
        case ErrorResponse() as error:
            return Failure(response.status_code, error.error_code, error.error_msg)
        case None:
            raise RuntimeError(f"Status {response.status_code} is not documented")


run(call_with_client, BackupStatus.SUCCEED, absent=UNSET)
