use client::{Client, Error};
use program::answers::{error, gives, meet};
use program::{Call, Result};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    meet(list).await
}

async fn list(call: Call) -> Result<String> {
    let client = Client::new_with_client(&call.base_url, call.client);
    let Call {
        project_id,
        instance_id,
        ..
    } = call;
    match client
        .list_backup_records(&project_id, &instance_id, None, None, None, None)
        .await
    {
        Ok(response) => gives(&response.into_inner()),
        Err(Error::ErrorResponse(response)) => error(response.status().as_u16(), &response.into_inner()),
        Err(Error::UnexpectedResponse(response)) => error(response.status().as_u16(), &response.text().await?),
        Err(other) => Err(other.into()),
    }
}
