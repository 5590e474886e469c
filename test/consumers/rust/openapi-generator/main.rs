use openapi::apis::backups_api::{list_backup_records, ListBackupRecordsError};
use openapi::apis::{configuration::Configuration, Error};
use openapi::models::{BackupRecordResponse, BackupStatus};
use program::{run, show, show_time, type_of, Answer, Call, Record, Result};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    run(list).await
}

async fn list(call: Call) -> Result<Answer<Backup>> {
    // Not `api_key`, which would put the token into the header of the other security scheme too.
    let configuration = Configuration {
        base_path: call.base_url,
        client: call.client,
        ..Default::default()
    };
    let response = list_backup_records(
        &configuration,
        &call.project_id,
        &call.instance_id,
        call.begin_time,
        call.end_time,
        call.limit,
        call.offset,
    )
    .await;
    match response {
        Ok(page) => {
            let records = page.backup_record_response.unwrap_or_default();
            Ok(Answer::Page {
                total_num: page.total_num,
                records: records.into_iter().map(Backup).collect(),
            })
        }
        Err(Error::ResponseError(response)) => match response.entity {
            Some(ListBackupRecordsError::Status400(error) | ListBackupRecordsError::Status500(error)) => {
                Ok(Answer::Failure {
                    status: response.status.as_u16(),
                    error_code: error.error_code,
                    error_msg: error.error_msg,
                })
            }
            _ => Err(response.content.into()),
        },
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
            ("period", show(&record.period.clone().flatten())),
            ("backup_name", show(&record.backup_name)),
            ("instance_id", show(&record.instance_id)),
            ("size", show(&record.size)),
            ("backup_type", show(&record.backup_type)),
            ("created_at", show_time(&record.created_at)),
            ("updated_at", show_time(&record.updated_at)),
            ("progress", show(&record.progress)),
            ("error_code", show(&record.error_code.clone().flatten())),
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
