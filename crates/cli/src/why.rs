//! `tieline why` and `tieline why-not`: what an edge rests on, and what stopped one.

use std::io::{self, Write};

use clap::ValueEnum;
use tieline_extract::{End, Explanation, Obstacle, Pipeline, Sighting, Step, Words};
use tieline_facts::{Facts, Ontology};
use tieline_graph::{DocId, Graph, NodeId};
use tieline_text::Document;

use crate::analysis::AnalysisArgs;
use crate::extract::marks;
use crate::input::{self, InputArgs};
use crate::load::{self, label};
use crate::terminal::{Style, clean};
use crate::{Outcome, Streams, who};

/// Which two entities, in which documents.
#[derive(Clone, Debug, clap::Args)]
pub struct PairArgs {
    /// The one
    #[arg(value_name = "A")]
    pub first: String,
    /// The other
    #[arg(value_name = "B")]
    pub second: String,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: InputArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub analysis: AnalysisArgs,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Print at most N sentences; 0 prints all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
}

/// Why A and B are linked: each sentence with its trigger and both ends marked, the rule, the way
/// through the sentence, whom words refer to, and what decided on the status.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline why Starmer Ukraine seeds/demo
  tieline why --format json 'Elena Brandt' Norvik news/

Names are found as `who` finds them. PATHs are documents: reasons stand in the text, not in facts.
In text, [brackets] mark both ends and *stars* the trigger; a path reads from the trigger to the
end, each arrow from a word to one that hangs on it.")]
pub struct WhyArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub pair: PairArgs,
}

/// Why A and B are not linked: each sentence that names both, and what stopped an edge there.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline why-not Starmer Norway seeds/demo
  tieline why-not --format json 'Elena Brandt' Teleson news/

Says whether no word between the two triggers a rule, a rule reached something else, took other
types or asked for more than is there, or the two never stand in one sentence.
Exit status: 0 both were seen in one document, 1 they were not, 2 an error.")]
pub struct WhyNotArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub pair: PairArgs,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people; may change
    Text,
    /// One JSON object, described in docs/formats.md
    Json,
}

/// Documents that both entities are in.
struct Pair {
    pipeline: Pipeline,
    names: (String, String),
    /// Document, ids of the first there, ids of the second.
    shared: Vec<(Document, Vec<u32>, Vec<u32>)>,
    failed: u32,
}

/// Reads and analyses the documents and finds the two; `None` if a name means nothing or too much.
fn find_pair(args: &PairArgs, streams: &mut Streams<'_>) -> io::Result<Result<Pair, u32>> {
    let pipeline = load::load_analysis(&args.analysis)?;
    let mut facts: Vec<Facts> = Vec::new();
    let mut documents = Vec::new();
    let work = |document: &Document| (pipeline.run(document), document.clone());
    let failed = input::for_each_document(&args.input, streams.err, work, |(one, document)| {
        facts.push(one);
        documents.push(document);
        Ok(())
    })?;
    let graph = Graph::from_facts(facts.iter().cloned(), pipeline.relations.ontology());
    let first = who::find_node(&graph, &args.first, None, OTHERWISE, streams.err)?;
    let second = who::find_node(&graph, &args.second, None, OTHERWISE, streams.err)?;
    let (Some(first), Some(second)) = (first, second) else {
        return Ok(Err(failed));
    };
    if first == second {
        let name = clean(graph.name(first)).into_owned();
        writeln!(streams.err, "tieline: both names mean {name}")?;
        return Ok(Err(failed));
    }
    let mut shared = Vec::new();
    for (number, (document, facts)) in (0..).map(DocId).zip(documents.into_iter().zip(&facts)) {
        let ids = |node: NodeId| -> Vec<u32> {
            let ids = facts.entities.iter().map(|entity| entity.id);
            // The evidence is in memory, so that fetching it cannot fail.
            ids.filter(|id| graph.node_of(number, *id).ok().flatten() == Some(node))
                .collect()
        };
        let (a, b) = (ids(first), ids(second));
        if !a.is_empty() && !b.is_empty() {
            shared.push((document, a, b));
        }
    }
    let name = |node: NodeId| graph.name(node).to_owned();
    let names = (name(first), name(second));
    Ok(Ok(Pair {
        names,
        shared,
        failed,
        pipeline,
    }))
}

/// What to do about a name that may mean several things.
const OTHERWISE: &str = "one of the keys in brackets";

const NOT_FOUND: Outcome = Outcome {
    found: false,
    failed: 0,
};

