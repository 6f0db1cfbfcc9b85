//! `tieline who`: who relates to a name, with the sentences.

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::ValueEnum;
use tieline_facts::{EntityType, Ontology};
use tieline_graph::{Evidence, Graph, Neighbour, NodeId, Resolution, best};

use crate::answers::{AskArgs, Asked, Format, edge_fields, write_records};
use crate::extract::marks;
use crate::load::label;
use crate::terminal::{Style, clean};
use crate::{Outcome, Streams};

/// Who relates to NAME, grouped by relation, with the best sentence of each.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline who Starmer seeds/demo
  tieline who 'European Central Bank' news/
  tieline who Starmer news.tieline             in a graph file that `build` made
  tieline who Washington --type place news/    where one name means several things
  tieline who Starmer --relation visited --only-facts --format csv news.tieline

Case, accents and a leading \"the\" do not matter; any name that a text uses will do.")]
pub struct WhoArgs {
    /// Whom to look for
    pub name: String,
    /// What NAME must be
    #[arg(long = "type", value_name = "TYPE", value_enum)]
    pub kind: Option<Kind>,
    /// Print at most N neighbours a relation; 0 prints all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub ask: AskArgs,
}

/// A type of entity, as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // each is the type it is named after
pub enum Kind {
    Person,
    Organisation,
    Country,
    Place,
    Other,
}

impl From<Kind> for EntityType {
    fn from(kind: Kind) -> EntityType {
        match kind {
            Kind::Person => EntityType::Person,
            Kind::Organisation => EntityType::Organisation,
            Kind::Country => EntityType::Country,
            Kind::Place => EntityType::Place,
            Kind::Other => EntityType::Other,
        }
    }
}

/// Runs the command.
pub fn run(args: &WhoArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    args.ask
        .answer(streams, |asked, streams| tell(args, asked, streams))
}

fn tell(args: &WhoArgs, asked: &Asked, streams: &mut Streams<'_>) -> io::Result<bool> {
    let (graph, filter) = (&asked.graph, &asked.filter);
    let kind = args.kind.map(EntityType::from);
    let Some(node) = find_node(graph, &args.name, kind, "--type", streams.err)? else {
        return Ok(false);
    };
    let mut neighbours = graph.neighbours(node);
    neighbours.retain(|step| filter.admits_step(graph, &asked.scheme, step.edge, step.node));
    if args.ask.format == Format::Text {
        print_node(graph, node, streams.style, streams.out)?;
        let (style, out) = (streams.style, &mut *streams.out);
        let types = &asked.ontology;
        print_neighbours(graph, node, &neighbours, types, args.limit, style, out)?;
    }
    let records: io::Result<Vec<_>> = neighbours
        .iter()
        .map(|step| edge_fields(graph, step.edge, 0))
        .collect();
    write_records(&records?, args.ask.format, streams.out)?;
    Ok(!neighbours.is_empty())
}

/// The one node that a name means. Otherwise `None`, and `err` says what there is instead, and
/// what to do but use a fuller name.
pub fn find_node(
    graph: &Graph,
    name: &str,
    kind: Option<EntityType>,
    otherwise: &str,
    err: &mut dyn Write,
) -> io::Result<Option<NodeId>> {
    let shown = clean(name);
    match graph.resolve(name, kind) {
        Resolution::One(node) => return Ok(Some(node)),
        Resolution::Near(nodes) => {
            if let [one] = nodes.as_slice() {
                let taken = clean(graph.name(*one));
                writeln!(
                    err,
                    "tieline: no entity is called “{shown}”; taking “{taken}”"
                )?;
                return Ok(Some(*one));
            }
            writeln!(
                err,
                "tieline: no entity is called “{shown}”; nearly so are called:"
            )?;
            for index in nodes {
                writeln!(err, "  {}", describe(graph, index))?;
            }
        }
        Resolution::Nothing => {
            writeln!(
                err,
                "tieline: no entity is called “{shown}” in these documents"
            )?;
        }
        Resolution::Several(nodes) => {
            writeln!(err, "tieline: “{shown}” may mean, most mentioned first:")?;
            for index in nodes.into_iter().take(10) {
                let key = clean(graph.node(index).key).into_owned();
                writeln!(err, "  {} ({key})", describe(graph, index))?;
            }
            writeln!(err, "Use a fuller name, or {otherwise}.")?;
        }
    }
    Ok(None)
}

