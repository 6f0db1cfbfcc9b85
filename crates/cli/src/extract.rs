//! `tieline extract`: documents to entities and relations.

use std::fmt::Write as _;
use std::io::{self, Write};

use clap::ValueEnum;
use tieline_facts::{Entity, Facts, Modality, Ontology, OpenClause, Polarity, Relation};

use crate::analysis::AnalysisArgs;
use crate::input::{self, InputArgs};
use crate::load::{self, label};
use crate::terminal::{Style, clean};
use crate::{Outcome, Streams};

/// Find entities and relations, with the sentences that state them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline extract article.txt
  tieline extract --format jsonl news/ > facts.jsonl
  curl -s https://example.org/story.txt | tieline extract -

The JSON lines are described field by field in docs/formats.md.")]
pub struct ExtractArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: InputArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub analysis: AnalysisArgs,
    /// Add clauses that no relation type covers, with their verb as label
    #[arg(long)]
    pub open: bool,
    /// How facts are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// How facts are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A report for people; may change
    Text,
    /// One JSON object a document; wire format v1, a promise
    Jsonl,
}

/// Runs the command.
pub fn run(args: &ExtractArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let pipeline = load::load_analysis(&args.analysis)?;
    let ontology = pipeline.relations.ontology();
    let mut found = false;
    let out = &mut *streams.out;
    let style = streams.style;
    let work = |document: &_| {
        let mut facts = if args.open {
            pipeline.run_open(document)
        } else {
            pipeline.run(document)
        };
        args.analysis.filter(&mut facts);
        facts
    };
    let failed = input::for_each_document(&args.input, streams.err, work, |facts| {
        found |= !facts.entities.is_empty();
        match args.format {
            Format::Text => print_report(&facts, ontology, style, out),
            Format::Jsonl => print_jsonl(&facts, out),
        }
    })?;
    Ok(Outcome { found, failed })
}

/// Writes one document as one JSON line.
pub fn print_jsonl(facts: &Facts, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, facts)?;
    out.write_all(b"\n")
}

/// Writes one document as a report: entities with their other names, relations with their sentence.
pub fn print_report(
    facts: &Facts,
    ontology: &Ontology,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "{}", style.bold(&facts.doc))?;
    if let Some(date) = &facts.date {
        write!(out, "  {}", style.dim(date))?;
    }
    writeln!(out)?;
    print_entities(facts, style, out)?;
    for relation in &facts.relations {
        print_relation(facts, relation, ontology, style, out)?;
    }
    for clause in &facts.open {
        print_clause(facts, clause, style, out)?;
    }
    for note in &facts.notes {
        writeln!(out, "  {} {}", style.mark("note:"), clean(&note.message))?;
    }
    writeln!(out)
}

/// One line an entity: type, name, count of mentions, other names.
pub fn print_entities(facts: &Facts, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let width = facts.entities.iter().map(|e| title(e).chars().count());
    let width = width.max().unwrap_or(0).min(40);
    for entity in &facts.entities {
        writeln!(
            out,
            "  {:12} {:width$}  {}",
            entity.kind.as_str(),
            style.bold(&title(entity)),
            style.dim(&other_names(entity)),
        )?;
    }
    Ok(())
}

fn title(entity: &Entity) -> String {
    match &entity.iso {
        Some(iso) => format!("{} [{iso}]", clean(&entity.name)),
        None => clean(&entity.name).into_owned(),
    }
}

/// `5×  also "Sir Keir", "he"`: how often, and under which other words, in order of first use.
fn other_names(entity: &Entity) -> String {
    let mut line = format!("{}×", entity.mentions.len());
    let mut seen: Vec<&str> = vec![&entity.name];
    for mention in &entity.mentions {
        if seen.contains(&mention.text.as_str()) {
            continue;
        }
        if seen.len() > 8 {
            line.push_str(", …");
            break;
        }
        line.push_str(if seen.len() == 1 { "  also " } else { ", " });
        seen.push(&mention.text);
        let _ = write!(line, "“{}”", clean(&mention.text));
    }
    line
}

fn print_relation(
    facts: &Facts,
    relation: &Relation,
    ontology: &Ontology,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = |id: u32| {
        let entity = facts.entities.get(id as usize);
        entity.map_or("?", |entity| entity.name.as_str())
    };
    write!(
        out,
        "  {} —{}→ {}",
        style.bold(name(relation.subject)),
        style.relation(&label(ontology, &relation.predicate)),
        style.bold(name(relation.object)),
    )?;
    let marks = marks(relation.polarity, relation.modality);
    if !marks.is_empty() {
        write!(out, "  {}", style.mark(&marks))?;
    }
    if let Some(when) = relation.when() {
        write!(out, "  {}", style.dim(&when))?;
    }
    if let Some(amount) = &relation.amount {
        write!(out, "  {}", style.dim(&clean(&amount.text)))?;
    }
    let source = relation
        .source
        .map(name)
        .or(relation.source_text.as_deref());
    if let Some(source) = source {
        write!(
            out,
            "  {}",
            style.dim(&format!("according to {}", clean(source)))
        )?;
    }
    writeln!(out)?;
    let evidence = &relation.evidence;
    writeln!(
        out,
        "      “{}” {}",
        clean(evidence.text.trim()),
        style.dim(&format!("{}..{}", evidence.start, evidence.end)),
    )
}

/// A clause of the open layer: other arrows than a relation, as nobody says what it means.
fn print_clause(
    facts: &Facts,
    clause: &OpenClause,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = |id: u32| {
        let entity = facts.entities.get(id as usize);
        entity.map_or("?", |entity| entity.name.as_str())
    };
    write!(
        out,
        "  {} ···{}··> {}",
        style.bold(name(clause.subject)),
        style.dim(&format!("“{}”", clause.label)),
        style.bold(name(clause.object)),
    )?;
    let marks = marks(clause.polarity, clause.modality);
    if !marks.is_empty() {
        write!(out, "  {}", style.mark(&marks))?;
    }
    let source = clause.source.map(name).or(clause.source_text.as_deref());
    if let Some(source) = source {
        let source = format!("according to {}", clean(source));
        write!(out, "  {}", style.dim(&source))?;
    }
    let evidence = &clause.evidence;
    let place = format!("{}..{}", evidence.start, evidence.end);
    let text = clean(evidence.text.trim());
    writeln!(out, "\n      “{text}” {}", style.dim(&place))
}

/// `[denied, planned]`: how a relation is stated, empty for plain assertions.
pub fn marks(polarity: Polarity, modality: Modality) -> String {
    let polarity = match polarity {
        Polarity::Affirmed => None,
        Polarity::Negated => Some("denied"),
    };
    let modality = match modality {
        Modality::Asserted => None,
        other => Some(other.as_str()),
    };
    let marks: Vec<&str> = polarity.into_iter().chain(modality).collect();
    if marks.is_empty() {
        String::new()
    } else {
        format!("[{}]", marks.join(", "))
    }
}