/// Runs `tieline why`.
pub fn run(args: &WhyArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let args = &args.pair;
    let pair = match find_pair(args, streams)? {
        Ok(pair) => pair,
        Err(failed) => {
            return Ok(Outcome {
                failed,
                ..NOT_FOUND
            });
        }
    };
    let mut found: Vec<(String, Explanation)> = Vec::new();
    for (document, a, b) in &pair.shared {
        let joins = |one: &Explanation| {
            let (s, o) = (one.relation.subject, one.relation.object);
            let least = args.analysis.min_confidence.unwrap_or(0.0);
            ((a.contains(&s) && b.contains(&o)) || (b.contains(&s) && a.contains(&o)))
                && least <= one.relation.confidence
        };
        let all = pair.pipeline.explain(document).into_iter();
        found.extend(all.filter(joins).map(|one| (document.uri.clone(), one)));
    }
    let shown = limit(args, found.len());
    let ontology = pair.pipeline.relations.ontology();
    match args.format {
        Format::Json => {
            let rows = found
                .iter()
                .take(shown)
                .map(|(doc, one)| with_doc(doc, one));
            print_json(&pair.names, "explanations", rows.collect(), streams.out)?;
        }
        Format::Text => {
            for (doc, one) in found.iter().take(shown) {
                print_explanation(doc, one, ontology, streams.style, streams.out)?;
            }
            if found.is_empty() {
                let (a, b) = (clean(&pair.names.0), clean(&pair.names.1));
                writeln!(
                    streams.err,
                    "tieline: no edge between {a} and {b}; `tieline why-not` says what stopped it"
                )?;
            }
            print_rest(found.len() - shown, streams)?;
        }
    }
    Ok(Outcome {
        found: !found.is_empty(),
        failed: pair.failed,
    })
}

/// Runs `tieline why-not`.
pub fn run_not(args: &WhyNotArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let args = &args.pair;
    let pair = match find_pair(args, streams)? {
        Ok(pair) => pair,
        Err(failed) => {
            return Ok(Outcome {
                failed,
                ..NOT_FOUND
            });
        }
    };
    let mut found: Vec<(String, Sighting)> = Vec::new();
    for (document, a, b) in &pair.shared {
        for (a, b) in a.iter().flat_map(|a| b.iter().map(move |b| (*a, *b))) {
            let all = pair.pipeline.sightings(document, a, b).into_iter();
            found.extend(all.map(|one| (document.uri.clone(), one)));
        }
    }
    let shown = limit(args, found.len());
    let ontology = pair.pipeline.relations.ontology();
    match args.format {
        Format::Json => {
            let rows = found
                .iter()
                .take(shown)
                .map(|(doc, one)| with_doc(doc, one));
            print_json(&pair.names, "sightings", rows.collect(), streams.out)?;
        }
        Format::Text => {
            for (doc, one) in found.iter().take(shown) {
                print_sighting(doc, one, &pair.names, ontology, streams.style, streams.out)?;
            }
            if found.is_empty() {
                let (a, b) = (clean(&pair.names.0), clean(&pair.names.1));
                writeln!(streams.err, "tieline: no document names both {a} and {b}")?;
            }
            print_rest(found.len() - shown, streams)?;
        }
    }
    Ok(Outcome {
        found: !found.is_empty(),
        failed: pair.failed,
    })
}

fn limit(args: &PairArgs, n: usize) -> usize {
    if args.limit == 0 {
        n
    } else {
        args.limit.min(n)
    }
}

fn print_rest(n: usize, streams: &mut Streams<'_>) -> io::Result<()> {
    if n == 0 {
        return Ok(());
    }
    writeln!(streams.out, "and {n} more (--limit 0 shows all)")
}

fn with_doc(doc: &str, one: &impl serde::Serialize) -> serde_json::Value {
    let mut row = serde_json::to_value(one).unwrap_or_default();
    if let Some(fields) = row.as_object_mut() {
        fields.insert("doc".to_owned(), doc.into());
    }
    row
}

fn print_json(
    names: &(String, String),
    key: &str,
    rows: Vec<serde_json::Value>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let object = serde_json::json!({"a": names.0, "b": names.1, key: rows});
    serde_json::to_writer_pretty(&mut *out, &object)?;
    writeln!(out)
}

