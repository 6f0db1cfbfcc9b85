//! `tieline query`: patterns with variables.

use std::io;

use serde_json::json;
use tieline_graph::ask::{Query, QueryError, Scheme, answer};

use crate::answers::{Format, Record, edge_fields, print_edge, write_records};
use crate::graph::{GraphArgs, Loaded, Source};
use crate::terminal::clean;
use crate::{Outcome, Streams};

/// Find everything that fits a pattern.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline query '?x ceo_of ?y . ?y headquartered_in Germany' news.tieline
  tieline query 'Starmer visited ?where [since=2025-01]' seeds/demo
  tieline query 'count ?x by ?y : ?x accused ?y' seeds/demo
  tieline query '?x has_head_of_government ?who . ?x is country' seeds/demo

A clause is NAME-or-?variable RELATION NAME-or-?variable; clauses are parted by a lone dot. RELATION
may be an inverse (hosted), several (met_with|spoke_with) or * for any. Behind a clause, in
brackets: facts, modality=planned|possible, polarity=negated, since=2025, until=2025-03,
as-of=2020-01-01, support=2, confidence=0.8, by=\"NAME\". A clause may also be ?x is person|country,
?x = NAME, ?x != ?y. In front: select ?x : or count ?x by ?y : (docs/formats.md has the grammar).")]
pub struct QueryArgs {
    /// The pattern
    pub query: String,
    /// Print at most N rows; 0 prints all
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// How answers are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub graph: GraphArgs,
}

/// Tells what is wrong with a query, with a mark under the place.
fn complain(query: &str, error: &QueryError, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    // Letter by letter, so that the mark stands below its place.
    let query: String = query
        .chars()
        .map(|c| clean(&c.to_string()).into_owned())
        .collect();
    let indent = " ".repeat(error.column.saturating_sub(1));
    writeln!(streams.err, "tieline: the query cannot be read, {error}")?;
    writeln!(streams.err, "  {query}\n  {indent}^")?;
    Ok(Outcome {
        found: false,
        failed: 1,
    })
}

/// Runs the command.
pub fn run(args: &QueryArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let source = Source::open(&args.graph)?;
    // A wrong query is told before the work, not after.
    let query = match Query::parse(&args.query, &source.ontology) {
        Ok(query) => query,
        Err(error) => return complain(&args.query, &error, streams),
    };
    let Loaded {
        graph,
        ontology,
        failed,
        ..
    } = source.read(streams.err)?;
    let scheme = Scheme::of(&graph, &ontology);
    let answer = match answer(&graph, &scheme, &query, args.limit) {
        Ok(answer) => answer,
        Err(error) => return complain(&args.query, &error, streams),
    };
    let mut records = Vec::new();
    for row in &answer.rows {
        let values = answer.columns.iter().zip(&row.values);
        let mut fields: Vec<_> = values
            .map(|(column, id)| (column.clone(), json!(graph.name(*id))))
            .collect();
        if let Some(count) = row.count {
            fields.push(("count".to_owned(), json!(count)));
        }
        if args.format == Format::Text {
            let shown: Vec<String> = fields
                .iter()
                .map(|(key, value)| {
                    let value = value.as_str().map_or(value.to_string(), str::to_owned);
                    format!("{key}: {}", clean(&value))
                })
                .collect();
            writeln!(streams.out, "{}", streams.style.bold(&shown.join(", ")))?;
            if row.count.is_none() {
                for edge in &row.edges {
                    print_edge(&graph, &scheme, *edge, streams.style, streams.out)?;
                }
            }
        } else {
            if row.count.is_none() {
                let edges: io::Result<Vec<_>> = row
                    .edges
                    .iter()
                    .map(|id| edge_fields(&graph, *id, 1))
                    .collect();
                fields.push(("edges".to_owned(), serde_json::to_value(edges?)?));
            }
            if args.format == Format::Csv {
                // A table has names and numbers; the sentences stand in the other formats.
                fields.retain(|(key, _)| key != "edges");
            }
            records.push(Record(fields));
        }
    }
    write_records(&records, args.format, streams.out)?;
    if answer.cut {
        writeln!(
            streams.err,
            "tieline: more than {} rows; --limit 0 prints all",
            args.limit
        )?;
    }
    Ok(Outcome {
        found: !answer.rows.is_empty(),
        failed,
    })
}
