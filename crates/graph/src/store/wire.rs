//! Documents of a graph file as lines of wire format v1, and back.
//!
//! A line holds the facts, and in fields of its own what a graph file keeps beside them: where they
//! come from, the signature by which copies are found, relation types that are not built in. So a
//! graph file made from the lines equals the one that they came from.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};
use tieline_facts::{EntityType, Facts, Ontology, RelationType, Symmetry};

use super::decided::Plain;
use super::{NewDocument, Origin, clean_path, fingerprint};
use crate::copies::Signature;
use crate::identity::Decisions;

/// What a line holds beside the facts.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Beside {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    /// As hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    types: Vec<WireType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decisions: Option<WireDecisions>,
}

/// The user's decisions on the wire.
#[derive(Debug, Serialize, Deserialize)]
struct WireDecisions {
    file: String,
    list: Vec<Plain>,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    facts: &'a Facts,
    #[serde(flatten)]
    beside: Beside,
}

/// A relation type on the wire.
#[derive(Debug, Serialize, Deserialize)]
struct WireType {
    id: String,
    label: String,
    tier: u8,
    section: String,
    kind: Lasting,
    symmetric: bool,
    inverse: Option<String>,
    subject: Vec<EntityType>,
    object: Vec<EntityType>,
    sign: i8,
    #[serde(default)]
    wikidata: String,
    #[serde(default)]
    plover: String,
    #[serde(default)]
    cameo: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Lasting {
    State,
    Event,
}

impl From<&RelationType> for WireType {
    fn from(kind: &RelationType) -> WireType {
        WireType {
            id: kind.id.clone(),
            label: kind.label.clone(),
            tier: kind.tier,
            section: kind.section.clone(),
            kind: match kind.is_state {
                true => Lasting::State,
                false => Lasting::Event,
            },
            symmetric: kind.symmetry == Symmetry::Symmetric,
            inverse: match &kind.symmetry {
                Symmetry::Inverse(inverse) => Some(inverse.clone()),
                Symmetry::Symmetric | Symmetry::Directed => None,
            },
            subject: kind.subject.clone(),
            object: kind.object.clone(),
            sign: kind.sign,
            wikidata: kind.wikidata.clone(),
            plover: kind.plover.clone(),
            cameo: kind.cameo.clone(),
        }
    }
}

impl From<WireType> for RelationType {
    fn from(kind: WireType) -> RelationType {
        RelationType {
            symmetry: match (kind.symmetric, kind.inverse) {
                (true, _) => Symmetry::Symmetric,
                (false, Some(inverse)) => Symmetry::Inverse(inverse),
                (false, None) => Symmetry::Directed,
            },
            id: kind.id,
            label: kind.label,
            tier: kind.tier,
            section: kind.section,
            is_state: kind.kind == Lasting::State,
            subject: kind.subject,
            object: kind.object,
            sign: kind.sign,
            wikidata: kind.wikidata,
            plover: kind.plover,
            cameo: kind.cameo,
        }
    }
}

/// Writes documents as lines of wire format v1.
#[derive(Debug)]
pub struct LineWriter {
    /// The relation types that are not built in.
    own: Ontology,
    /// Of the first line.
    decisions: Option<WireDecisions>,
    is_first: bool,
}

impl LineWriter {
    /// A writer for documents that were read with the relation types of `ontology`; those that
    /// `built_in` has, too, are not written. The graph obeys `decisions`.
    pub fn new(ontology: &Ontology, built_in: &Ontology, decisions: &Decisions) -> LineWriter {
        let mut own = Ontology::default();
        for kind in ontology.iter() {
            if built_in.get(&kind.id) != Some(kind) {
                own.add(kind.clone());
            }
        }
        let any = !decisions.list.is_empty();
        LineWriter {
            own,
            decisions: any.then(|| WireDecisions {
                file: decisions.origin.clone(),
                list: decisions.list.iter().map(Plain::from).collect(),
            }),
            is_first: true,
        }
    }

