//! Nodes, edges and how they come out of facts.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::{DiGraph, NodeIndex};
use tieline_facts::{
    EntityType, Facts, MentionKind, Modality, Ontology, Polarity, Relation, Symmetry,
};

use crate::identity::{Key, Ladder};

/// One real thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Stable, readable identity, unique in the graph: `person/keir starmer`, `country/gb`.
    pub key: String,
    /// What sort of thing it is.
    pub kind: EntityType,
    /// The name used for it most, the longest where several are.
    pub name: String,
    /// ISO 3166-1 alpha-2 code of a country.
    pub iso: Option<String>,
    /// Wikidata item, where known.
    pub wikidata: Option<String>,
    /// Names and demonyms as written, with how often.
    pub aliases: BTreeMap<String, u32>,
    /// Number of mentions of any kind, pronouns included.
    pub mentions: u32,
    /// Documents that mention it, as indices into [`KnowledgeGraph::documents`].
    pub documents: BTreeSet<u32>,
}

/// One relation between two nodes, from source to target, in one status.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Relation type, an id of the ontology.
    pub predicate: String,
    /// Said to hold, or not to.
    pub polarity: Polarity,
    /// Status of the statement.
    pub modality: Modality,
    /// Where it is stated, in order of documents and places; never empty.
    pub evidence: Vec<Evidence>,
}

impl Edge {
    /// Number of different documents that state it.
    pub fn n_documents(&self) -> usize {
        let documents: BTreeSet<u32> = self.evidence.iter().map(|e| e.document).collect();
        documents.len()
    }

    /// The sentence to show: the most certain, then one of a length that reads well, then the
    /// first.
    pub fn best_evidence(&self) -> Option<&Evidence> {
        let rank = |evidence: &Evidence| {
            let length = evidence.quote.chars().count();
            let certainty = (evidence.confidence * 20.0) as i32;
            (-certainty, !(30..=240).contains(&length))
        };
        // `min_by_key` keeps the first of equals.
        self.evidence.iter().min_by_key(|evidence| rank(evidence))
    }
}

/// One statement of an edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The document, as an index into [`KnowledgeGraph::documents`].
    pub document: u32,
    /// First byte of the sentence in the document.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// The sentence, verbatim.
    pub quote: String,
    /// Who says so, where the text attributes it to an entity.
    pub source: Option<NodeIndex>,
    /// Words of the attribution, where there is one.
    pub source_text: Option<String>,
    /// When it happened, ISO 8601.
    pub date: Option<String>,
    /// 0 to 1.
    pub confidence: f32,
}

/// A document that the graph was built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentInfo {
    /// The path as given.
    pub doc: String,
    /// Publication date, where known.
    pub date: Option<String>,
}

/// The graph of many documents.
///
/// Nodes and edges stand in the order of their keys, so that the same documents give the same
/// graph in whatever order they come (only the order of evidence follows the documents).
/// Symmetric relations are stored once, from the smaller key to the greater. A relation whose two
/// ends turn out to be one thing is left out.
#[derive(Clone, Debug, Default)]
pub struct KnowledgeGraph {
    graph: DiGraph<Node, Edge>,
    documents: Vec<DocumentInfo>,
    /// By document and entity of it: the node that the entity became.
    nodes_of: Vec<Vec<NodeIndex>>,
}

type EdgeKey = (Key, Key, String, Polarity, Modality);

