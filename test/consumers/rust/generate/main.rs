//! What a user of progenitor writes into a build script, as a command: `generate DOCUMENT OUTPUT`. The tool
//! `cargo progenitor` writes the same code, but its installation compiles all of its dependencies once more.

use std::env::args;
use std::error::Error;
use std::fs::{File, write};

use progenitor::Generator;
use serde_json::{Value, from_reader, from_value};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = args().skip(1);
    let document = arguments.next().ok_or("no document")?;
    let output = arguments.next().ok_or("no output")?;
    let mut document: Value = from_reader(File::open(document)?)?;
    // progenitor takes one type of success only. An answer 204 is then an `UnexpectedResponse`.
    let responses = &mut document["paths"]["/v2/{project_id}/instances/{instance_id}/backups"]["get"]["responses"];
    responses.as_object_mut().ok_or("no responses")?.remove("204");
    let tokens = Generator::default().generate_tokens(&from_value(document)?)?;
    Ok(write(output, prettyplease::unparse(&syn::parse2(tokens)?))?)
}
