//! Wire format v1.

use serde::{Deserialize, Serialize};

/// Everything extracted from one document: one line of `extract --format jsonl`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The document's path as given.
    pub doc: String,
    /// Publication date, `YYYY-MM-DD`, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Entities, numbered from 0 in order of their first mention.
    pub entities: Vec<Entity>,
    /// Relations in order of their evidence.
    pub relations: Vec<Relation>,
    /// The open layer, where it was asked for: clauses that no relation type covers, in text order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<OpenClause>,
    /// What was noticed on the way.
    #[serde(default)]
    pub notes: Vec<WireNote>,
}

/// What the relation of a clause of the open layer starts with, see [`Facts::open_as_relations`].
pub const OPEN_PREFIX: &str = "open:";

impl Facts {
    /// Moves the open layer among the relations, for a graph that shows both. The types are
    /// `open:` and the label, which no type of an ontology is called, so the two stay apart.
    pub fn open_as_relations(&mut self) {
        for clause in self.open.drain(..) {
            self.relations.push(Relation {
                predicate: format!("{OPEN_PREFIX}{}", clause.label),
                subject: clause.subject,
                object: clause.object,
                polarity: clause.polarity,
                modality: clause.modality,
                source: clause.source,
                source_text: clause.source_text,
                confidence: clause.confidence,
                evidence: clause.evidence,
                date: None,
                from: None,
                until: None,
                amount: None,
                rule: None,
            });
        }
    }
}

/// One real thing that the document names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Index of the entity within the document.
    pub id: u32,
    /// What sort of thing it is.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// The fullest name found, without title; the common English name for a country.
    pub name: String,
    /// ISO 3166-1 alpha-2 code of a country, or `None`.
    #[serde(default)]
    pub iso: Option<String>,
    /// Wikidata item ("Q145"), where a table names it with certainty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wikidata: Option<String>,
    /// Id in the user's own list of known entities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// Grammatical gender of a person, where a title or first name shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Common nouns right before its names ("goalkeeper", "airline"), in lower case, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Every mention, in text order.
    pub mentions: Vec<Mention>,
}

/// One place in the text that refers to an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The words, verbatim.
    pub text: String,
    /// How it refers.
    pub kind: MentionKind,
}

/// Sort of an entity.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum EntityType {
    /// A human being.
    Person,
    /// A company, party, ministry, army, team, medium, agency, alliance.
    Organisation,
    /// A sovereign state, or one treated as such (see `docs/design.md`).
    Country,
    /// A city, region, river, building.
    Place,
    /// Anything else that has a name: works, events, laws.
    #[default]
    Other,
}

impl EntityType {
    /// All types, in order.
    pub const ALL: [EntityType; 5] = [
        EntityType::Person,
        EntityType::Organisation,
        EntityType::Country,
        EntityType::Place,
        EntityType::Other,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            EntityType::Person => "person",
            EntityType::Organisation => "organisation",
            EntityType::Country => "country",
            EntityType::Place => "place",
            EntityType::Other => "other",
        }
    }

    /// The letter that the ontology uses for the type; `None` for [`EntityType::Other`].
    pub fn letter(self) -> Option<char> {
        match self {
            EntityType::Person => Some('P'),
            EntityType::Organisation => Some('O'),
            EntityType::Country => Some('C'),
            EntityType::Place => Some('L'),
            EntityType::Other => None,
        }
    }
}

/// Grammatical gender of a person, as titles and first names show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// "he"
    Masculine,
    /// "she"
    Feminine,
}

impl Gender {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Gender::Masculine => "masculine",
            Gender::Feminine => "feminine",
        }
    }
}

/// How a mention refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MentionKind {
    /// By name: "Angela Merkel", "Berlin".
    Name,
    /// By an adjective or noun of nationality: "German", "Germans".
    Demonym,
    /// By a definite description: "the chancellor".
    Nominal,
    /// By a pronoun: "she".
    Pronoun,
}

impl MentionKind {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            MentionKind::Name => "name",
            MentionKind::Demonym => "demonym",
            MentionKind::Nominal => "nominal",
            MentionKind::Pronoun => "pronoun",
        }
    }
}

/// Whether a relation is said to hold or not to hold.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    /// Said to hold.
    #[default]
    Affirmed,
    /// Said not to hold: "did not sign", "denied meeting".
    Negated,
}

