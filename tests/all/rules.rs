//! Every rule file is true to its own examples, through the whole engine.
//!
//! The trees are a trained parser's, so a few examples may fail with one model and pass with the
//! next: the gate is a share, and the failures are printed. The grammar itself is tested on trees
//! written by hand, in the crate of the stage.

use std::fmt::Write;

use tieline_facts::{Facts, Symmetry};
use tieline_text::Document;

/// Share of sentences that must give their edges.
const YES: f64 = 0.9;
/// Share of tempting sentences that must give none.
const NO: f64 = 0.97;

fn id_of(facts: &Facts, name: &str) -> Option<u32> {
    facts
        .entities
        .iter()
        .find(|entity| entity.name == name)
        .map(|entity| entity.id)
}

#[test]
fn rules_keep_their_examples() {
    let pipeline = tieline_cli::load::load_pipeline().unwrap();
    let ontology = pipeline.relations.ontology();
    let (mut n_yes, mut yes, mut n_no, mut no) = (0, 0, 0, 0);
    let mut failures = String::new();
    for info in pipeline.relations.rules() {
        let (rule, relation) = (info.id, info.relation);
        let symmetric = ontology
            .get(relation)
            .is_some_and(|kind| kind.symmetry == Symmetry::Symmetric);
        for example in info.yes {
            let facts = pipeline.run(&Document::from_text("example", example.text.as_str()));
            for (subject, object) in &example.edges {
                n_yes += 1;
                let ends = (id_of(&facts, subject), id_of(&facts, object));
                let found = facts.relations.iter().any(|edge| {
                    let along = (Some(edge.subject), Some(edge.object)) == ends;
                    let back = (Some(edge.object), Some(edge.subject)) == ends;
                    edge.predicate == relation
                        && (along || (symmetric && back))
                        && edge.polarity == example.polarity
                        && edge.modality == example.modality
                });
                yes += usize::from(found);
                if !found {
                    let _ = writeln!(
                        failures,
                        "{rule}: no {subject} > {object}: {}",
                        example.text
                    );
                }
            }
        }
        for text in info.no.iter().map(|example| &example.text) {
            let facts = pipeline.run(&Document::from_text("example", text.as_str()));
            n_no += 1;
            let found = facts
                .relations
                .iter()
                .any(|edge| edge.predicate == relation);
            no += usize::from(!found);
            if found {
                let _ = writeln!(failures, "{rule}: an edge of {relation}: {text}");
            }
        }
    }
    assert!(
        200 < n_yes && 100 < n_no,
        "{n_yes} yes and {n_no} no examples"
    );
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    println!("{yes} of {n_yes} yes, {no} of {n_no} no\n{failures}");
    assert!(
        YES <= share(yes, n_yes) && NO <= share(no, n_no),
        "{yes} of {n_yes} yes, {no} of {n_no} no:\n{failures}"
    );
}

#[test]
fn every_relation_type_has_a_rule() {
    let pipeline = tieline_cli::load::load_pipeline().unwrap();
    let with_rule: Vec<&str> = pipeline
        .relations
        .rules()
        .into_iter()
        .map(|rule| rule.relation)
        .collect();
    for kind in pipeline.relations.ontology().iter() {
        assert!(
            with_rule.contains(&kind.id.as_str()),
            "{} has no rule",
            kind.id
        );
        assert!(
            !kind.label.contains('_') && !kind.label.is_empty(),
            "{}",
            kind.id
        );
    }
}

#[test]
fn tier_one_has_examples() {
    let pipeline = tieline_cli::load::load_pipeline().unwrap();
    let mut poor = String::new();
    for kind in pipeline
        .relations
        .ontology()
        .iter()
        .filter(|kind| kind.tier == 1)
    {
        let (mut yes, mut no) = (0, 0);
        for info in pipeline.relations.rules() {
            if info.relation == kind.id {
                yes += info.yes.len();
                no += info.no.len();
            }
        }
        if yes < 5 || no < 3 {
            let _ = writeln!(poor, "{}: {yes} yes, {no} no", kind.id);
        }
    }
    assert!(poor.is_empty(), "too few examples:\n{poor}");
}
