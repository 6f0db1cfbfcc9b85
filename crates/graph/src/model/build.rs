//! How a graph is put together.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, OnceLock};

use tieline_facts::{EntityType, Facts, Ontology};

use super::strings::{Interner, StrId, Strings};
use super::{
    Date, DocId, DocumentInfo, Edge, EdgeId, EvidenceBook, Graph, MemoryBook, NodeId, NodeRow,
    Relation,
};
use crate::identity::{Decisions, Identities};
use crate::merge::{MergedNode, Merger};

/// A node as it is given to a [`GraphBuilder`]; see [`Node`](super::Node) for the fields.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)] // those of `Node`
pub struct NewNode<'a> {
    pub key: &'a str,
    pub name: &'a str,
    pub kind: EntityType,
    pub iso: Option<&'a str>,
    pub wikidata: Option<&'a str>,
    pub known: Option<&'a str>,
    pub n_mentions: u32,
    pub n_documents: u32,
    pub seen: Option<(Date, Date)>,
}

/// Why no graph came out of what a [`GraphBuilder`] was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// More than 65,535 relation types, 2^32 nodes, edges or documents, or 4 GiB of names.
    TooLarge,
    /// Relations, nodes or edges were not given in their order, or one was given twice.
    Order,
    /// An edge or a source names a node or relation that was not given.
    Dangling,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BuildError::TooLarge => "the graph is too large",
            BuildError::Order => "nodes or edges are out of order",
            BuildError::Dangling => "an edge ends at no node",
        })
    }
}

impl Error for BuildError {}

/// Puts a graph together from rows, as they come out of a store or a generator.
///
/// Everything is given in its order: relations by name, nodes by key, edges by subject, object,
/// relation, polarity and modality. Cost: linear, one look-up a string.
#[derive(Debug, Default)]
pub struct GraphBuilder {
    interner: Interner,
    relations: Vec<Relation>,
    nodes: Vec<NodeRow>,
    edges: Vec<Edge>,
    documents: Vec<DocumentInfo>,
    alias_starts: Vec<u32>,
    aliases: Vec<(StrId, u32)>,
    source_starts: Vec<u32>,
    sources: Vec<NodeId>,
}

impl GraphBuilder {
    /// Takes the relation types that occur.
    pub fn new(relations: Vec<Relation>) -> GraphBuilder {
        GraphBuilder {
            relations,
            ..GraphBuilder::default()
        }
    }

    /// Adds a document.
    pub fn document(&mut self, document: DocumentInfo) -> DocId {
        self.documents.push(document);
        DocId(self.documents.len() as u32 - 1)
    }

    /// Adds a node with its aliases and how often each is used, in byte order.
    pub fn node<'a>(
        &mut self,
        node: NewNode<'a>,
        aliases: impl IntoIterator<Item = (&'a str, u32)>,
    ) -> NodeId {
        let mut intern = |text: Option<&str>| self.interner.intern(text.unwrap_or_default());
        let row = NodeRow {
            key: intern(Some(node.key)),
            name: intern(Some(node.name)),
            iso: intern(node.iso),
            wikidata: intern(node.wikidata),
            known: intern(node.known),
            kind: node.kind,
            n_mentions: node.n_mentions,
            n_documents: node.n_documents,
            seen: node.seen,
        };
        self.alias_starts.push(self.aliases.len() as u32);
        for (alias, count) in aliases {
            self.aliases.push((self.interner.intern(alias), count));
        }
        self.nodes.push(row);
        NodeId(self.nodes.len() as u32 - 1)
    }

    /// Adds an edge with those to whom it is attributed, each once, in order.
    pub fn edge(&mut self, edge: Edge, sources: impl IntoIterator<Item = NodeId>) -> EdgeId {
        self.source_starts.push(self.sources.len() as u32);
        self.sources.extend(sources);
        self.edges.push(edge);
        EdgeId(self.edges.len() as u32 - 1)
    }

    /// The graph; `book` knows the evidence of its edges.
    pub fn finish(mut self, book: Box<dyn EvidenceBook>) -> Result<Graph, BuildError> {
        let most = [
            self.nodes.len(),
            self.edges.len(),
            self.documents.len(),
            self.aliases.len(),
            self.sources.len(),
        ];
        let too_large = |n: &usize| u32::try_from(*n).is_err();
        if most.iter().any(too_large) || self.relations.len() > usize::from(u16::MAX) {
            return Err(BuildError::TooLarge);
        }
        let interner = std::mem::take(&mut self.interner);
        let strings = interner.finish().ok_or(BuildError::TooLarge)?;
        let key = |node: &NodeRow| strings.get(node.key);
        if !self.nodes.windows(2).all(|w| key(&w[0]) < key(&w[1]))
            || !self.relations.windows(2).all(|w| w[0].name < w[1].name)
            || !self.edges.windows(2).all(|w| w[0].place() < w[1].place())
        {
            return Err(BuildError::Order);
        }
        let node = |node: &NodeId| node.index() < self.nodes.len();
        let known = |edge: &Edge| {
            edge.relation.index() < self.relations.len()
                && node(&edge.subject)
                && node(&edge.object)
        };
        if !self.edges.iter().all(known) || !self.sources.iter().all(node) {
            return Err(BuildError::Dangling);
        }
        Ok(self.assemble(strings, book))
    }

