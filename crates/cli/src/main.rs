//! `tieline`: reads news and shows who relates to whom.

use std::process::ExitCode;

fn main() -> ExitCode {
    tieline_cli::main()
}
