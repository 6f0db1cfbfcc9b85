//! `tieline diff`: what is different between two graphs.

use std::io;
use std::path::PathBuf;

use serde_json::json;
use tieline_graph::ask::{EdgeChange, Scheme, changes};

use crate::analysis::AnalysisArgs;
use crate::answers::{FilterArgs, Format, Record, edge_fields, print_edge, write_records};
use crate::graph::{GraphArgs, Loaded};
use crate::{Outcome, Streams};

/// What is new, gone and changed between two graphs.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline diff monday.tieline tuesday.tieline
  tieline diff old/ new/ --only-facts --format jsonl
  tieline dot new.tieline --diff old.tieline -o changes.svg    the same as a picture")]
pub struct DiffArgs {
    /// The old graph: a graph file, a document or a folder
    #[arg(value_hint = clap::ValueHint::AnyPath)]
    pub old: PathBuf,
    /// The new one
    #[arg(value_hint = clap::ValueHint::AnyPath)]
    pub new: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub filter: FilterArgs,
    /// How answers are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub analysis: AnalysisArgs,
}

/// Runs the command.
pub fn run(args: &DiffArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let mut read = |path: &PathBuf| {
        let input = GraphArgs::of(std::slice::from_ref(path), &args.analysis);
        Loaded::of(&input, streams.err)
    };
    let (before, now) = (read(&args.old)?, read(&args.new)?);
    let failed = before.failed + now.failed;
    let (old, new, mut ontology) = (before.graph, now.graph, now.ontology);
    ontology.join(&before.ontology);
    let filters = (
        args.filter.filter(&old, &ontology, streams.err)?,
        args.filter.filter(&new, &ontology, streams.err)?,
    );
    let (Some(old_filter), Some(new_filter)) = filters else {
        return Ok(Outcome {
            found: false,
            failed,
        });
    };
    let schemes = (Scheme::of(&old, &ontology), Scheme::of(&new, &ontology));
    let found = changes(
        (&old, &schemes.0, &old_filter),
        (&new, &schemes.1, &new_filter),
    );
    let mut records = Vec::new();
    for change in &found {
        let (word, graph, scheme, id, before) = match change {
            EdgeChange::New(id) => ("new", &new, &schemes.1, *id, None),
            EdgeChange::Gone(id) => ("gone", &old, &schemes.0, *id, None),
            EdgeChange::Changed(before, id) => (
                "changed",
                &new,
                &schemes.1,
                *id,
                Some(old.edge(*before).n_statements),
            ),
        };
        if args.format == Format::Text {
            let word = match before {
                Some(before) => format!("{word}, {before} statements before"),
                None => word.to_owned(),
            };
            writeln!(streams.out, "{}", streams.style.mark(&word))?;
            print_edge(graph, scheme, id, streams.style, streams.out)?;
        } else {
            let own = Record::of([
                ("change", json!(word)),
                ("statements_before", json!(before)),
            ]);
            records.push(own.and(edge_fields(graph, id, 3)?));
        }
    }
    write_records(&records, args.format, streams.out)?;
    Ok(Outcome {
        found: !found.is_empty(),
        failed,
    })
}
