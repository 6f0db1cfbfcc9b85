//! The tables of `seeds/lexicons`: every row parses, is unique, and stands in order.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use tieline_data::LEXICONS;
use tieline_extract::{LEXICON_TABLES, Lexicons};

#[test]
fn tables_parse_quickly() {
    let start = Instant::now();
    let lexicons = Lexicons::parse(LEXICONS).unwrap();
    let time = start.elapsed();
    assert!(200 < lexicons.countries.len(), "countries");
    assert!(150 < lexicons.organisations.len(), "organisations");
    let limit = if cfg!(debug_assertions) { 400 } else { 100 };
    assert!(
        time.as_millis() < limit,
        "{time:?}; a loaded machine may take some times 20 ms"
    );
    let size: usize = LEXICONS.iter().map(|(_, text)| text.len()).sum();
    assert!(size < 1_500_000, "{size} bytes");
}

#[test]
fn rows_are_sorted_and_unique() {
    for (name, text) in LEXICONS {
        let is_row = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let rows: Vec<&str> = text.lines().filter(is_row).collect();
        assert!(!rows.is_empty(), "{name}");
        for pair in rows.windows(2) {
            assert!(
                pair[0] < pair[1],
                "{name}: {:?} before {:?}",
                pair[0],
                pair[1]
            );
        }
        for row in rows {
            let clean = row.split('\t').all(|column| column == column.trim());
            assert!(clean, "{name}: spaces around a column of {row:?}");
        }
    }
}

#[test]
fn heads_say_source_and_licence() {
    for (name, text) in LEXICONS {
        for field in ["# source: ", "# licence: ", "# columns: "] {
            let lines = text.lines().filter(|line| line.starts_with(field));
            assert_eq!(lines.count(), 1, "{name}: {field}");
        }
    }
}

#[test]
fn every_file_is_carried() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds/lexicons");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // the words of the name tagger are compiled into its model
        let own = path.extension().is_some_and(|end| end == "tsv");
        if own && !path.ends_with("name_words.tsv") {
            found.insert(path.file_stem().unwrap().to_string_lossy().into_owned());
        }
    }
    let carried: BTreeSet<String> = LEXICONS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let known: BTreeSet<String> = LEXICON_TABLES
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(found, carried);
    assert_eq!(known, carried);
}

#[test]
fn countries_are_told_by_their_forms() {
    let lexicons = Lexicons::parse(LEXICONS).unwrap();
    // name, form, key of the country
    let cases = [
        ("long name", "United States of America", "US"),
        ("abbreviation", "U.K.", "GB"),
        ("plural", "Ukrainians", "UA"),
        ("irregular people", "Danes", "DK"),
        ("adjective", "Dutch", "NL"),
        ("capital", "Kyiv", "UA"),
        ("old spelling of a capital", "Kiev", "UA"),
        ("seat", "Kremlin", "RU"),
        ("no longer a state", "USSR", "SU"),
        ("not in ISO 3166", "Kosovo", "XK"),
    ];
    for (name, form, want) in cases {
        let keys: Vec<&str> = lexicons
            .senses(form)
            .iter()
            .filter_map(|sense| sense.country())
            .map(|idx| &*lexicons.countries[idx as usize].key)
            .collect();
        assert_eq!(keys, [want], "{name}");
    }
    for row in &lexicons.countries {
        assert!(!lexicons.senses(&row.name).is_empty(), "{}", row.name);
    }
}
