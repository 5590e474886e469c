"""Lists all backup records with the vendor's own SDK, signed, as its users do: a page, then the next one.

Prints the IDs of the backups, one a line. The endpoint, the keys and the IDs come from the environment.
"""

import os

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkdcs.v2 import DcsClient, ListBackupRecordsRequest

credentials = BasicCredentials(
    os.environ["DCS_ACCESS_KEY"], os.environ["DCS_SECRET_KEY"], os.environ["DCS_PROJECT_ID"]
)
client = DcsClient.new_builder().with_credentials(credentials).with_endpoint(os.environ["DCS_ENDPOINT"]).build()

offset = 0
while True:
    request = ListBackupRecordsRequest(instance_id=os.environ["DCS_INSTANCE_ID"], limit=100, offset=offset)
    page = client.list_backup_records(request)
    for record in page.backup_record_response:
        print(record.backup_id)
    offset += len(page.backup_record_response)
    if offset >= page.total_num or not page.backup_record_response:
        break
