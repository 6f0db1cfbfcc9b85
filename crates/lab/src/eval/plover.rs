//! Who did what to whom, by coarse class: the PLV set of zero-shot PLOVER (Hu et al. 2024).
//!
//! A row is a sentence with a marked source and target, and the PLOVER root of what the one did to
//! the other. We run the whole pipeline on the sentence and look at the edges between an entity
//! with a mention inside the source and another with one inside the target.
//!
//! - **A row counts** when both are marked and hold a mention of an entity, of two different ones: nodes
//!   are named things, and many rows are about "protesters" or "three villages".
//! - **It is covered** when there is an edge of a type that has a root in the ontology.
//! - **It is right** when the most confident such edge goes from source to target, or has no
//!   direction, and has the root of the row.
//!
//! The root of an edge is that of its relation type, with the codebook's reading of its status:
//! cooperation that is planned or that somebody is willing to is `AGREE`, cooperation that is
//! denied is `REJECT`, coercion that is planned is `THREATEN`. `CONCEDE` and `RETREAT` are one
//! root, `YIELD`, in this set. Of a type with two roots either is right; so are both readings of
//! a meeting to come and of mere willingness, which the set labels either way.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use tieline_extract::Pipeline;
use tieline_facts::{Facts, Modality, Ontology, Polarity, Relation, Symmetry};
use tieline_text::Document;

use super::Measure;

const SET: &str = "dev/plover/PLV_train.tsv";

/// One row; positions are bytes of `text`.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    text: String,
    source: (usize, usize),
    target: (usize, usize),
    root: String,
}

/// A field as written by a spreadsheet: quoted, with inner quotation marks doubled.
fn unquote(field: &str) -> String {
    match field
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(inside) => inside.replace("\"\"", "\""),
        None => field.to_owned(),
    }
}

/// Takes `open`…`close` out of a text: the text without them, and the span between them.
fn unmark(text: &str, open: &str, close: &str) -> Option<(String, (usize, usize))> {
    let (before, rest) = text.split_once(open)?;
    let (inside, after) = rest.split_once(close)?;
    let span = (before.len(), before.len() + inside.len());
    Some((format!("{before}{inside}{after}"), span))
}

fn parse(line: &str) -> Option<Row> {
    let columns: Vec<&str> = line.split('\t').collect();
    let &[_, _, _, marked, _, _, _, _, _, root, ..] = columns.as_slice() else {
        return None;
    };
    // spans do not overlap: the marks of the other can be taken out by their length
    let (once, source) = unmark(&unquote(marked), "<s>", "</s>")?;
    let (text, target) = unmark(&once, "<t>", "</t>")?;
    let shift = |at: usize| {
        let marks = once.get(..at).unwrap_or("");
        at - 3 * marks.matches("<t>").count() - 4 * marks.matches("</t>").count()
    };
    Some(Row {
        text,
        source: (shift(source.0), shift(source.1)),
        target,
        root: root.to_owned(),
    })
}

/// The roots that a column of the ontology names, as this set calls them.
fn roots(column: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for part in column.split(';') {
        let name = part.trim().split(|c: char| !c.is_ascii_uppercase()).next();
        found.extend(name.and_then(|name| match name {
            "CONCEDE" | "RETREAT" => Some("YIELD"),
            _ => CLASSES.iter().find(|(root, _)| *root == name).map(|c| c.0),
        }));
    }
    found
}

/// The roots of the set, and to which of four they belong: verbal and material cooperation, verbal
/// and material conflict.
const CLASSES: [(&str, u8); 15] = [
    ("AGREE", 1),
    ("CONSULT", 1),
    ("SUPPORT", 1),
    ("COOPERATE", 2),
    ("AID", 2),
    ("YIELD", 2),
    ("REQUEST", 3),
    ("ACCUSE", 3),
    ("REJECT", 3),
    ("THREATEN", 3),
    ("PROTEST", 4),
    ("SANCTION", 4),
    ("MOBILIZE", 4),
    ("COERCE", 4),
    ("ASSAULT", 4),
];

fn quad(root: &str) -> u8 {
    CLASSES
        .iter()
        .find(|(name, _)| *name == root)
        .map_or(0, |c| c.1)
}

