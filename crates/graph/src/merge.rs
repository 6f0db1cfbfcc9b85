//! The facts of many documents to nodes and edges.
//!
//! Two passes over the documents, in one order: [`Merger::see`] lets identity look at everything,
//! [`Merging::add`] then sums up. Documents need not be in memory together; what is kept grows with
//! nodes, edges and the number of entities and statements.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use tieline_facts::{
    Entity, EntityType, Facts, MentionKind, Modality, Ontology, Polarity, Symmetry,
};

use crate::identity::{Decisions, Identities, Identity, Resolver};
use crate::model::{BuildError, Date, DocId, Edge, NodeId, Relation, RelationId};

/// A node with everything that is known of it.
#[derive(Clone, Debug)]
pub(crate) struct MergedNode {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) kind: EntityType,
    pub(crate) iso: Option<String>,
    pub(crate) wikidata: Option<String>,
    pub(crate) known: Option<String>,
    /// In byte order, with how often.
    pub(crate) aliases: BTreeMap<String, u32>,
    pub(crate) n_mentions: u32,
    pub(crate) n_documents: u32,
    pub(crate) seen: Option<(Date, Date)>,
}

/// An edge, who says so, and where.
#[derive(Clone, Debug)]
pub(crate) struct MergedEdge {
    pub(crate) edge: Edge,
    /// Each once, in order.
    pub(crate) sources: Vec<NodeId>,
    /// Document and index into its relations, in order.
    pub(crate) statements: Vec<(DocId, u32)>,
}

/// Nodes in the order of their keys, relations in that of their names, edges in their own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Merged {
    pub(crate) nodes: Vec<MergedNode>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) edges: Vec<MergedEdge>,
    /// By document and entity of it.
    pub(crate) node_of: Vec<Vec<NodeId>>,
}

/// The first pass.
#[derive(Debug)]
pub(crate) struct Merger<'a> {
    ontology: &'a Ontology,
    resolver: Resolver,
}

impl<'a> Merger<'a> {
    /// `ontology` says which relations are symmetric, `decisions` what is one thing.
    pub(crate) fn new(ontology: &'a Ontology, decisions: &Decisions) -> Merger<'a> {
        Merger {
            ontology,
            resolver: Resolver::with_decisions(decisions),
        }
    }

    /// Takes note of the next document.
    pub(crate) fn see(&mut self, facts: &Facts) {
        self.resolver.add(facts);
    }

    /// All documents have been seen.
    pub(crate) fn decide(self) -> Merging<'a> {
        let identities = self.resolver.finish();
        let mut nodes = Vec::new();
        nodes.resize_with(identities.nodes().len(), NodeDraft::default);
        Merging {
            ontology: self.ontology,
            identities,
            nodes,
            relations: BTreeMap::new(),
            too_many: false,
            edges: FxHashMap::default(),
            node_of: Vec::new(),
        }
    }
}

/// Relations by number in order of appearance.
type EdgeKey = (NodeId, NodeId, u16, Polarity, Modality);

/// The second pass.
#[derive(Debug)]
pub(crate) struct Merging<'a> {
    ontology: &'a Ontology,
    identities: Identities,
    nodes: Vec<NodeDraft>,
    /// Name → number, in order of appearance.
    relations: BTreeMap<String, u16>,
    /// There are more relation types than numbers.
    too_many: bool,
    edges: FxHashMap<EdgeKey, EdgeDraft>,
    node_of: Vec<Vec<NodeId>>,
}

