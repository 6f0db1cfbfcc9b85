//! What stands behind the edges: the statements, fetched when somebody asks for them.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use tieline_facts::{Amount, Facts, Relation};

use super::{DocId, EdgeId, NodeId};
use crate::identity::{Identities, Join, NearMiss};

/// One statement of an edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The document.
    pub document: DocId,
    /// First byte of the sentence in the document.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// The sentence, verbatim.
    pub quote: String,
    /// First byte, and one past the last, of the words that carry the relation, in the document.
    pub trigger: (u32, u32),
    /// Who says so, where the text attributes it to an entity.
    pub source: Option<NodeId>,
    /// Words of the attribution, where there is one.
    pub source_text: Option<String>,
    /// When it happened, ISO 8601.
    pub date: Option<String>,
    /// When a state began and ended, ISO 8601, where the text says so.
    pub from: Option<String>,
    #[allow(missing_docs)] // see `from`
    pub until: Option<String>,
    /// How much, where the text gives an amount that belongs to the relation.
    pub amount: Option<Amount>,
    /// Estimated probability that the text states it, 0 to 1.
    pub confidence: f32,
    /// The rule that found it.
    pub rule: Option<String>,
}

impl Evidence {
    /// Date, or beginning and end, as one ISO 8601 text.
    pub fn when(&self) -> Option<String> {
        tieline_facts::when(&self.date, &self.from, &self.until)
    }

    /// The evidence that a statement of a document is; `source` is the node of its source.
    pub(crate) fn new(relation: Relation, document: DocId, source: Option<NodeId>) -> Evidence {
        let words = relation.evidence;
        Evidence {
            document,
            start: words.start,
            end: words.end,
            quote: words.text,
            trigger: (words.trigger.start, words.trigger.end),
            source,
            source_text: relation.source_text,
            date: relation.date,
            from: relation.from,
            until: relation.until,
            amount: relation.amount,
            confidence: relation.confidence,
            rule: relation.rule,
        }
    }

    /// The words that carry the relation; empty if they are not in the sentence.
    pub fn trigger_text(&self) -> &str {
        let (start, end) = self.trigger;
        let inside = |at: u32| at.checked_sub(self.start).map(|at| at as usize);
        match (inside(start), inside(end)) {
            (Some(start), Some(end)) => self.quote.get(start..end).unwrap_or_default(),
            _ => "",
        }
    }
}

/// The evidence of an edge could not be fetched.
#[derive(Debug)]
pub struct EvidenceError(pub Box<dyn Error + Send + Sync>);

impl fmt::Display for EvidenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the evidence could not be read")
    }
}

impl Error for EvidenceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.0.as_ref())
    }
}

/// Where the evidence of a graph is kept: in memory ([`MemoryBook`]) or in a store.
pub trait EvidenceBook: fmt::Debug + Send + Sync {
    /// All statements of an edge, in order of documents and places; empty only for an edge that
    /// the book does not know.
    fn evidence(&self, edge: EdgeId) -> Result<Vec<Evidence>, EvidenceError>;

    /// The node that an entity of a document became; `entity` is its id in the document's facts.
    fn node_of(&self, document: DocId, entity: u32) -> Result<Option<NodeId>, EvidenceError>;

    /// The facts of a document; `None` if the book does not know it.
    fn facts(&self, document: DocId) -> Result<Option<Facts>, EvidenceError>;

    /// Why entities of documents are part of a node, in order of documents. Looks through all
    /// documents.
    fn joins(&self, node: NodeId) -> Result<Vec<Join>, EvidenceError>;

    /// What came near to a node, and why it is another, in order of keys.
    fn near_misses(&self, node: NodeId) -> Result<Vec<NearMiss>, EvidenceError>;
}

/// Evidence in memory: the facts of all documents.
#[derive(Debug, Default)]
pub struct MemoryBook {
    facts: Vec<Facts>,
    identities: Arc<Identities>,
    /// By document and entity of it.
    nodes: Vec<Vec<NodeId>>,
    /// By edge: document and index into its relations.
    statements: Vec<Vec<(DocId, u32)>>,
}

impl MemoryBook {
    pub(crate) fn new(
        facts: Vec<Facts>,
        identities: Arc<Identities>,
        nodes: Vec<Vec<NodeId>>,
        statements: Vec<Vec<(DocId, u32)>>,
    ) -> MemoryBook {
        MemoryBook {
            facts,
            identities,
            nodes,
            statements,
        }
    }

    fn statement(&self, document: DocId, seq: u32) -> Option<Evidence> {
        let facts = self.facts.get(document.index())?;
        let relation = facts.relations.get(seq as usize)?.clone();
        let source = relation.source.and_then(|id| self.node(document, id));
        Some(Evidence::new(relation, document, source))
    }

    fn node(&self, document: DocId, entity: u32) -> Option<NodeId> {
        let nodes = self.nodes.get(document.index())?;
        nodes.get(entity as usize).copied()
    }
}

impl EvidenceBook for MemoryBook {
    fn evidence(&self, edge: EdgeId) -> Result<Vec<Evidence>, EvidenceError> {
        let statements = self.statements.get(edge.index()).into_iter().flatten();
        Ok(statements
            .filter_map(|(document, seq)| self.statement(*document, *seq))
            .collect())
    }

    fn node_of(&self, document: DocId, entity: u32) -> Result<Option<NodeId>, EvidenceError> {
        Ok(self.node(document, entity))
    }

    fn facts(&self, document: DocId) -> Result<Option<Facts>, EvidenceError> {
        Ok(self.facts.get(document.index()).cloned())
    }

    fn joins(&self, node: NodeId) -> Result<Vec<Join>, EvidenceError> {
        let mut joins = self.identities.joins(node.0);
        for join in &mut joins {
            // As the document has it, whatever a decision made of it.
            let facts = self.facts.get(join.document as usize);
            let entity = facts.and_then(|facts| facts.entities.get(join.entity as usize));
            if let Some(entity) = entity {
                join.name.clone_from(&entity.name);
            }
        }
        Ok(joins)
    }

    fn near_misses(&self, node: NodeId) -> Result<Vec<NearMiss>, EvidenceError> {
        Ok(self.identities.near_misses(node.0))
    }
}

/// The sentence to show for an edge: the most certain, then one of a length that reads well, then
/// the first.
pub fn best(evidence: &[Evidence]) -> Option<&Evidence> {
    let rank = |evidence: &Evidence| {
        let length = evidence.quote.chars().count();
        let certainty = (evidence.confidence * 20.0) as i32;
        (-certainty, !(30..=240).contains(&length))
    };
    // `min_by_key` keeps the first of equals.
    evidence.iter().min_by_key(|evidence| rank(evidence))
}
