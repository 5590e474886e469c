use client::types::{BackupRecordResponse, BackupStatus};
use client::{Client, Error};
use program::{Answer, Call, Record, Result, run, show, show_time, type_of};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    run(list).await
}

async fn list(call: Call) -> Result<Answer<Backup>> {
    let client = Client::new_with_client(&call.base_url, call.client);
    let begin_time = call.begin_time.map(str::parse).transpose()?;
    let end_time = call.end_time.map(str::parse).transpose()?;
    let response = client
        .list_backup_records(
            &call.project_id,
            &call.instance_id,
            begin_time.as_ref(),
            end_time.as_ref(),
            call.limit,
            call.offset,
        )
        .await;
    match response {
        Ok(response) => {
            let page = response.into_inner();
            Ok(Answer::Page {
                total_num: page.total_num,
                records: page.backup_record_response.into_iter().map(Backup).collect(),
            })
        }
        Err(Error::ErrorResponse(response)) => Ok(Answer::Failure {
            status: response.status().as_u16(),
            error_code: response.error_code.as_deref().cloned(),
            error_msg: response.error_msg.as_deref().cloned(),
        }),
        Err(error) => Err(error.into()),
    }
}

#[derive(serde::Serialize)]
struct Backup(BackupRecordResponse);

impl Record for Backup {
    fn fields(&self) -> [(&'static str, String); 13] {
        let Backup(record) = self;
        [
            ("backup_id", show(&record.backup_id)),
            ("period", show(&record.period)),
            ("backup_name", show(&record.backup_name)),
            ("instance_id", show(&record.instance_id)),
            ("size", show(&record.size)),
            ("backup_type", show(&record.backup_type)),
            ("created_at", show_time(&record.created_at)),
            ("updated_at", show_time(&record.updated_at)),
            ("progress", show(&record.progress)),
            ("error_code", show(&record.error_code)),
            ("remark", show(&record.remark)),
            ("status", show(&record.status)),
            ("is_support_restore", show(&record.is_support_restore)),
        ]
    }

    fn types(&self) -> [String; 3] {
        let Backup(record) = self;
        [
            type_of(&record.size),
            type_of(&record.created_at),
            type_of(&record.status),
        ]
    }

    fn succeed(&self) -> Option<&'static str> {
        (self.0.status == Some(BackupStatus::Succeed)).then_some("BackupStatus::Succeed")
    }
}
