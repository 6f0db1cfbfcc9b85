//! What a user sees: every `console` block of the guide and of `tests/console` is run, and
//! must print what stands below its command. `BLESS=1` writes what it prints, and the pictures.
//!
//! A block is `$ tieline …` and the output; errors stand in it too. `| head -n N` cuts the output.
//! Commands run from the top of the repository; files that they write go to a scratch folder.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::{root, scratch, tieline};

/// Splits a command line at blanks outside quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut open) = (Vec::new(), String::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (Some(_), c) => word.push(c),
            (None, '\'' | '"') => (quote, open) = (Some(c), true),
            (None, c) if c.is_whitespace() => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (None, c) => word.push(c),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Runs a command line; gives output and errors, without the folders of this machine.
fn run(line: &str, folder: &Path) -> String {
    let (line, limit) = match line.split_once(" | head -n ") {
        Some((line, n)) => (line, n.trim().parse().expect("a number of lines")),
        None => (line, usize::MAX),
    };
    let mut args = words(line);
    assert_eq!(args.first().map(String::as_str), Some("tieline"), "{line}");
    args.remove(0);
    let own = [
        ".tieline", ".svg", ".dot", ".jsonl", ".graphml", ".gexf", ".ttl", ".csv", "/",
    ];
    let mut output = false;
    for arg in &mut args {
        let seed = arg.starts_with("seeds/") || arg.starts_with("tests/");
        if seed {
            *arg = root().join(&*arg).to_string_lossy().into_owned();
        } else if output || own.iter().any(|end| arg.ends_with(end)) {
            let path = folder.join(
                arg.rsplit_once("pictures/")
                    .map_or(&**arg, |(_, name)| name),
            );
            *arg = path.to_string_lossy().into_owned();
        }
        output = arg == "-o";
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (status, out, err) = tieline(&args);
    let mut text = format!("{out}{err}");
    if status == 2 {
        text.push_str("[exit status 2]\n");
    }
    for prefix in [folder.to_owned(), root()] {
        let prefix = prefix.to_string_lossy();
        text = text
            .replace(&format!("{prefix}/"), "")
            .replace(&*prefix, "");
    }
    let n_lines = text.lines().count();
    let mut shown: String = text
        .lines()
        .take(limit)
        .map(|line| format!("{line}\n"))
        .collect();
    if limit < n_lines {
        let _ = writeln!(shown, "…");
    }
    shown
}

fn files() -> Vec<PathBuf> {
    let folder = root().join("tests/console");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("cases of commands")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    files.push(root().join("docs/guide.md"));
    files.sort();
    files
}

#[test]
fn commands_print_what_the_guide_says() {
    let bless = env::var_os("BLESS").is_some() && env::var_os("CI").is_none();
    let mut failures = String::new();
    let mut n_blocks = 0;
    for file in files() {
        let folder = scratch(&format!(
            "console-{}",
            file.file_stem().unwrap_or_default().to_string_lossy()
        ));
        let text = fs::read_to_string(&file).expect("a case");
        let mut rest = text.as_str();
        let mut new = String::new();
        while let Some((before, block)) = rest.split_once("```console\n$ ") {
            let (block, after) = block.split_once("```").expect("the end of a block");
            let (line, want) = block.split_once('\n').expect("a command on a line");
            n_blocks += 1;
            let got = run(line, &folder);
            if got != want {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                let _ = write!(failures, "\n{name}: {line}\nexpected:\n{want}got:\n{got}");
            }
            let _ = write!(new, "{before}```console\n$ {line}\n{got}```");
            rest = after;
        }
        new.push_str(rest);
        if bless {
            fs::write(&file, new).expect("the case is written");
        }
        // Pictures of the guide are those that its commands draw.
        for picture in fs::read_dir(&folder).expect("the scratch folder").flatten() {
            let path = picture.path();
            if file.ends_with("guide.md") && path.extension().is_some_and(|end| end == "svg") {
                let kept = root().join("docs/pictures").join(picture.file_name());
                let here = format!("{}/", root().to_string_lossy());
                let drawn = fs::read_to_string(&path).expect("a picture");
                let drawn = drawn.replace(&here, "");
                if bless {
                    fs::create_dir_all(root().join("docs/pictures")).expect("a folder");
                    fs::write(&kept, &drawn).expect("the picture is written");
                } else if fs::read_to_string(&kept).ok() != Some(drawn) {
                    let _ = write!(failures, "\n{} is not what is drawn", kept.display());
                }
            }
        }
    }
    assert!(n_blocks > 20, "only {n_blocks} commands");
    assert!(bless || failures.is_empty(), "{failures}");
}
