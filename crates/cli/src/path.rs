//! `tieline path`: how one name is tied to another.

use std::io;

use serde_json::json;
use tieline_facts::Polarity;
use tieline_graph::ask::{Scheme, Ways};

use crate::answers::{FilterArgs, Format, Record, edge_fields, print_edge, write_records};
use crate::graph::{self, GraphArgs};
use crate::terminal::clean;
use crate::who::find_node;
use crate::{Outcome, Streams};

/// How A is tied to B: the best ways from one to the other, with the words for every step.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline path Starmer Putin seeds/demo
  tieline path 'Norvik Energy' Norway --k 3 news.tieline

A way is good when it is short and every step is well supported. Denied ties are no steps.")]
pub struct PathArgs {
    /// Where the way starts
    pub from: String,
    /// Where it ends
    pub to: String,
    /// Print the N best ways
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub k: usize,
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

/// Runs the command.
pub fn run(args: &PathArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let ontology = graph::load_types(&args.graph)?;
    let (graph, failed) = graph::read_graph(&args.graph, &ontology, streams.err)?;
    let nothing = Ok(Outcome {
        found: false,
        failed,
    });
    let from = find_node(
        &graph,
        &args.from,
        None,
        "one of the keys in brackets",
        streams.err,
    )?;
    let to = find_node(
        &graph,
        &args.to,
        None,
        "one of the keys in brackets",
        streams.err,
    )?;
    let filter = args.filter.filter(&graph, &ontology, streams.err)?;
    let (Some(from), Some(to), Some(mut filter)) = (from, to, filter) else {
        return nothing;
    };
    filter.polarity = Some(Polarity::Affirmed);
    let scheme = Scheme::of(&graph, &ontology);
    let paths = Ways::new(&graph, &scheme, &filter).best(from, to, args.k.max(1));
    let mut records = Vec::new();
    for (number, path) in (1..).zip(&paths) {
        if args.format == Format::Text {
            let names: Vec<_> = path.nodes.iter().map(|id| clean(graph.name(*id))).collect();
            writeln!(streams.out, "{}", streams.style.bold(&names.join(" – ")))?;
            for hop in &path.hops {
                // One step may be stated in several ways; the best supported one is shown.
                if let Some(best) = hop.first() {
                    print_edge(&graph, &scheme, *best, streams.style, streams.out)?;
                }
                if 1 < hop.len() {
                    let more = format!("      and {} more between them", hop.len() - 1);
                    writeln!(streams.out, "{}", streams.style.dim(&more))?;
                }
            }
            writeln!(streams.out)?;
        } else {
            for (step, hop) in (1..).zip(&path.hops) {
                for edge in hop {
                    let place = Record::of([("path", json!(number)), ("step", json!(step))]);
                    records.push(place.and(edge_fields(&graph, *edge, 3)?));
                }
            }
        }
    }
    if paths.is_empty() {
        let (from, to) = (clean(graph.name(from)), clean(graph.name(to)));
        writeln!(streams.err, "tieline: no way leads from {from} to {to}")?;
    }
    write_records(&records, args.format, streams.out)?;
    Ok(Outcome {
        found: !paths.is_empty(),
        failed,
    })
}
