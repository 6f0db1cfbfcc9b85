//! The slowest sentence: of articles, of the treebanks, and of some made to be slow.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use tieline_extract::Pipeline;
use tieline_text::Document;

use super::{Measure, Unit};

/// Tokens of a sentence made to be slow; the segmenter cuts longer ones.
const LONG: usize = 400;

/// Milliseconds from text to facts of the slowest sentence, each as a document of its own, the
/// best of several runs.
pub fn eval_slowest(
    data: &Path,
    gold: &Path,
    pipeline: &Pipeline,
) -> Result<Vec<Measure>, Box<dyn Error>> {
    let mut sentences = Vec::new();
    let mut paths: Vec<_> = fs::read_dir(gold.join("texts"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        let document = Document::from_text(path.to_string_lossy(), fs::read_to_string(&path)?);
        let (parsed, _) = pipeline.engine.parse(&document);
        for sentence in parsed.sentences() {
            let span = parsed.span_of(sentence.tokens.clone());
            sentences.extend(span.slice(&document.text).map(str::to_owned));
        }
    }
    for set in ["dev/ud_ewt/dev.conllu", "dev/gum/dev_news.conllu"] {
        let text = fs::read_to_string(data.join(set))?;
        let lines = text
            .lines()
            .filter_map(|line| line.strip_prefix("# text = "));
        sentences.extend(lines.map(str::to_owned));
    }
    let mut rows = Vec::new();
    let mut add = |set: &str, milliseconds| {
        let unit = Unit::Milliseconds;
        rows.push(Measure::new("speed", set, "time", milliseconds, unit));
    };
    add("slowest sentence", slowest(&sentences, pipeline));
    add("slowest of 400 tokens", slowest(&made(), pipeline));
    Ok(rows)
}

fn slowest(sentences: &[String], pipeline: &Pipeline) -> f64 {
    let run = |text: &String| {
        let document = Document::from_text("sentence", text.as_str());
        // by the clock: the system counts CPU time in steps as long as a sentence takes
        let at = Instant::now();
        let _ = pipeline.run(&document);
        1000.0 * at.elapsed().as_secs_f64()
    };
    let mut times: Vec<(f64, &String)> = sentences.iter().map(|text| (run(text), text)).collect();
    times.sort_by(|a, b| b.0.total_cmp(&a.0));
    // what was slow once may have met a busy machine
    let again = times.iter().take(40).map(|(time, text)| {
        let runs = (0..9).map(|_| run(text));
        runs.fold(*time, f64::min)
    });
    again.fold(0.0, f64::max)
}

/// Sentences of some four hundred tokens: nested clauses, lists of names, one trigger after the
/// other, brackets.
fn made() -> Vec<String> {
    let first = [
        "Ada", "Karl", "Lena", "Otto", "Mira", "Jens", "Nora", "Ivan", "Petra", "Omar",
    ];
    let last = [
        "Holm", "Brandt", "Friis", "Toft", "Novak", "Silva", "Meyer", "Kaya",
    ];
    let name = |n: usize| format!("{} {}", first[n % 10], last[(n / 10 + n) % 8]);
    let list = |from: usize, to: usize| (from..to).map(name).collect::<Vec<_>>().join(", ");
    let repeat = |clause: &str| {
        let mut text = String::new();
        let mut tokens = 0;
        while tokens < LONG {
            text.push_str(clause);
            tokens += clause.split_whitespace().count();
        }
        text.trim().to_owned()
    };
    vec![
        format!(
            "{}.",
            repeat(
                "Ada Holm, the leader of Norway, said that Karl Brandt had met Lena Friis and that \
                 Germany, which attacked France and signed a deal with Siemens, would sanction \
                 Turkey, and "
            )
        ),
        format!(
            "He said {}Ada Holm visited France.",
            repeat("that he knew ") + " that "
        ),
        format!("Talks between {} and Joe Biden ended.", list(0, 130)),
        format!(
            "{} and Joe Biden met {} and Emmanuel Macron.",
            list(0, 65),
            list(65, 130)
        ),
        format!("{}.", repeat("president ")),
        format!("{}.", repeat("attack visit Ada Holm ")),
        format!("{}.", repeat("her husband 's wife 's brother , ")),
        format!(
            "{}.",
            repeat("the president of the company of the minister of ")
        ),
        format!(
            "{}Ada Holm{}.",
            "( ".repeat(LONG / 2),
            " )".repeat(LONG / 2)
        ),
        format!("{} met.", repeat("Ada Holm and ")),
        format!("{}.", repeat("who met who met Ada Holm who met ")),
    ]
}
