//! What the rules lack: the ways over the tree between two entities of one sentence that no rule
//! takes, counted over many texts.
//!
//! A way is written from the one end to the other: the type of the end, the arcs with their
//! prepositions, the lemmas of the words between. The most frequent ones come first, each with
//! what stopped the nearest rule and a few sentences. Reading this list tells which triggers and
//! which arguments would pay, without looking at any annotated article.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use tieline_extract::{Obstacle, Pipeline, Sighting, find_entities, find_unjoined};
use tieline_text::{Document, Parsed};

use crate::load::load_pipeline;

/// Count the ways between two entities that no rule takes.
#[derive(Debug, clap::Args)]
pub struct UnjoinedArgs {
    /// Folders of plain texts
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// The longest way, in steps
    #[arg(long, default_value_t = 5)]
    steps: usize,
    /// Leave out ways that were seen less often
    #[arg(long, default_value_t = 3)]
    least: usize,
    /// Sentences printed of each way
    #[arg(long, default_value_t = 3)]
    sentences: usize,
}

#[derive(Default)]
struct Way {
    count: usize,
    stopped: BTreeMap<String, usize>,
    sentences: Vec<String>,
}

/// Runs `cargo lab unjoined`.
pub fn run(args: &UnjoinedArgs) -> Result<(), Box<dyn Error>> {
    let pipeline = load_pipeline()?;
    let mut ways: BTreeMap<String, Way> = BTreeMap::new();
    for folder in &args.folders {
        let entries =
            fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        files.sort();
        for file in files {
            let text = fs::read_to_string(&file)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            count(&pipeline, args, &name, text, &mut ways);
        }
    }
    let mut ways: Vec<(String, Way)> = ways.into_iter().collect();
    ways.retain(|(_, way)| way.count >= args.least);
    ways.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
    let mut out = String::new();
    for (key, way) in ways {
        let mut stopped: Vec<_> = way.stopped.into_iter().collect();
        stopped.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let stopped: Vec<String> = stopped
            .iter()
            .take(3)
            .map(|(what, count)| format!("{what} {count}"))
            .collect();
        writeln!(out, "{}\t{key}\t[{}]", way.count, stopped.join("; "))?;
        for sentence in way.sentences {
            writeln!(out, "    {sentence}")?;
        }
    }
    print!("{out}");
    Ok(())
}

fn count(
    pipeline: &Pipeline,
    args: &UnjoinedArgs,
    name: &str,
    text: String,
    ways: &mut BTreeMap<String, Way>,
) {
    let document = Document::from_text(name, text);
    let (parsed, _) = pipeline.engine.parse(&document);
    let (layer, _) = find_entities(&pipeline.entities, &document, &parsed);
    let kinds: BTreeMap<(u32, u32), char> = layer
        .mentions
        .iter()
        .filter_map(|mention| {
            let span = parsed.span_of(mention.tokens.clone());
            let kind = layer.entities.get(mention.entity as usize)?.kind.as_str();
            let letter = kind.chars().next()?.to_ascii_uppercase();
            Some(((span.start(), span.end()), letter))
        })
        .collect();
    let found = find_unjoined(&pipeline.relations, &document, &parsed, &layer, args.steps);
    for one in found {
        let Some(key) = key(&parsed, &kinds, &one) else {
            continue;
        };
        let way = ways.entry(key).or_default();
        way.count += 1;
        *way.stopped.entry(obstacle(&one)).or_default() += 1;
        if way.sentences.len() < args.sentences {
            let text: Vec<&str> = one.sentence.text.split_whitespace().collect();
            let (first, second) = (&one.first.text, &one.second.text);
            way.sentences
                .push(format!("{name}: {first} / {second} | {}", text.join(" ")));
        }
    }
}

/// The way as a word; none where it passes through nothing but a list.
fn key(parsed: &Parsed, kinds: &BTreeMap<(u32, u32), char>, one: &Sighting) -> Option<String> {
    let lemma = |start: u32| {
        let at = parsed
            .tokens()
            .binary_search_by_key(&start, |token| token.span.start())
            .ok()?;
        Some(parsed.lemma(at as u32).to_lowercase())
    };
    let kind = |start: u32, end: u32| kinds.get(&(start, end)).copied().unwrap_or('?');
    let forward = &one.path;
    if forward.iter().all(|step| step.relation == "conj") {
        return None;
    }
    let last = forward.len().checked_sub(1)?;
    let mut way = kind(one.first.start, one.first.end).to_string();
    for (index, step) in forward.iter().enumerate() {
        let marker = step
            .marker
            .as_deref()
            .map_or(String::new(), |word| format!(":{word}"));
        let arrow = if step.up { "<" } else { ">" };
        write!(way, " {arrow}{}{marker}", step.relation).ok()?;
        if index < last {
            write!(way, " {}", lemma(step.to.start).unwrap_or_default()).ok()?;
        }
    }
    write!(way, " {}", kind(one.second.start, one.second.end)).ok()?;
    Some(way)
}

/// What stopped the nearest rule, in a few words.
pub fn obstacle(one: &Sighting) -> String {
    match one.obstacles.first() {
        Some(Obstacle::Type { rule, is, .. }) => format!("{}: {is}", rule.id),
        Some(Obstacle::Condition {
            rule, condition, ..
        }) => format!("{}: {condition}", rule.id),
        Some(Obstacle::NotReached { rule, end, .. }) => format!("{}: no {end}", rule.id),
        Some(Obstacle::GaveWay { rule, .. }) => format!("{}: gave way", rule.id),
        _ => "no trigger".to_owned(),
    }
}
