//! The rules of the house, held by tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of the crates of the workspace, `lab` included, in order.
fn crates() -> Vec<String> {
    let entries = fs::read_dir(root().join("crates")).expect("the folder of crates");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

/// Names in the tables of dependencies of a manifest, without those that only tests use.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = matches!(line, "[dependencies]" | "[build-dependencies]");
        } else if let Some((name, _)) = line.split_once('=').filter(|_| inside) {
            let name = name.trim().trim_end_matches(".workspace");
            found.insert(name.to_owned());
        }
    }
    found
}

/// The table of allowed edges in docs/architecture.md: rows ``| `crate` | what | may use | … |``.
fn allowed_edges() -> BTreeMap<String, BTreeSet<String>> {
    let page = read(&root().join("docs/architecture.md"));
    let names = |cell: &str| {
        let parts: Vec<&str> = cell.split('`').collect();
        let inside = parts.iter().skip(1).step_by(2);
        inside
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    page.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [_, room, _, uses, ..] = cells.as_slice() else {
                return None;
            };
            let room = room.strip_prefix("`crates/")?.strip_suffix('`')?;
            Some((room.to_owned(), names(uses)))
        })
        .collect()
}

#[test]
fn crates_use_only_what_the_table_allows() {
    let allowed = allowed_edges();
    let rooms: Vec<&String> = allowed.keys().collect();
    assert_eq!(
        rooms,
        crates().iter().collect::<Vec<_>>(),
        "rows of docs/architecture.md"
    );
    for name in crates() {
        let manifest = read(&root().join("crates").join(&name).join("Cargo.toml"));
        for dependency in dependencies(&manifest) {
            let Some(other) = dependency.strip_prefix("tieline-") else {
                continue;
            };
            assert!(
                allowed[&name].contains(other),
                "crates/{name} uses {other}, which docs/architecture.md does not allow"
            );
        }
    }
}

#[test]
fn every_package_has_a_reason() {
    let reasons = read(&root().join("docs/design.md"));
    let mut used = BTreeSet::new();
    for name in crates() {
        let manifest = read(&root().join("crates").join(&name).join("Cargo.toml"));
        used.extend(dependencies(&manifest));
    }
    used.retain(|name| !name.starts_with("tieline-"));
    assert!(!used.is_empty());
    for name in &used {
        assert!(
            reasons.contains(&format!("- `{name}`: ")),
            "docs/design.md gives no reason for the package {name}"
        );
    }
}

#[test]
fn versions_and_lints_stand_in_the_root_manifest() {
    for name in crates() {
        let manifest = read(&root().join("crates").join(&name).join("Cargo.toml"));
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "crates/{name}: lints"
        );
        assert!(
            manifest.contains(&format!("name = \"tieline-{name}\"")),
            "crates/{name}: name"
        );
        for line in manifest.lines() {
            assert!(
                !line.contains("version = \"") && !line.contains("path = \".."),
                "crates/{name}: {line:?} belongs into the root manifest"
            );
        }
    }
}

/// All files of the repository under a folder, without what Cargo builds.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Most lines of a source file.
const LONGEST: usize = 900;

#[test]
fn no_source_file_is_a_hall() {
    let mut sources = Vec::new();
    for folder in ["crates", "tests"] {
        files(&root().join(folder), &mut sources);
    }
    sources.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    assert!(20 < sources.len(), "sources are found");
    for path in sources {
        let lines = read(&path).lines().count();
        assert!(
            lines <= LONGEST,
            "{}: {lines} lines, at most {LONGEST}",
            path.display()
        );
    }
}

#[test]
fn lexicons_say_where_they_come_from() {
    let mut tables = Vec::new();
    files(&root().join("seeds/lexicons"), &mut tables);
    for path in tables {
        let text = read(&path);
        let name = path.display();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("#! lexicon 1"), "{name}: first line");
        let head: Vec<&str> = lines.take_while(|line| line.starts_with('#')).collect();
        for word in ["# source: ", "# licence: ", "# columns: "] {
            assert!(
                head.iter().any(|line| line.starts_with(word)),
                "{name}: no `{word}…`"
            );
        }
        let mut seen = BTreeSet::new();
        let mut columns = None;
        for row in text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
        {
            let n = row.split('\t').count();
            assert_eq!(*columns.get_or_insert(n), n, "{name}: columns of {row:?}");
            assert!(seen.insert(row), "{name}: {row:?} stands twice");
        }
        assert!(!seen.is_empty(), "{name}: no rows");
    }
}

#[test]
fn demo_articles_are_articles() {
    let mut articles = Vec::new();
    files(&root().join("seeds/demo"), &mut articles);
    assert!((6..=10).contains(&articles.len()), "six to ten of them");
    for path in articles {
        let text = read(&path);
        let words = text.split_whitespace().count();
        assert!(
            (150..=400).contains(&words),
            "{}: {words} words",
            path.display()
        );
        let headline = text.lines().next().unwrap_or_default();
        assert!(
            !headline.ends_with('.'),
            "{}: {headline:?} is no headline",
            path.display()
        );
    }
}
