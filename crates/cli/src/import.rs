//! `tieline import`: facts that were found before, as JSON lines, to a graph file.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use tieline_graph::store::{Origin, Store};

use crate::analysis;
use crate::build::{Tally, finish};
use crate::graph::{for_each_line, load_decisions};
use crate::terminal::clean;
use crate::{Outcome, Streams};

/// Read facts in JSON lines (wire format v1) into a graph file.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline export --format jsonl news.tieline -o news.jsonl
  tieline import news.jsonl -o copy.tieline     a file that answers as the first
  tieline extract --format jsonl news/ | tieline import - -o news.tieline

Lines may come from any program (docs/formats.md, \"Wire format v1\"). One that is no document's
facts is named and left out; the rest is read. What is there already stays as it is; `tieline build`
can add to the file.")]
pub struct ImportArgs {
    /// Files of JSON lines, or - for standard input
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// The graph file, usually NAME.tieline; made if it is not there
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: PathBuf,
    /// Relation types of your own, beside the built-in ones and those that the lines bring along;
    /// may be given several times
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub rules: Vec<PathBuf>,
    /// Decisions on what is one thing and what is not (docs/formats.md, "Decisions") [default:
    /// tieline.decisions.toml, if there is one, else those that the lines bring along]
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub decisions: Option<PathBuf>,
    /// Keep clauses that no relation type covers, with their verb as label
    #[arg(long)]
    pub open: bool,
}

/// Runs the command.
pub fn run(args: &ImportArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let decisions = load_decisions(args.decisions.as_deref())?;
    let mut ontology = analysis::load_rules(&args.rules)?.ontology().clone();
    let elsewhere = Origin::elsewhere();
    let mut store = Store::open_to_write(&args.output, &elsewhere)?;
    if let Some(decisions) = &decisions {
        store.decide(decisions)?;
    }
    let mut tally = Tally::default();
    let mut twice = Vec::new();
    let mut seen: BTreeMap<String, (PathBuf, usize)> = BTreeMap::new();
    let failed = for_each_line(&args.files, streams.err, |file, line, mut one| {
        let facts = &mut one.document.facts;
        if let Some((first, n)) = seen.get(&facts.doc) {
            let (file, first, doc) = (file.display(), first.display(), &facts.doc);
            twice.push(format!("{file}:{line}: {doc} was there in {first}:{n}"));
            return Ok(());
        }
        seen.insert(facts.doc.clone(), (file.to_owned(), line));
        if args.open {
            facts.open_as_relations();
        }
        facts.open.clear();
        for kind in one.types {
            ontology.add(kind);
        }
        if let (Some(brought), None) = (&one.decisions, &decisions) {
            store.decide(brought)?;
        }
        store.write_for(one.origin.as_ref().unwrap_or(&elsewhere))?;
        tally.count(store.put_exactly(&one.document)?);
        Ok(())
    })?;
    for message in &twice {
        writeln!(streams.err, "tieline: {}", clean(message))?;
    }
    finish(
        store,
        &ontology,
        &tally,
        failed + twice.len() as u32,
        streams,
    )
}