/// The roots that fit an edge; empty for types outside the scheme.
fn roots_of(ontology: &Ontology, edge: &Relation) -> BTreeSet<&'static str> {
    let Some(kind) = ontology.get(&edge.predicate) else {
        return BTreeSet::new();
    };
    let mut found = BTreeSet::new();
    for root in roots(&kind.plover) {
        let (planned, possible) = (
            edge.modality == Modality::Planned,
            edge.modality == Modality::Possible,
        );
        match (edge.polarity, quad(root)) {
            (Polarity::Negated, 1 | 2) => found.insert("REJECT"),
            (_, 1 | 2) if possible || (planned && root == "CONSULT") => {
                found.insert(root);
                found.insert("AGREE")
            }
            (_, 1 | 2) if planned => found.insert("AGREE"),
            (Polarity::Affirmed, 4) if planned => found.insert("THREATEN"),
            _ => found.insert(root),
        };
    }
    found
}

fn touched(facts: &Facts, (start, end): (usize, usize)) -> BTreeSet<u32> {
    facts
        .entities
        .iter()
        .filter(|entity| {
            entity
                .mentions
                .iter()
                .any(|m| (m.start as usize) < end && start < m.end as usize)
        })
        .map(|entity| entity.id)
        .collect()
}

/// Right, wrongly given and missed, by class.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    right: usize,
    wrong: usize,
    missed: usize,
}

fn macro_f1<K: Ord>(classes: &BTreeMap<K, Counts>) -> f64 {
    let sum: f64 = classes
        .values()
        .map(|c| 200.0 * c.right as f64 / (2 * c.right + c.wrong + c.missed).max(1) as f64)
        .sum();
    sum / classes.len().max(1) as f64
}

/// Hands every row to `see`: its text, and a judge that says of a relation whether it is right, or
/// `None` where it is not between source and target, not plainly asserted, or of no root.
pub fn judge_plover(
    data: &Path,
    ontology: &Ontology,
    mut see: impl FnMut(&str, &dyn Fn(&Facts, &Relation) -> Option<bool>),
) -> Result<(), Box<dyn Error>> {
    let table = fs::read_to_string(data.join(SET))?;
    for row in table.lines().skip(1).filter_map(parse) {
        let judge = |facts: &Facts, edge: &Relation| {
            let (sources, targets) = (touched(facts, row.source), touched(facts, row.target));
            let pairs = |a: u32, b: u32| a != b && sources.contains(&a) && targets.contains(&b);
            let forward = pairs(edge.subject, edge.object);
            let back = pairs(edge.object, edge.subject);
            let fits = roots_of(ontology, edge);
            // which root a denied or planned event gets is a matter of reading
            let plain = (edge.polarity, edge.modality) == Default::default();
            if !(forward || back) || fits.is_empty() || !plain {
                return None;
            }
            let symmetric = ontology
                .get(&edge.predicate)
                .is_some_and(|kind| kind.symmetry == Symmetry::Symmetric);
            Some((forward || symmetric) && fits.contains(row.root.as_str()))
        };
        see(&row.text, &judge);
    }
    Ok(())
}

