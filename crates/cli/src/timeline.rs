//! `tieline timeline` and `tieline balance`: what happened when.

use std::io;

use clap::ValueEnum;
use serde_json::json;
use tieline_graph::ask::{Period, Scheme, balance, timeline};

use crate::answers::{
    FilterArgs, Format, Record, edge_fields, evidence_value, print_edge_line, print_evidence,
    write_records,
};
use crate::graph::{self, GraphArgs};
use crate::who::find_node;
use crate::{Outcome, Streams};

/// What is said of NAME, in the order of time.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline timeline Starmer seeds/demo
  tieline timeline Ukraine --since 2024 --sign hostile news.tieline

A statement stands on the date of what it tells; where the text gives none, on the date of
publication, marked so. Statements without any date are left out.")]
pub struct TimelineArgs {
    /// Whom to look for
    pub name: String,
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

/// Runs `timeline`.
pub fn run(args: &TimelineArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let ontology = graph::load_types(&args.graph)?;
    let (graph, failed) = graph::read_graph(&args.graph, &ontology, streams.err)?;
    let node = find_node(
        &graph,
        &args.name,
        None,
        "one of the keys in brackets",
        streams.err,
    )?;
    let filter = args.filter.filter(&graph, &ontology, streams.err)?;
    let (Some(node), Some(filter)) = (node, filter) else {
        return Ok(Outcome {
            found: false,
            failed,
        });
    };
    let scheme = Scheme::of(&graph, &ontology);
    let moments = timeline(&graph, &scheme, node, &filter).map_err(io::Error::other)?;
    let mut records = Vec::new();
    for moment in &moments {
        let of_event = if moment.of_event {
            "event"
        } else {
            "publication"
        };
        if args.format == Format::Text {
            let mark = if moment.of_event { "" } else { " (published)" };
            let line = format!("{}{mark}", moment.date);
            writeln!(streams.out, "{}", streams.style.bold(&line))?;
            print_edge_line(&graph, &scheme, moment.edge, streams.style, streams.out)?;
            print_evidence(&graph, &moment.evidence, streams.style, streams.out)?;
        } else {
            let mut fields = edge_fields(&graph, moment.edge, 1)?;
            fields.0.retain(|(key, _)| key != "evidence");
            let own = Record::of([
                ("date", json!(moment.date.to_string())),
                ("date_of", json!(of_event)),
            ]);
            let evidence = json!([evidence_value(&graph, &moment.evidence)]);
            records.push(own.and(fields).and(Record::of([("evidence", evidence)])));
        }
    }
    write_records(&records, args.format, streams.out)?;
    Ok(Outcome {
        found: !moments.is_empty(),
        failed,
    })
}

/// Length of the periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // each is what it is named after
pub enum By {
    Year,
    Month,
    Day,
}

/// How A and B get on: cooperation against conflict over time.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline balance Russia Ukraine seeds/demo
  tieline balance 'United States' China --by month news.tieline --format csv

Counts affirmed statements whose relation is cooperation or conflict by its PLOVER class; the balance
is their difference over their sum, from -1 (conflict only) to 1 (cooperation only).")]
pub struct BalanceArgs {
    /// One name
    pub a: String,
    /// The other
    pub b: String,
    /// Length of the periods
    #[arg(long, value_enum, default_value_t = By::Year)]
    pub by: By,
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

/// Runs `balance`.
pub fn run_balance(args: &BalanceArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
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
    let period = match args.by {
        By::Year => Period::Year,
        By::Month => Period::Month,
        By::Day => Period::Day,
    };
    let rows = balance(&graph, &scheme, a, b, period, &filter).map_err(io::Error::other)?;
    let mut records = Vec::new();
    for row in &rows {
        let period = row.period.map(|date| date.to_string());
        if args.format == Format::Text {
            let line = format!(
                "{:<10}  {:+.2}  {} cooperation, {} conflict",
                period.as_deref().unwrap_or("undated"),
                row.share(),
                row.cooperation,
                row.conflict
            );
            writeln!(streams.out, "{}", streams.style.bold(&line))?;
            for edge in &row.edges {
                print_edge_line(&graph, &scheme, *edge, streams.style, streams.out)?;
                if let Some(one) = graph.best_evidence(*edge).map_err(io::Error::other)? {
                    print_evidence(&graph, &one, streams.style, streams.out)?;
                }
            }
        }
        records.push(Record::of([
            ("period", json!(period)),
            ("cooperation", json!(row.cooperation)),
            ("conflict", json!(row.conflict)),
            ("balance", json!((row.share() * 100.0).round() / 100.0)),
        ]));
    }
    write_records(&records, args.format, streams.out)?;
    Ok(Outcome {
        found: !rows.is_empty(),
        failed,
    })
}
