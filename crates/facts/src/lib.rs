//! What a document says, as owned, serialisable values: entities, mentions, relations with their
//! polarity, modality, attribution and evidence. From here on the text may go.
//!
//! [`Facts`] is wire format v1, one JSON object a document; `docs/formats.md` describes each
//! field.

pub mod names;
mod ontology;
mod wire;

pub use ontology::{Ontology, OntologyError, OntologyErrorKind, RelationType, Symmetry};
pub use wire::{
    Amount, Entity, EntityType, Evidence, Facts, Gender, Mention, MentionKind, Modality,
    OPEN_PREFIX, OpenClause, Polarity, Relation, TriggerSpan, WireNote, when,
};