    /// Adds the ways from nodes and relations to edges. Everything has been checked.
    pub(super) fn assemble(mut self, strings: Strings, book: Box<dyn EvidenceBook>) -> Graph {
        self.alias_starts.push(self.aliases.len() as u32);
        self.source_starts.push(self.sources.len() as u32);
        let (n_nodes, edges) = (self.nodes.len(), &self.edges);
        let (out_starts, _) = rows(n_nodes, edges, |edge| edge.subject.index());
        let (in_starts, in_ids) = rows(n_nodes, edges, |edge| edge.object.index());
        let (relation_starts, relation_ids) =
            rows(self.relations.len(), edges, |edge| edge.relation.index());
        self.nodes.shrink_to_fit();
        self.edges.shrink_to_fit();
        self.aliases.shrink_to_fit();
        self.sources.shrink_to_fit();
        Graph {
            strings,
            nodes: self.nodes,
            edges: self.edges,
            relations: self.relations,
            documents: self.documents,
            out_starts,
            in_starts,
            in_ids,
            relation_starts,
            relation_ids,
            alias_starts: self.alias_starts,
            aliases: self.aliases,
            source_starts: self.source_starts,
            sources: self.sources,
            names: OnceLock::new(),
            book,
        }
    }
}

/// Edges by one of `n_rows` rows: where each row starts, and the edges row by row in their order.
fn rows(n_rows: usize, edges: &[Edge], row: impl Fn(&Edge) -> usize) -> (Vec<u32>, Vec<EdgeId>) {
    let mut starts = vec![0u32; n_rows + 1];
    for edge in edges {
        starts[row(edge) + 1] += 1;
    }
    for at in 0..n_rows {
        starts[at + 1] += starts[at];
    }
    let mut next = starts.clone();
    let mut ids = vec![EdgeId(0); edges.len()];
    for (edge, id) in edges.iter().zip(0..) {
        let place = &mut next[row(edge)];
        ids[*place as usize] = EdgeId(id);
        *place += 1;
    }
    (starts, ids)
}

impl Graph {
    /// Builds the graph of documents, evidence in memory; `ontology` says which relations are
    /// symmetric. Every document counts as a source of its own.
    pub fn from_facts(facts: impl IntoIterator<Item = Facts>, ontology: &Ontology) -> Graph {
        Graph::with_identities(facts, ontology).0
    }

    /// As [`Graph::from_facts`], with the reasons why entities of documents became one node.
    /// Nodes have the same numbers in both.
    pub fn with_identities(
        facts: impl IntoIterator<Item = Facts>,
        ontology: &Ontology,
    ) -> (Graph, Arc<Identities>) {
        Graph::with_decisions(facts, ontology, &Decisions::default())
    }

    /// As [`Graph::with_identities`], with the user's decisions on what is one thing and what is
    /// not. Those that were about nothing are in [`Identities::notes`]. [`Graph::default`] for more
    /// than a graph can hold.
    pub fn with_decisions(
        facts: impl IntoIterator<Item = Facts>,
        ontology: &Ontology,
        decisions: &Decisions,
    ) -> (Graph, Arc<Identities>) {
        let facts: Vec<Facts> = facts.into_iter().collect();
        let copies: Vec<u32> = (0..facts.len() as u32).collect();
        Graph::from_copies(facts, &copies, ontology, decisions).unwrap_or_default()
    }

    /// Builds the graph of documents, where `copies[i]` numbers the set of near-identical copies
    /// that document `i` is one of ([`find_copies`](crate::find_copies)).
    ///
    /// # Errors
    /// [`BuildError::TooLarge`] for more than a graph can hold.
    pub fn from_copies(
        facts: Vec<Facts>,
        copies: &[u32],
        ontology: &Ontology,
        decisions: &Decisions,
    ) -> Result<(Graph, Arc<Identities>), BuildError> {
        let mut merger = Merger::new(ontology, decisions);
        for one in &facts {
            merger.see(one);
        }
        let mut merging = merger.decide();
        for (one, own) in facts.iter().zip(0..) {
            merging.add(one, copies.get(own as usize).copied().unwrap_or(own));
        }
        let (merged, identities) = merging.finish()?;
        let mut builder = GraphBuilder::new(merged.relations);
        for one in &facts {
            builder.document(DocumentInfo {
                doc: one.doc.clone(),
                date: one.date.clone(),
                title: None,
            });
        }
        for node in &merged.nodes {
            let aliases = node.aliases.iter();
            let aliases = aliases.map(|(alias, count)| (alias.as_str(), *count));
            builder.node(NewNode::from(node), aliases);
        }
        let mut statements = Vec::with_capacity(merged.edges.len());
        for merged in merged.edges {
            builder.edge(merged.edge, merged.sources);
            statements.push(merged.statements);
        }
        let identities = Arc::new(identities);
        let book = MemoryBook::new(facts, identities.clone(), merged.node_of, statements);
        Ok((builder.finish(Box::new(book))?, identities))
    }
}

impl<'a> From<&'a MergedNode> for NewNode<'a> {
    fn from(node: &'a MergedNode) -> NewNode<'a> {
        NewNode {
            key: &node.key,
            name: &node.name,
            kind: node.kind,
            iso: node.iso.as_deref(),
            wikidata: node.wikidata.as_deref(),
            known: node.known.as_deref(),
            n_mentions: node.n_mentions,
            n_documents: node.n_documents,
            seen: node.seen,
        }
    }
}
