//! `tieline path`: how one name is tied to another.

use std::io;

use serde_json::json;
use tieline_graph::ask::Ways;

use crate::answers::{AskArgs, Asked, Format, Record, edge_fields, print_edge, write_records};
use crate::terminal::clean;
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
    pub ask: AskArgs,
}

/// Runs the command.
pub fn run(args: &PathArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    args.ask
        .answer(streams, |asked, streams| find(args, asked, streams))
}

fn find(args: &PathArgs, asked: &Asked, streams: &mut Streams<'_>) -> io::Result<bool> {
    let ends = (
        asked.find(&args.from, streams)?,
        asked.find(&args.to, streams)?,
    );
    let (Some(from), Some(to)) = ends else {
        return Ok(false);
    };
    let (graph, scheme, filter) = (&asked.graph, &asked.scheme, asked.affirmed());
    let paths = Ways::new(graph, scheme, &filter).best(from, to, args.k.max(1));
    let text = args.ask.format == Format::Text;
    let mut records = Vec::new();
    for (number, path) in (1..).zip(&paths) {
        if text {
            let names: Vec<_> = path.nodes.iter().map(|id| clean(graph.name(*id))).collect();
            writeln!(streams.out, "{}", streams.style.bold(&names.join(" – ")))?;
            for hop in &path.hops {
                // One step may be stated in several ways; the best supported one is shown.
                if let Some(best) = hop.first() {
                    print_edge(graph, scheme, *best, streams.style, streams.out)?;
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
                    records.push(place.and(edge_fields(graph, *edge, 3)?));
                }
            }
        }
    }
    if paths.is_empty() {
        let (from, to) = (clean(graph.name(from)), clean(graph.name(to)));
        writeln!(streams.err, "tieline: no way leads from {from} to {to}")?;
    }
    write_records(&records, args.ask.format, streams.out)?;
    Ok(!paths.is_empty())
}
