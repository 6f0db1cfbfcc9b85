//! `tieline disputed`: what some say and others deny.

use std::collections::BTreeSet;
use std::io;

use serde_json::json;
use tieline_graph::ask::disputes;
use tieline_graph::{EdgeId, Graph};

use crate::answers::{AskArgs, Asked, Format, Record, edge_fields, print_evidence, write_records};
use crate::terminal::clean;
use crate::{Outcome, Streams};

/// What is affirmed by some and denied by others, and who they are.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline disputed seeds/demo
  tieline disputed --relation met_with --format jsonl news.tieline")]
pub struct DisputedArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub ask: AskArgs,
}

/// Who says so: entities, other sources, and documents where nobody is named.
fn voices(graph: &Graph, edges: &[EdgeId]) -> io::Result<Vec<String>> {
    let mut found = BTreeSet::new();
    for id in edges {
        for one in graph.evidence(*id).map_err(io::Error::other)? {
            let source = one.source.map(|id| graph.name(id).to_owned());
            let document = || graph.document(one.document).doc.clone();
            found.insert(source.or(one.source_text).unwrap_or_else(document));
        }
    }
    Ok(found.into_iter().collect())
}

/// Runs the command.
pub fn run(args: &DisputedArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    args.ask
        .answer(streams, |asked, streams| tell(args, asked, streams))
}

fn tell(args: &DisputedArgs, asked: &Asked, streams: &mut Streams<'_>) -> io::Result<bool> {
    let (graph, scheme) = (&asked.graph, &asked.scheme);
    let text = args.ask.format == Format::Text;
    let all = disputes(graph, scheme, &asked.filter);
    let mut records = Vec::new();
    for dispute in &all {
        let sides = [("affirmed", &dispute.affirmed), ("denied", &dispute.denied)];
        if text {
            let line = format!(
                "{} – {} – {}",
                clean(graph.name(dispute.subject)),
                clean(scheme.label(dispute.relation)),
                clean(graph.name(dispute.object))
            );
            writeln!(streams.out, "{}", streams.style.bold(&line))?;
        }
        for (side, edges) in sides {
            let voices = voices(graph, edges)?;
            if text {
                let voices: Vec<_> = voices.iter().map(|voice| clean(voice)).collect();
                let line = format!("  {side} by {}", voices.join(", "));
                writeln!(streams.out, "{}", streams.style.mark(&line))?;
                for id in edges {
                    for one in graph
                        .evidence(*id)
                        .map_err(io::Error::other)?
                        .iter()
                        .take(3)
                    {
                        print_evidence(graph, one, streams.style, streams.out)?;
                    }
                }
            } else {
                for id in edges {
                    let own = Record::of([("side", json!(side)), ("voices", json!(voices))]);
                    records.push(own.and(edge_fields(graph, *id, 0)?));
                }
            }
        }
    }
    write_records(&records, args.ask.format, streams.out)?;
    Ok(!all.is_empty())
}
