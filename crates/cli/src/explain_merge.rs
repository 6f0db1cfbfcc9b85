//! `tieline explain-merge`: why the names in documents are one thing, and what came near.

use std::io::{self, Write};

use serde_json::{Value, json};
use tieline_facts::EntityType;
use tieline_graph::identity::Identities;
use tieline_graph::{DocId, Graph, NodeId};

use crate::entities::{Format, print_json, print_row};
use crate::graph::{GraphArgs, Loaded, Source};
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
    let (read, identities) = Source::open(&args.graph)?.read_identities(streams.err)?;
    let Loaded { graph, failed, .. } = read;
    let kind = args.kind.map(EntityType::from);
    let node = find_node(&graph, &args.name, kind, "its key, or --type", streams.err)?;
    if let Some(node) = node {
        print_reasons(
            &graph,
            &identities,
            node,
            args.format,
            streams.style,
            streams.out,
        )?;
    }
    Ok(Outcome {
        found: node.is_some(),
        failed,
    })
}

/// Writes why entities of documents are a node, and the near misses.
pub fn print_reasons(
    graph: &Graph,
    identities: &Identities,
    id: NodeId,
    format: Format,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let node = graph.node(id);
    let joins = identities.joins(id.0);
    let misses = identities.near_misses(id.0);
    let doc = |document: u32| graph.document(DocId(document)).doc.as_str();
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
            let key = identities.key(miss.node);
            write!(out, "  {}: {}", style.bold(key), miss.veto.words())?;
            match miss.count {
                1 => writeln!(out)?,
                n => writeln!(out, " {}", style.dim(&format!("×{n}")))?,
            }
        }
        return Ok(());
    }
    let joined = joins.iter().map(|join| {
        json!({
            "key": node.key,
            "doc": doc(join.document),
            "entity": join.entity,
            "name": join.name,
            "rung": join.rung.as_str(),
            "reason": join.reason,
        })
    });
    let missed = misses.iter().map(|miss| {
        json!({
            "key": node.key,
            "not": identities.key(miss.node),
            "veto": miss.veto.words(),
            "count": miss.count,
        })
    });
    let all: Vec<Value> = joined.chain(missed).collect();
    match format {
        Format::Json => print_json(&all, out),
        Format::Csv => {
            writeln!(out, "key,doc,entity,name,rung,reason,not")?;
            for join in &joins {
                let entity = join.entity.to_string();
                let doc = doc(join.document);
                let rung = join.rung.as_str();
                print_row(
                    &[node.key, doc, &entity, &join.name, rung, &join.reason, ""],
                    out,
                )?;
            }
            for miss in &misses {
                let other = identities.key(miss.node);
                print_row(&[node.key, "", "", "", "", miss.veto.words(), other], out)?;
            }
            Ok(())
        }
        _ => all.iter().try_for_each(|value| writeln!(out, "{value}")),
    }
}
