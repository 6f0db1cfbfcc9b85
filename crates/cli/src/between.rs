//! `tieline between` and `tieline common`: what ties several names together.

use std::io;

use serde_json::json;
use tieline_graph::ask::Ways;
use tieline_graph::{EdgeId, NodeId};

use crate::answers::{
    AskArgs, Asked, FilterArgs, Format, Record, answer, edge_fields, print_edge, write_records,
    wrong,
};
use crate::graph::GraphArgs;
use crate::terminal::clean;
use crate::{Outcome, Streams};

/// What ties several names together: the smallest well-supported net that joins them all.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline between Starmer Putin Trump --in seeds/demo
  tieline between 'Norvik Energy' Norway Halden --in news.tieline --format csv")]
pub struct BetweenArgs {
    /// Names, two or more
    #[arg(required = true, num_args = 2..)]
    pub names: Vec<String>,
    /// A graph file, documents or folders; may be given several times
    #[arg(long = "in", value_name = "PATH", required = true, value_hint = clap::ValueHint::AnyPath)]
    pub paths: Vec<std::path::PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub filter: FilterArgs,
    /// How answers are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub analysis: crate::analysis::AnalysisArgs,
}

/// Runs `between`.
pub fn run(args: &BetweenArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let input = GraphArgs::of(&args.paths, &args.analysis);
    answer(&args.filter, &input, streams, |asked, streams| {
        join(args, asked, streams)
    })
}

fn join(args: &BetweenArgs, asked: &Asked, streams: &mut Streams<'_>) -> io::Result<bool> {
    let mut ends: Vec<NodeId> = Vec::new();
    for name in &args.names {
        match asked.find(name, streams)? {
            Some(node) => ends.push(node),
            None => return Ok(false),
        }
    }
    let (graph, scheme, filter) = (&asked.graph, &asked.scheme, asked.affirmed());
    let (nodes, missed) = Ways::new(graph, scheme, &filter).connect(&ends);
    for node in missed {
        let name = clean(graph.name(node));
        writeln!(streams.err, "tieline: nothing joins {name} to the others")?;
    }
    let inside = |id: &EdgeId| {
        let edge = graph.edge(*id);
        let ends = nodes.contains(&edge.subject) && nodes.contains(&edge.object);
        ends && filter.admits(graph, scheme, *id)
    };
    let mut edges: Vec<EdgeId> = nodes
        .iter()
        .flat_map(|node| graph.out_edges(*node).map(|(id, _)| id))
        .filter(inside)
        .collect();
    edges.sort_unstable();
    if args.format == Format::Text {
        let joined: Vec<_> = nodes
            .iter()
            .filter(|node| !ends.contains(node))
            .map(|node| clean(graph.name(*node)))
            .collect();
        if !joined.is_empty() {
            writeln!(streams.out, "joined by {}\n", joined.join(", "))?;
        }
        for edge in &edges {
            print_edge(graph, scheme, *edge, streams.style, streams.out)?;
        }
    }
    let records: io::Result<Vec<_>> = edges.iter().map(|id| edge_fields(graph, *id, 3)).collect();
    write_records(&records?, args.format, streams.out)?;
    Ok(!edges.is_empty())
}

/// Who is tied to both A and B.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline common Ukraine 'United States' seeds/demo
  tieline common Starmer Putin --to-type person news.tieline")]
pub struct CommonArgs {
    /// One name
    pub a: String,
    /// The other
    pub b: String,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub ask: AskArgs,
}

/// Runs `common`.
pub fn run_common(args: &CommonArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    if args.a == args.b {
        return Err(wrong("the two names are the same".to_owned()));
    }
    args.ask
        .answer(streams, |asked, streams| share(args, asked, streams))
}

fn share(args: &CommonArgs, asked: &Asked, streams: &mut Streams<'_>) -> io::Result<bool> {
    let (Some(a), Some(b)) = (asked.find(&args.a, streams)?, asked.find(&args.b, streams)?) else {
        return Ok(false);
    };
    let (graph, scheme) = (&asked.graph, &asked.scheme);
    let text = args.ask.format == Format::Text;
    let ways = Ways::new(graph, scheme, &asked.filter);
    let common = ways.common(a, b);
    let mut records = Vec::new();
    for node in &common {
        let edges = [a, b].map(|end| ways.edges(end, *node));
        if text {
            writeln!(
                streams.out,
                "{}",
                streams.style.bold(&clean(graph.name(*node)))
            )?;
        }
        for edge in edges.into_iter().flatten() {
            if text {
                print_edge(graph, scheme, edge, streams.style, streams.out)?;
            } else {
                let own = Record::of([("common", json!(graph.name(*node)))]);
                records.push(own.and(edge_fields(graph, edge, 3)?));
            }
        }
    }
    write_records(&records, args.ask.format, streams.out)?;
    Ok(!common.is_empty())
}
