//! How a graph is put together.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::sync::OnceLock;

use tieline_facts::{
    Entity, EntityType, Facts, MentionKind, Modality, Ontology, Polarity, Symmetry,
};

use super::strings::{Interner, StrId, Strings};
use super::{
    Date, DocId, DocumentInfo, Edge, EdgeId, Evidence, EvidenceBook, Graph, MemoryBook, NodeId,
    NodeRow, Relation, RelationId,
};
use crate::identity::{Identities, Resolver};

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
        let place = |edge: &Edge| {
            let status = (edge.polarity, edge.modality);
            (edge.subject, edge.object, edge.relation, status)
        };
        if !self.nodes.windows(2).all(|w| key(&w[0]) < key(&w[1]))
            || !self.relations.windows(2).all(|w| w[0].name < w[1].name)
            || !self.edges.windows(2).all(|w| place(&w[0]) < place(&w[1]))
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

/// The smallest and greatest date of both.
pub(crate) fn widen(range: &mut Option<(Date, Date)>, date: Option<Date>) {
    let Some(date) = date else { return };
    *range = Some(match *range {
        None => (date, date),
        Some((first, last)) => (first.min(date), last.max(date)),
    });
}

/// Ends by number of node, which is also the order of keys.
type EdgeKey = (u32, u32, String, Polarity, Modality);

impl Graph {
    /// Builds the graph of documents, evidence in memory; `ontology` says which relations are
    /// symmetric. [`Graph::default`] for more than a graph can hold.
    pub fn from_facts(facts: impl IntoIterator<Item = Facts>, ontology: &Ontology) -> Graph {
        Graph::with_identities(facts, ontology).0
    }

    /// As [`Graph::from_facts`], with the reasons why entities of documents became one node.
    /// Nodes have the same numbers in both.
    pub fn with_identities(
        facts: impl IntoIterator<Item = Facts>,
        ontology: &Ontology,
    ) -> (Graph, Identities) {
        let facts: Vec<Facts> = facts.into_iter().collect();
        let mut resolver = Resolver::new();
        for facts in &facts {
            resolver.add(facts);
        }
        let identities = resolver.finish();
        let symmetric = |predicate: &str| {
            let kind = ontology.get(predicate);
            kind.is_some_and(|kind| kind.symmetry == Symmetry::Symmetric)
        };
        let mut nodes: BTreeMap<u32, NodeDraft> = BTreeMap::new();
        let mut edges: BTreeMap<EdgeKey, Vec<(Evidence, Option<u32>)>> = BTreeMap::new();
        let mut documents = Vec::with_capacity(facts.len());
        let mut keys_of = Vec::with_capacity(facts.len());
        for (document, facts) in (0..).map(DocId).zip(facts) {
            let published = facts.date.as_deref().and_then(Date::parse);
            let entities = 0..facts.entities.len() as u32;
            let keys: Vec<u32> = entities
                .filter_map(|entity| identities.node_of(document.0, entity))
                .collect();
            for (entity, key) in facts.entities.into_iter().zip(&keys) {
                let node = nodes.entry(*key).or_default();
                node.add(entity, document, published);
            }
            for relation in facts.relations {
                let key_of = |id: u32| keys.get(id as usize).copied();
                let ends = (key_of(relation.subject), key_of(relation.object));
                let (Some(subject), Some(object)) = ends else {
                    continue;
                };
                if subject == object {
                    continue;
                }
                let turned = object < subject && symmetric(&relation.predicate);
                let (subject, object) = match turned {
                    true => (object, subject),
                    false => (subject, object),
                };
                let source = relation.source.and_then(key_of);
                let (predicate, polarity) = (relation.predicate.clone(), relation.polarity);
                let key = (subject, object, predicate, polarity, relation.modality);
                let evidence = evidence(relation, document);
                edges.entry(key).or_default().push((evidence, source));
            }
            documents.push(DocumentInfo {
                doc: facts.doc,
                date: facts.date,
                title: None,
            });
            keys_of.push(keys);
        }
        let names: BTreeSet<String> = edges.keys().map(|key| key.2.clone()).collect();
        let relations = names.iter().map(|name| Relation {
            name: name.clone(),
            symmetric: symmetric(name),
        });
        let mut builder = GraphBuilder::new(relations.collect());
        let relation_ids: BTreeMap<String, RelationId> =
            names.into_iter().zip((0..).map(RelationId)).collect();
        let mut index_of = BTreeMap::new();
        for (key, draft) in &nodes {
            index_of.insert(*key, draft.write(identities.key(*key), &mut builder));
        }
        let mut book = MemoryBook::default();
        for ((subject, object, predicate, polarity, modality), statements) in &mut edges {
            let statements: Vec<Evidence> = std::mem::take(statements)
                .into_iter()
                .map(|(evidence, source)| Evidence {
                    source: source.and_then(|key| index_of.get(&key).copied()),
                    ..evidence
                })
                .collect();
            let (Some(&subject), Some(&object), Some(&relation)) = (
                index_of.get(subject),
                index_of.get(object),
                relation_ids.get(predicate),
            ) else {
                continue;
            };
            let mut edge = Edge {
                subject,
                object,
                relation,
                polarity: *polarity,
                modality: *modality,
                n_statements: statements.len() as u32,
                n_documents: 0,
                support: 0,
                confidence: 0.0,
                happened: None,
                published: None,
                from: None,
                until: None,
            };
            let mut in_documents = BTreeSet::new();
            for one in &statements {
                edge.confidence = edge.confidence.max(one.confidence);
                widen(
                    &mut edge.happened,
                    one.date.as_deref().and_then(Date::parse),
                );
                if in_documents.insert(one.document) {
                    let document = documents.get(one.document.index());
                    let date = document.and_then(|document| document.date.as_deref());
                    widen(&mut edge.published, date.and_then(Date::parse));
                }
            }
            edge.n_documents = in_documents.len() as u32;
            edge.support = edge.n_documents;
            let sources: BTreeSet<NodeId> = statements.iter().filter_map(|e| e.source).collect();
            builder.edge(edge, sources);
            book.evidence.push(statements);
        }
        for document in documents {
            builder.document(document);
        }
        let known = |keys: Vec<u32>| {
            keys.iter()
                .filter_map(|key| index_of.get(key).copied())
                .collect()
        };
        book.nodes = keys_of.into_iter().map(known).collect();
        let graph = builder.finish(Box::new(book)).unwrap_or_default();
        (graph, identities)
    }
}