/// `Keir Starmer, person, 12 mentions in 3 documents`
fn describe(graph: &Graph, index: NodeId) -> String {
    let node = graph.node(index);
    let iso = node.iso.map_or(String::new(), |iso| format!(" [{iso}]"));
    format!(
        "{}{iso}, {}, {} in {}",
        clean(node.name),
        node.kind.as_str(),
        count(node.n_mentions as usize, "mention"),
        count(node.n_documents as usize, "document"),
    )
}

fn print_node(graph: &Graph, index: NodeId, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", style.bold(&describe(graph, index)))?;
    let mut others: Vec<_> = graph
        .aliases(index)
        .filter(|(name, _)| *name != graph.name(index))
        .collect();
    others.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let others: Vec<&str> = others.iter().take(8).map(|(name, _)| *name).collect();
    if !others.is_empty() {
        writeln!(out, "{}", style.dim(&format!("also {}", others.join(", "))))?;
    }
    writeln!(out)
}

/// Neighbours a relation and direction at a time, each with counts, status and best sentence.
pub fn print_neighbours(
    graph: &Graph,
    node: NodeId,
    neighbours: &[Neighbour],
    ontology: &Ontology,
    limit: usize,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = graph.name(node);
    if neighbours.is_empty() {
        return writeln!(out, "  no relations found");
    }
    let symmetric = |n: &Neighbour| graph.relation(graph.edge(n.edge).relation).symmetric;
    // A symmetric relation has no direction to group by.
    let group_of = |n: &Neighbour| (graph.edge(n.edge).relation, n.outgoing || symmetric(n));
    for group in neighbours.chunk_by(|a, b| group_of(a) == group_of(b)) {
        let Some(first) = group.first() else { continue };
        let phrase = label(
            ontology,
            &graph.relation(graph.edge(first.edge).relation).name,
        );
        match (symmetric(first), first.outgoing) {
            (true, _) => writeln!(out, "{} ↔", style.relation(&phrase))?,
            (false, true) => writeln!(out, "{} →", style.relation(&phrase))?,
            (false, false) => {
                writeln!(out, "→ {} {}", style.relation(&phrase), style.bold(name))?;
            }
        }
        let shown = if limit == 0 { group.len() } else { limit };
        for neighbour in group.iter().take(shown) {
            print_neighbour(graph, neighbour, style, out)?;
        }
        if shown < group.len() {
            writeln!(
                out,
                "    and {} more (--limit 0 shows all)",
                group.len() - shown
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn print_neighbour(
    graph: &Graph,
    neighbour: &Neighbour,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let edge = graph.edge(neighbour.edge);
    write!(out, "    {}", style.bold(graph.name(neighbour.node)))?;
    let marks = marks(edge.polarity, edge.modality);
    if !marks.is_empty() {
        write!(out, "  {}", style.mark(&marks))?;
    }
    if 1 < edge.n_statements {
        let statements = edge.n_statements;
        let times = match edge.n_documents {
            1 => format!("{statements}×"),
            n => format!("{statements}× in {}", count(n as usize, "document")),
        };
        write!(out, "  {}", style.dim(&times))?;
    }
    let evidence = graph.evidence(neighbour.edge).map_err(io::Error::other)?;
    let dates: BTreeSet<String> = evidence.iter().filter_map(Evidence::when).collect();
    if !dates.is_empty() {
        let dates: Vec<String> = dates.into_iter().collect();
        write!(out, "  {}", style.dim(&dates.join(", ")))?;
    }
    writeln!(out)?;
    match best(&evidence) {
        Some(evidence) => print_evidence(graph, evidence, style, out),
        None => Ok(()),
    }
}

fn print_evidence(
    graph: &Graph,
    evidence: &Evidence,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "        “{}”", clean(evidence.quote.trim()))?;
    let place = format!(
        "{}:{}..{}",
        graph.document(evidence.document).doc,
        evidence.start,
        evidence.end
    );
    write!(out, "        {}", style.dim(&place))?;
    let source = evidence.source.map(|id| graph.name(id));
    if let Some(source) = source.or(evidence.source_text.as_deref()) {
        write!(
            out,
            "{}",
            style.dim(&format!(", according to {}", clean(source)))
        )?;
    }
    if let Some(amount) = &evidence.amount {
        write!(out, "{}", style.dim(&format!(", {}", clean(&amount.text))))?;
    }
    writeln!(out)
}

/// `3 mentions`, `1 mention`.
/// `1 document`, `2 documents`.
pub fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
