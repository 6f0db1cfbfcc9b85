//! Golden cases, properties, and the rules of the house.

mod commands;
mod console;
mod countries;
mod entities;
mod golden;
mod identity;
mod lexicons;
mod own_rules;
mod picture;
mod rules;
mod sets;
mod store;
mod tidy;
mod why;

use std::path::{Path, PathBuf};

/// The top folder of the repository.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Runs the program; returns exit status, standard output and standard error.
fn tieline(args: &[&str]) -> (u8, String, String) {
    use tieline_cli::{Streams, run, terminal::Style};
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = std::iter::once("tieline").chain(args.iter().copied());
    let status = run(
        args.map(Into::into),
        &mut Streams {
            out: &mut out,
            err: &mut err,
            style: Style::PLAIN,
        },
    );
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    (status, text(out), text(err))
}

/// A folder of its own for one test, emptied first.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}