impl Merging<'_> {
    /// Adds the next document. `copies` numbers the set of near-identical copies that it is one
    /// of.
    pub(crate) fn add(&mut self, facts: &Facts, copies: u32) {
        let document = DocId(self.node_of.len() as u32);
        let published = facts.date.as_deref().and_then(Date::parse);
        let mut nodes = Vec::with_capacity(facts.entities.len());
        for (entity, number) in facts.entities.iter().zip(0..) {
            let Some(node) = self.identities.node_of(document.0, number) else {
                break;
            };
            if let Some(draft) = self.nodes.get_mut(node as usize) {
                draft.add(entity, document, published);
            }
            nodes.push(NodeId(node));
        }
        for (relation, seq) in facts.relations.iter().zip(0..) {
            let node_of = |id: u32| nodes.get(id as usize).copied();
            let ends = (node_of(relation.subject), node_of(relation.object));
            let (Some(mut subject), Some(mut object)) = ends else {
                continue;
            };
            if subject == object {
                continue;
            }
            // Nodes are numbered in the order of their keys.
            if object < subject && symmetric(self.ontology, &relation.predicate) {
                (subject, object) = (object, subject);
            }
            let Some(predicate) = self.relation(&relation.predicate) else {
                continue;
            };
            let (polarity, modality) = (relation.polarity, relation.modality);
            let key = (subject, object, predicate, polarity, modality);
            let edge = self.edges.entry(key).or_default();
            edge.add(relation, document, copies, published);
            edge.sources.extend(relation.source.and_then(node_of));
            edge.statements.push((document, seq));
        }
        self.node_of.push(nodes);
    }

    /// The number of a relation type; `None` once there are 65,535.
    fn relation(&mut self, name: &str) -> Option<u16> {
        if let Some(&number) = self.relations.get(name) {
            return Some(number);
        }
        // The last number stands for none, see `RelationId`.
        let number = u16::try_from(self.relations.len()).ok();
        let number = number.filter(|number| *number < u16::MAX);
        match number {
            Some(number) => drop(self.relations.insert(name.to_owned(), number)),
            None => self.too_many = true,
        }
        number
    }

    /// All documents have been added. The node of an entity has the same number in what comes
    /// out and in the identities.
    ///
    /// # Errors
    /// [`BuildError::TooLarge`] for more than 65,535 relation types.
    pub(crate) fn finish(self) -> Result<(Merged, Identities), BuildError> {
        if self.too_many {
            return Err(BuildError::TooLarge);
        }
        let mut relation_ranks = vec![RelationId(0); self.relations.len()];
        for (number, id) in self.relations.values().zip(0..) {
            relation_ranks[usize::from(*number)] = RelationId(id);
        }
        let mut edges: Vec<MergedEdge> = self
            .edges
            .into_iter()
            .map(|((subject, object, relation, polarity, modality), draft)| {
                let sources: BTreeSet<NodeId> = draft.sources.into_iter().collect();
                let edge = Edge {
                    subject,
                    object,
                    relation: relation_ranks[usize::from(relation)],
                    polarity,
                    modality,
                    n_statements: draft.statements.len() as u32,
                    n_documents: draft.n_documents,
                    support: draft.copies.len() as u32,
                    confidence: draft.confidence,
                    happened: draft.happened,
                    published: draft.published,
                    from: draft.from,
                    until: draft.until,
                };
                MergedEdge {
                    edge,
                    sources: sources.into_iter().collect(),
                    statements: draft.statements,
                }
            })
            .collect();
        edges.sort_unstable_by_key(|merged| merged.edge.place());
        let named = |name: String| Relation {
            symmetric: symmetric(self.ontology, &name),
            name,
        };
        let nodes = self.nodes.into_iter().zip(self.identities.nodes());
        let merged = Merged {
            nodes: nodes
                .map(|(draft, identity)| draft.finish(identity))
                .collect(),
            edges,
            node_of: self.node_of,
            relations: self.relations.into_keys().map(named).collect(),
        };
        Ok((merged, self.identities))
    }
}

fn symmetric(ontology: &Ontology, relation: &str) -> bool {
    let kind = ontology.get(relation);
    kind.is_some_and(|kind| kind.symmetry == Symmetry::Symmetric)
}

