//! What the commands that answer questions share: filters, names, and how answers are written.

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::{Value, json};
use tieline_facts::{EntityType, Modality, Ontology, Polarity};
use tieline_graph::ask::{EdgeFilter, Scheme};
use tieline_graph::{Date, EdgeId, Evidence, Graph, NodeId, best, is_hostile};

use crate::extract::marks;
use crate::graph::{GraphArgs, Loaded};
use crate::terminal::{Style, clean};
use crate::who::{Kind, find_node};
use crate::{Outcome, Streams};

/// How answers are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// A table with a header.
    Csv,
}

/// Which side a relation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // each is what it is named after
pub enum Sign {
    Cooperative,
    Hostile,
}

/// Which edges count.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
pub struct FilterArgs {
    /// Only this relation, such as visited, or its inverse; may be given several times
    #[arg(long, value_name = "RELATION", help_heading = "Filters")]
    pub relation: Vec<String>,
    /// Only what leads to an entity of this type; may be given several times
    #[arg(long, value_name = "TYPE", value_enum, help_heading = "Filters")]
    pub to_type: Vec<Kind>,
    /// Only what happened (or was published) on this date or later: 2025, 2025-01, 2025-01-16
    #[arg(long, value_name = "DATE", value_parser = parse_date, help_heading = "Filters")]
    pub since: Option<Date>,
    /// Only what happened (or was published) on this date or before
    #[arg(long, value_name = "DATE", value_parser = parse_date, help_heading = "Filters")]
    pub until: Option<Date>,
    /// Only states that held on this date, as far as the texts say
    #[arg(long, value_name = "DATE", value_parser = parse_date, help_heading = "Filters")]
    pub as_of: Option<Date>,
    /// Only what is stated plainly: not denied, planned, possible, alleged or former
    #[arg(long, help_heading = "Filters")]
    pub only_facts: bool,
    /// Only what the texts attribute to NAME
    #[arg(long, value_name = "NAME", help_heading = "Filters")]
    pub claims_by: Option<String>,
    /// Only what at least N documents say; copies of one text count once
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Filters")]
    pub min_support: u32,
    /// Only cooperation, or only conflict
    #[arg(long, value_enum, help_heading = "Filters")]
    pub sign: Option<Sign>,
}

fn parse_date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "expected a date: 2025, 2025-01 or 2025-01-16".to_owned())
}

