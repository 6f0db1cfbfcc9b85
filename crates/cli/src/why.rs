//! `tieline why` and `tieline why-not`: what an edge rests on, and what stopped one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::{Value, json};
use tieline_extract::{End, Explanation, Obstacle, Pipeline, Reference, Sighting, Step, Words};
use tieline_facts::{Entity, Facts, MentionKind, Modality, Ontology, Polarity, Relation};
use tieline_graph::{DocId, Graph, NodeId};

use crate::answers::OTHERWISE;
use crate::extract::marks;
use crate::graph::{GraphArgs, Loaded, Source};
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
    pub graph: GraphArgs,
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
  tieline why Starmer Ukraine news.tieline
  tieline why --format json 'Elena Brandt' Norvik news/

Names are found as `who` finds them. In text, [brackets] mark both ends and *stars* the trigger; a
path reads from the trigger to the end, each arrow from a word to one that hangs on it.
A graph file keeps sentences, triggers, rules and references; the path and the words that decided
on the status are read off the document again, if it is where it was and has not changed.")]
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
  tieline why-not Starmer Norway news.tieline
  tieline why-not --format json 'Elena Brandt' Teleson news/

Says whether no word between the two triggers a rule, a rule reached something else, took other
types or asked for more than is there, or the two never stand in one sentence.
A graph file keeps no texts: the documents are read where they were; one that is not there any
more, or has changed, is named.
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

/// Two entities, and the documents that both are in.
struct Pair {
    loaded: Loaded,
    names: (String, String),
    /// Document, ids of the first there, ids of the second.
    shared: Vec<(DocId, Vec<u32>, Vec<u32>)>,
}

/// Reads the graph and finds the two; `Err` with the number of failed inputs if a name means
/// nothing or too much, which is told.
fn find_pair(args: &PairArgs, streams: &mut Streams<'_>) -> io::Result<Result<Pair, u32>> {
    let loaded = Source::open(&args.graph)?.with_texts().read(streams.err)?;
    let graph = &loaded.graph;
    let first = who::find_node(graph, &args.first, None, OTHERWISE, streams.err)?;
    let second = who::find_node(graph, &args.second, None, OTHERWISE, streams.err)?;
    let (Some(first), Some(second)) = (first, second) else {
        return Ok(Err(loaded.failed));
    };
    if first == second {
        let name = clean(graph.name(first)).into_owned();
        writeln!(streams.err, "tieline: both names mean {name}")?;
        return Ok(Err(loaded.failed));
    }
    let (of_first, mut of_second) = (ids(graph, first)?, ids(graph, second)?);
    let both = of_first.into_iter();
    let shared = both.filter_map(|(document, a)| {
        let b = of_second.remove(&document)?;
        Some((DocId(document), a, b))
    });
    let name = |node: NodeId| graph.name(node).to_owned();
    Ok(Ok(Pair {
        shared: shared.collect(),
        names: (name(first), name(second)),
        loaded,
    }))
}

/// By document, the ids of a node's entities there.
fn ids(graph: &Graph, node: NodeId) -> io::Result<BTreeMap<u32, Vec<u32>>> {
    let mut ids: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for join in graph.joins(node).map_err(io::Error::other)? {
        ids.entry(join.document).or_default().push(join.entity);
    }
    Ok(ids)
}

impl Pair {
    fn doc(&self, document: DocId) -> &str {
        &self.loaded.graph.document(document).doc
    }

    fn facts(&self, document: DocId) -> io::Result<Facts> {
        let facts = self.loaded.graph.facts(document);
        Ok(facts.map_err(io::Error::other)?.unwrap_or_default())
    }
}

/// The analysis, which may have been loaded to read the documents.
fn pipeline<'a>(
    pair: &'a Pair,
    own: &'a mut Option<Pipeline>,
    args: &PairArgs,
) -> io::Result<&'a Pipeline> {
    match (&pair.loaded.pipeline, own) {
        (Some(pipeline), _) => Ok(pipeline),
        (None, Some(pipeline)) => Ok(pipeline),
        (None, own) => Ok(own.insert(load::load_analysis(&args.graph.documents.analysis)?)),
    }
}

/// What is known of a statement.
enum Why {
    /// Everything: its document was read.
    Read(Box<Explanation>),
    /// What facts hold.
    Kept(Box<Kept>),
}

