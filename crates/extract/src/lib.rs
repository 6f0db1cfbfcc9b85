//! From a parsed document to its facts: mentions, coreference, relations.

mod entities;
mod layer;
mod pipeline;
mod relations;
pub mod time;

pub use entities::{
    EntityResources, Form, Gender, Known, KnownError, KnownErrorKind, LEXICON_FORMAT,
    LEXICON_TABLES, LexiconError, LexiconErrorKind, Lexicons, PronounChoice, PronounOption,
    Referent, Sense, find_entities, pronoun_choices, pronoun_facts,
};
pub use layer::{EntityLayer, EntityNode, MentionSpan};
pub use pipeline::Pipeline;
pub use relations::{
    CONFIDENCE_FORMAT, Confidence, ConfidenceError, ConfidenceErrorKind, Cue, End, Example,
    Explanation, FACTORS, Factors, Obstacle, RULE_FORMAT, Reference, RelationResources, RuleError,
    RuleErrorKind, RuleInfo, RulePlace, Sighting, Step, Words, explain_relations, find_open,
    find_relations, find_sightings, find_unjoined, probability,
};
