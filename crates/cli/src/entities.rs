//! `tieline entities`: one line for each real thing in the documents.

use std::io::{self, Write};

use serde_json::{Value, json};
use tieline_facts::EntityType;
use tieline_graph::{Date, Graph, NodeId, fold};

use crate::answers::{Format, Record, write_records};
use crate::graph::{GraphArgs, Loaded};
use crate::terminal::{Style, clean};
use crate::who::{Kind, count};
use crate::{Outcome, Streams};

/// List the entities of all documents: each real thing once, with all its names.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline entities seeds/demo
  tieline entities --type person --like holm news/
  tieline entities --format csv news/ > entities.csv
  tieline entities --facts facts.jsonl

What is one thing and what is not can be corrected by tieline.decisions.toml (docs/formats.md,
\"Decisions\"); why something was taken for one thing, says `tieline explain-merge`.")]
pub struct EntitiesArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub graph: GraphArgs,
    /// Only entities of this type
    #[arg(long = "type", value_name = "TYPE", value_enum)]
    pub kind: Option<Kind>,
    /// Only entities of which some name holds all words of NAME; case and accents do not matter
    #[arg(long, value_name = "NAME")]
    pub like: Option<String>,
    /// How entities are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Runs the command.
pub fn run(args: &EntitiesArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let Loaded { graph, failed, .. } = Loaded::of(&args.graph, streams.err)?;
    let kind = args.kind.map(EntityType::from);
    let like = args.like.as_deref().map(fold).unwrap_or_default();
    let wanted = |id: &NodeId| {
        let kind = kind.is_none_or(|kind| kind == graph.node(*id).kind);
        kind && is_like(&graph, *id, &like)
    };
    let nodes: Vec<NodeId> = graph.node_ids().filter(wanted).collect();
    print_nodes(&graph, &nodes, args.format, streams.style, streams.out)?;
    Ok(Outcome {
        found: !nodes.is_empty(),
        failed,
    })
}

/// Whether some name of a node holds all words of a folded name.
fn is_like(graph: &Graph, id: NodeId, like: &str) -> bool {
    let holds = |name: &str| {
        let name = fold(name);
        like.split(' ')
            .all(|word| name.split(' ').any(|w| w.starts_with(word)))
    };
    like.is_empty() || holds(graph.name(id)) || graph.aliases(id).any(|(alias, _)| holds(alias))
}

/// Other names of a node and how often each is used, the frequent first.
fn aliases(graph: &Graph, id: NodeId) -> Vec<(&str, u32)> {
    let mut all: Vec<(&str, u32)> = graph.aliases(id).collect();
    all.sort_by_key(|&(alias, count)| (std::cmp::Reverse(count), alias));
    all
}

/// Everything about a node. In a table other names stand without their counts.
fn record(graph: &Graph, id: NodeId, table: bool) -> Record {
    let node = graph.node(id);
    let aliases = aliases(graph, id).into_iter();
    let aliases: Vec<Value> = aliases
        .map(|(name, count)| match table {
            true => json!(name),
            false => json!({"name": name, "count": count}),
        })
        .collect();
    let date = |date: Option<Date>| json!(date.map(|date| date.to_string()));
    Record::of([
        ("key", json!(node.key)),
        ("type", json!(node.kind.as_str())),
        ("name", json!(node.name)),
        ("iso", json!(node.iso)),
        ("wikidata", json!(node.wikidata)),
        ("known", json!(node.known)),
        ("mentions", json!(node.n_mentions)),
        ("documents", json!(node.n_documents)),
        ("first", date(node.seen.map(|seen| seen.0))),
        ("last", date(node.seen.map(|seen| seen.1))),
        ("aliases", json!(aliases)),
    ])
}

/// Writes nodes in a format, in the order given.
pub fn print_nodes(
    graph: &Graph,
    nodes: &[NodeId],
    format: Format,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if format == Format::Text {
        return print_text(graph, nodes, style, out);
    }
    let table = format == Format::Csv;
    let records: Vec<Record> = nodes.iter().map(|id| record(graph, *id, table)).collect();
    write_records(&records, format, out)
}

fn print_text(
    graph: &Graph,
    nodes: &[NodeId],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut kinds: Vec<EntityType> = EntityType::ALL.to_vec();
    kinds.retain(|kind| nodes.iter().any(|id| graph.node(*id).kind == *kind));
    for kind in kinds {
        let mut members: Vec<NodeId> = nodes
            .iter()
            .copied()
            .filter(|id| graph.node(*id).kind == kind)
            .collect();
        members.sort_by_key(|id| std::cmp::Reverse(graph.node(*id).n_mentions));
        writeln!(out, "{}", style.relation(kind.as_str()))?;
        let title = |id: NodeId| {
            let node = graph.node(id);
            let iso = node.iso.map_or(String::new(), |iso| format!(" [{iso}]"));
            let plain = node
                .key
                .rsplit('(')
                .next()
                .filter(|_| node.key.ends_with(')'));
            let mark = plain.map_or(String::new(), |mark| format!(" ({mark}"));
            format!("{}{iso}{mark}", clean(node.name))
        };
        let width = members.iter().map(|id| title(*id).chars().count());
        let width = width.max().unwrap_or(0).min(40);
        for id in members {
            let node = graph.node(id);
            write!(
                out,
                "  {:width$}  {} in {}",
                style.bold(&title(id)),
                count(node.n_mentions as usize, "mention"),
                count(node.n_documents as usize, "document"),
            )?;
            if let Some((first, last)) = node.seen {
                let dates = if first == last {
                    format!("{first}")
                } else {
                    format!("{first} to {last}")
                };
                write!(out, ", {}", style.dim(&dates))?;
            }
            let others = aliases(graph, id).into_iter();
            let others: Vec<String> = others
                .filter(|(alias, _)| *alias != node.name)
                .take(8)
                .map(|(alias, n)| format!("{} ×{n}", clean(alias)))
                .collect();
            if !others.is_empty() {
                write!(
                    out,
                    "  {}",
                    style.dim(&format!("also {}", others.join(", ")))
                )?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}
