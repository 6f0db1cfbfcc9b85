//! Whether confidence means what it says: reliability on the gold articles, and `cargo lab
//! confidence`, which fits its weights.
//!
//! Weights are fitted on matches judged by two sets that are not articles: the passages of
//! KnowledgeNet (states) and the rows of PLOVER (events, by root). The gold articles only measure.
//! A relation there is right as the graph scorer has it. The expected calibration error is the
//! mean distance, over all relations, between the mean confidence of a bin and its share of right
//! ones (Naeini et al. 2015).

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tieline_extract::{FACTORS, Factors, Pipeline, probability};
use tieline_facts::{Facts, Relation};
use tieline_text::Document;

use super::{Measure, graph, knowledgenet, plover};
use crate::load;

/// Fit the weights of confidence on KnowledgeNet and PLOVER and write them.
#[derive(Debug, clap::Args)]
pub struct ConfidenceArgs {
    /// Folder of the data sets (docs/data.md)
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// File to write
    #[arg(long, default_value = "crates/data/models/confidence.tsv")]
    out: PathBuf,
    /// Write every sample here: set, verdict, relation, rule, factors
    #[arg(long, value_name = "FILE")]
    dump: Option<PathBuf>,
}

/// A match and whether it is right.
struct Sample {
    set: &'static str,
    relation: String,
    rule: String,
    factors: Factors,
    right: bool,
}

fn samples(data: &Path, pipeline: &Pipeline) -> Result<Vec<Sample>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut see =
        |set: &'static str, text: &str, judge: &dyn Fn(&Facts, &Relation) -> Option<bool>| {
            let document = Document::from_text("passage", text);
            let facts = pipeline.run(&document);
            for one in pipeline.explain(&document) {
                if let Some(right) = judge(&facts, &one.relation) {
                    found.push(Sample {
                        set,
                        relation: one.relation.predicate,
                        rule: one.rule.id,
                        factors: one.factors,
                        right,
                    });
                }
            }
        };
    knowledgenet::judge_knowledgenet(data, |text, judge| see("knowledgenet", text, judge))?;
    let ontology = load::load_ontology()?;
    plover::judge_plover(data, &ontology, |text, judge| {
        see("plover", text, judge);
    })?;
    Ok(found)
}

/// Weights that make the samples most probable, drawn towards the rules' own estimates: bias 0,
/// rule 1, certainties 1, the rest 0.
fn fit(samples: &[Sample]) -> Factors {
    const N: usize = FACTORS.len();
    /// Strength of the prior, in samples.
    const PRIOR: f64 = 4.0;
    let mut prior = [0.0f64; N];
    for (name, value) in FACTORS.iter().zip(&mut prior) {
        if matches!(*name, "rule" | "subject" | "object") {
            *value = 1.0;
        }
    }
    let mut weights = prior;
    // Newton's method; the objective is convex
    for _ in 0..30 {
        let mut gradient = [0.0f64; N];
        let mut hessian = [[0.0f64; N]; N];
        for at in 0..N {
            gradient[at] = PRIOR * (prior[at] - weights[at]);
            hessian[at][at] = PRIOR;
        }
        for sample in samples {
            let x = sample.factors.map(f64::from);
            let sum: f64 = weights.iter().zip(&x).map(|(w, x)| w * x).sum();
            let p = 1.0 / (1.0 + (-sum).exp());
            let error = f64::from(u8::from(sample.right)) - p;
            for i in 0..N {
                gradient[i] += error * x[i];
                for j in 0..N {
                    hessian[i][j] += p * (1.0 - p) * x[i] * x[j];
                }
            }
        }
        let step = solve(hessian, gradient);
        for (weight, step) in weights.iter_mut().zip(step) {
            *weight += step;
        }
    }
    weights.map(|weight| weight as f32)
}

/// Solves a system of linear equations with a positive definite matrix, by elimination.
fn solve<const N: usize>(mut a: [[f64; N]; N], mut b: [f64; N]) -> [f64; N] {
    for i in 0..N {
        for j in i + 1..N {
            let share = a[j][i] / a[i][i];
            let upper = a[i];
            for (value, above) in a[j].iter_mut().zip(upper).skip(i) {
                *value -= share * above;
            }
            b[j] -= share * b[i];
        }
    }
    let mut x = [0.0; N];
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|j| a[i][j] * x[j]).sum();
        x[i] = (b[i] - known) / a[i][i];
    }
    x
}

/// Runs `cargo lab confidence`.
pub fn run(args: &ConfidenceArgs) -> Result<(), Box<dyn Error>> {
    let pipeline = load::load_pipeline()?;
    let samples = samples(&args.data, &pipeline)?;
    if let Some(path) = &args.dump {
        let mut lines = format!("set\tright\trelation\trule\t{}\n", FACTORS.join("\t"));
        for s in &samples {
            let factors: Vec<String> = s.factors.iter().map(|x| format!("{x:.3}")).collect();
            let (set, right) = (s.set, u8::from(s.right));
            let factors = factors.join("\t");
            let _ = writeln!(
                lines,
                "{set}\t{right}\t{}\t{}\t{factors}",
                s.relation, s.rule
            );
        }
        fs::write(path, lines)?;
    }
    let weights = fit(&samples);
    let mut text = String::from(
        "#! confidence 1\n\
         # Weights of the confidence of a relation (crates/extract/src/relations/confidence.rs).\n\
         # Written by: cargo lab confidence\n\
         # source: matches of the rules on train/knowledgenet (folds 1 to 3) and dev/plover \
         (PLV_train), judged by their annotation\n",
    );
    for set in ["knowledgenet", "plover"] {
        let own: Vec<_> = samples.iter().filter(|sample| sample.set == set).collect();
        let right = own.iter().filter(|sample| sample.right).count();
        let _ = writeln!(text, "# {set}: {} matches, {right} right", own.len());
    }
    for (name, weight) in FACTORS.iter().zip(weights) {
        let _ = writeln!(text, "{name}\t{weight:.4}");
    }
    fs::write(&args.out, &text)?;
    print!("{text}");
    let pairs = samples
        .iter()
        .map(|s| (probability(&weights, &s.factors), s.right));
    for row in reliability("fitted on", &pairs.collect::<Vec<_>>()) {
        println!("{} {}: {:.1}", row.set, row.name, row.value);
    }
    Ok(())
}

