//! The user's decisions: what the ladder got wrong, put right by lines in a file that is replayed
//! on every build. The format is described in `docs/formats.md`, "Decisions".

use std::error::Error;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use tieline_facts::EntityType;
use toml::Spanned;

use crate::fold;

/// Newest version of the format of decisions. History: 1 - first layout.
pub const DECISIONS_FORMAT: u32 = 1;

/// The decisions of one file, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Name of the file, for messages.
    pub origin: String,
    /// What was decided.
    pub list: Vec<Decision>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Line of the file, counted from 1.
    pub line: u32,
    /// What is to be done.
    pub action: Action,
    /// Why, as the user wrote.
    pub why: Option<String>,
}

/// A name in a decision, or the key of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As written in the file.
    pub written: String,
    /// The name folded, or the key in lower case.
    pub folded: String,
    /// The type that it must have.
    pub kind: Option<EntityType>,
}

impl Target {
    /// A name, or the key of a node, that must have a type; `None` for what is neither.
    pub fn new(written: &str, kind: Option<EntityType>) -> Option<Target> {
        let is_key = written.split_once('/').is_some_and(|(kind, name)| {
            !name.is_empty() && EntityType::ALL.iter().any(|k| k.as_str() == kind)
        });
        let folded = if is_key {
            written.to_lowercase()
        } else {
            fold(written)
        };
        (!folded.is_empty()).then(|| Target {
            written: written.to_owned(),
            folded,
            kind,
        })
    }
}

/// What is to be done. New kinds may be added.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// All of these are one; the first gives name and key.
    Merge(Vec<Target>),
    /// What these documents call so is another thing, of its own name.
    Split {
        /// The name.
        name: Target,
        /// Ends of paths; a `*` stands for anything.
        documents: Vec<String>,
        /// The name of the other thing.
        named: String,
    },
    /// It is shown under another name; the key stays.
    Rename {
        /// The name.
        name: Target,
        /// The name to show.
        to: String,
    },
    /// It is of another type.
    Retype {
        /// The name.
        name: Target,
        /// The type.
        to: EntityType,
    },
    /// These two are never one.
    Forbid(Target, Target),
    /// Another name of it.
    Alias {
        /// The name.
        name: Target,
        /// The other name.
        alias: Target,
    },
    /// It is this item of Wikidata.
    SameAs {
        /// The name.
        name: Target,
        /// The item: "Q42".
        wikidata: String,
    },
}

impl Action {
    /// The word that the file uses.
    pub fn as_str(&self) -> &'static str {
        match self {
            Action::Merge(_) => "merge",
            Action::Split { .. } => "split",
            Action::Rename { .. } => "rename",
            Action::Retype { .. } => "retype",
            Action::Forbid(..) => "forbid",
            Action::Alias { .. } => "alias",
            Action::SameAs { .. } => "same-as",
        }
    }
}

/// Why a file of decisions was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionError {
    /// Name of the file.
    pub origin: String,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in letters, counted from 1.
    pub column: u32,
    /// What is wrong there.
    pub kind: DecisionErrorKind,
}

/// The kind of a [`DecisionError`]. New kinds may be added.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecisionErrorKind {
    /// Not TOML, or a key that a decision does not have.
    Toml(String),
    /// Written for a version of the format that this program does not read.
    Version(u32),
    /// No such type of entity.
    Type(String),
    /// A name without a letter or digit.
    Name(String),
    /// Fewer names than the decision needs, or more.
    Count {
        /// Names given.
        found: usize,
        /// The decision.
        action: &'static str,
    },
    /// No item of Wikidata.
    Wikidata(String),
    /// A split that names no document.
    NoDocuments,
}

