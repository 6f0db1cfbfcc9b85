//! The rows that every export is written from.

use tieline_facts::{EntityType, Modality, Ontology, Polarity};

use crate::ask::{EdgeFilter, Scheme};
use crate::{Date, EvidenceError, Graph};

/// A graph laid out in rows, in the order of keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Documents, in the order given.
    pub documents: Vec<DocumentRow>,
    /// Nodes, in the order of their keys.
    pub nodes: Vec<NodeRow>,
    /// Edges, in the order of their ends, relation and status.
    pub edges: Vec<EdgeRow>,
}

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentRow {
    /// Path or address, as given.
    pub doc: String,
    /// Publication date, ISO 8601.
    pub date: Option<String>,
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeRow {
    /// Unique in the graph.
    pub key: String,
    /// The name used most.
    pub name: String,
    /// Sort of thing.
    pub kind: EntityType,
    /// ISO 3166-1 alpha-2 code.
    pub iso: Option<String>,
    /// Wikidata item, `Q64`.
    pub wikidata: Option<String>,
    /// Other names, without the first.
    pub aliases: Vec<String>,
    /// Number of mentions.
    pub mentions: u32,
    /// Number of documents.
    pub documents: u32,
    /// Date of the first document that names it.
    pub first: Option<String>,
    /// Date of the last.
    pub last: Option<String>,
}

/// An edge in one status.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeRow {
    /// Index of the subject.
    pub from: usize,
    /// Index of the object.
    pub to: usize,
    /// Id of the relation type.
    pub predicate: String,
    /// Its words.
    pub label: String,
    /// Whether it reads the same both ways.
    pub symmetric: bool,
    /// +1 cooperation, -1 conflict, 0 neither.
    pub sign: i8,
    /// Said to hold, or not to.
    pub polarity: Polarity,
    /// Status of the statement.
    pub modality: Modality,
    /// Number of different documents.
    pub documents: u32,
    /// 0 to 1, of the surest statement.
    pub confidence: f32,
    /// First and last date on which it happened, ISO 8601 of any exactness.
    pub first: Option<String>,
    /// See `first`.
    pub last: Option<String>,
    /// Since when the state holds.
    pub since: Option<String>,
    /// Until when it held.
    pub until: Option<String>,
    /// Where it is stated; never empty.
    pub evidence: Vec<EvidenceRow>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceRow {
    /// Index of the document.
    pub document: usize,
    /// First byte of the sentence.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// The sentence.
    pub quote: String,
    /// Who says so.
    pub source: Option<String>,
    /// When it happened.
    pub date: Option<String>,
    /// Amount, as written.
    pub amount: Option<String>,
    /// 0 to 1.
    pub confidence: f32,
}

impl EdgeRow {
    /// The statement to show where there is room for one: the surest, then the first.
    pub fn best(&self) -> Option<&EvidenceRow> {
        let mut best: Option<&EvidenceRow> = None;
        for one in &self.evidence {
            if best.is_none_or(|best| best.confidence < one.confidence) {
                best = Some(one);
            }
        }
        best
    }

    /// `visited`, `not visited (planned)`: the label with its status.
    pub fn words(&self) -> String {
        let not = match self.polarity {
            Polarity::Affirmed => "",
            Polarity::Negated => "not ",
        };
        match self.modality {
            Modality::Asserted => format!("{not}{}", self.label),
            modality => format!("{not}{} ({})", self.label, modality.as_str()),
        }
    }

    /// Whether it is said plainly that it holds.
    pub fn is_plain(&self) -> bool {
        self.polarity == Polarity::Affirmed && self.modality == Modality::Asserted
    }
}

impl View {
    /// The rows of a graph: all nodes, and the edges that the filter admits. With a filter, nodes
    /// without an admitted edge are left out. Fails only where evidence cannot be read.
    pub fn of(
        graph: &Graph,
        ontology: &Ontology,
        filter: &EdgeFilter,
    ) -> Result<View, EvidenceError> {
        let scheme = Scheme::of(graph, ontology);
        let admitted: Vec<_> = graph
            .edge_ids()
            .filter(|id| filter.admits(graph, &scheme, *id))
            .collect();
        let mut used = vec![filter.is_empty(); graph.n_nodes()];
        for edge in admitted.iter().map(|id| graph.edge(*id)) {
            used[edge.subject.index()] = true;
            used[edge.object.index()] = true;
        }
        let mut places = vec![0; graph.n_nodes()];
        let mut view = View::default();
        for row in graph.documents() {
            view.documents.push(DocumentRow {
                doc: row.doc.clone(),
                date: row.date.clone(),
            });
        }
        for id in graph.node_ids().filter(|id| used[id.index()]) {
            places[id.index()] = view.nodes.len();
            let node = graph.node(id);
            let others = graph.aliases(id).map(|(alias, _)| alias);
            view.nodes.push(NodeRow {
                key: node.key.to_owned(),
                name: node.name.to_owned(),
                kind: node.kind,
                iso: node.iso.map(str::to_owned),
                wikidata: node.wikidata.map(str::to_owned),
                aliases: others
                    .filter(|a| *a != node.name)
                    .map(str::to_owned)
                    .collect(),
                mentions: node.n_mentions,
                documents: node.n_documents,
                first: node.seen.map(|(first, _)| first.to_string()),
                last: node.seen.map(|(_, last)| last.to_string()),
            });
        }
        for id in admitted {
            let edge = graph.edge(id);
            let relation = graph.relation(edge.relation);
            let evidence = graph.evidence(id)?;
            let rows = evidence.iter().map(|one| EvidenceRow {
                document: one.document.index(),
                start: one.start,
                end: one.end,
                quote: one.quote.clone(),
                source: match one.source {
                    Some(source) => Some(graph.name(source).to_owned()),
                    None => one.source_text.clone(),
                },
                date: one.date.clone(),
                amount: one.amount.as_ref().map(|amount| amount.text.clone()),
                confidence: one.confidence,
            });
            view.edges.push(EdgeRow {
                from: places[edge.subject.index()],
                to: places[edge.object.index()],
                predicate: relation.name.clone(),
                label: scheme.label(edge.relation).to_owned(),
                symmetric: relation.symmetric,
                sign: scheme.sign(edge.relation),
                polarity: edge.polarity,
                modality: edge.modality,
                documents: edge.n_documents,
                confidence: edge.confidence,
                first: edge.happened.map(|(first, _)| first.to_string()),
                last: edge.happened.map(|(_, last)| last.to_string()),
                since: edge.from.map(|date| date.to_string()),
                until: edge.until.map(|date| date.to_string()),
                evidence: rows.collect(),
            });
        }
        Ok(view)
    }

    /// Path of a document by its index; empty if there is none.
    pub fn document(&self, index: usize) -> &str {
        self.documents.get(index).map_or("", |row| &row.doc)
    }

    /// Key of a node by its index; empty if there is none.
    pub fn key(&self, index: usize) -> &str {
        self.nodes.get(index).map_or("", |row| &row.key)
    }

    /// Name of a node by its index; empty if there is none.
    pub fn name(&self, index: usize) -> &str {
        self.nodes.get(index).map_or("", |row| &row.name)
    }
}

/// The first and last day that a date, a week or an interval may mean.
pub(super) fn days(date: &str) -> Option<(String, String)> {
    let (first, last) = Date::span(date)?;
    Some((first.first_day().to_string(), last.last_day().to_string()))
}