impl Polarity {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Polarity::Affirmed => "affirmed",
            Polarity::Negated => "negated",
        }
    }
}

/// The status of what is said (the factuality of FactBank, cut to what news graphs need).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Modality {
    /// Stated as a fact, also when a source says it plainly.
    #[default]
    Asserted,
    /// Will, intends to, agreed to, scheduled.
    Planned,
    /// May, could, is considering, if.
    Possible,
    /// Accused, suspected, claimed, reportedly.
    Alleged,
    /// A state that has ended.
    Former,
}

impl Modality {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Modality::Asserted => "asserted",
            Modality::Planned => "planned",
            Modality::Possible => "possible",
            Modality::Alleged => "alleged",
            Modality::Former => "former",
        }
    }
}

/// One stated relation: subject, predicate, object, and how, by whom and where it is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// Entity id of the subject.
    pub subject: u32,
    /// Relation type, an id of the ontology.
    pub predicate: String,
    /// Entity id of the object.
    pub object: u32,
    /// Said to hold, or not to.
    pub polarity: Polarity,
    /// Status of the statement.
    pub modality: Modality,
    /// Entity id of who says it, where the text attributes it to an entity.
    pub source: Option<u32>,
    /// Words of the attribution, verbatim, where there is one.
    pub source_text: Option<String>,
    /// When it happened, ISO 8601 as exact as the text allows: "2025-01-16", "2003-05", "2003", a
    /// week "2025-W03", an interval "2003-06/2003-08".
    pub date: Option<String>,
    /// For a state: when it began, where the text says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// For a state: when it ended, or will end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// How much, where the text gives an amount that belongs to the relation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Estimated probability that the relation is stated, 0 to 1.
    pub confidence: f32,
    /// The sentence that says it.
    pub evidence: Evidence,
    /// The rule that found it, for `why`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

impl Relation {
    /// Date, or beginning and end, as one ISO 8601 text; see [`when`].
    pub fn when(&self) -> Option<String> {
        when(&self.date, &self.from, &self.until)
    }
}

/// A date, or else beginning and end, as one ISO 8601 text: "2003-05", "1998/2004", "1998/..",
/// "../2004".
pub fn when(
    date: &Option<String>,
    from: &Option<String>,
    until: &Option<String>,
) -> Option<String> {
    let open = |end: &Option<String>| end.clone().unwrap_or_else(|| "..".to_owned());
    match (date, from, until) {
        (Some(date), _, _) => Some(date.clone()),
        (None, None, None) => None,
        (None, from, until) => Some(format!("{}/{}", open(from), open(until))),
    }
}

/// How much of something a relation is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// The words, verbatim: "£12.8bn", "a 12% stake", "2,000 troops".
    pub text: String,
    /// The number, with its magnitude applied.
    pub value: f64,
    /// ISO 4217 code of a currency, "%", or the noun that is counted, singular.
    pub unit: String,
}

/// A clause between two entities that no relation type covers. What its label means, nobody says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenClause {
    /// Entity id of the subject.
    pub subject: u32,
    /// The verb phrase by its lemmas: "praise", "open plant in", "be seen with".
    pub label: String,
    /// Entity id of the object.
    pub object: u32,
    /// Said to hold, or not to.
    pub polarity: Polarity,
    /// Status of the statement.
    pub modality: Modality,
    /// Entity id of who says it, where the text attributes it to an entity.
    pub source: Option<u32>,
    /// Words of the attribution, verbatim, where there is one.
    pub source_text: Option<String>,
    /// Estimated probability that the clause is read rightly, 0 to 1.
    pub confidence: f32,
    /// The sentence that says it, the verb as trigger.
    pub evidence: Evidence,
}

/// The words that state a relation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// First byte of the sentence.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// The sentence, verbatim.
    pub text: String,
    /// The word or words that carry the relation, inside the document.
    pub trigger: TriggerSpan,
}

/// Bytes of a trigger in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriggerSpan {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A note on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireNote {
    /// Kind of the note, such as `encoding`.
    pub kind: String,
    /// First byte and one past the last, where the note is about one place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<(u32, u32)>,
    /// One line for people.
    pub message: String,
}
