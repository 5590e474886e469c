use openapi::apis::backups_api::list_backup_records;
use openapi::apis::{configuration::Configuration, Error};
use program::answers::{error, gives, meet};
use program::{Call, Result};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    meet(list).await
}

async fn list(call: Call) -> Result<String> {
    // Not `api_key`, which would put the token into the header of the other security scheme too.
    let configuration = Configuration {
        base_path: call.base_url,
        client: call.client,
        ..Default::default()
    };
    match list_backup_records(
        &configuration,
        &call.project_id,
        &call.instance_id,
        None,
        None,
        None,
        None,
    )
    .await
    {
        Ok(page) => gives(&page),
        Err(Error::ResponseError(response)) => error(response.status.as_u16(), &response.content),
        Err(other) => Err(other.into()),
    }
}