/// One explanation for people.
pub fn print_explanation(
    doc: &str,
    one: &Explanation,
    ontology: &Ontology,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let relation = &one.relation;
    write!(
        out,
        "{} —{}→ {}",
        style.bold(&one.subject.name),
        style.relation(&label(ontology, &relation.predicate)),
        style.bold(&one.object.name)
    )?;
    let marks = marks(relation.polarity, relation.modality);
    if !marks.is_empty() {
        write!(out, "  {}", style.mark(&marks))?;
    }
    let confidence = format!("confidence {:.2}", relation.confidence);
    writeln!(out, "  {}", style.dim(&confidence))?;
    let ends = [&one.subject, &one.object];
    let first_words = ends.iter().filter_map(|end| end.reference.first());
    let mut places: Vec<(&Words, Mark)> = first_words.map(|one| (&one.words, Mark::End)).collect();
    places.push((&one.trigger, Mark::Trigger));
    let sentence = Words {
        start: relation.evidence.start,
        end: relation.evidence.end,
        text: relation.evidence.text.clone(),
    };
    writeln!(out, "    {}", marked(&sentence, places, style))?;
    let place = format!("{doc}:{}..{}", sentence.start, sentence.end);
    writeln!(out, "    {}", style.dim(&place))?;
    let rule = &one.rule;
    let rule = format!("{} ({}, {})", rule.id, rule.class, rule.file);
    writeln!(out, "    {:12}{}", "rule", clean(&rule))?;
    print_end("subject", &one.subject, out)?;
    print_end("object", &one.object, out)?;
    for cue in &one.cues {
        let value = match (cue.about, &relation.source_text) {
            ("attribution", Some(source)) => format!("said by “{source}”"),
            _ => cue.value.to_owned(),
        };
        let by = match &cue.words {
            Some(words) => format!("by “{}”", words.text),
            None => "by the rule".to_owned(),
        };
        writeln!(out, "    {:12}{}, {}", cue.about, clean(&value), clean(&by))?;
    }
    writeln!(out)
}

fn print_end(which: &str, end: &End, out: &mut dyn Write) -> io::Result<()> {
    let way = if end.reference.is_empty() {
        "not named here: a title without complement, settled by the document".to_owned()
    } else if end.path.is_empty() {
        "the trigger itself".to_owned()
    } else {
        way(&end.path)
    };
    writeln!(out, "    {which:12}{}", clean(&way))?;
    // a name that says what it is needs no chain
    if let [only] = end.reference.as_slice()
        && only.words.text == end.name
    {
        return Ok(());
    }
    if end.reference.is_empty() {
        return Ok(());
    }
    let chain: Vec<String> = (end.reference.iter())
        .map(|one| {
            let words = &one.words;
            format!(
                "“{}” ({}, {}..{})",
                words.text, one.kind, words.start, words.end
            )
        })
        .collect();
    let chain = format!("{} = {}", chain.join(" → "), end.name);
    writeln!(out, "    {:12}{}", "", clean(&chain))
}

/// A path in words: `signed –object→ deal –“with”→ Norway`.
fn way(path: &[Step]) -> String {
    let mut line = path
        .first()
        .map_or(String::new(), |step| step.from.text.clone());
    for step in path {
        let label = match (step.relation, &step.marker) {
            ("obl" | "nmod" | "obl:agent" | "advcl" | "obl:npmod", Some(marker)) => {
                format!("“{marker}”")
            }
            (relation, _) => in_words(relation).to_owned(),
        };
        if step.up {
            line.push_str(&format!(" ←{label}– {}", step.to.text));
        } else {
            line.push_str(&format!(" –{label}→ {}", step.to.text));
        }
    }
    line
}

/// A relation of Universal Dependencies in words.
fn in_words(relation: &str) -> &str {
    match relation {
        "nsubj" | "nsubj:outer" => "subject",
        "nsubj:pass" => "subject of the passive",
        "obj" => "object",
        "iobj" => "indirect object",
        "obl:agent" => "agent",
        "nmod:poss" => "possessor",
        "appos" => "apposition",
        "compound" | "nmod:desc" => "in front",
        "amod" => "adjective",
        "conj" => "and",
        "xcomp" => "infinitive",
        "ccomp" => "clause",
        "advcl" => "adverbial clause",
        "acl" => "participle",
        "acl:relcl" => "relative clause",
        "parataxis" => "aside",
        "cop" => "copula",
        "case" => "preposition",
        other => other,
    }
}

/// What a part of a sentence is marked as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    End,
    Trigger,
}

