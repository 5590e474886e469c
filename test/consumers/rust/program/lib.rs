//! The program of every Rust row (../../wire.ts says what it prints). A row brings the call, and the record, as its
//! generated code makes them.

pub mod answers;

use std::any::type_name;
use std::env::var;
use std::error::Error;

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use reqwest::header::{HeaderMap, HeaderValue};
use serde::Serialize;

pub struct Call {
    pub base_url: String,
    /// Sends the token with every request.
    pub client: reqwest::Client,
    pub project_id: String,
    pub instance_id: String,
    pub begin_time: Option<&'static str>,
    pub end_time: Option<&'static str>,
    pub limit: Option<i32>,
    pub offset: Option<i32>,
}

pub enum Answer<R> {
    Page {
        total_num: Option<i32>,
        records: Vec<R>,
    },
    Failure {
        status: u16,
        error_code: Option<String>,
        error_msg: Option<String>,
    },
}

pub trait Record: Serialize {
    fn fields(&self) -> [(&'static str, String); 13];
    /// Of size, created_at and status.
    fn types(&self) -> [String; 3];
    /// How one writes the status `succeed`, if it is this record's.
    fn succeed(&self) -> Option<&'static str>;
}

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub async fn run<R: Record>(list: impl AsyncFn(Call) -> Result<Answer<R>>) -> Result<()> {
    for name in ["OneManualBackup", "EveryStatus"] {
        let (total_num, records) = page(list(call(name)?).await?)?;
        println!("{name}.total_num: {}", show(&total_num));
        for (index, record) in records.iter().enumerate() {
            for (field, value) in record.fields() {
                println!("{name}.{index}.{field}: {value}");
            }
        }
        if name == "OneManualBackup" {
            print_types(records.first().ok_or("no record was read")?);
        }
    }

    let filtered = Call {
        begin_time: Some("20190501000000"),
        end_time: Some("20190531235959"),
        limit: Some(2),
        offset: Some(4),
        ..call("Filtered")?
    };
    let (total_num, _) = page(list(filtered).await?)?;
    println!("Filtered.total_num: {}", show(&total_num));

    for name in ["InvalidOffset", "BackupQueryFailed"] {
        let Answer::Failure {
            status,
            error_code,
            error_msg,
        } = list(call(name)?).await?
        else {
            return Err("a page where a failure was due".into());
        };
        println!("{name}.status: {status}");
        println!("{name}.error_code: {}", show(&error_code));
        println!("{name}.error_msg: {}", show(&error_msg));
    }

    println!(
        "UnknownStatus: {}",
        match first(list(call("UnknownStatus")?).await) {
            Ok(record) => field(&record, "status"),
            Err(error) => format!("fails: {}", cause(&*error)),
        }
    );
    println!(
        "UnknownField: {}",
        match first(list(call("UnknownField")?).await) {
            Ok(record) if serde_json::to_value(&record)?.get("storage_class").is_some() => "kept".into(),
            Ok(_) => "dropped".into(),
            Err(error) => format!("fails: {}", cause(&*error)),
        }
    );
    Ok(())
}

pub fn show<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map_or("null".into(), T::to_string)
}

pub fn show_time<Z: TimeZone>(value: &Option<DateTime<Z>>) -> String {
    let utc = value.as_ref().map(|time| time.with_timezone(&Utc));
    show(&utc.map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true)))
}

/// The type as one writes it: `Option<i64>` for `core::option::Option<i64>`.
pub fn type_of<T>(_: &T) -> String {
    let parts = type_name::<T>().split('<');
    let names = parts.map(|part| part.rsplit("::").next().unwrap_or(part));
    names.collect::<Vec<_>>().join("<")
}

fn call(name: &str) -> Result<Call> {
    let token = HeaderValue::try_from(var("TOKEN")?)?;
    let headers = HeaderMap::from_iter([("X-Auth-Token".parse()?, token)]);
    Ok(Call {
        base_url: format!("{}/{name}", var("BASE_URL")?),
        client: reqwest::Client::builder().default_headers(headers).build()?,
        project_id: var("PROJECT_ID")?,
        instance_id: var("INSTANCE_ID")?,
        begin_time: None,
        end_time: None,
        limit: None,
        offset: None,
    })
}

fn page<R>(answer: Answer<R>) -> Result<(Option<i32>, Vec<R>)> {
    match answer {
        Answer::Page { total_num, records } => Ok((total_num, records)),
        Answer::Failure { status, .. } => Err(format!("status {status}, and no page").into()),
    }
}

fn first<R>(answer: Result<Answer<R>>) -> Result<R> {
    let (_, records) = page(answer?)?;
    Ok(records.into_iter().next().ok_or("no record was read")?)
}

fn field<R: Record>(record: &R, name: &str) -> String {
    let found = record.fields().into_iter().find(|(field, _)| *field == name);
    found.map_or("null".into(), |(_, value)| value)
}

fn print_types<R: Record>(record: &R) {
    let [size, created_at, status] = record.types();
    println!("type.size: {size}");
    println!("type.created_at: {created_at}");
    println!("type.status: {status}");
    if let Some(succeed) = record.succeed() {
        println!("type.succeed: {succeed}");
    }
}

/// The innermost error: what is wrong, without where it went through.
fn cause(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), cause)
}
