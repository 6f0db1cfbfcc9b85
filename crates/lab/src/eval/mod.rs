//! `cargo lab eval`: every stage alone and the whole end to end, in one table, against a gate.

mod assign;
mod build;
mod carb;
mod clusters;
pub mod confidence;
mod coref;
mod gap;
mod graph;
mod identity;
mod knowledgenet;
mod large;
mod names;
mod petrarch;
mod plover;
mod report;
mod sets;
mod slowest;
mod speed;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tieline_extract::Pipeline;
use tieline_nlp::Engine;
use tieline_text::Document;

pub use report::{Measure, Unit};

use crate::{load, segments, trees};

/// Score every stage, write docs/evaluation.md, and fail below the gate.
#[derive(Debug, clap::Args)]
pub struct EvalArgs {
    /// Folder of the data sets (docs/data.md)
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Folder of the gold graphs
    #[arg(long, default_value = "../shared/gold")]
    gold: PathBuf,
    /// Only the stages with these names
    #[arg(long, value_name = "STAGE", value_delimiter = ',')]
    only: Vec<String>,
    /// Write docs/evaluation.md and docs/evaluation-cases.tsv
    #[arg(long)]
    write: bool,
    /// Print the rows of our own sentences that are not right
    #[arg(long)]
    faults: bool,
    /// Fail if a measure is below its bound in crates/lab/gate.toml; speed and memory are judged
    /// only with --strict
    #[arg(long)]
    gate: bool,
    /// Judge speed and memory too: for an idle machine
    #[arg(long)]
    strict: bool,
    /// Print the cases behind the measures of coreference, pronouns, KnowledgeNet and events
    #[arg(long)]
    verbose: bool,
    /// Measure memory and start-up on this text, in a process of its own
    #[arg(long, value_name = "FILE", hide = true)]
    probe: Option<PathBuf>,
    /// Load this graph file and ask it, in a process of its own
    #[arg(long, value_name = "FILE", hide = true)]
    large_probe: Option<PathBuf>,
}

/// The gate: bounds of measures, and results of other systems beside which ours are shown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gate {
    /// Least value by measure, `stage/set/name`.
    at_least: toml::Table,
    /// Greatest value by measure.
    at_most: toml::Table,
    /// Another system's value by measure, for the table.
    reference: toml::Table,
}

fn bound(table: &toml::Table, key: &str) -> Option<f64> {
    let value = table.get(key)?;
    value
        .as_float()
        .or_else(|| value.as_integer().map(|n| n as f64))
}

