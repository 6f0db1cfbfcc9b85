//! What can be wrong with a rule file: where, why, and what to do about it.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use tieline_facts::OntologyError;

use super::language::{PATHS, RULE_FORMAT};

/// A rule file that could not be used: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// Name of the file, as handed in.
    pub file: String,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// What is wrong there.
    pub kind: RuleErrorKind,
}

/// The kind of a [`RuleError`]. New kinds may be added.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleErrorKind {
    /// The text is no TOML, or a key is unknown, missing or of the wrong type.
    Toml(String),
    /// Written for a format version that this program does not read.
    Version(u32),
    /// The ontology has no such relation type.
    Relation {
        /// What was asked for.
        id: String,
        /// A known one of a similar name.
        near: Option<String>,
    },
    /// Two rules share an id.
    Twice(String),
    /// A relation type of this id, or with this inverse, exists.
    TypeTwice(String),
    /// A rule needs exactly one of `verb`, `event`, `role` and `link`.
    Trigger,
    /// No argument path has this name.
    Path {
        /// What was asked for.
        id: String,
        /// A known one of a similar name.
        near: Option<String>,
    },
    /// A list that is named with `@` does not exist.
    List {
        /// What was asked for, without `@`.
        id: String,
        /// A known one of a similar name.
        near: Option<String>,
    },
    /// A word of a list is empty.
    EmptyWord,
    /// No such link.
    Link(String),
    /// A letter that stands for no entity type.
    TypeLetter(char),
    /// A value that its key does not allow.
    Value(&'static str),
    /// An example is not of the form `sentence => Subject > Object`.
    Example,
    /// The ontology could not be read.
    Ontology(OntologyError),
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        let meant = |f: &mut fmt::Formatter<'_>, sign: &str, near: &Option<String>| match near {
            Some(near) => write!(f, "; did you mean `{sign}{near}`?"),
            None => Ok(()),
        };
        match &self.kind {
            RuleErrorKind::Toml(cause) => write!(f, "{cause}"),
            RuleErrorKind::Version(found) => write!(
                f,
                "rule format {found}, this program reads {RULE_FORMAT}: write `format = {RULE_FORMAT}`"
            ),
            RuleErrorKind::Relation { id, near } => {
                write!(f, "no relation type `{id}`")?;
                meant(f, "", near)?;
                write!(
                    f,
                    " (`tieline relations` lists them; a [[type]] table adds one)"
                )
            }
            RuleErrorKind::Twice(id) => {
                write!(f, "a rule `{id}` was defined before: choose another id")
            }
            RuleErrorKind::TypeTwice(id) => write!(
                f,
                "a relation type `{id}` exists already: use it, or choose another id"
            ),
            RuleErrorKind::Trigger => {
                write!(
                    f,
                    "a rule needs exactly one of `verb`, `event`, `role`, `link`"
                )
            }
            RuleErrorKind::Path { id, near } => {
                write!(f, "no argument path `{id}`")?;
                meant(f, "", near)?;
                write!(f, " (known: {}, prep with …)", PATHS.join(", "))
            }
            RuleErrorKind::List { id, near } => {
                write!(f, "no word list `@{id}`")?;
                meant(f, "@", near)?;
                write!(f, " (lists stand above the rules, in [lists])")
            }
            RuleErrorKind::EmptyWord => write!(f, "an empty word: leave it out"),
            RuleErrorKind::Link(name) => write!(
                f,
                "no link `{name}` (known: in, of, at, from, comma, descriptor, possessive, possessor, bracket, being, same)"
            ),
            RuleErrorKind::TypeLetter(letter) => write!(
                f,
                "no entity type `{letter}`: P person, O organisation, C country, L place"
            ),
            RuleErrorKind::Value(key) => write!(f, "bad value of `{key}`: {}", allowed(key)),
            RuleErrorKind::Example => {
                write!(f, "an example reads `sentence => Subject > Object`")
            }
            RuleErrorKind::Ontology(_) => write!(f, "the ontology is broken"),
        }
    }
}

/// What a key may hold.
fn allowed(key: &str) -> &'static str {
    match key {
        "voice" => "`active` or `passive`",
        "confidence" => "a number from 0 to 1",
        "sign" => "1 friendly, -1 hostile, 0 neither",
        "id" => "lower-case letters and _",
        "inverse" => "an id that is new, and none with `symmetric`",
        _ => "letters of P O C L",
    }
}

impl Error for RuleError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            RuleErrorKind::Ontology(error) => Some(error),
            _ => None,
        }
    }
}

/// The error at a place of a file's text.
pub(super) fn error_at(
    file: &str,
    text: &str,
    span: Range<usize>,
    kind: RuleErrorKind,
) -> RuleError {
    let before = text.get(..span.start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    RuleError {
        file: file.to_owned(),
        line: before.matches('\n').count() as u32 + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() as u32 + 1,
        kind,
    }
}

/// The candidate that fewest edits make of a word, if at most a third of its letters change; the
/// first of equals.
pub(super) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let most = word.chars().count().div_ceil(3);
    candidates
        .map(|candidate| (edits(word, candidate), candidate))
        .filter(|(n, candidate)| *n <= most || candidate.starts_with(word))
        .min_by_key(|(n, _)| *n)
        .map(|(_, candidate)| candidate.to_owned())
}

/// Letters to insert, delete or replace to make one word of the other (Levenshtein, 1965).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (n, x) in (1..).zip(a.chars().take(64)) {
        let mut diagonal = n - 1;
        row[0] = n;
        for (at, y) in (1..).zip(&b) {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[at];
            row[at] = replaced.min(row[at] + 1).min(row[at - 1] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_offered() {
        // word, expected
        let cases = [
            ("aquired", Some("acquired")),
            ("acquired", Some("acquired")),
            ("signed_deal", Some("signed_deal_with")),
            ("juggled", None),
            ("", None),
        ];
        for (word, want) in cases {
            let found = nearest(
                word,
                ["acquired", "met_with", "signed_deal_with"].into_iter(),
            );
            let want = want.or(word.is_empty().then_some("acquired"));
            assert_eq!(found.as_deref(), want, "{word}");
        }
    }
}
