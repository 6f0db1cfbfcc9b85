//! The entity layer: mentions over tokens, and the entities they refer to.

use std::ops::Range;

use tieline_facts::{EntityType, Gender, MentionKind};

/// One mention: a run of tokens that refers to an entity of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MentionSpan {
    /// Token indices within the document, never empty, inside one sentence. Titles and
    /// determiners stand outside: "Prime Minister **Keir Starmer**".
    pub tokens: Range<u32>,
    /// The token of the mention that the rest of it hangs on; where relations attach.
    pub head: u32,
    /// How it refers.
    pub kind: MentionKind,
    /// Index of the entity in [`EntityLayer::entities`].
    pub entity: u32,
}

/// One entity of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityNode {
    /// What sort of thing it is.
    pub kind: EntityType,
    /// The fullest name found, without title; the common English name for a country.
    pub name: String,
    /// ISO 3166-1 alpha-2 code, for countries.
    pub iso: Option<String>,
    /// Wikidata item, where a table names it with certainty.
    pub wikidata: Option<String>,
    /// Id in the user's own list of known entities.
    pub known: Option<String>,
    /// Grammatical gender of a person, where a title or first name shows it.
    pub gender: Option<Gender>,
    /// Code of the country that a place lies in, where its name points to one.
    pub within: Option<String>,
    /// Code of the country in which a person is known to hold or have held an office of state.
    pub serves: Option<String>,
}

/// All mentions and entities of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityLayer {
    /// Mentions by first token, the longer first where two start together. Mentions may nest
    /// ("Bank of China" holds "China") but do not cross.
    pub mentions: Vec<MentionSpan>,
    /// Entities in order of their first mention.
    pub entities: Vec<EntityNode>,
}
