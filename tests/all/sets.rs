//! The sets of sentences in `tests/cases/sets`, held to the bounds that the project promises.

#[path = "../../crates/lab/src/eval/sets.rs"]
mod judged;

use std::collections::BTreeSet;

use judged::{SETS, tally};

#[test]
fn sentences_give_what_they_say() {
    let pipeline = tieline_cli::load::load_pipeline().unwrap();
    let ontology = tieline_cli::load::load_ontology().unwrap();
    for set in &SETS {
        let tally = tally(set, &pipeline, &ontology);
        assert!(
            set.at_least <= tally.of_all(),
            "{}: {:.1} % right, {:.1} % of those found\n{}",
            set.name,
            tally.of_all(),
            tally.of_found(),
            tally.faults.join("\n")
        );
    }
}

#[test]
fn the_sets_are_large_and_without_doubles() {
    for (set, least) in SETS.iter().zip([300, 200, 270, 300]) {
        let rows: Vec<&str> = set
            .rows
            .lines()
            .filter(|row| !row.starts_with('#'))
            .collect();
        let distinct: BTreeSet<&&str> = rows.iter().collect();
        assert!(least <= rows.len(), "{}: {} rows", set.name, rows.len());
        assert_eq!(distinct.len(), rows.len(), "{}: a row twice", set.name);
    }
    let ontology = tieline_cli::load::load_ontology().unwrap();
    for kind in ontology.iter() {
        let touched = |row: &str| row.split('\t').next() == Some(kind.id.as_str());
        assert!(
            SETS[0].rows.lines().any(touched),
            "{} tempts nowhere",
            kind.id
        );
    }
}
