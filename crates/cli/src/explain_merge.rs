//! `tieline explain-merge`: why the names in documents are one thing, and what came near.

use std::io::{self, Write};

use serde_json::{Value, json};
use tieline_facts::EntityType;
use tieline_graph::{DocId, Graph, NodeId};

use crate::answers::{Format, Record, write_records};
use crate::graph::{GraphArgs, Loaded};
use crate::terminal::{Style, clean};
use crate::who::{Kind, count, find_node};
use crate::{Outcome, Streams};

/// Why the names in documents were taken for one thing, and which others were not.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline explain-merge Zelensky seeds/demo
  tieline explain-merge 'Social Democrats' --format jsonl news/
  tieline explain-merge person/holm news/      the key says which of several

One line a document: the name that it uses, and the reason. Below stand the things that came near,
and what stopped a merge. A wrong merge or split is put right in tieline.decisions.toml
(docs/formats.md, \"Decisions\").")]
pub struct ExplainMergeArgs {
    /// Which entity: any name of it, or its key
    pub name: String,
    /// What NAME must be
    #[arg(long = "type", value_name = "TYPE", value_enum)]
    pub kind: Option<Kind>,
    /// How the reasons are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub graph: GraphArgs,
}

/// Runs the command.
pub fn run(args: &ExplainMergeArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let Loaded { graph, failed, .. } = Loaded::of(&args.graph, streams.err)?;
    let kind = args.kind.map(EntityType::from);
    let node = find_node(&graph, &args.name, kind, "its key, or --type", streams.err)?;
    if let Some(node) = node {
        print_reasons(&graph, node, args.format, streams.style, streams.out)?;
    }
    Ok(Outcome {
        found: node.is_some(),
        failed,
    })
}

/// Writes why entities of documents are a node, and the near misses.
pub fn print_reasons(
    graph: &Graph,
    id: NodeId,
    format: Format,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let node = graph.node(id);
    let joins = graph.joins(id).map_err(io::Error::other)?;
    let misses = graph.near_misses(id).map_err(io::Error::other)?;
    let doc = |document: u32| graph.document(DocId(document)).doc.as_str();
    let key = |node: u32| graph.node(NodeId(node)).key;
    if format == Format::Text {
        writeln!(
            out,
            "{}",
            style.bold(&format!("{}, {}", node.name, node.key))
        )?;
        writeln!(out, "{}", style.dim(&count(joins.len(), "document")))?;
        let width = joins.iter().map(|join| doc(join.document).chars().count());
        let width = width.max().unwrap_or(0).min(48);
        let names = joins.iter().map(|join| join.name.chars().count());
        let name_width = names.max().unwrap_or(0).min(32) + 2;
        for join in &joins {
            writeln!(
                out,
                "  {:width$}  {:name_width$}  {}",
                style.dim(doc(join.document)),
                format!("“{}”", clean(&join.name)),
                clean(&join.reason),
            )?;
        }
        if !misses.is_empty() {
            writeln!(out, "not the same as")?;
        }
        for miss in &misses {
            let words = miss.veto.words();
            write!(out, "  {}: {words}", style.bold(key(miss.node)))?;
            match miss.count {
                1 => writeln!(out)?,
                n => writeln!(out, " {}", style.dim(&format!("×{n}")))?,
            }
        }
        return Ok(());
    }
    // A table has one set of columns, an object only what it is about.
    let table = format == Format::Csv;
    let joined = joins.iter().map(|join| {
        let own = Record::of([
            ("key", json!(node.key)),
            ("doc", json!(doc(join.document))),
            ("entity", json!(join.entity)),
            ("name", json!(join.name)),
            ("rung", json!(join.rung.as_str())),
            ("reason", json!(join.reason)),
        ]);
        match table {
            true => own.and(Record::of([("not", Value::Null)])),
            false => own,
        }
    });
    let missed = misses.iter().map(|miss| {
        let (other, words) = (json!(key(miss.node)), json!(miss.veto.words()));
        if table {
            let empty = ["doc", "entity", "name", "rung"].map(|name| (name, Value::Null));
            return Record::of([("key", json!(node.key))])
                .and(Record::of(empty))
                .and(Record::of([("reason", words), ("not", other)]));
        }
        Record::of([
            ("key", json!(node.key)),
            ("not", other),
            ("veto", words),
            ("count", json!(miss.count)),
        ])
    });
    write_records(&joined.chain(missed).collect::<Vec<_>>(), format, out)
}