/// Runs the command.
pub fn run(args: &EvalArgs) -> Result<(), Box<dyn Error>> {
    if let Some(text) = &args.probe {
        return speed::probe(text);
    }
    if let Some(file) = &args.large_probe {
        return large::probe(file);
    }
    let lab = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gate: Gate = toml::from_str(&fs::read_to_string(lab.join("gate.toml"))?)?;
    let wanted = |stage: &str| args.only.is_empty() || args.only.iter().any(|only| only == stage);
    let mut measures = Vec::new();
    let mut cases = Vec::new();
    if wanted("segments") {
        measures.extend(eval_segments(&args.data)?);
    }
    let pipeline = load::load_pipeline()?;
    if wanted("trees") {
        measures.extend(eval_trees(&args.data, &pipeline.engine)?);
    }
    if wanted("names") {
        measures.extend(names::eval_names(&args.data, &pipeline)?);
    }
    if wanted("coreference") {
        measures.extend(clusters::eval_clusters(
            &args.data,
            &pipeline,
            args.verbose,
        )?);
        measures.extend(clusters::eval_singles(&args.gold, &pipeline)?);
    }
    if wanted("pronouns") {
        measures.extend(gap::eval_gap(&args.data, &pipeline, args.verbose)?);
    }
    if wanted("knowledgenet") {
        measures.extend(knowledgenet::eval_knowledgenet(
            &args.data,
            &pipeline,
            args.verbose,
        )?);
    }
    if wanted("events") {
        let ontology = load::load_ontology()?;
        measures.extend(plover::eval_plover(
            &args.data,
            &ontology,
            &pipeline,
            args.verbose,
        )?);
        measures.extend(petrarch::eval_petrarch(
            &args.data,
            &ontology,
            &pipeline,
            args.verbose,
        )?);
    }
    if wanted("graph") {
        let (rows, lines) = eval_graph(&args.gold, &pipeline)?;
        measures.extend(rows);
        cases = lines;
    }
    if wanted("identity") {
        let ontology = load::load_ontology()?;
        let show = args.only.len() == 1;
        measures.extend(identity::eval_identity(&pipeline, &ontology, show)?);
    }
    if wanted("sets") {
        measures.extend(eval_sets(&pipeline, args.faults)?);
    }
    if wanted("open") {
        measures.extend(carb::eval_carb(&args.data, &pipeline, args.verbose)?);
    }
    if wanted("confidence") {
        measures.extend(confidence::eval_confidence(
            &args.data, &args.gold, &pipeline,
        )?);
    }
    if wanted("speed") || wanted("slowest") {
        measures.extend(slowest::eval_slowest(&args.data, &args.gold, &pipeline)?);
    }
    if wanted("speed") {
        measures.extend(speed::eval_speed(&args.gold, &pipeline)?);
    }
    if wanted("build") {
        let ontology = load::load_ontology()?;
        measures.extend(build::eval_build(&args.gold, &pipeline, &ontology)?);
    }
    if wanted("large") {
        measures.extend(large::eval_large(args.write)?);
    }
    let page = report::page(&measures, |key| bound(&gate.reference, key));
    print!(
        "{}",
        report::tables(&measures, |key| bound(&gate.reference, key))
    );
    if args.write {
        let docs = lab.join("../../docs");
        fs::write(docs.join("evaluation.md"), page)?;
        let head = "article\tverdict\tsubject\trelation\tobject\n";
        fs::write(
            docs.join("evaluation-cases.tsv"),
            format!("{head}{}\n", cases.join("\n")),
        )?;
    }
    if args.gate || args.strict {
        judge(&measures, &gate, args.strict)?;
    }
    Ok(())
}

/// Fails if a measure misses its bound, and if a bound belongs to no measure.
fn judge(measures: &[Measure], gate: &Gate, strict: bool) -> Result<(), Box<dyn Error>> {
    let mut faults = Vec::new();
    let bounds = gate.at_least.keys().chain(gate.at_most.keys());
    for key in bounds.filter(|key| measures.iter().all(|measure| measure.key() != **key)) {
        faults.push(format!("{key}: not measured"));
    }
    for measure in measures
        .iter()
        .filter(|measure| strict || !measure.unit.is_of_machine())
    {
        let (key, value) = (measure.key(), measure.value);
        if let Some(least) = bound(&gate.at_least, &key).filter(|least| value < *least) {
            faults.push(format!("{key}: {value:.2}, at least {least}"));
        }
        if let Some(most) = bound(&gate.at_most, &key).filter(|most| *most < value) {
            faults.push(format!("{key}: {value:.2}, at most {most}"));
        }
    }
    if faults.is_empty() {
        println!("\nthe gate is passed");
        Ok(())
    } else {
        Err(format!("the gate is not passed\n  {}", faults.join("\n  ")).into())
    }
}

fn eval_segments(data: &Path) -> Result<Vec<Measure>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for score in segments::eval_segment(data)? {
        let set = short(data, &score.path);
        rows.push(Measure::percent(
            "segments",
            &set,
            "tokens F1",
            score.tokens.f1(),
        ));
        rows.push(Measure::percent(
            "segments",
            &set,
            "sentences F1",
            score.sentences.f1(),
        ));
    }
    Ok(rows)
}