    /// A document as a line, without the end of it. A line brings along the relation types that it
    /// uses, the first line all, and the decisions.
    pub fn line(&mut self, document: &NewDocument, origin: &Origin) -> String {
        let relations = document.facts.relations.iter();
        let used: BTreeSet<&str> = relations.map(|one| one.predicate.as_str()).collect();
        let is_first = std::mem::take(&mut self.is_first);
        let types = self.own.iter();
        let types = types.filter(|kind| is_first || used.contains(kind.id.as_str()));
        let types = types.map(WireType::from);
        let signature = document.signature.as_ref().map(|signature| {
            let mut digits = String::new();
            for byte in signature.to_bytes() {
                let _ = write!(digits, "{byte:02x}");
            }
            digits
        });
        let line = Line {
            facts: &document.facts,
            beside: Beside {
                title: document.title.clone(),
                hash: Some(document.hash.clone()),
                signature,
                origin: Some(origin.clone()),
                types: types.collect(),
                decisions: self.decisions.take(),
            },
        };
        // Strings and numbers only, which can all be written.
        serde_json::to_string(&line).unwrap_or_default()
    }
}

/// What a line of wire format v1 holds.
#[derive(Debug)]
pub struct WireDocument {
    /// The document, under its [`clean_path`]. Without a hash on the line it is that of the line.
    pub document: NewDocument,
    /// What made the facts, where the line says so.
    pub origin: Option<Origin>,
    /// Relation types that the document uses and brings along.
    pub types: Vec<RelationType>,
    /// Decisions that the graph is to obey.
    pub decisions: Option<Decisions>,
}

/// Reads a line of wire format v1, from this program or any other.
///
/// # Errors
/// What is no JSON object of that format, and facts that contradict themselves.
pub fn from_line(line: &str) -> Result<WireDocument, LineError> {
    let line = line.trim();
    // Twice over the line, so that errors have a column; fields of the other kind are ignored.
    let facts: Facts = serde_json::from_str(line)?;
    let beside: Beside = serde_json::from_str(line)?;
    check(&facts)?;
    let signature = match &beside.signature {
        Some(digits) => Some(signature(digits).ok_or(LineError::Signature)?),
        None => None,
    };
    Ok(WireDocument {
        document: NewDocument {
            hash: beside.hash.unwrap_or_else(|| fingerprint([line])),
            title: beside.title,
            signature,
            facts: Facts {
                doc: clean_path(&facts.doc),
                ..facts
            },
        },
        origin: beside.origin,
        types: beside.types.into_iter().map(RelationType::from).collect(),
        decisions: beside.decisions.map(decisions).transpose()?,
    })
}

fn decisions(wire: WireDecisions) -> Result<Decisions, LineError> {
    let list = wire.list.into_iter().map(Plain::decision);
    Ok(Decisions {
        origin: wire.file,
        list: list.collect::<Option<_>>().ok_or(LineError::Decision)?,
    })
}

fn signature(digits: &str) -> Option<Signature> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    Signature::from_bytes(&pairs.map(byte).collect::<Option<Vec<u8>>>()?)
}

/// Checks what the types of the fields do not say.
fn check(facts: &Facts) -> Result<(), LineError> {
    let n = facts.entities.len();
    for (entity, place) in facts.entities.iter().zip(0..) {
        if entity.id != place {
            let found = entity.id;
            return Err(LineError::EntityId { place, found });
        }
    }
    let mut sentences = BTreeMap::new();
    let open = facts.open.iter();
    let open = open.map(|one| (one.subject, one.object, one.source, &one.evidence));
    let relations = facts.relations.iter();
    let relations = relations.map(|one| (one.subject, one.object, one.source, &one.evidence));
    for (subject, object, source, evidence) in relations.chain(open) {
        let ends = [subject, object].into_iter().chain(source);
        for entity in ends {
            if n <= entity as usize {
                let entities = n;
                return Err(LineError::NoEntity { entity, entities });
            }
        }
        let place = (evidence.start, evidence.end);
        let trigger = (evidence.trigger.start, evidence.trigger.end);
        if let Some(span) = [place, trigger].into_iter().find(|span| span.1 < span.0) {
            return Err(LineError::Span(span));
        }
        if *sentences.entry(place).or_insert(&evidence.text) != &evidence.text {
            return Err(LineError::TwoTexts(place));
        }
    }
    Ok(())
}

/// What is wrong with a line of wire format v1. New kinds may be added.
#[derive(Debug)]
#[non_exhaustive]
pub enum LineError {
    /// No JSON, or not the object of a document.
    Json {
        /// Where, counted from 1 in bytes.
        column: usize,
        /// What the reader of JSON says.
        message: String,
    },
    /// The id of an entity is not its place in the array.
    EntityId {
        /// Its place, from 0.
        place: u32,
        /// Its id.
        found: u32,
    },
    /// A relation speaks of an entity that the document does not have.
    NoEntity {
        /// The id.
        entity: u32,
        /// How many entities there are.
        entities: usize,
    },
    /// A sentence or trigger that ends before it starts.
    Span((u32, u32)),
    /// Two texts for the sentence of one place.
    TwoTexts((u32, u32)),
    /// The signature is none.
    Signature,
    /// A decision is none that this program knows.
    Decision,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineError::Json { column, message } => {
                write!(
                    f,
                    "no document of wire format v1, column {column}: {message}"
                )
            }
            LineError::EntityId { place, found } => {
                write!(f, "entity {place} has the id {found}, expected its place")
            }
            LineError::NoEntity { entity, entities } => write!(
                f,
                "a relation speaks of entity {entity}, and there are {entities}"
            ),
            LineError::Span((start, end)) => {
                write!(
                    f,
                    "words from {start} to {end}, which ends before it starts"
                )
            }
            LineError::TwoTexts((start, end)) => {
                write!(f, "two texts for the sentence from {start} to {end}")
            }
            LineError::Decision => f.write_str("a decision that this program does not know"),
            LineError::Signature => f.write_str("a signature that is none"),
        }
    }
}

impl Error for LineError {}

impl From<serde_json::Error> for LineError {
    fn from(error: serde_json::Error) -> LineError {
        let column = error.column();
        let mut message = error.to_string();
        // Of one line the number says nothing.
        if let Some(at) = message.rfind(" at line ") {
            message.truncate(at);
        }
        LineError::Json { column, message }
    }
}