impl KnowledgeGraph {
    /// Builds the graph; `ontology` says which relations are symmetric.
    pub fn from_facts(
        facts: impl IntoIterator<Item = Facts>,
        ontology: &Ontology,
    ) -> KnowledgeGraph {
        let facts: Vec<Facts> = facts.into_iter().collect();
        let mut ladder = Ladder::default();
        for entity in facts.iter().flat_map(|facts| &facts.entities) {
            ladder.see(entity);
        }
        let mut nodes: BTreeMap<Key, NodeDraft> = BTreeMap::new();
        let mut edges: BTreeMap<EdgeKey, Vec<(Evidence, Option<Key>)>> = BTreeMap::new();
        let mut documents = Vec::with_capacity(facts.len());
        let mut keys_of = Vec::with_capacity(facts.len());
        for (document, facts) in (0..).zip(facts) {
            let keys: Vec<Key> = facts.entities.iter().map(|e| ladder.key(e)).collect();
            for (entity, key) in facts.entities.into_iter().zip(&keys) {
                nodes.entry(key.clone()).or_default().add(entity, document);
            }
            for relation in facts.relations {
                let key_of = |id: u32| keys.get(id as usize);
                let (Some(subject), Some(object)) =
                    (key_of(relation.subject), key_of(relation.object))
                else {
                    continue;
                };
                if subject == object {
                    continue;
                }
                let symmetric = ontology
                    .get(&relation.predicate)
                    .is_some_and(|kind| kind.symmetry == Symmetry::Symmetric);
                let (subject, object) = if symmetric && object < subject {
                    (object.clone(), subject.clone())
                } else {
                    (subject.clone(), object.clone())
                };
                let source = relation.source.and_then(key_of).cloned();
                let key = (
                    subject,
                    object,
                    relation.predicate.clone(),
                    relation.polarity,
                    relation.modality,
                );
                let evidence = evidence(relation, document);
                edges.entry(key).or_default().push((evidence, source));
            }
            documents.push(DocumentInfo {
                doc: facts.doc,
                date: facts.date,
            });
            keys_of.push(keys);
        }
        let mut graph = DiGraph::with_capacity(nodes.len(), edges.len());
        let mut index_of = BTreeMap::new();
        for (key, draft) in nodes {
            let index = graph.add_node(draft.finish(&key));
            index_of.insert(key, index);
        }
        for ((subject, object, predicate, polarity, modality), evidence) in edges {
            let (Some(&subject), Some(&object)) = (index_of.get(&subject), index_of.get(&object))
            else {
                continue;
            };
            let evidence = evidence.into_iter().map(|(evidence, source)| Evidence {
                source: source.and_then(|key| index_of.get(&key).copied()),
                ..evidence
            });
            let edge = Edge {
                predicate,
                polarity,
                modality,
                evidence: evidence.collect(),
            };
            graph.add_edge(subject, object, edge);
        }
        let known = |keys: Vec<Key>| {
            keys.iter()
                .filter_map(|key| index_of.get(key))
                .copied()
                .collect()
        };
        KnowledgeGraph {
            graph,
            documents,
            nodes_of: keys_of.into_iter().map(known).collect(),
        }
    }

    /// The node that an entity of a document became; `document` is an index into
    /// [`KnowledgeGraph::documents`], `entity` the id within its facts.
    pub fn node_of(&self, document: u32, entity: u32) -> Option<NodeIndex> {
        let nodes = self.nodes_of.get(document as usize)?;
        nodes.get(entity as usize).copied()
    }

    /// The graph itself, for algorithms.
    pub fn petgraph(&self) -> &DiGraph<Node, Edge> {
        &self.graph
    }

    /// The documents, in the order given.
    pub fn documents(&self) -> &[DocumentInfo] {
        &self.documents
    }

    /// The path of a document by its index; empty if there is none.
    pub fn document(&self, index: u32) -> &str {
        let document = self.documents.get(index as usize);
        document.map_or("", |document| &document.doc)
    }
}

fn evidence(relation: Relation, document: u32) -> Evidence {
    Evidence {
        document,
        start: relation.evidence.start,
        end: relation.evidence.end,
        quote: relation.evidence.text,
        source: None,
        source_text: relation.source_text,
        date: relation.date,
        confidence: relation.confidence,
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
    aliases: BTreeMap<String, u32>,
    mentions: u32,
    documents: BTreeSet<u32>,
}

impl NodeDraft {
    fn add(&mut self, entity: tieline_facts::Entity, document: u32) {
        self.kind.get_or_insert(entity.kind);
        self.iso = self.iso.take().or(entity.iso);
        self.wikidata = self.wikidata.take().or(entity.wikidata);
        self.mentions += entity.mentions.len() as u32;
        self.documents.insert(document);
        *self.names.entry(entity.name).or_default() += entity.mentions.len() as u32;
        for mention in entity.mentions {
            if matches!(mention.kind, MentionKind::Name | MentionKind::Demonym) {
                *self.aliases.entry(mention.text).or_default() += 1;
            }
        }
    }

    fn finish(self, key: &Key) -> Node {
        // More words beat fewer ("Keir Starmer" over "Starmer"), then use, then length.
        let rank = |(name, count): &(&String, &u32)| {
            let words = name.split_whitespace().count();
            (words.min(2), **count, name.len())
        };
        let name = self.names.iter().max_by_key(rank);
        Node {
            key: key.0.clone(),
            kind: self.kind.unwrap_or(EntityType::Other),
            name: name.map(|(name, _)| name.clone()).unwrap_or_default(),
            iso: self.iso,
            wikidata: self.wikidata,
            aliases: self.aliases,
            mentions: self.mentions,
            documents: self.documents,
        }
    }
}
