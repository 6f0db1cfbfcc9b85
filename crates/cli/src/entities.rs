//! `tieline entities`: one line for each real thing in the documents.

use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::{Value, json};
use tieline_facts::EntityType;
use tieline_graph::{Graph, NodeId, fold};

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

/// How answers about entities are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people; may change
    Text,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
    /// A table with a heading
    Csv,
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

fn object(graph: &Graph, id: NodeId) -> Value {
    let node = graph.node(id);
    let aliases = aliases(graph, id).into_iter();
    let aliases: Vec<Value> = aliases
        .map(|(name, count)| json!({"name": name, "count": count}))
        .collect();
    let (first, last) = node.seen.map_or((None, None), |(first, last)| {
        (Some(first.to_string()), Some(last.to_string()))
    });
    json!({
        "key": node.key,
        "type": node.kind.as_str(),
        "name": node.name,
        "iso": node.iso,
        "wikidata": node.wikidata,
        "known": node.known,
        "mentions": node.n_mentions,
        "documents": node.n_documents,
        "first": first,
        "last": last,
        "aliases": aliases,
    })
}

/// Writes nodes in a format, in the order given.
pub fn print_nodes(
    graph: &Graph,
    nodes: &[NodeId],
    format: Format,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => print_text(graph, nodes, style, out),
        Format::Json => {
            let all: Vec<Value> = nodes.iter().map(|id| object(graph, *id)).collect();
            print_json(&all, out)
        }
        Format::Jsonl => {
            for id in nodes {
                writeln!(out, "{}", object(graph, *id))?;
            }
            Ok(())
        }
        Format::Csv => {
            let head = "key,type,name,iso,wikidata,known,mentions,documents,first,last,aliases";
            writeln!(out, "{head}")?;
            for &id in nodes {
                let node = graph.node(id);
                let date = |date: Option<tieline_graph::Date>| {
                    date.map_or(String::new(), |date| date.to_string())
                };
                let aliases: Vec<&str> = aliases(graph, id).into_iter().map(|(a, _)| a).collect();
                let cells = [
                    node.key,
                    node.kind.as_str(),
                    node.name,
                    node.iso.unwrap_or_default(),
                    node.wikidata.unwrap_or_default(),
                    node.known.unwrap_or_default(),
                    &node.n_mentions.to_string(),
                    &node.n_documents.to_string(),
                    &date(node.seen.map(|seen| seen.0)),
                    &date(node.seen.map(|seen| seen.1)),
                    &aliases.join("|"),
                ];
                print_row(&cells, out)?;
            }
            Ok(())
        }
    }
}

/// An array with one value a line.
pub fn print_json(all: &[Value], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "[")?;
    for (value, number) in all.iter().zip(1..) {
        let comma = if number < all.len() { "," } else { "" };
        writeln!(out, "  {value}{comma}")?;
    }
    writeln!(out, "]")
}

/// One row of a table: cells with commas, quotes or line ends stand in quotes.
pub fn print_row(cells: &[&str], out: &mut dyn Write) -> io::Result<()> {
    for (cell, number) in cells.iter().zip(0..) {
        if number > 0 {
            write!(out, ",")?;
        }
        if cell.contains([',', '"', '\n', '\r']) {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            write!(out, "{cell}")?;
        }
    }
    writeln!(out)
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
