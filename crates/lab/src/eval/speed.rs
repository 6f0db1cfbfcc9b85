//! How fast, how large, how soon ready.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use tieline_extract::{Pipeline, find_entities, find_relations};
use tieline_nlp::segment::segment;
use tieline_text::Document;

use super::{Measure, Unit};
use crate::load;

/// Bytes of the text on which memory is measured.
const LARGE: usize = 6_000_000;

/// CPU seconds of this thread so far; the wall clock where the system does not tell.
pub(super) fn cpu_seconds(start: Instant) -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = stat
        .as_deref()
        .and_then(|stat| stat.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |n| n / 1e9)
}

/// Speed of each stage on the gold articles, one core; memory and start-up in a process of its own
/// on six megabytes; size of the models.
pub fn eval_speed(gold: &Path, pipeline: &Pipeline) -> Result<Vec<Measure>, Box<dyn Error>> {
    let mut texts = Vec::new();
    let mut paths: Vec<_> = fs::read_dir(gold.join("texts"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        texts.push(Document::from_text(
            path.to_string_lossy(),
            fs::read_to_string(&path)?,
        ));
    }
    let start = Instant::now();
    let mut seconds = [0.0; 4];
    let mut n_tokens = 0;
    // Several rounds, so that the first, on cold caches, does not decide.
    while start.elapsed().as_secs_f64() < 3.0 {
        for document in &texts {
            let mut at = cpu_seconds(start);
            let mut lap = |stage: usize| {
                let now = cpu_seconds(start);
                seconds[stage] += now - at;
                at = now;
            };
            n_tokens += segment(&document.text).tokens.len();
            lap(0);
            let (parsed, _) = pipeline.engine.parse(document);
            lap(1);
            let (layer, _) = find_entities(&pipeline.entities, document, &parsed);
            lap(2);
            let _ = find_relations(&pipeline.relations, document, &parsed, &layer);
            lap(3);
        }
    }
    let whole = fastest_rate(&texts, pipeline);
    let rate = |seconds: f64| n_tokens as f64 / 1000.0 / seconds.max(1e-9);
    let mut rows = Vec::new();
    let mut add = |set: &str, name, value, unit| {
        rows.push(Measure::new("speed", set, name, value, unit));
    };
    add(
        "tokens and sentences",
        "speed",
        rate(seconds[0]),
        Unit::KiloTokens,
    );
    add(
        "tokens to names and trees",
        "speed",
        rate(seconds[1]),
        Unit::KiloTokens,
    );
    add("entities", "speed", rate(seconds[2]), Unit::KiloTokens);
    add("relations", "speed", rate(seconds[3]), Unit::KiloTokens);
    add("text to facts", "speed", whole, Unit::KiloTokens);
    for (set, threads) in [
        ("by the clock, one thread", 1),
        ("by the clock, two threads", 2),
    ] {
        add(
            set,
            "speed",
            clock_rate(&texts, pipeline, threads),
            Unit::KiloTokens,
        );
    }
    let (ready, memory) = run_probe(&texts)?;
    add("start-up", "time", ready, Unit::Milliseconds);
    add("6 MB text, peak", "memory", memory, Unit::Megabytes);
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/models");
    let mut bytes = 0;
    for entry in fs::read_dir(models)? {
        bytes += entry?.metadata()?.len();
    }
    add("models", "memory", bytes as f64 / 1e6, Unit::Megabytes);
    Ok(rows)
}

/// Thousands of tokens a second from text to facts, by CPU time, in the fastest of five rounds:
/// what else the machine does only ever slows one down. A round is long enough for the grain of
/// the clock, some milliseconds, to be below a hundredth of it.
fn fastest_rate(texts: &[Document], pipeline: &Pipeline) -> f64 {
    const PASSES: usize = 3;
    let n_tokens: usize = texts
        .iter()
        .map(|document| segment(&document.text).tokens.len())
        .sum();
    let start = Instant::now();
    let round = |_| {
        let before = cpu_seconds(start);
        for document in std::iter::repeat_n(texts, PASSES).flatten() {
            let _ = pipeline.run(document);
        }
        cpu_seconds(start) - before
    };
    let least = (0..5).map(round).fold(f64::INFINITY, f64::min);
    (PASSES * n_tokens) as f64 / 1000.0 / least.max(1e-9)
}

/// Thousands of tokens a second from text to facts by the wall clock, the texts shared out over
/// threads.
fn clock_rate(texts: &[Document], pipeline: &Pipeline, threads: usize) -> f64 {
    const ROUNDS: usize = 8;
    let n_tokens: usize = texts
        .iter()
        .map(|document| segment(&document.text).tokens.len())
        .sum();
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let at = next.fetch_add(1, Ordering::Relaxed)
                    && at < ROUNDS * texts.len()
                {
                    let _ = pipeline.run(&texts[at % texts.len()]);
                }
            });
        }
    });
    (ROUNDS * n_tokens) as f64 / 1000.0 / start.elapsed().as_secs_f64().max(1e-9)
}

/// Start-up in milliseconds and peak memory in megabytes, by a process that analyses the texts
/// one after the other until they are six megabytes.
fn run_probe(texts: &[Document]) -> Result<(f64, f64), Box<dyn Error>> {
    let mut large = String::with_capacity(LARGE + 100_000);
    while large.len() < LARGE && !texts.is_empty() {
        for document in texts {
            large.push_str(&document.text);
            large.push('\n');
        }
    }
    let path = std::env::temp_dir().join(format!("tieline-probe-{}.txt", std::process::id()));
    fs::write(&path, &large)?;
    let output = Command::new(std::env::current_exe()?)
        .args(["eval", "--probe"])
        .arg(&path)
        .output();
    fs::remove_file(&path)?;
    let output = output?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text
        .split_whitespace()
        .filter_map(|word| word.parse::<f64>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(ready), Some(memory)) if output.status.success() => Ok((ready, memory)),
        _ => Err(format!(
            "the probe failed: {}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into()),
    }
}

/// Loads everything, analyses one text as one document, and prints milliseconds until ready and
/// megabytes at the peak (0 where the system does not tell).
pub fn probe(text: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let before = cpu_seconds(start);
    let pipeline = load::load_pipeline()?;
    let ready = 1000.0 * (cpu_seconds(start) - before);
    let document = Document::from_text("probe", fs::read_to_string(text)?);
    let facts = pipeline.run(&document);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok());
    println!(
        "{ready:.1} {:.1} {}",
        kilobytes.unwrap_or(0.0) / 1000.0,
        facts.entities.len()
    );
    Ok(())
}