impl fmt::Display for DecisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.origin, self.line, self.column)?;
        match &self.kind {
            DecisionErrorKind::Toml(message) => f.write_str(message),
            DecisionErrorKind::Version(found) => write!(
                f,
                "format {found}, this program reads {DECISIONS_FORMAT}; write `format = {DECISIONS_FORMAT}`"
            ),
            DecisionErrorKind::Type(found) => write!(
                f,
                "no type {found:?}; use person, organisation, country, place or other"
            ),
            DecisionErrorKind::Name(found) => {
                write!(
                    f,
                    "{found:?} is no name; give a name or a key such as \"person/ada holm\""
                )
            }
            DecisionErrorKind::Count { found, action } => {
                let wanted = if *action == "forbid" {
                    "exactly two"
                } else {
                    "two or more"
                };
                write!(
                    f,
                    "{found} names; {action} needs {wanted}: names = [\"A\", \"B\"]"
                )
            }
            DecisionErrorKind::Wikidata(found) => {
                write!(
                    f,
                    "{found:?} is no Wikidata item; use a Q and a number: \"Q42\""
                )
            }
            DecisionErrorKind::NoDocuments => f.write_str(
                "no documents; name those that mean the other one: documents = [\"a.txt\"]",
            ),
        }
    }
}

impl Error for DecisionError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    format: Spanned<u32>,
    #[serde(default)]
    merge: Vec<Spanned<RawNames>>,
    #[serde(default)]
    split: Vec<Spanned<RawSplit>>,
    #[serde(default)]
    rename: Vec<Spanned<RawRename>>,
    #[serde(default)]
    retype: Vec<Spanned<RawRetype>>,
    #[serde(default)]
    forbid: Vec<Spanned<RawNames>>,
    #[serde(default)]
    alias: Vec<Spanned<RawAlias>>,
    #[serde(default)]
    same_as: Vec<Spanned<RawSameAs>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNames {
    names: Spanned<Vec<Spanned<String>>>,
    r#type: Option<Spanned<String>>,
    why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSplit {
    name: Spanned<String>,
    documents: Spanned<Vec<String>>,
    r#as: Spanned<String>,
    r#type: Option<Spanned<String>>,
    why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRename {
    name: Spanned<String>,
    to: Spanned<String>,
    r#type: Option<Spanned<String>>,
    why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRetype {
    name: Spanned<String>,
    to: Spanned<String>,
    r#type: Option<Spanned<String>>,
    why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAlias {
    name: Spanned<String>,
    alias: Spanned<String>,
    r#type: Option<Spanned<String>>,
    why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSameAs {
    name: Spanned<String>,
    wikidata: Spanned<String>,
    r#type: Option<Spanned<String>>,
    why: Option<String>,
}

/// Text with the name that errors show.
struct Source<'a> {
    origin: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn place(&self, span: &Range<usize>) -> (u32, u32) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() as u32 + 1;
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |rest| rest.chars().count());
        (line, column as u32 + 1)
    }

    fn error(&self, span: Range<usize>, kind: DecisionErrorKind) -> DecisionError {
        let (line, column) = self.place(&span);
        DecisionError {
            origin: self.origin.to_owned(),
            line,
            column,
            kind,
        }
    }

    fn kind(&self, written: &Spanned<String>) -> Result<EntityType, DecisionError> {
        let text = written.get_ref();
        let found = EntityType::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text);
        found.ok_or_else(|| self.error(written.span(), DecisionErrorKind::Type(text.clone())))
    }

    fn target(
        &self,
        written: &Spanned<String>,
        kind: Option<&Spanned<String>>,
    ) -> Result<Target, DecisionError> {
        let kind = kind.map(|kind| self.kind(kind)).transpose()?;
        let text = written.get_ref();
        Target::new(text, kind)
            .ok_or_else(|| self.error(written.span(), DecisionErrorKind::Name(text.clone())))
    }

    fn name(&self, written: &Spanned<String>) -> Result<String, DecisionError> {
        let text = written.get_ref();
        if fold(text).is_empty() {
            return Err(self.error(written.span(), DecisionErrorKind::Name(text.clone())));
        }
        Ok(text.trim().to_owned())
    }

    fn targets(&self, raw: &RawNames, action: &'static str) -> Result<Vec<Target>, DecisionError> {
        let names = raw.names.get_ref();
        let fits = match action {
            "forbid" => names.len() == 2,
            _ => names.len() > 1,
        };
        if !fits {
            let found = names.len();
            let kind = DecisionErrorKind::Count { found, action };
            return Err(self.error(raw.names.span(), kind));
        }
        let names = names.iter();
        names
            .map(|name| self.target(name, raw.r#type.as_ref()))
            .collect()
    }
}

impl Decisions {
    /// Whether these are the same decisions of the same file; without any, the file does not
    /// matter.
    pub fn is_same(&self, other: &Decisions) -> bool {
        self.list == other.list && (self.list.is_empty() || self.origin == other.origin)
    }

    /// Parses a file of decisions; `origin` only labels messages.
    ///
    /// ```
    /// use tieline_graph::identity::Decisions;
    /// let text = "format = 1\n[[merge]]\nnames = [\"Ada Holm\", \"A. Holm-Berg\"]\n";
    /// assert_eq!(Decisions::parse(text, "my.toml").unwrap().list.len(), 1);
    /// let error = Decisions::parse("format = 1\n[[merge]]\nnames = [\"Ada\"]\n", "my.toml");
    /// assert!(error.unwrap_err().to_string().starts_with("my.toml:3:9: 1 names; merge needs"));
    /// ```
    pub fn parse(text: &str, origin: &str) -> Result<Decisions, DecisionError> {
        let source = Source { origin, text };
        let raw: Raw = toml::from_str(text).map_err(|error| {
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            source.error(
                error.span().unwrap_or(0..0),
                DecisionErrorKind::Toml(message),
            )
        })?;
        let format = *raw.format.get_ref();
        if format != DECISIONS_FORMAT {
            return Err(source.error(raw.format.span(), DecisionErrorKind::Version(format)));
        }
        let mut list = Vec::new();
        let mut add = |span: Range<usize>, action: Action, why: &Option<String>| {
            let (line, _) = source.place(&span);
            let why = why.clone();
            list.push(Decision { line, action, why });
        };
        for entry in &raw.merge {
            let raw = entry.get_ref();
            let action = Action::Merge(source.targets(raw, "merge")?);
            add(entry.span(), action, &raw.why);
        }
        for entry in &raw.forbid {
            let raw = entry.get_ref();
            let targets = source.targets(raw, "forbid")?;
            if let [a, b] = targets.as_slice() {
                let action = Action::Forbid(a.clone(), b.clone());
                add(entry.span(), action, &raw.why);
            }
        }
        for entry in &raw.split {
            let raw = entry.get_ref();
            let name = source.target(&raw.name, raw.r#type.as_ref())?;
            let documents = raw.documents.get_ref().clone();
            if documents.is_empty() {
                let span = raw.documents.span();
                return Err(source.error(span, DecisionErrorKind::NoDocuments));
            }
            let named = source.name(&raw.r#as)?;
            let action = Action::Split {
                name,
                documents,
                named,
            };
            add(entry.span(), action, &raw.why);
        }
        for entry in &raw.rename {
            let raw = entry.get_ref();
            let name = source.target(&raw.name, raw.r#type.as_ref())?;
            let to = source.name(&raw.to)?;
            add(entry.span(), Action::Rename { name, to }, &raw.why);
        }
        for entry in &raw.retype {
            let raw = entry.get_ref();
            let name = source.target(&raw.name, raw.r#type.as_ref())?;
            let to = source.kind(&raw.to)?;
            add(entry.span(), Action::Retype { name, to }, &raw.why);
        }
        for entry in &raw.alias {
            let raw = entry.get_ref();
            let name = source.target(&raw.name, raw.r#type.as_ref())?;
            let alias = source.target(&raw.alias, raw.r#type.as_ref())?;
            add(entry.span(), Action::Alias { name, alias }, &raw.why);
        }
        for entry in &raw.same_as {
            let raw = entry.get_ref();
            let name = source.target(&raw.name, raw.r#type.as_ref())?;
            let wikidata = raw.wikidata.get_ref().clone();
            let number = wikidata.strip_prefix('Q').unwrap_or_default();
            if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
                let span = raw.wikidata.span();
                return Err(source.error(span, DecisionErrorKind::Wikidata(wikidata)));
            }
            add(entry.span(), Action::SameAs { name, wikidata }, &raw.why);
        }
        list.sort_by_key(|decision| decision.line);
        Ok(Decisions {
            origin: origin.to_owned(),
            list,
        })
    }
}

impl Decision {
    /// What is told of a decision of a file that is about nothing in the documents.
    pub fn had_no_effect(&self, origin: &str) -> String {
        let quoted = |target: &Target| format!("“{}”", target.written);
        let names = match &self.action {
            Action::Merge(targets) => {
                let names: Vec<String> = targets.iter().map(quoted).collect();
                names.join(" or ")
            }
            Action::Forbid(a, b) => format!("{} or {}", quoted(a), quoted(b)),
            Action::Alias { alias, .. } => quoted(alias),
            Action::Split {
                name, documents, ..
            } => {
                format!("{} in {}", quoted(name), documents.join(", "))
            }
            Action::Rename { name, .. }
            | Action::Retype { name, .. }
            | Action::SameAs { name, .. } => quoted(name),
        };
        format!(
            "{origin}:{}: {} had no effect: nothing here is called {names}",
            self.line,
            self.action.as_str(),
        )
    }
}

/// Whether the path of a document ends like a pattern, at a border of folders; `*` stands for
/// anything.
pub(crate) fn is_document(path: &str, pattern: &str) -> bool {
    let mut pieces = pattern.split('*').rev();
    let mut rest = path;
    let mut whole = true;
    if let Some(last) = pieces.next() {
        let Some(before) = rest.strip_suffix(last) else {
            return false;
        };
        rest = before;
    }
    for piece in pieces {
        whole = piece.is_empty();
        let Some(at) = rest.rfind(piece) else {
            return false;
        };
        rest = &rest[..at];
    }
    whole && pattern.contains('*') || rest.is_empty() || rest.ends_with(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_say_where_and_what_to_do() {
        // name, text, message
        let cases = [
            ("no format", "", "d.toml:1:1: missing field `format`"),
            (
                "version",
                "format = 7",
                "d.toml:1:10: format 7, this program reads 1; write `format = 1`",
            ),
            (
                "unknown decision",
                "format = 1\n[[join]]\nnames = []",
                "d.toml:2:3: unknown field `join`",
            ),
            (
                "one name",
                "format = 1\n\n[[merge]]\nnames = [\"A\"]",
                "d.toml:4:9: 1 names; merge needs two or more: names = [\"A\", \"B\"]",
            ),
            (
                "three to forbid",
                "format = 1\n[[forbid]]\nnames = [\"A\", \"B\", \"C\"]",
                "d.toml:3:9: 3 names; forbid needs exactly two: names = [\"A\", \"B\"]",
            ),
            (
                "type",
                "format = 1\n[[retype]]\nname = \"A\"\nto = \"firm\"",
                "d.toml:4:6: no type \"firm\"; use person, organisation, country, place or other",
            ),
            (
                "item",
                "format = 1\n[[same-as]]\nname = \"A\"\nwikidata = \"P7\"",
                "d.toml:4:12: \"P7\" is no Wikidata item; use a Q and a number: \"Q42\"",
            ),
            (
                "no documents",
                "format = 1\n[[split]]\nname = \"A\"\ndocuments = []\nas = \"B\"",
                "d.toml:4:13: no documents; name those that mean the other one: documents = [\"a.txt\"]",
            ),
            (
                "name of marks",
                "format = 1\n[[rename]]\nname = \"—\"\nto = \"B\"",
                "d.toml:3:8: \"—\" is no name; give a name or a key such as \"person/ada holm\"",
            ),
        ];
        for (name, text, want) in cases {
            let error = Decisions::parse(text, "d.toml").unwrap_err().to_string();
            assert!(error.starts_with(want), "{name}: {error}");
        }
    }

    #[test]
    fn documents_by_the_end_of_their_path() {
        // path, pattern, expected
        let cases = [
            ("news/a.txt", "a.txt", true),
            ("news/ba.txt", "a.txt", false),
            ("news/a.txt", "news/a.txt", true),
            ("a.txt", "a.txt", true),
            ("news/2025/a.txt", "2025/*", true),
            ("news/2025/a.txt", "*.txt", true),
            ("news/2024/a.txt", "2025/*", false),
        ];
        for (path, pattern, want) in cases {
            assert_eq!(is_document(path, pattern), want, "{path} {pattern}");
        }
    }
}
