//! Reads OpenAPI documents with the crate of their version: openapiv3 for 3.0, oas3 for 3.1. Neither follows
//! references by itself, so that is done here, in what the crate made of the document.

use std::env::args;
use std::error::Error;
use std::fs::read_to_string;
use std::process::ExitCode;

use serde_json::{Value, to_value};

fn main() -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for file in args().skip(1) {
        for complaint in read(&file).unwrap_or_else(|error| vec![error.to_string()]) {
            eprintln!("{file}: {complaint}");
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn read(file: &str) -> Result<Vec<String>, Box<dyn Error>> {
    // All that is JSON is YAML.
    let text = read_to_string(file)?;
    let version = &yaml_serde::from_str::<Value>(&text)?["openapi"];
    let document = match version.as_str().and_then(|version| version.get(..3)) {
        Some("3.0") => to_value(yaml_serde::from_str::<openapiv3::OpenAPI>(&text)?)?,
        Some("3.1") => to_value(oas3::from_yaml(&text)?)?,
        _ => return Err(format!("neither crate reads OpenAPI {version}").into()),
    };
    Ok(dangling(&document, &document))
}

/// References that lead nowhere.
fn dangling(node: &Value, document: &Value) -> Vec<String> {
    match node {
        Value::Array(items) => items.iter().flat_map(|item| dangling(item, document)).collect(),
        Value::Object(fields) => match fields.get("$ref") {
            Some(Value::String(reference)) if leads_nowhere(reference, document) => {
                vec![format!("{reference} is not there")]
            }
            _ => fields.values().flat_map(|field| dangling(field, document)).collect(),
        },
        _ => vec![],
    }
}

fn leads_nowhere(reference: &str, document: &Value) -> bool {
    let target = reference
        .strip_prefix('#')
        .and_then(|pointer| document.pointer(pointer));
    target.is_none()
}