fn evidence(relation: tieline_facts::Relation, document: DocId) -> Evidence {
    Evidence {
        document,
        start: relation.evidence.start,
        end: relation.evidence.end,
        quote: relation.evidence.text,
        trigger: (
            relation.evidence.trigger.start,
            relation.evidence.trigger.end,
        ),
        source: None,
        source_text: relation.source_text,
        date: relation.date,
        confidence: relation.confidence,
        rule: relation.rule,
    }
}

/// A node while its documents come in.
#[derive(Debug, Default)]
struct NodeDraft {
    kind: Option<EntityType>,
    /// Names that documents chose for it, with the number of mentions there.
    names: BTreeMap<String, u32>,
    iso: Option<String>,
    wikidata: Option<String>,
    known: Option<String>,
    aliases: BTreeMap<String, u32>,
    n_mentions: u32,
    documents: BTreeSet<DocId>,
    seen: Option<(Date, Date)>,
}

impl NodeDraft {
    fn add(&mut self, entity: Entity, document: DocId, published: Option<Date>) {
        self.kind.get_or_insert(entity.kind);
        self.iso = self.iso.take().or(entity.iso);
        self.wikidata = self.wikidata.take().or(entity.wikidata);
        self.known = self.known.take().or(entity.known);
        self.n_mentions += entity.mentions.len() as u32;
        self.documents.insert(document);
        widen(&mut self.seen, published);
        *self.names.entry(entity.name).or_default() += entity.mentions.len() as u32;
        for mention in entity.mentions {
            if matches!(mention.kind, MentionKind::Name | MentionKind::Demonym) {
                *self.aliases.entry(mention.text).or_default() += 1;
            }
        }
    }

    fn write(&self, key: &str, builder: &mut GraphBuilder) -> NodeId {
        // More words beat fewer ("Keir Starmer" over "Starmer"), then use, then length.
        let rank = |(name, count): &(&String, &u32)| {
            let words = name.split_whitespace().count();
            (words.min(2), **count, name.len())
        };
        let name = self.names.iter().max_by_key(rank);
        let node = NewNode {
            key,
            name: name.map(|(name, _)| name.as_str()).unwrap_or_default(),
            kind: self.kind.unwrap_or(EntityType::Other),
            iso: self.iso.as_deref(),
            wikidata: self.wikidata.as_deref(),
            known: self.known.as_deref(),
            n_mentions: self.n_mentions,
            n_documents: self.documents.len() as u32,
            seen: self.seen,
        };
        let aliases = self.aliases.iter();
        builder.node(node, aliases.map(|(alias, count)| (alias.as_str(), *count)))
    }
}
