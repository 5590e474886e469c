from openapi_client import (
    ApiClient,
    ApiException,
    BackupsApi,
    BackupStatus,
    Configuration,
    ErrorResponse,
)
from program import Call, Failure, Page, run


def list_backup_records(call: Call) -> Page | Failure:
    configuration = Configuration(call.base_url, api_key={"AuthToken": call.token})
    with ApiClient(configuration) as client:
        try:
            page = BackupsApi(client).list_backup_records(
                call.project_id, call.instance_id, **call.query
            )
        except ApiException as error:
            body = error.data
            if not isinstance(body, ErrorResponse):
                raise
            return Failure(error.status, body.error_code, body.error_msg)
    return Page(page.total_num, page.backup_record_response or ())


run(list_backup_records, BackupStatus.SUCCEED)
