//! The program of every Rust row that meets the later service's answers (../../answers.ts says what it prints). A row brings
//! the call, which returns the line of one answer.

use std::env::var;
use std::fmt::Debug;

use super::{Call, Result, call, cause};

pub async fn meet(list: impl AsyncFn(Call) -> Result<String>) -> Result<()> {
    for name in var("CASES")?.split(' ') {
        let outcome = list(call(name)?).await;
        let line = outcome.unwrap_or_else(|error| format!("crash {}", cause(&*error)));
        println!("{name}: {}", line.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    Ok(())
}

pub fn gives(value: &impl Debug) -> Result<String> {
    Ok(format!("gives {value:?}"))
}

/// The error of the client that names the server's answer, with what it gives of it.
pub fn error(status: u16, answer: &impl Debug) -> Result<String> {
    Ok(format!("error {status} {answer:?}"))
}
