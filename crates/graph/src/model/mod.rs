//! The graph in memory: nodes, edges, documents, and the way from a node to its edges.
//!
//! Everything is a number into a table: [`NodeId`], [`EdgeId`], [`RelationId`], [`DocId`]. Strings
//! are kept once; an edge takes 52 bytes, and evidence is not part of it but fetched when asked
//! for ([`Graph::evidence`]). Adjacency is compressed sparse rows both ways: the edges that leave a
//! node are one slice ([`Graph::out_edges`]), those that enter it a list of ids
//! ([`Graph::in_edges`]).
//!
//! A [`Graph`] is made from facts ([`Graph::from_facts`]), read from a store, or put together by
//! hand with a [`GraphBuilder`].

mod build;
mod date;
mod evidence;
mod names;
mod strings;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::OnceLock;

use petgraph::graph::DiGraph;
use rustc_hash::FxHashMap;
use tieline_facts::{EntityType, Facts, Modality, Polarity};

use crate::identity::{Join, NearMiss};
pub use build::{BuildError, GraphBuilder, NewNode};
pub use date::Date;
pub use evidence::{Evidence, EvidenceBook, EvidenceError, MemoryBook, best};
pub use names::{NameIndex, NameUse};
use strings::{StrId, Strings};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(
            /// The number, from 0.
            pub $inner,
        );

        impl $name {
            /// The number as an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

ids! {
    /// A node of a [`Graph`]; their order is that of their keys.
    NodeId(u32);
    /// An edge of a [`Graph`]; their order is that of subject, object, relation, polarity and
    /// modality.
    EdgeId(u32);
    /// A relation type that occurs in a [`Graph`]; their order is that of their names.
    RelationId(u16);
    /// A document of a [`Graph`], in the order given.
    DocId(u32);
}

/// One real thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    /// Its number.
    pub id: NodeId,
    /// Stable, readable identity, unique in the graph: `person/keir starmer`, `country/gb`.
    pub key: &'a str,
    /// The name used for it most, the longest where several are.
    pub name: &'a str,
    /// What sort of thing it is.
    pub kind: EntityType,
    /// ISO 3166-1 alpha-2 code of a country.
    pub iso: Option<&'a str>,
    /// Wikidata item, where known.
    pub wikidata: Option<&'a str>,
    /// Id in a table of known things that identity was decided by, where there is one.
    pub known: Option<&'a str>,
    /// Number of mentions of any kind, pronouns included.
    pub n_mentions: u32,
    /// Number of documents that mention it.
    pub n_documents: u32,
    /// Date of the first and of the last dated document that mentions it.
    pub seen: Option<(Date, Date)>,
}

/// One relation between two nodes in one status, with what its statements amount to.
///
/// A symmetric relation stands once, from the smaller node to the greater.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Where it starts.
    pub subject: NodeId,
    /// Where it ends.
    pub object: NodeId,
    /// The relation type.
    pub relation: RelationId,
    /// Said to hold, or not to.
    pub polarity: Polarity,
    /// Status of the statements.
    pub modality: Modality,
    /// Number of statements, at least 1.
    pub n_statements: u32,
    /// Number of documents that state it, at least 1.
    pub n_documents: u32,
    /// Number of documents that state it, near-identical copies counted once, at least 1.
    pub support: u32,
    /// The greatest confidence of a statement, 0 to 1.
    pub confidence: f32,
    /// First and last date of the event that a statement gives.
    pub happened: Option<(Date, Date)>,
    /// First and last date of publication of a document that states it.
    pub published: Option<(Date, Date)>,
    /// When the state began, the earliest that a statement gives.
    pub from: Option<Date>,
    /// When the state ended, the latest that a statement gives.
    pub until: Option<Date>,
}

impl Edge {
    /// Whether the relation is said to hold, plainly.
    pub fn is_fact(&self) -> bool {
        self.polarity == Polarity::Affirmed && self.modality == Modality::Asserted
    }

    /// What edges are ordered by; no two of a graph have the same.
    pub(crate) fn place(&self) -> (NodeId, NodeId, RelationId, Polarity, Modality) {
        let (subject, object) = (self.subject, self.object);
        (subject, object, self.relation, self.polarity, self.modality)
    }
}

/// A relation type that occurs in a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Id in the ontology, such as `signed_deal_with`.
    pub name: String,
    /// Whether both directions are the same statement.
    pub symmetric: bool,
}

/// A document that the graph was built from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentInfo {
    /// The path as given.
    pub doc: String,
    /// Publication date, where known.
    pub date: Option<String>,
    /// Title, where known.
    pub title: Option<String>,
}

/// What is kept of a node.
#[derive(Clone, Debug)]
struct NodeRow {
    key: StrId,
    name: StrId,
    iso: StrId,
    wikidata: StrId,
    known: StrId,
    kind: EntityType,
    n_mentions: u32,
    n_documents: u32,
    seen: Option<(Date, Date)>,
}