/// An argument that makes no sense, as an error of the command.
pub fn wrong(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

impl FilterArgs {
    /// The filter for one graph; `None` if the entity of `--claims-by` was not found, which is
    /// told on `err`.
    ///
    /// # Errors
    ///
    /// A relation that does not exist.
    pub fn filter(
        &self,
        graph: &Graph,
        ontology: &Ontology,
        err: &mut dyn Write,
    ) -> io::Result<Option<EdgeFilter>> {
        let mut relations = Vec::new();
        for name in &self.relation {
            let kind = ontology.find(name).map(|(kind, _)| kind);
            let id = kind.map_or(name.as_str(), |kind| kind.id.as_str());
            match graph.find_relation(id) {
                Some(found) => relations.push(found),
                // Known, but nothing in this graph has it: a number that no edge has.
                None if kind.is_some() => relations.push(tieline_graph::RelationId(u16::MAX)),
                None => {
                    let name = clean(name);
                    return Err(wrong(format!(
                        "no relation is called {name}; `tieline relations` lists them"
                    )));
                }
            }
        }
        let by = match &self.claims_by {
            None => None,
            Some(name) => match find_node(graph, name, None, OTHERWISE, err)? {
                Some(node) => Some(node),
                None => return Ok(None),
            },
        };
        Ok(Some(EdgeFilter {
            relations,
            types: self.to_type.iter().copied().map(EntityType::from).collect(),
            modalities: if self.only_facts {
                vec![Modality::Asserted]
            } else {
                Vec::new()
            },
            polarity: self.only_facts.then_some(Polarity::Affirmed),
            since: self.since,
            until: self.until,
            as_of: self.as_of,
            by,
            min_support: self.min_support,
            min_confidence: 0.0,
            sign: self.sign.map(|sign| match sign {
                Sign::Cooperative => 1,
                Sign::Hostile => -1,
            }),
        }))
    }
}

/// What to do but use a fuller name, where a name means several things.
pub const OTHERWISE: &str = "one of the keys in brackets";

/// What a question is asked with.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AskArgs {
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

/// A graph, and what is needed to answer questions about it.
pub struct Asked {
    /// The graph.
    pub graph: Graph,
    /// Its relation types.
    pub ontology: Ontology,
    /// What they say of the relations of the graph.
    pub scheme: Scheme,
    /// The edges that count.
    pub filter: EdgeFilter,
}

impl Asked {
    /// The one node of a name; else `None`, and it is told why.
    pub fn find(&self, name: &str, streams: &mut Streams<'_>) -> io::Result<Option<NodeId>> {
        find_node(&self.graph, name, None, OTHERWISE, streams.err)
    }

    /// The edges that count, without those that are denied: a denied tie is no way.
    pub fn affirmed(&self) -> EdgeFilter {
        EdgeFilter {
            polarity: Some(Polarity::Affirmed),
            ..self.filter.clone()
        }
    }
}

impl AskArgs {
    /// See [`answer`].
    pub fn answer(
        &self,
        streams: &mut Streams<'_>,
        run: impl FnOnce(&Asked, &mut Streams<'_>) -> io::Result<bool>,
    ) -> io::Result<Outcome> {
        answer(&self.filter, &self.graph, streams, run)
    }
}

/// Reads a graph and hands it to `run`, which writes an answer and says whether there was one.
pub fn answer(
    filter: &FilterArgs,
    graph: &GraphArgs,
    streams: &mut Streams<'_>,
    run: impl FnOnce(&Asked, &mut Streams<'_>) -> io::Result<bool>,
) -> io::Result<Outcome> {
    let Loaded {
        graph,
        ontology,
        failed,
        ..
    } = Loaded::of(graph, streams.err)?;
    let found = match filter.filter(&graph, &ontology, streams.err)? {
        None => false,
        Some(filter) => {
            let asked = Asked {
                scheme: Scheme::of(&graph, &ontology),
                graph,
                ontology,
                filter,
            };
            run(&asked, streams)?
        }
    };
    Ok(Outcome { found, failed })
}

/// An answer for programs: named values in a fixed order.
#[derive(Clone, Debug, Default)]
pub struct Record(pub Vec<(String, Value)>);

impl Record {
    /// A record of these values.
    pub fn of<const N: usize>(fields: [(&str, Value); N]) -> Record {
        Record(
            fields
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }

    /// Adds all values of another record.
    pub fn and(mut self, other: Record) -> Record {
        self.0.extend(other.0);
        self
    }
}

impl Serialize for Record {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// Writes records as JSON, JSON lines or CSV. In a table a list stands as its members parted by
/// " | ", and of evidence the first sentence with its document. [`Format::Text`] writes nothing.
pub fn write_records(records: &[Record], format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => Ok(()),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, records)?;
            writeln!(out)
        }
        Format::Jsonl => {
            for record in records {
                serde_json::to_writer(&mut *out, record)?;
                writeln!(out)?;
            }
            Ok(())
        }
        Format::Csv => write_table(records, out),
    }
}

fn write_table(records: &[Record], out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = records.first() else {
        return Ok(());
    };
    let mut writer = csv::Writer::from_writer(out);
    let mut header: Vec<&str> = Vec::new();
    for (key, _) in &first.0 {
        match key.as_str() {
            "evidence" => header.extend(["quote", "document", "start", "end", "source", "date"]),
            key => header.push(key),
        }
    }
    writer.write_record(&header)?;
    for record in records {
        let mut row: Vec<String> = Vec::new();
        for (key, value) in &record.0 {
            if key == "evidence" {
                let first = value.get(0).cloned().unwrap_or_default();
                for name in ["quote", "document", "start", "end", "source", "date"] {
                    row.push(cell(first.get(name).unwrap_or(&Value::Null)));
                }
            } else {
                row.push(cell(value));
            }
        }
        writer.write_record(&row)?;
    }
    writer.flush()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        // A table may be printed on a terminal, which must not obey what an article says.
        Value::String(text) => text
            .chars()
            .map(|c| if is_hostile(c) { '\u{fffd}' } else { c })
            .collect(),
        Value::Array(all) => all.iter().map(cell).collect::<Vec<_>>().join(" | "),
        other => other.to_string(),
    }
}

/// Fields that say which node.
pub fn node_fields(graph: &Graph, id: NodeId) -> Record {
    let node = graph.node(id);
    Record::of([
        ("name", json!(node.name)),
        ("key", json!(node.key)),
        ("type", json!(node.kind.as_str())),
        ("wikidata", json!(node.wikidata)),
        ("mentions", json!(node.n_mentions)),
        ("documents", json!(node.n_documents)),
    ])
}

/// Everything about an edge, with at most `limit` statements, the surest first; 0 gives all.
pub fn edge_fields(graph: &Graph, id: EdgeId, limit: usize) -> io::Result<Record> {
    let edge = graph.edge(id);
    let mut evidence = graph.evidence(id).map_err(io::Error::other)?;
    evidence.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    if limit > 0 {
        evidence.truncate(limit);
    }
    let evidence: Vec<Value> = evidence
        .iter()
        .map(|one| evidence_value(graph, one))
        .collect();
    let date = |date: Option<Date>| json!(date.map(|date| date.to_string()));
    Ok(Record::of([
        ("subject", json!(graph.name(edge.subject))),
        ("subject_key", json!(graph.node(edge.subject).key)),
        ("relation", json!(graph.relation(edge.relation).name)),
        ("object", json!(graph.name(edge.object))),
        ("object_key", json!(graph.node(edge.object).key)),
        ("polarity", json!(edge.polarity.as_str())),
        ("modality", json!(edge.modality.as_str())),
        ("statements", json!(edge.n_statements)),
        ("documents", json!(edge.n_documents)),
        ("support", json!(edge.support)),
        (
            "confidence",
            json!((f64::from(edge.confidence) * 100.0).round() / 100.0),
        ),
        ("first", date(edge.happened.map(|(first, _)| first))),
        ("last", date(edge.happened.map(|(_, last)| last))),
        ("from", date(edge.from)),
        ("until", date(edge.until)),
        ("evidence", json!(evidence)),
    ]))
}

/// Who says so: an entity, or the words of the attribution.
fn speaker<'a>(graph: &'a Graph, one: &'a Evidence) -> Option<&'a str> {
    let entity = one.source.map(|id| graph.name(id));
    entity.or(one.source_text.as_deref())
}

/// A statement as JSON.
pub fn evidence_value(graph: &Graph, one: &Evidence) -> Value {
    let source = speaker(graph, one);
    json!({
        "quote": one.quote,
        "document": graph.document(one.document).doc,
        "start": one.start,
        "end": one.end,
        "source": source,
        "date": one.date,
        "amount": one.amount.as_ref().map(|amount| amount.text.as_str()),
    })
}

/// Prints an edge on a line, with status, support and dates, and its best sentence below.
pub fn print_edge(
    graph: &Graph,
    scheme: &Scheme,
    id: EdgeId,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    print_edge_line(graph, scheme, id, style, out)?;
    let evidence = graph.evidence(id).map_err(io::Error::other)?;
    match best(&evidence) {
        Some(one) => print_evidence(graph, one, style, out),
        None => Ok(()),
    }
}

/// The line alone.
pub fn print_edge_line(
    graph: &Graph,
    scheme: &Scheme,
    id: EdgeId,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let edge = graph.edge(id);
    let label = clean(scheme.label(edge.relation)).into_owned();
    write!(
        out,
        "  {} – {} – {}",
        clean(graph.name(edge.subject)),
        style.relation(&label),
        clean(graph.name(edge.object))
    )?;
    let marks = marks(edge.polarity, edge.modality);
    if !marks.is_empty() {
        write!(out, "  {}", style.mark(&marks))?;
    }
    if 1 < edge.n_statements {
        let times = match edge.n_documents {
            1 => format!("{}×", edge.n_statements),
            n => format!("{}× in {n} documents", edge.n_statements),
        };
        write!(out, "  {}", style.dim(&times))?;
    }
    if let Some(dates) = dates(graph, id) {
        write!(out, "  {}", style.dim(&dates))?;
    }
    writeln!(out)
}

/// When an edge happened or held: `2003-05`, `2003 to 2005`, `since 1998`, `until 2004`.
pub fn dates(graph: &Graph, id: EdgeId) -> Option<String> {
    let edge = graph.edge(id);
    match (edge.from, edge.until, edge.happened) {
        (Some(from), Some(until), _) => Some(format!("{from} to {until}")),
        (Some(from), None, _) => Some(format!("since {from}")),
        (None, Some(until), _) => Some(format!("until {until}")),
        (None, None, Some((first, last))) if first == last => Some(first.to_string()),
        (None, None, Some((first, last))) => Some(format!("{first} to {last}")),
        (None, None, None) => None,
    }
}

/// Prints a sentence, where it stands, and who says it.
pub fn print_evidence(
    graph: &Graph,
    one: &Evidence,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "      “{}”", clean(one.quote.trim()))?;
    let doc = &graph.document(one.document).doc;
    let place = format!("{doc}:{}..{}", one.start, one.end);
    write!(out, "      {}", style.dim(&place))?;
    if let Some(source) = speaker(graph, one) {
        write!(
            out,
            "{}",
            style.dim(&format!(", according to {}", clean(source)))
        )?;
    }
    writeln!(out)
}