/// Coverage, accuracy and macro F1 over the rows that count, where a row without an edge is a
/// miss. With `verbose`, prints wrong and uncovered rows.
pub fn eval_plover(
    data: &Path,
    ontology: &Ontology,
    pipeline: &Pipeline,
    verbose: bool,
) -> Result<Vec<Measure>, Box<dyn Error>> {
    let table = fs::read_to_string(data.join(SET))?;
    let (mut rows, mut covered, mut right) = (0, 0, 0);
    let mut reversed = 0;
    let mut fine: BTreeMap<String, Counts> = BTreeMap::new();
    let mut coarse: BTreeMap<u8, Counts> = BTreeMap::new();
    for line in table.lines().skip(1) {
        // a few rows mark only one of the two
        let Some(row) = parse(line) else { continue };
        let facts = pipeline.run(&Document::from_text("row", &row.text));
        let (sources, targets) = (touched(&facts, row.source), touched(&facts, row.target));
        let pairs = |a: u32, b: u32| a != b && sources.contains(&a) && targets.contains(&b);
        let possible = sources.iter().any(|&a| targets.iter().any(|&b| a != b));
        if !possible {
            if verbose {
                println!(
                    "no node {}: {}",
                    row.root,
                    line.split('\t').nth(3).unwrap_or("")
                );
            }
            continue;
        }
        rows += 1;
        let between = |edge: &&Relation| {
            (pairs(edge.subject, edge.object) || pairs(edge.object, edge.subject))
                && !roots_of(ontology, edge).is_empty()
        };
        let mut best: Option<&Relation> = None;
        for edge in facts.relations.iter().filter(between) {
            if best.is_none_or(|old| edge.confidence > old.confidence) {
                best = Some(edge);
            }
        }
        let mut given: Option<&str> = None;
        let mut forward = true;
        if let Some(edge) = best {
            covered += 1;
            let symmetric = ontology
                .get(&edge.predicate)
                .is_some_and(|kind| kind.symmetry == Symmetry::Symmetric);
            forward = symmetric || pairs(edge.subject, edge.object);
            reversed += usize::from(!forward);
            let fits = roots_of(ontology, edge);
            given = fits
                .get(row.root.as_str())
                .or_else(|| fits.first())
                .copied();
        }
        let good = forward && given == Some(row.root.as_str());
        right += usize::from(good);
        count(&mut fine, row.root.clone(), given.map(str::to_owned), good);
        let near = forward && given.is_some_and(|root| quad(root) == quad(&row.root));
        count(&mut coarse, quad(&row.root), given.map(quad), near);
        if verbose && !good {
            let verdict = match best {
                None => {
                    let document = Document::from_text("row", &row.text);
                    let pair = sources
                        .iter()
                        .flat_map(|&a| targets.iter().map(move |&b| (a, b)))
                        .find(|(a, b)| a != b)
                        .unwrap_or_default();
                    let seen = pipeline.sightings(&document, pair.0, pair.1);
                    let stopped = seen.first().map(crate::unjoined::obstacle);
                    format!("uncovered ({})", stopped.unwrap_or_default())
                }
                Some(edge) => format!(
                    "wrong {} ({} by {}{})",
                    given.unwrap_or(""),
                    edge.predicate,
                    edge.rule.as_deref().unwrap_or(""),
                    if forward { "" } else { ", reversed" }
                ),
            };
            let marked = line.split('\t').nth(3).unwrap_or("");
            println!("{verdict} | {} | {marked}", row.root);
        }
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    Ok(vec![
        Measure::count("events", SET, "rows", rows),
        Measure::percent("events", SET, "coverage", share(covered, rows)),
        Measure::percent("events", SET, "accuracy", share(right, covered)),
        Measure::percent(
            "events",
            SET,
            "direction",
            share(covered - reversed, covered),
        ),
        Measure::percent("events", SET, "macro F1 of 15", macro_f1(&fine)),
        Measure::percent("events", SET, "macro F1 of 4", macro_f1(&coarse)),
    ])
}

fn count<K: Ord>(classes: &mut BTreeMap<K, Counts>, gold: K, given: Option<K>, good: bool) {
    if good {
        classes.entry(gold).or_default().right += 1;
        return;
    }
    classes.entry(gold).or_default().missed += 1;
    if let Some(given) = given {
        classes.entry(given).or_default().wrong += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_in_either_order() {
        let rows = [
            ("<s>A</s> met <t>B</t>.", (0, 1), (6, 7)),
            ("<t>Béla</t> met <s>A</s>.", (10, 11), (0, 5)),
        ];
        for (marked, source, target) in rows {
            let line = format!("1\t2\t\t{marked}\tA\tB\t3\t3\tX\tCONSULT\t");
            let row = parse(&line);
            let spans = row.as_ref().map(|row| (row.source, row.target));
            assert_eq!(spans, Some((source, target)), "{marked}");
        }
        assert_eq!(parse("1\t2\tno marks"), None);
    }

    #[test]
    fn a_column_names_roots() {
        let table = [
            ("CONSULT-visit (visitor = actor)", vec!["CONSULT"]),
            ("RETREAT-ceasefire (x); CONCEDE (y)", vec!["YIELD"]),
            (
                "COERCE-seize; ASSAULT (territory)",
                vec!["ASSAULT", "COERCE"],
            ),
            ("-", vec![]),
        ];
        for (column, want) in table {
            assert_eq!(
                roots(column).into_iter().collect::<Vec<_>>(),
                want,
                "{column}"
            );
        }
    }

    #[test]
    fn each_class_counts_alike() {
        let mut classes = BTreeMap::new();
        for (gold, given, good) in [(1, Some(1), true), (1, None, false), (2, Some(1), false)] {
            count(&mut classes, gold, given, good);
        }
        // class 1: one right, one missed, one wrong; class 2: one missed
        assert!((macro_f1(&classes) - 25.0).abs() < 1e-9);
    }
}