/// Finds the two, asks `find` about them, and prints at most `--limit` of its answers: as an array
/// under `key`, or one by one.
fn answer<T>(
    args: &PairArgs,
    streams: &mut Streams<'_>,
    key: &str,
    find: impl FnOnce(&Pair, &mut Streams<'_>) -> io::Result<(Vec<(String, T)>, u32)>,
    row: impl Fn(&T) -> Value,
    print: impl Fn(&Pair, &str, &T, &mut Streams<'_>) -> io::Result<()>,
    nothing: impl Fn(&str, &str) -> String,
) -> io::Result<Outcome> {
    let pair = match find_pair(args, streams)? {
        Ok(pair) => pair,
        Err(failed) => {
            return Ok(Outcome {
                found: false,
                failed,
            });
        }
    };
    let (found, missing) = find(&pair, streams)?;
    let shown = limit(args, found.len());
    match args.format {
        Format::Json => {
            let rows = found.iter().take(shown);
            let rows = rows.map(|(doc, one)| with_doc(doc, row(one))).collect();
            print_json(&pair.names, key, rows, streams.out)?;
        }
        Format::Text => {
            for (doc, one) in found.iter().take(shown) {
                print(&pair, doc, one, streams)?;
            }
            if found.is_empty() && missing == 0 {
                let (a, b) = (clean(&pair.names.0), clean(&pair.names.1));
                writeln!(streams.err, "tieline: {}", nothing(&a, &b))?;
            }
            print_rest(found.len() - shown, streams)?;
        }
    }
    Ok(Outcome {
        found: !found.is_empty(),
        failed: pair.loaded.failed + missing,
    })
}

/// Runs `tieline why`.
pub fn run(args: &WhyArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let args = &args.pair;
    answer(
        args,
        streams,
        "explanations",
        |pair, _| Ok((statements(pair, args)?, 0)),
        |why| match why {
            Why::Read(one) => value(one),
            Why::Kept(one) => one.row(),
        },
        |pair, doc, why, streams| match why {
            Why::Read(one) => {
                let ontology = &pair.loaded.ontology;
                print_explanation(doc, one, ontology, streams.style, streams.out)
            }
            Why::Kept(one) => {
                print_kept(doc, one, &pair.loaded.ontology, streams.style, streams.out)
            }
        },
        |a, b| format!("no edge between {a} and {b}; `tieline why-not` says what stopped it"),
    )
}

/// The statements that join the two, by document.
fn statements(pair: &Pair, args: &PairArgs) -> io::Result<Vec<(String, Why)>> {
    let mut own = None;
    let mut found = Vec::new();
    for (document, a, b) in &pair.shared {
        let facts = pair.facts(*document)?;
        let joins = |one: &&Relation| {
            let (s, o) = (one.subject, one.object);
            (a.contains(&s) && b.contains(&o)) || (b.contains(&s) && a.contains(&o))
        };
        let relations: Vec<&Relation> = facts.relations.iter().filter(joins).collect();
        if relations.is_empty() {
            continue;
        }
        let mut explained = match pair.loaded.text(*document) {
            Some(text) => pipeline(pair, &mut own, args)?.explain(&text),
            None => Vec::new(),
        };
        for relation in relations {
            let place = explained
                .iter()
                .position(|one| is_same(&one.relation, relation));
            let why = match place {
                Some(place) => Why::Read(Box::new(explained.remove(place))),
                None => Why::Kept(Box::new(Kept::new(relation, &facts))),
            };
            found.push((pair.doc(*document).to_owned(), why));
        }
    }
    Ok(found)
}

/// Whether two relations of one document are one statement.
fn is_same(a: &Relation, b: &Relation) -> bool {
    let what = |one: &Relation| (one.subject, one.object, one.polarity, one.modality);
    let place = |one: &Relation| {
        (
            one.evidence.start,
            one.evidence.trigger.start,
            one.evidence.trigger.end,
        )
    };
    a.predicate == b.predicate && what(a) == what(b) && place(a) == place(b)
}

/// Runs `tieline why-not`.
pub fn run_not(args: &WhyNotArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let args = &args.pair;
    answer(
        args,
        streams,
        "sightings",
        |pair, streams| sightings(pair, args, streams),
        value,
        |pair, doc, one, streams| {
            let ontology = &pair.loaded.ontology;
            print_sighting(doc, one, &pair.names, ontology, streams.style, streams.out)
        },
        |a, b| format!("no document names both {a} and {b}"),
    )
}

/// Where both were seen, by document, and how many documents could not be looked into; those are
/// named.
fn sightings(
    pair: &Pair,
    args: &PairArgs,
    streams: &mut Streams<'_>,
) -> io::Result<(Vec<(String, Sighting)>, u32)> {
    let mut own = None;
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for (document, a, b) in &pair.shared {
        let doc = pair.doc(*document);
        let Some(text) = pair.loaded.text(*document) else {
            missing.push(clean(doc));
            continue;
        };
        let pipeline = pipeline(pair, &mut own, args)?;
        for (a, b) in a.iter().flat_map(|a| b.iter().map(move |b| (*a, *b))) {
            let all = pipeline.sightings(&text, a, b).into_iter();
            found.extend(all.map(|one| (doc.to_owned(), one)));
        }
    }
    if !missing.is_empty() {
        let more = match missing.len() {
            ..=3 => String::new(),
            n => format!(" and {} more", n - 3),
        };
        let named: Vec<&str> = missing.iter().take(3).map(Cow::as_ref).collect();
        writeln!(
            streams.err,
            "tieline: what stopped an edge stands in the texts, which are not kept with the facts; \
            not to be had, or changed: {}{more}",
            named.join(", ")
        )?;
    }
    Ok((found, missing.len() as u32))
}

/// What facts hold of why a relation was found.
struct Kept {
    relation: Relation,
    trigger: Words,
    subject: KeptEnd,
    object: KeptEnd,
}

/// One end of a relation, as far as facts know.
struct KeptEnd {
    name: String,
    /// As in [`End::reference`].
    reference: Vec<Reference>,
}

impl Kept {
    fn new(relation: &Relation, facts: &Facts) -> Kept {
        let evidence = &relation.evidence;
        let trigger = evidence.trigger;
        let inside = |at: u32| at.checked_sub(evidence.start).map(|at| at as usize);
        let text = match (inside(trigger.start), inside(trigger.end)) {
            (Some(start), Some(end)) => evidence.text.get(start..end),
            _ => None,
        };
        let end = |id: u32| match facts.entities.get(id as usize) {
            Some(entity) => KeptEnd::new(entity, relation),
            None => KeptEnd {
                name: String::new(),
                reference: Vec::new(),
            },
        };
        Kept {
            trigger: Words {
                start: trigger.start,
                end: trigger.end,
                text: text.unwrap_or_default().to_owned(),
            },
            subject: end(relation.subject),
            object: end(relation.object),
            relation: relation.clone(),
        }
    }

    /// What decided on the status, without the words.
    fn cues(&self) -> Vec<(&'static str, String)> {
        let relation = &self.relation;
        let mut cues = Vec::new();
        if relation.polarity != Polarity::Affirmed {
            cues.push(("polarity", relation.polarity.as_str().to_owned()));
        }
        if relation.modality != Modality::Asserted {
            cues.push(("modality", relation.modality.as_str().to_owned()));
        }
        if let Some(source) = &relation.source_text {
            cues.push(("attribution", format!("said by “{source}”")));
        }
        cues
    }

    fn row(&self) -> Value {
        let end = |end: &KeptEnd| {
            json!({
                "name": end.name,
                "path": null,
                "reference": end.reference,
                "certainty": null,
            })
        };
        let cues = self.cues().into_iter();
        let cues: Vec<Value> = cues
            .map(|(about, value)| {
                let value = match about {
                    "attribution" => "said by".to_owned(),
                    _ => value,
                };
                json!({"about": about, "value": value, "words": null})
            })
            .collect();
        json!({
            "relation": value(&self.relation),
            "rule": {"id": self.relation.rule, "file": null, "line": null, "class": null},
            "trigger": self.trigger,
            "subject": end(&self.subject),
            "object": end(&self.object),
            "cues": cues,
            "factors": null,
        })
    }
}

impl KeptEnd {
    /// The mention next to the trigger in the sentence, and the name that a pronoun or a
    /// description takes up.
    fn new(entity: &Entity, relation: &Relation) -> KeptEnd {
        let evidence = &relation.evidence;
        let mentions = entity.mentions.iter();
        let inside = mentions.filter(|one| evidence.start <= one.start && one.end <= evidence.end);
        let first = inside.min_by_key(|one| one.start.abs_diff(evidence.trigger.start));
        let mut chain: Vec<_> = first.into_iter().collect();
        if let Some(first) = first
            && matches!(first.kind, MentionKind::Nominal | MentionKind::Pronoun)
        {
            let mut names = entity
                .mentions
                .iter()
                .filter(|one| one.kind == MentionKind::Name);
            let before = names.clone().take_while(|one| one.start <= first.start);
            chain.extend(before.last().or_else(|| names.next()));
        }
        let reference = chain.into_iter().map(|one| Reference {
            words: Words {
                start: one.start,
                end: one.end,
                text: one.text.clone(),
            },
            kind: one.kind.as_str(),
        });
        KeptEnd {
            name: entity.name.clone(),
            reference: reference.collect(),
        }
    }
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

/// As JSON, by way of text: numbers stand there as short as they are, 0.95 and not 0.949999988.
fn value(one: &impl serde::Serialize) -> Value {
    let text = serde_json::to_string(one).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn with_doc(doc: &str, mut row: Value) -> Value {
    if let Some(fields) = row.as_object_mut() {
        fields.insert("doc".to_owned(), doc.into());
    }
    row
}

fn print_json(
    names: &(String, String),
    key: &str,
    rows: Vec<Value>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let object = json!({"a": names.0, "b": names.1, key: rows});
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
    let ends = [
        (one.subject.name.as_str(), one.subject.reference.first()),
        (one.object.name.as_str(), one.object.reference.first()),
    ];
    print_statement(
        doc,
        &one.relation,
        ends,
        &one.trigger,
        (ontology, style),
        out,
    )?;
    let rule = &one.rule;
    let rule = format!("{} ({}, {})", rule.id, rule.class, rule.file);
    print_line("rule", &rule, out)?;
    print_end("subject", &one.subject, out)?;
    print_end("object", &one.object, out)?;
    for cue in &one.cues {
        let value = match (cue.about, &one.relation.source_text) {
            ("attribution", Some(source)) => format!("said by “{source}”"),
            _ => cue.value.to_owned(),
        };
        let by = match &cue.words {
            Some(words) => format!("by “{}”", words.text),
            None => "by the rule".to_owned(),
        };
        print_line(cue.about, &format!("{value}, {by}"), out)?;
    }
    writeln!(out)
}

/// What facts hold of a relation, for people.
fn print_kept(
    doc: &str,
    one: &Kept,
    ontology: &Ontology,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let ends = [
        (one.subject.name.as_str(), one.subject.reference.first()),
        (one.object.name.as_str(), one.object.reference.first()),
    ];
    print_statement(
        doc,
        &one.relation,
        ends,
        &one.trigger,
        (ontology, style),
        out,
    )?;
    if let Some(rule) = &one.relation.rule {
        print_line("rule", rule, out)?;
    }
    for (which, end) in [("subject", &one.subject), ("object", &one.object)] {
        let line = match end.reference.is_empty() {
            true => "not named in the sentence".to_owned(),
            false => chain(&end.reference, &end.name),
        };
        print_line(which, &line, out)?;
    }
    for (about, value) in one.cues() {
        print_line(about, &value, out)?;
    }
    let missing = "not kept; it is read off the document, which is not to be had or has changed";
    print_line("path", missing, out)?;
    writeln!(out)
}

/// The relation with its status, the sentence with trigger and ends marked, and where it stands.
fn print_statement(
    doc: &str,
    relation: &Relation,
    ends: [(&str, Option<&Reference>); 2],
    trigger: &Words,
    (ontology, style): (&Ontology, Style),
    out: &mut dyn Write,
) -> io::Result<()> {
    let [(subject, _), (object, _)] = ends;
    write!(
        out,
        "{} —{}→ {}",
        style.bold(subject),
        style.relation(&label(ontology, &relation.predicate)),
        style.bold(object)
    )?;
    let marks = marks(relation.polarity, relation.modality);
    if !marks.is_empty() {
        write!(out, "  {}", style.mark(&marks))?;
    }
    let confidence = format!("confidence {:.2}", relation.confidence);
    writeln!(out, "  {}", style.dim(&confidence))?;
    let ends = ends.into_iter().filter_map(|(_, reference)| reference);
    let mut places: Vec<(&Words, Mark)> = ends.map(|one| (&one.words, Mark::End)).collect();
    places.push((trigger, Mark::Trigger));
    let sentence = Words {
        start: relation.evidence.start,
        end: relation.evidence.end,
        text: relation.evidence.text.clone(),
    };
    writeln!(out, "    {}", marked(&sentence, places, style))?;
    let place = format!("{doc}:{}..{}", sentence.start, sentence.end);
    writeln!(out, "    {}", style.dim(&place))
}

fn print_line(which: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "    {which:12}{}", clean(text))
}

fn print_end(which: &str, end: &End, out: &mut dyn Write) -> io::Result<()> {
    let way = if end.reference.is_empty() {
        "not named here: a title without complement, settled by the document".to_owned()
    } else if end.path.is_empty() {
        "the trigger itself".to_owned()
    } else {
        way(&end.path)
    };
    print_line(which, &way, out)?;
    // a name that says what it is needs no chain
    if let [only] = end.reference.as_slice()
        && only.words.text == end.name
    {
        return Ok(());
    }
    if end.reference.is_empty() {
        return Ok(());
    }
    print_line("", &chain(&end.reference, &end.name), out)
}

/// `“she” (pronoun, 40..43) → “Ada Holm” (name, 0..8) = Ada Holm`.
fn chain(reference: &[Reference], name: &str) -> String {
    let words = reference.iter().map(|one| {
        let (words, kind) = (&one.words, one.kind);
        format!("“{}” ({kind}, {}..{})", words.text, words.start, words.end)
    });
    format!("{} = {name}", words.collect::<Vec<_>>().join(" → "))
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
        if words.start < at || words.end < words.start || sentence.end < words.end {
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
