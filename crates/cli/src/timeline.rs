//! `tieline timeline` and `tieline balance`: what happened when.

use std::io;

use clap::ValueEnum;
use serde_json::json;
use tieline_graph::ask::{Period, balance, timeline};

use crate::answers::{
    AskArgs, Asked, Format, Record, edge_fields, evidence_value, print_edge, print_edge_line,
    print_evidence, write_records,
};
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
    pub ask: AskArgs,
}

/// Runs `timeline`.
pub fn run(args: &TimelineArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    args.ask
        .answer(streams, |asked, streams| tell(args, asked, streams))
}

fn tell(args: &TimelineArgs, asked: &Asked, streams: &mut Streams<'_>) -> io::Result<bool> {
    let Some(node) = asked.find(&args.name, streams)? else {
        return Ok(false);
    };
    let (graph, scheme) = (&asked.graph, &asked.scheme);
    let text = args.ask.format == Format::Text;
    let moments = timeline(graph, scheme, node, &asked.filter).map_err(io::Error::other)?;
    let mut records = Vec::new();
    for moment in &moments {
        let of_event = if moment.of_event {
            "event"
        } else {
            "publication"
        };
        if text {
            let mark = if moment.of_event { "" } else { " (published)" };
            let line = format!("{}{mark}", moment.date);
            writeln!(streams.out, "{}", streams.style.bold(&line))?;
            print_edge_line(graph, scheme, moment.edge, streams.style, streams.out)?;
            print_evidence(graph, &moment.evidence, streams.style, streams.out)?;
        } else {
            let mut fields = edge_fields(graph, moment.edge, 1)?;
            fields.0.retain(|(key, _)| key != "evidence");
            let own = Record::of([
                ("date", json!(moment.date.to_string())),
                ("date_of", json!(of_event)),
            ]);
            let evidence = json!([evidence_value(graph, &moment.evidence)]);
            records.push(own.and(fields).and(Record::of([("evidence", evidence)])));
        }
    }
    write_records(&records, args.ask.format, streams.out)?;
    Ok(!moments.is_empty())
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
    pub ask: AskArgs,
}

/// Runs `balance`.
pub fn run_balance(args: &BalanceArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    args.ask
        .answer(streams, |asked, streams| weigh(args, asked, streams))
}

fn weigh(args: &BalanceArgs, asked: &Asked, streams: &mut Streams<'_>) -> io::Result<bool> {
    let (Some(a), Some(b)) = (asked.find(&args.a, streams)?, asked.find(&args.b, streams)?) else {
        return Ok(false);
    };
    let (graph, scheme) = (&asked.graph, &asked.scheme);
    let text = args.ask.format == Format::Text;
    let period = match args.by {
        By::Year => Period::Year,
        By::Month => Period::Month,
        By::Day => Period::Day,
    };
    let rows = balance(graph, scheme, a, b, period, &asked.filter).map_err(io::Error::other)?;
    let mut records = Vec::new();
    for row in &rows {
        let period = row.period.map(|date| date.to_string());
        if text {
            let line = format!(
                "{:<10}  {:+.2}  {} cooperation, {} conflict",
                period.as_deref().unwrap_or("undated"),
                row.share(),
                row.cooperation,
                row.conflict
            );
            writeln!(streams.out, "{}", streams.style.bold(&line))?;
            for edge in &row.edges {
                print_edge(graph, scheme, *edge, streams.style, streams.out)?;
            }
        }
        let mut evidence = Vec::new();
        for edge in &row.edges {
            let best = graph.best_evidence(*edge).map_err(io::Error::other)?;
            evidence.extend(best.map(|one| evidence_value(graph, &one)));
        }
        records.push(Record::of([
            ("period", json!(period)),
            ("cooperation", json!(row.cooperation)),
            ("conflict", json!(row.conflict)),
            ("balance", json!((row.share() * 100.0).round() / 100.0)),
            ("evidence", json!(evidence)),
        ]));
    }
    write_records(&records, args.ask.format, streams.out)?;
    Ok(!rows.is_empty())
}
