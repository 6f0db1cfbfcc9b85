//! What keeping the facts costs: articles to facts alone, and to facts in a graph file.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use tieline_extract::Pipeline;
use tieline_facts::Ontology;
use tieline_graph::Signature;
use tieline_graph::store::{NewDocument, Origin, Store, fingerprint};
use tieline_text::Document;

use super::report::{Measure, Unit};
use super::speed::cpu_seconds;
use crate::random::Random;

/// Articles that are made.
const ARTICLES: usize = 1_000;
/// Lines of an article.
const LINES: usize = 10;

/// CPU time of one core for [`ARTICLES`] articles of lines drawn from the gold articles: to facts
/// in JSON, and to a finished graph file, in turns.
pub fn eval_build(
    gold: &Path,
    pipeline: &Pipeline,
    ontology: &Ontology,
) -> Result<Vec<Measure>, Box<dyn Error>> {
    let articles = articles(gold)?;
    let folder = std::env::temp_dir();
    let path = folder.join(format!("tieline-rate-{}.tieline", std::process::id()));
    let start = Instant::now();
    let (mut extract, mut build) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..2 {
        let before = cpu_seconds(start);
        let mut bytes = 0;
        for article in &articles {
            bytes += serde_json::to_string(&pipeline.run(article))?.len();
        }
        std::hint::black_box(bytes);
        extract = extract.min(cpu_seconds(start) - before);
        let before = cpu_seconds(start);
        let made = keep(&path, &articles, pipeline, ontology);
        build = build.min(cpu_seconds(start) - before);
        fs::remove_file(&path)?;
        made?;
    }
    let row = |set: &str, name, value, unit| Measure::new("build", set, name, value, unit);
    let name = "1,000 articles";
    Ok(vec![
        row(name, "to facts", 1000.0 * extract, Unit::Milliseconds),
        row(name, "to a graph file", 1000.0 * build, Unit::Milliseconds),
        row(
            name,
            "slower by",
            100.0 * (build / extract - 1.0),
            Unit::Percent,
        ),
    ])
}

fn articles(gold: &Path) -> Result<Vec<Document>, Box<dyn Error>> {
    let mut paths: Vec<_> = fs::read_dir(gold.join("texts"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    let mut lines = Vec::new();
    for path in paths {
        let text = fs::read_to_string(path)?;
        let sentences = text
            .split_inclusive(". ")
            .map(|line| line.trim().to_owned());
        lines.extend(sentences.filter(|line| !line.is_empty()));
    }
    if lines.is_empty() {
        return Err("no gold articles to draw lines from".into());
    }
    let mut random = Random(10_000);
    let article = |number: usize| {
        let drawn: Vec<&str> = (0..LINES)
            .map(|_| lines[random.below(lines.len())].as_str())
            .collect();
        Document::from_text(format!("made/{number:05}.txt"), drawn.join("\n\n"))
    };
    Ok((0..ARTICLES).map(article).collect())
}

fn keep(
    path: &Path,
    articles: &[Document],
    pipeline: &Pipeline,
    ontology: &Ontology,
) -> Result<(), Box<dyn Error>> {
    let origin = Origin {
        program: "lab".to_owned(),
        models: String::new(),
        rules: String::new(),
    };
    let mut store = Store::open_to_write(path, &origin)?;
    for article in articles {
        store.put(&NewDocument {
            hash: fingerprint([&article.text]),
            title: None,
            signature: Signature::of(&article.text),
            facts: pipeline.run(article),
        })?;
    }
    store.finish(ontology)?;
    Ok(())
}