/// A sentence with its parts marked: by colour on a terminal, otherwise by brackets and stars.
/// Parts that overlap one before them stay unmarked.
fn marked(sentence: &Words, mut places: Vec<(&Words, Mark)>, style: Style) -> String {
    places.sort_by_key(|(words, mark)| (words.start, *mark == Mark::Trigger));
    let mut line = String::new();
    let mut at = sentence.start;
    let piece = |from: u32, to: u32| {
        let range = (from - sentence.start) as usize..(to - sentence.start) as usize;
        sentence.text.get(range).unwrap_or_default()
    };
    for (words, mark) in places {
        if words.start < at || sentence.end < words.end {
            continue;
        }
        line.push_str(&clean(piece(at, words.start)));
        let text = piece(words.start, words.end);
        line.push_str(&match (mark, style.is_coloured()) {
            (Mark::End, true) => style.bold(text).to_string(),
            (Mark::Trigger, true) => style.relation(text).to_string(),
            (Mark::End, false) => format!("[{}]", clean(text)),
            (Mark::Trigger, false) => format!("*{}*", clean(text)),
        });
        at = words.end;
    }
    line.push_str(&clean(piece(at, sentence.end)));
    line.trim().to_owned()
}

/// One sighting for people.
pub fn print_sighting(
    doc: &str,
    one: &Sighting,
    names: &(String, String),
    ontology: &Ontology,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let trigger = one.obstacles.iter().find_map(trigger_of);
    let mut places = vec![(&one.first, Mark::End), (&one.second, Mark::End)];
    places.extend(trigger.map(|words| (words, Mark::Trigger)));
    let sentence = &one.sentence;
    writeln!(out, "{}", marked(sentence, places.clone(), style))?;
    let place = format!("{doc}:{}..{}", sentence.start, sentence.end);
    writeln!(out, "    {}", style.dim(&place))?;
    if let Some(Obstacle::TooFar { other, .. }) = one.obstacles.first() {
        writeln!(out, "{}", marked(other, places, style))?;
        let place = format!("{doc}:{}..{}", other.start, other.end);
        writeln!(out, "    {}", style.dim(&place))?;
    }
    for obstacle in &one.obstacles {
        writeln!(out, "    {}", clean(&reason(obstacle, names, ontology)))?;
    }
    if !one.path.is_empty() {
        let way = format!("between them: {}", way(&one.path));
        writeln!(out, "    {}", style.dim(&way))?;
    }
    writeln!(out)
}

fn trigger_of(obstacle: &Obstacle) -> Option<&Words> {
    match obstacle {
        Obstacle::Type { trigger, .. }
        | Obstacle::Condition { trigger, .. }
        | Obstacle::NotReached { trigger, .. }
        | Obstacle::GaveWay { trigger, .. } => Some(trigger),
        _ => None,
    }
}

/// What stopped an edge, as a sentence.
pub fn reason(obstacle: &Obstacle, names: &(String, String), ontology: &Ontology) -> String {
    let by = |trigger: &Words, relation: &str, rule: &str| {
        let label = label(ontology, relation);
        format!("“{}” ({label}, rule {rule})", trigger.text)
    };
    match obstacle {
        Obstacle::Edge { relation, rule } => {
            let label = label(ontology, relation);
            format!("an edge was drawn: {label} (rule {rule}); `tieline why` says more")
        }
        Obstacle::NoType { name } => format!("{name} is of no type that relations take"),
        Obstacle::NoTrigger => "no word between them triggers a rule".to_owned(),
        Obstacle::Type {
            rule,
            relation,
            trigger,
            name,
            is,
            takes,
        } => format!(
            "{} reaches both, but {name} is of type {is}, and it takes {}",
            by(trigger, relation, &rule.id),
            takes.join(", ")
        ),
        Obstacle::Condition {
            rule,
            relation,
            trigger,
            condition,
        } => format!(
            "{} asks for more: its condition `{condition}` does not hold",
            by(trigger, relation, &rule.id)
        ),
        Obstacle::NotReached {
            rule,
            relation,
            trigger,
            end,
            name,
            reached,
        } => format!(
            "{} does not reach {name} as its {end}; there it finds {}",
            by(trigger, relation, &rule.id),
            match reached.as_slice() {
                [] => "nobody".to_owned(),
                names => names.join(", "),
            }
        ),
        Obstacle::TooFar { sentences, .. } => format!(
            "too far: {} and {} are never in one sentence, at the nearest {sentences} apart",
            names.0, names.1
        ),
        Obstacle::GaveWay {
            rule,
            relation,
            trigger,
        } => format!(
            "{} matches, but gave way to an edge that says more, or to what its status makes of it",
            by(trigger, relation, &rule.id)
        ),
        _ => "another obstacle".to_owned(),
    }
}