fn eval_trees(data: &Path, engine: &Engine) -> Result<Vec<Measure>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for set in ["dev/ud_ewt/dev.conllu", "dev/gum/dev_news.conllu"] {
        let scores = trees::score_file(engine, &data.join(set))?;
        for (name, value) in [
            ("XPOS", scores.xpos),
            ("UPOS", scores.upos),
            ("lemmas", scores.lemma),
            ("UAS", scores.uas),
            ("LAS", scores.las),
            ("LAS without marks", scores.las_nopunct),
            ("verb pairs F1", scores.pairs[2]),
            ("content UAS", scores.content_uas),
        ] {
            rows.push(Measure::percent("trees", set, name, value));
        }
    }
    Ok(rows)
}

fn eval_graph(
    gold: &Path,
    pipeline: &Pipeline,
) -> Result<(Vec<Measure>, Vec<String>), Box<dyn Error>> {
    let ontology = load::load_ontology()?;
    let analyse =
        |path: &Path, text: &str| pipeline.run(&Document::from_text(path.to_string_lossy(), text));
    let report = graph::eval_graph(gold, &ontology, analyse)?;
    let total = &report.total;
    let first_tier = total.of(ontology.iter().filter(|kind| kind.tier == 1));
    let mut rows = Vec::new();
    let mut add = |set: &str, name, value| rows.push(Measure::percent("graph", set, name, value));
    for (set, counts) in [
        ("entities", total.entities),
        ("relations", total.relations),
        ("relations of tier 1", first_tier),
        ("pairs", total.pairs),
    ] {
        add(set, "precision", counts.precision());
        add(set, "recall", counts.recall());
        add(set, "F1", counts.f1());
    }
    add("relations", "modality", total.modality_percent());
    add("relations", "attribution", total.attribution_percent());
    add("relations", "evidence verbatim", total.evidence_percent());
    rows.push(Measure::count("graph", "entities", "splits", total.splits));
    rows.push(Measure::count("graph", "entities", "merges", total.merges));
    rows.push(Measure::count(
        "graph",
        "relations",
        "reversed",
        total.reversed,
    ));
    for (predicate, counts) in &total.by_predicate {
        rows.push(Measure::count("by type", predicate, "right", counts.tp));
        rows.push(Measure::count("by type", predicate, "wrong", counts.fp));
        rows.push(Measure::count(
            "by type",
            predicate,
            "missed",
            counts.missed,
        ));
    }
    for (article, scores) in &report.documents {
        rows.push(Measure::percent(
            "by article",
            article,
            "entity F1",
            scores.entities.f1(),
        ));
        rows.push(Measure::count(
            "by article",
            article,
            "right",
            scores.relations.tp,
        ));
        rows.push(Measure::count(
            "by article",
            article,
            "wrong",
            scores.relations.fp,
        ));
        rows.push(Measure::count(
            "by article",
            article,
            "missed",
            scores.relations.missed,
        ));
    }
    Ok((rows, report.cases))
}

fn eval_sets(pipeline: &Pipeline, faults: bool) -> Result<Vec<Measure>, Box<dyn Error>> {
    let ontology = load::load_ontology()?;
    let mut rows = Vec::new();
    for set in &sets::SETS {
        let tally = sets::tally(set, pipeline, &ontology);
        let percent = |name, value| Measure::percent("sets", set.name, name, value);
        rows.push(percent("right", tally.of_all()));
        rows.push(percent("right of those found", tally.of_found()));
        rows.push(percent("bound", set.at_least));
        rows.push(Measure::count("sets", set.name, "wrong", tally.wrong));
        rows.push(Measure::count("sets", set.name, "missed", tally.missed));
        for fault in tally.faults.iter().filter(|_| faults) {
            println!("{}: {fault}", set.name);
        }
    }
    Ok(rows)
}

/// A path below the folder of the data sets.
fn short(data: &Path, path: &Path) -> String {
    path.strip_prefix(data)
        .unwrap_or(path)
        .to_string_lossy()
        .into_owned()
}
