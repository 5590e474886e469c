//! What a user of progenitor writes into a build script, as a command: `generate DOCUMENT OUTPUT`. The tool
//! `cargo progenitor` writes the same code, but its installation compiles all of its dependencies once more.

use std::env::args;
use std::error::Error;
use std::fs::{File, write};

use progenitor::Generator;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = args().skip(1);
    let document = arguments.next().ok_or("no document")?;
    let output = arguments.next().ok_or("no output")?;
    let tokens = Generator::default().generate_tokens(&serde_json::from_reader(File::open(document)?)?)?;
    Ok(write(output, prettyplease::unparse(&syn::parse2(tokens)?))?)
}
