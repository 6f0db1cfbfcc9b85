//! Why a document's entity belongs to a node.

use super::context::Tie;

/// The rung of the ladder on which an entity of a document joined its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rung {
    /// The same name and type, up to case, accents and punctuation.
    #[default]
    Name,
    /// The same name but for legal form, particles or "and".
    Normalised,
    /// The same ISO code, Wikidata item or id of the user's list.
    Identifier,
    /// Another transliteration of a person's name.
    Spelling,
    /// The same name, and a context that agrees where others of the name do not.
    Context,
    /// A name with fewer words, and something in the text that speaks for it.
    FewerWords,
    /// Letters that a document uses for the full name.
    Letters,
    /// Letters that are the initials of one name only, and a context that agrees.
    Initials,
    /// A single name that fits one full name only.
    Surname,
    /// A decision of the user.
    Decision,
}

impl Rung {
    /// All rungs, from the surest down.
    pub const ALL: [Rung; 10] = [
        Rung::Name,
        Rung::Normalised,
        Rung::Identifier,
        Rung::Spelling,
        Rung::Context,
        Rung::FewerWords,
        Rung::Letters,
        Rung::Initials,
        Rung::Surname,
        Rung::Decision,
    ];

    /// The name in `entities --format jsonl` and `explain-merge --format jsonl`.
    pub fn as_str(self) -> &'static str {
        match self {
            Rung::Name => "name",
            Rung::Normalised => "normalised",
            Rung::Identifier => "identifier",
            Rung::Spelling => "spelling",
            Rung::Context => "context",
            Rung::FewerWords => "fewer-words",
            Rung::Letters => "letters",
            Rung::Initials => "initials",
            Rung::Surname => "surname",
            Rung::Decision => "decision",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Rung::Name => "same name and type",
            Rung::Normalised => "same name but for legal form or small words",
            Rung::Identifier => "same identifier",
            Rung::Spelling => "another spelling of the name",
            Rung::Context => "same name, and the context agrees",
            Rung::FewerWords => "a shorter form of the name",
            Rung::Letters => "letters that a document defines for the name",
            Rung::Initials => "initials of this name only",
            Rung::Surname => "a single name that fits this one only",
            Rung::Decision => "a decision",
        }
    }
}

/// Rung and evidence, small enough to keep for every entity of every document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Reason {
    pub(crate) rung: Rung,
    /// How what the text names is tied to the node; `None` if documents merely name both.
    pub(crate) tie: Option<Tie>,
    /// What the text names: a string's number, or [`super::gather::NONE`]; the line of a decision.
    pub(crate) value: u32,
}

impl Reason {
    pub(crate) fn new(rung: Rung) -> Reason {
        Reason {
            rung,
            tie: None,
            value: super::gather::NONE,
        }
    }

    /// The reason in words; `name` is that of what the text names.
    pub(crate) fn words(self, name: Option<&str>) -> String {
        let rung = self.rung.words();
        match (self.tie, name) {
            (Some(tie), Some(name)) => format!("{rung}: {} {name}", tie.words()),
            (None, Some(name)) => format!("{rung}: both name {name}"),
            (_, None) => rung.to_owned(),
        }
    }
}
