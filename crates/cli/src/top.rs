//! `tieline top`, `tieline communities` and `tieline stats`: the graph as a whole.

use std::collections::BTreeMap;
use std::io;

use clap::ValueEnum;
use serde_json::json;
use tieline_graph::ask::{
    Neighbours, betweenness, brokerage, communities, members, pagerank, ranked,
};

use crate::answers::{
    AskArgs, Asked, FilterArgs, Format, Record, answer, node_fields, write_records,
};
use crate::graph::GraphArgs;
use crate::terminal::clean;
use crate::{Outcome, Streams};

/// What makes an entity matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    /// Number of entities that it is tied to
    Degree,
    /// PageRank: tied to many that are tied to many
    Pagerank,
    /// Share of shortest ways that pass through it
    Betweenness,
    /// Effective size of its circle: tied to many that are not tied to each other
    Brokers,
}

/// Who matters most.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline top seeds/demo
  tieline top --by brokers --to-type organisation --limit 10 news.tieline")]
pub struct TopArgs {
    /// What counts
    #[arg(long, value_enum, default_value_t = Measure::Pagerank)]
    pub by: Measure,
    /// Print the first N
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub ask: AskArgs,
}

/// Runs `top`.
pub fn run(args: &TopArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    args.ask
        .answer(streams, |asked, streams| rank(args, asked, streams))
}

fn rank(args: &TopArgs, asked: &Asked, streams: &mut Streams<'_>) -> io::Result<bool> {
    let (graph, scheme, filter) = (&asked.graph, &asked.scheme, &asked.filter);
    let text = args.ask.format == Format::Text;
    let near = Neighbours::of(graph, |id| filter.admits(graph, scheme, id));
    let scores = match args.by {
        Measure::Degree => graph
            .node_ids()
            .map(|id| near.near(id).len() as f64)
            .collect(),
        Measure::Pagerank => pagerank(&near),
        Measure::Betweenness => betweenness(&near),
        Measure::Brokers => brokerage(&near),
    };
    let fits = |id| filter.types.is_empty() || filter.types.contains(&graph.node(id).kind);
    let limit = if args.limit == 0 {
        usize::MAX
    } else {
        args.limit
    };
    let first = ranked(&scores)
        .into_iter()
        .filter(|(id, score)| *score > 0.0 && !near.near(*id).is_empty() && fits(*id))
        .take(limit);
    let mut records = Vec::new();
    for (rank, (id, score)) in (1..).zip(first) {
        if text {
            let score = match args.by {
                Measure::Degree => format!("{score:.0}"),
                Measure::Brokers => format!("{score:.1}"),
                Measure::Pagerank | Measure::Betweenness => format!("{score:.4}"),
            };
            writeln!(
                streams.out,
                "{rank:>4}  {score:>8}  {}  {}",
                streams.style.bold(&clean(graph.name(id))),
                streams.style.dim(graph.node(id).kind.as_str())
            )?;
        }
        let own = Record::of([("rank", json!(rank)), ("score", json!(score))]);
        records.push(own.and(node_fields(graph, id)));
    }
    write_records(&records, args.ask.format, streams.out)?;
    Ok(!records.is_empty())
}

/// Groups of entities that have more to do with each other than with the rest.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline communities seeds/demo
  tieline communities --min-size 5 --only-facts news.tieline --format csv

Groups are found by modularity (Louvain), each tie weighted by the number of its statements.")]
pub struct CommunitiesArgs {
    /// Leave out groups of fewer than N
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub min_size: usize,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub ask: AskArgs,
}

/// Runs `communities`.
pub fn run_communities(args: &CommunitiesArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    args.ask
        .answer(streams, |asked, streams| group(args, asked, streams))
}

fn group(args: &CommunitiesArgs, asked: &Asked, streams: &mut Streams<'_>) -> io::Result<bool> {
    let (graph, scheme, filter) = (&asked.graph, &asked.scheme, &asked.filter);
    let text = args.ask.format == Format::Text;
    let groups = communities(graph, |id| {
        let admitted = filter.admits(graph, scheme, id);
        admitted.then(|| f64::from(graph.edge(id).n_statements).ln_1p())
    });
    let mut records = Vec::new();
    for (number, mut group) in (1..).zip(members(&groups)) {
        if group.len() < args.min_size.max(1) {
            break;
        }
        group.sort_by_key(|id| (std::cmp::Reverse(graph.degree(*id)), *id));
        if text {
            let names: Vec<_> = group.iter().map(|id| clean(graph.name(*id))).collect();
            let head = format!("{number}. {} entities", group.len());
            writeln!(
                streams.out,
                "{}\n  {}",
                streams.style.bold(&head),
                names.join(", ")
            )?;
        }
        for id in group {
            let own = Record::of([("community", json!(number))]);
            records.push(own.and(node_fields(graph, id)));
        }
    }
    write_records(&records, args.ask.format, streams.out)?;
    Ok(!records.is_empty())
}

/// How much there is of what.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline stats seeds/demo
  tieline stats news.tieline --format json")]
pub struct StatsArgs {
    /// How answers are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub graph: GraphArgs,
}

/// Runs `stats`.
pub fn run_stats(args: &StatsArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let all = FilterArgs::default();
    answer(&all, &args.graph, streams, |asked, streams| {
        count(args, asked, streams)
    })
}

fn count(args: &StatsArgs, asked: &Asked, streams: &mut Streams<'_>) -> io::Result<bool> {
    let (graph, scheme) = (&asked.graph, &asked.scheme);
    let text = args.format == Format::Text;
    let mut rows: Vec<(&str, String, u64)> = vec![
        ("documents", String::new(), graph.documents().len() as u64),
        ("entities", String::new(), graph.n_nodes() as u64),
        ("relations", String::new(), graph.n_edges() as u64),
    ];
    let statements: u64 = graph
        .edges()
        .iter()
        .map(|edge| u64::from(edge.n_statements))
        .sum();
    rows.push(("statements", String::new(), statements));
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for id in graph.node_ids() {
        *kinds.entry(graph.node(id).kind.as_str()).or_default() += 1;
    }
    let mut states: BTreeMap<String, u64> = BTreeMap::new();
    let mut types: BTreeMap<&str, u64> = BTreeMap::new();
    for edge in graph.edges() {
        let state = format!("{} {}", edge.polarity.as_str(), edge.modality.as_str());
        *states.entry(state).or_default() += 1;
        *types.entry(scheme.label(edge.relation)).or_default() += 1;
    }
    rows.extend(
        kinds
            .into_iter()
            .map(|(name, n)| ("entities of type", name.to_owned(), n)),
    );
    rows.extend(
        states
            .into_iter()
            .map(|(name, n)| ("relations that are", name, n)),
    );
    let mut types: Vec<_> = types.into_iter().collect();
    types.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
    rows.extend(
        types
            .into_iter()
            .map(|(name, n)| ("relations of type", name.to_owned(), n)),
    );
    let mut records = Vec::new();
    for (what, which, n) in rows {
        if text {
            let line = format!("{n:>9}  {what} {}", clean(&which));
            writeln!(streams.out, "{}", line.trim_end())?;
        }
        let fields = [
            ("what", json!(what)),
            ("which", json!(which)),
            ("number", json!(n)),
        ];
        records.push(Record::of(fields));
    }
    write_records(&records, args.format, streams.out)?;
    Ok(graph.n_nodes() > 0)
}