/// The graph of many documents. It does not change once it is made.
///
/// The same documents give the same graph in whatever order they come; only documents and evidence
/// follow the order given. A relation whose two ends turn out to be one thing is left out.
#[derive(Debug)]
pub struct Graph {
    strings: Strings,
    nodes: Vec<NodeRow>,
    edges: Vec<Edge>,
    relations: Vec<Relation>,
    documents: Vec<DocumentInfo>,
    /// By node, and one more: where its edges start in `edges`.
    out_starts: Vec<u32>,
    /// By node, and one more: where its edges start in `in_ids`.
    in_starts: Vec<u32>,
    /// Edges by object, then as in `edges`.
    in_ids: Vec<EdgeId>,
    /// By relation, and one more: where its edges start in `relation_ids`.
    relation_starts: Vec<u32>,
    /// Edges by relation, then as in `edges`.
    relation_ids: Vec<EdgeId>,
    /// By node, and one more: where its aliases start in `aliases`.
    alias_starts: Vec<u32>,
    aliases: Vec<(StrId, u32)>,
    /// By edge, and one more: where its sources start in `sources`.
    source_starts: Vec<u32>,
    sources: Vec<NodeId>,
    names: OnceLock<NameIndex>,
    book: Box<dyn EvidenceBook>,
}

impl Default for Graph {
    /// Nothing.
    fn default() -> Graph {
        GraphBuilder::default().assemble(Strings::default(), Box::new(MemoryBook::default()))
    }
}

/// The slice of row `row` in compressed sparse rows.
fn row<'a, T>(starts: &[u32], items: &'a [T], row: usize) -> &'a [T] {
    items.get(bounds(starts, row)).unwrap_or_default()
}

fn bounds(starts: &[u32], row: usize) -> Range<usize> {
    let start = |row: usize| starts.get(row).map_or(0, |start| *start as usize);
    start(row)..start(row + 1)
}

/// Ids of another graph give empty answers from the methods that return lists and panic in
/// [`Graph::node`], [`Graph::edge`], [`Graph::relation`] and [`Graph::document`].
impl Graph {
    /// Number of nodes.
    pub fn n_nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Number of edges.
    pub fn n_edges(&self) -> usize {
        self.edges.len()
    }

    /// All nodes, in the order of their keys.
    pub fn node_ids(&self) -> impl ExactSizeIterator<Item = NodeId> + DoubleEndedIterator + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// All edges, in their order.
    pub fn edge_ids(&self) -> impl ExactSizeIterator<Item = EdgeId> + DoubleEndedIterator + use<> {
        (0..self.edges.len() as u32).map(EdgeId)
    }