/// The smallest and greatest date of both.
fn widen(range: &mut Option<(Date, Date)>, other: Option<(Date, Date)>) {
    let Some((first, last)) = other else { return };
    *range = Some(match *range {
        None => (first, last),
        Some((least, greatest)) => (least.min(first), greatest.max(last)),
    });
}

/// A node while its documents come in.
#[derive(Debug, Default)]
struct NodeDraft {
    /// Names that documents chose for it, with the number of mentions there.
    names: BTreeMap<String, u32>,
    iso: Option<String>,
    wikidata: Option<String>,
    known: Option<String>,
    aliases: BTreeMap<String, u32>,
    n_mentions: u32,
    n_documents: u32,
    last_document: Option<DocId>,
    seen: Option<(Date, Date)>,
}

impl NodeDraft {
    fn add(&mut self, entity: &Entity, document: DocId, published: Option<Date>) {
        if self.iso.is_none() {
            self.iso.clone_from(&entity.iso);
        }
        if self.wikidata.is_none() {
            self.wikidata.clone_from(&entity.wikidata);
        }
        if self.known.is_none() {
            self.known.clone_from(&entity.known);
        }
        self.n_mentions += entity.mentions.len() as u32;
        if self.last_document != Some(document) {
            self.last_document = Some(document);
            self.n_documents += 1;
        }
        widen(&mut self.seen, published.map(|date| (date, date)));
        add_to(&mut self.names, &entity.name, entity.mentions.len() as u32);
        for mention in &entity.mentions {
            if matches!(mention.kind, MentionKind::Name | MentionKind::Demonym) {
                add_to(&mut self.aliases, &mention.text, 1);
            }
        }
    }

    fn finish(self, identity: &Identity) -> MergedNode {
        // More words beat fewer ("Keir Starmer" over "Starmer"), then use, then length.
        let rank = |(name, count): &(&String, &u32)| {
            let words = name.split_whitespace().count();
            (words.min(2), **count, name.len())
        };
        let name = self.names.iter().max_by_key(rank);
        MergedNode {
            key: identity.key.clone(),
            name: (identity.name.as_ref())
                .or(name.map(|(name, _)| name))
                .cloned()
                .unwrap_or_default(),
            kind: identity.kind,
            iso: self.iso,
            wikidata: identity.wikidata.clone().or(self.wikidata),
            known: self.known,
            aliases: self.aliases,
            n_mentions: self.n_mentions,
            n_documents: self.n_documents,
            seen: self.seen,
        }
    }
}

fn add_to(counts: &mut BTreeMap<String, u32>, name: &str, n: u32) {
    match counts.get_mut(name) {
        Some(count) => *count += n,
        None => {
            counts.insert(name.to_owned(), n);
        }
    }
}

/// An edge while its statements come in.
#[derive(Debug, Default)]
struct EdgeDraft {
    statements: Vec<(DocId, u32)>,
    sources: Vec<NodeId>,
    copies: BTreeSet<u32>,
    n_documents: u32,
    confidence: f32,
    happened: Option<(Date, Date)>,
    published: Option<(Date, Date)>,
    from: Option<Date>,
    until: Option<Date>,
}

impl EdgeDraft {
    fn add(
        &mut self,
        relation: &tieline_facts::Relation,
        document: DocId,
        copies: u32,
        published: Option<Date>,
    ) {
        let span = |text: &Option<String>| text.as_deref().and_then(Date::span);
        self.confidence = self.confidence.max(relation.confidence);
        widen(&mut self.happened, span(&relation.date));
        let from = span(&relation.from).map(|(first, _)| first);
        let until = span(&relation.until).map(|(_, last)| last);
        self.from = self.from.into_iter().chain(from).min();
        self.until = self.until.into_iter().chain(until).max();
        if self.statements.last().is_none_or(|last| last.0 != document) {
            self.n_documents += 1;
            self.copies.insert(copies);
            widen(&mut self.published, published.map(|date| (date, date)));
        }
    }
}