/// Lower bounds of the bins.
const BINS: [f32; 6] = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95];

/// A row a bin, and the expected calibration error, in per cent.
fn reliability(set: &str, judged: &[(f32, bool)]) -> Vec<Measure> {
    let mut rows = Vec::new();
    let mut error = 0.0;
    for (at, low) in BINS.iter().enumerate() {
        let high = BINS.get(at + 1).copied().unwrap_or(f32::INFINITY);
        let inside: Vec<_> = judged
            .iter()
            .filter(|(confidence, _)| *low <= *confidence && *confidence < high)
            .collect();
        let n = inside.len();
        let sum = inside.iter().fold(0.0, |sum, (c, _)| sum + f64::from(*c));
        let mean = sum / n.max(1) as f64;
        let share = inside.iter().filter(|(_, right)| *right).count() as f64 / n.max(1) as f64;
        error += n as f64 * (mean - share).abs();
        let row = match high.is_finite() {
            true => format!("{set}, {low:.2} to {high:.2}"),
            false => format!("{set}, {low:.2} and more"),
        };
        rows.push(Measure::count("confidence", &row, "relations", n));
        rows.push(Measure::percent(
            "confidence",
            &row,
            "mean confidence",
            100.0 * mean,
        ));
        rows.push(Measure::percent("confidence", &row, "right", 100.0 * share));
    }
    let error = 100.0 * error / judged.len().max(1) as f64;
    rows.push(Measure::count("confidence", set, "relations", judged.len()));
    rows.push(Measure::percent(
        "confidence",
        set,
        "calibration error",
        error,
    ));
    rows
}

/// Reliability of the confidence on the gold articles, which it was not fitted on, and on the sets
/// that it was.
pub fn eval_confidence(
    data: &Path,
    gold: &Path,
    pipeline: &Pipeline,
) -> Result<Vec<Measure>, Box<dyn Error>> {
    let ontology = load::load_ontology()?;
    let mut confidences: Vec<Vec<f32>> = Vec::new();
    let report = graph::eval_graph(gold, &ontology, |path, text| {
        let facts = pipeline.run(&Document::from_text(path.to_string_lossy(), text));
        confidences.push(facts.relations.iter().map(|r| r.confidence).collect());
        facts
    })?;
    let judged = confidences.iter().zip(&report.documents);
    let judged = judged.flat_map(|(confidences, (_, scores))| {
        let pairs = confidences.iter().zip(&scores.verdicts);
        pairs.filter_map(|(confidence, right)| Some((*confidence, (*right)?)))
    });
    let mut rows = reliability("gold articles", &judged.collect::<Vec<_>>());
    let mut judged = Vec::new();
    let mut see = |text: &str, judge: &dyn Fn(&Facts, &Relation) -> Option<bool>| {
        let facts = pipeline.run(&Document::from_text("passage", text));
        let pairs = facts.relations.iter();
        judged.extend(pairs.filter_map(|r| Some((r.confidence, judge(&facts, r)?))));
    };
    knowledgenet::judge_knowledgenet(data, &mut see)?;
    rows.extend(reliability("KnowledgeNet", &judged));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_solved() {
        let x = solve([[4.0, 1.0], [1.0, 3.0]], [1.0, 2.0]);
        assert!((x[0] - 1.0 / 11.0).abs() < 1e-12 && (x[1] - 7.0 / 11.0).abs() < 1e-12);
    }

    #[test]
    fn a_fit_finds_what_decides() {
        let sample = |arcs: f32, right: bool| {
            let mut factors = [0.0; FACTORS.len()];
            (factors[0], factors[4]) = (1.0, arcs);
            let (relation, rule) = (String::new(), String::new());
            Sample {
                set: "x",
                relation,
                rule,
                factors,
                right,
            }
        };
        let mut samples: Vec<Sample> = (0..400).map(|n| sample(1.0, n % 10 != 0)).collect();
        samples.extend((0..400).map(|n| sample(-1.0, n % 2 == 0)));
        let weights = fit(&samples);
        for (arcs, want) in [(1.0, 0.9), (-1.0, 0.5)] {
            let got = probability(&weights, &sample(arcs, true).factors);
            assert!((got - want).abs() < 0.02, "{arcs}: {got}");
        }
    }

    #[test]
    fn reliability_is_measured() {
        let judged: Vec<(f32, bool)> = (0..100).map(|n| (0.85, n < 75)).collect();
        let rows = reliability("x", &judged);
        let value = |set: &str, name: &str| {
            let row = rows.iter().find(|row| row.set == set && row.name == name);
            row.map(|row| row.value.round())
        };
        assert_eq!(value("x, 0.80 to 0.90", "right"), Some(75.0));
        assert_eq!(value("x", "calibration error"), Some(10.0));
        assert_eq!(value("x, 0.95 and more", "relations"), Some(0.0));
    }
}