    /// A node.
    ///
    /// # Panics
    ///
    /// If the node belongs to another graph.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        let row = &self.nodes[id.index()];
        let text = |id| self.strings.get(id);
        let some = |id| (id != StrId::EMPTY).then(|| text(id));
        Node {
            id,
            key: text(row.key),
            name: text(row.name),
            kind: row.kind,
            iso: some(row.iso),
            wikidata: some(row.wikidata),
            known: some(row.known),
            n_mentions: row.n_mentions,
            n_documents: row.n_documents,
            seen: row.seen,
        }
    }

    /// The name of a node, short for `node(id).name`.
    ///
    /// # Panics
    ///
    /// If the node belongs to another graph.
    pub fn name(&self, id: NodeId) -> &str {
        self.strings.get(self.nodes[id.index()].name)
    }

    /// The names and demonyms that texts use for a node, with how often, in byte order.
    pub fn aliases(&self, id: NodeId) -> impl ExactSizeIterator<Item = (&str, u32)> {
        let aliases = row(&self.alias_starts, &self.aliases, id.index());
        aliases
            .iter()
            .map(|(alias, count)| (self.strings.get(*alias), *count))
    }

    /// The node of a key.
    pub fn find_key(&self, key: &str) -> Option<NodeId> {
        // Keys are in order, so a search needs no table of its own.
        let found = self
            .nodes
            .binary_search_by(|node| self.strings.get(node.key).cmp(key));
        found.ok().map(|at| NodeId(at as u32))
    }

    /// Names brought to one form, with their nodes; made at the first call.
    pub fn names(&self) -> &NameIndex {
        self.names.get_or_init(|| NameIndex::of(self))
    }

    /// An edge.
    ///
    /// # Panics
    ///
    /// If the edge belongs to another graph.
    pub fn edge(&self, id: EdgeId) -> &Edge {
        &self.edges[id.index()]
    }

    /// All edges, in their order; the place is the [`EdgeId`].
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The edges that leave a node, ordered by object and relation.
    pub fn out_edges(&self, node: NodeId) -> impl Iterator<Item = (EdgeId, &Edge)> {
        let range = bounds(&self.out_starts, node.index());
        let first = range.start as u32;
        let edges = self.edges.get(range).unwrap_or_default();
        edges
            .iter()
            .zip(first..)
            .map(|(edge, id)| (EdgeId(id), edge))
    }

    /// The edges that enter a node, ordered by subject and relation.
    pub fn in_edges(&self, node: NodeId) -> &[EdgeId] {
        row(&self.in_starts, &self.in_ids, node.index())
    }

    /// All edges of a node with the node at their other end and whether they leave it: first those
    /// that leave it, then those that enter it.
    pub fn steps(&self, node: NodeId) -> impl Iterator<Item = Step> {
        let out = self.out_edges(node).map(|(edge, row)| Step {
            edge,
            node: row.object,
            outgoing: true,
        });
        let into = self.in_edges(node).iter().map(|&edge| Step {
            edge,
            node: self.edge(edge).subject,
            outgoing: false,
        });
        out.chain(into)
    }

    /// Number of edges that leave or enter a node.
    pub fn degree(&self, node: NodeId) -> usize {
        bounds(&self.out_starts, node.index()).len() + self.in_edges(node).len()
    }

    /// The edges from one node to another, of all relations and statuses; symmetric ones may stand
    /// the other way round.
    pub fn edges_between(&self, subject: NodeId, object: NodeId) -> Range<usize> {
        let range = bounds(&self.out_starts, subject.index());
        let edges = self.edges.get(range.clone()).unwrap_or_default();
        let start = edges.partition_point(|edge| edge.object < object);
        let end = edges.partition_point(|edge| edge.object <= object);
        range.start + start..range.start + end
    }

    /// The relation types that occur, in the order of their names; the place is the [`RelationId`].
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// A relation type.
    ///
    /// # Panics
    ///
    /// If the relation belongs to another graph.
    pub fn relation(&self, id: RelationId) -> &Relation {
        &self.relations[id.index()]
    }

    /// The relation type of a name, if it occurs.
    pub fn find_relation(&self, name: &str) -> Option<RelationId> {
        let at = self
            .relations
            .binary_search_by(|relation| relation.name.as_str().cmp(name));
        at.ok().map(|at| RelationId(at as u16))
    }

    /// All edges of a relation type, in their order.
    pub fn edges_of(&self, relation: RelationId) -> &[EdgeId] {
        row(&self.relation_starts, &self.relation_ids, relation.index())
    }

    /// The entities to which statements of the edge are attributed, each once, in order.
    pub fn sources(&self, edge: EdgeId) -> &[NodeId] {
        row(&self.source_starts, &self.sources, edge.index())
    }

    /// The statements behind an edge, in order of documents and places.
    pub fn evidence(&self, edge: EdgeId) -> Result<Vec<Evidence>, EvidenceError> {
        self.book.evidence(edge)
    }

    /// The statement to show for an edge, see [`best`].
    pub fn best_evidence(&self, edge: EdgeId) -> Result<Option<Evidence>, EvidenceError> {
        Ok(best(&self.evidence(edge)?).cloned())
    }

    /// The documents, in the order given.
    pub fn documents(&self) -> &[DocumentInfo] {
        &self.documents
    }

    /// A document.
    ///
    /// # Panics
    ///
    /// If the document belongs to another graph.
    pub fn document(&self, id: DocId) -> &DocumentInfo {
        &self.documents[id.index()]
    }

    /// The node that an entity of a document became; `entity` is its id in the document's facts.
    pub fn node_of(&self, document: DocId, entity: u32) -> Result<Option<NodeId>, EvidenceError> {
        self.book.node_of(document, entity)
    }

    /// The facts of a document; `None` if it has gone from the graph file since.
    pub fn facts(&self, document: DocId) -> Result<Option<Facts>, EvidenceError> {
        self.book.facts(document)
    }

    /// Why entities of documents are part of a node, in order of documents.
    pub fn joins(&self, node: NodeId) -> Result<Vec<Join>, EvidenceError> {
        self.book.joins(node)
    }

    /// What came near to a node, and why it is another, in order of keys.
    pub fn near_misses(&self, node: NodeId) -> Result<Vec<NearMiss>, EvidenceError> {
        self.book.near_misses(node)
    }

    /// Some nodes and all edges between them, for the algorithms of `petgraph`. Nodes stand in the
    /// order given, edges in their own; a node given twice stands once.
    pub fn subgraph(&self, nodes: impl IntoIterator<Item = NodeId>) -> DiGraph<NodeId, EdgeId> {
        let mut part = DiGraph::new();
        let mut places = FxHashMap::default();
        for node in nodes {
            places.entry(node).or_insert_with(|| part.add_node(node));
        }
        let inside: Vec<_> = part.node_indices().collect();
        let mut edges: Vec<EdgeId> = Vec::new();
        for place in inside {
            let leaving = self.out_edges(part[place]);
            edges.extend(
                leaving
                    .filter(|(_, edge)| places.contains_key(&edge.object))
                    .map(|(id, _)| id),
            );
        }
        edges.sort_unstable();
        for id in edges {
            let edge = self.edge(id);
            if let (Some(&from), Some(&to)) = (places.get(&edge.subject), places.get(&edge.object))
            {
                part.add_edge(from, to, id);
            }
        }
        part
    }
}

/// One edge as seen from one of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The edge.
    pub edge: EdgeId,
    /// The node at the other end.
    pub node: NodeId,
    /// Whether the edge leaves the node asked about.
    pub outgoing: bool,
}
