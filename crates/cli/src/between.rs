//! `tieline between` and `tieline common`: what ties several names together.

use std::io;

use tieline_facts::Polarity;
use tieline_graph::ask::{Scheme, Ways};
use tieline_graph::{EdgeId, NodeId};

use crate::answers::{FilterArgs, Format, edge_fields, print_edge, write_records, wrong};
use crate::graph::{self, GraphArgs};
use crate::terminal::clean;
use crate::who::find_node;
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
    let ontology = graph::load_types(&input)?;
    let (graph, failed) = graph::read_graph(&input, &ontology, streams.err)?;
    let mut ends: Vec<NodeId> = Vec::new();
    for name in &args.names {
        match find_node(
            &graph,
            name,
            None,
            "one of the keys in brackets",
            streams.err,
        )? {
            Some(node) => ends.push(node),
            None => {
                return Ok(Outcome {
                    found: false,
                    failed,
                });
            }
        }
    }
    let Some(mut filter) = args.filter.filter(&graph, &ontology, streams.err)? else {
        return Ok(Outcome {
            found: false,
            failed,
        });
    };
    filter.polarity = Some(Polarity::Affirmed);
    let scheme = Scheme::of(&graph, &ontology);
    let (nodes, missed) = Ways::new(&graph, &scheme, &filter).connect(&ends);
    for node in missed {
        let name = clean(graph.name(node));
        writeln!(streams.err, "tieline: nothing joins {name} to the others")?;
    }
    let inside = |id: &EdgeId| {
        let edge = graph.edge(*id);
        let ends = nodes.contains(&edge.subject) && nodes.contains(&edge.object);
        ends && filter.admits(&graph, &scheme, *id)
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
            print_edge(&graph, &scheme, *edge, streams.style, streams.out)?;
        }
    }
    let records: io::Result<Vec<_>> = edges.iter().map(|id| edge_fields(&graph, *id, 3)).collect();
    write_records(&records?, args.format, streams.out)?;
    Ok(Outcome {
        found: !edges.is_empty(),
        failed,
    })
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
    pub filter: FilterArgs,
    /// How answers are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub graph: GraphArgs,
}

/// Runs `common`.
pub fn run_common(args: &CommonArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    if args.a == args.b {
        return Err(wrong("the two names are the same".to_owned()));
    }
    let ontology = graph::load_types(&args.graph)?;
    let (graph, failed) = graph::read_graph(&args.graph, &ontology, streams.err)?;
    let a = find_node(
        &graph,
        &args.a,
        None,
        "one of the keys in brackets",
        streams.err,
    )?;
    let b = find_node(
        &graph,
        &args.b,
        None,
        "one of the keys in brackets",
        streams.err,
    )?;
    let filter = args.filter.filter(&graph, &ontology, streams.err)?;
    let (Some(a), Some(b), Some(filter)) = (a, b, filter) else {
        return Ok(Outcome {
            found: false,
            failed,
        });
    };
    let scheme = Scheme::of(&graph, &ontology);
    let ways = Ways::new(&graph, &scheme, &filter);
    let common = ways.common(a, b);
    let mut records = Vec::new();
    for node in &common {
        let edges = [a, b].map(|end| ways.edges(end, *node));
        if args.format == Format::Text {
            writeln!(
                streams.out,
                "{}",
                streams.style.bold(&clean(graph.name(*node)))
            )?;
        }
        for edge in edges.into_iter().flatten() {
            if args.format == Format::Text {
                print_edge(&graph, &scheme, edge, streams.style, streams.out)?;
            } else {
                let own =
                    crate::answers::Record::of([("common", serde_json::json!(graph.name(*node)))]);
                records.push(own.and(edge_fields(&graph, edge, 3)?));
            }
        }
    }
    write_records(&records, args.format, streams.out)?;
    Ok(Outcome {
        found: !common.is_empty(),
        failed,
    })
}
