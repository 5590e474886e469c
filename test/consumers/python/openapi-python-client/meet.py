from answers import Call, Failure, run
from dcs_backup_records_client import AuthenticatedClient
from dcs_backup_records_client.api.backups import list_backup_records


def call_with_client(call: Call) -> object:
    with AuthenticatedClient(
        call.base_url, call.token, prefix="", auth_header_name="X-Auth-Token"
    ) as client:
        response = list_backup_records.sync_detailed(
            call.project_id, call.instance_id, client=client
        )
    if response.status_code < 400:
        return response.parsed
    return Failure(response.status_code, response.parsed or response.content.decode())


run(call_with_client)
