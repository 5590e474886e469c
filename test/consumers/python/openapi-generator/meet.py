from answers import Call, Failure, run
from openapi_client import ApiClient, ApiException, BackupsApi, Configuration


def list_backup_records(call: Call) -> object:
    configuration = Configuration(call.base_url, api_key={"AuthToken": call.token})
    with ApiClient(configuration) as client:
        try:
            return BackupsApi(client).list_backup_records(
                call.project_id, call.instance_id
            )
        except ApiException as error:
            return Failure(error.status, error.data or error.body)


run(list_backup_records)
