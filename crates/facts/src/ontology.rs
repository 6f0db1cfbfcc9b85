//! The relation types: direction, symmetry, argument types, sign, codes of other schemes.
//!
//! The table itself is data (`seeds/rules/relations.tsv`); this module reads it.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use crate::EntityType;

/// How the inverse of a relation reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Symmetry {
    /// A–B and B–A are the same statement.
    Symmetric,
    /// The named relation holds from object to subject ("hosted" for "visited").
    Inverse(String),
    /// Directed, without a name for the way back.
    Directed,
}

/// One relation type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationType {
    /// Stable id, such as `signed_deal_with`.
    pub id: String,
    /// Readable phrase for labels: "signed deal with".
    pub label: String,
    /// 1 for the types that must be strong, 2 for the rest.
    pub tier: u8,
    /// Section of the ontology, for listings.
    pub section: String,
    /// Symmetric, or the name of the inverse.
    pub symmetry: Symmetry,
    /// Whether it is a state that lasts (an event otherwise).
    pub is_state: bool,
    /// Types that the subject may have.
    pub subject: Vec<EntityType>,
    /// Types that the object may have.
    pub object: Vec<EntityType>,
    /// Wikidata property or properties, free text; empty if none.
    pub wikidata: String,
    /// PLOVER event class, free text; empty if none.
    pub plover: String,
    /// CAMEO codes, free text; empty if none.
    pub cameo: String,
    /// +1 cooperative, -1 hostile, 0 neither.
    pub sign: i8,
}

/// All relation types, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ontology {
    types: BTreeMap<String, RelationType>,
}

/// A row of the ontology that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OntologyError {
    /// Line, counted from 1.
    pub line: u32,
    /// What is wrong with it.
    pub kind: OntologyErrorKind,
}

/// The kind of an [`OntologyError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OntologyErrorKind {
    /// The first line is not `#! relations 1`.
    Header,
    /// Wrong number of tab-separated columns.
    Columns {
        /// Columns in this row.
        found: usize,
        /// Columns that a row has.
        expected: usize,
    },
    /// A cell holds a value that its column does not allow.
    Value {
        /// Name of the column.
        column: &'static str,
    },
    /// Two rows share an id.
    Twice,
}

impl fmt::Display for OntologyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.kind {
            OntologyErrorKind::Header => write!(f, "expected the header `#! relations 1`"),
            OntologyErrorKind::Columns { found, expected } => {
                write!(f, "{found} columns, expected {expected}")
            }
            OntologyErrorKind::Value { column } => write!(f, "bad value in column {column}"),
            OntologyErrorKind::Twice => write!(f, "a relation of this id was defined before"),
        }
    }
}

impl Error for OntologyError {}

/// Columns of a row.
const COLUMNS: usize = 12;

impl Ontology {
    /// Reads the table: a `#! relations 1` line, then rows of `id, label, tier, section, inverse
    /// (sym | - | id), kind (state | event), subject, object (letters P O C L), wikidata, plover,
    /// cameo, sign (+ - 0)`, separated by tabs. Blank lines and lines that start with `#` are
    /// skipped.
    pub fn parse(text: &str) -> Result<Ontology, OntologyError> {
        let mut lines = text.lines().zip(1u32..);
        if lines.next().map(|(line, _)| line.trim_end()) != Some("#! relations 1") {
            return Err(OntologyError {
                line: 1,
                kind: OntologyErrorKind::Header,
            });
        }
        let mut types = BTreeMap::new();
        for (row, line) in lines {
            if row.trim().is_empty() || row.starts_with('#') {
                continue;
            }
            let relation = parse_row(row).map_err(|kind| OntologyError { line, kind })?;
            if types.insert(relation.id.clone(), relation).is_some() {
                return Err(OntologyError {
                    line,
                    kind: OntologyErrorKind::Twice,
                });
            }
        }
        Ok(Ontology { types })
    }

    /// The type with this id.
    pub fn get(&self, id: &str) -> Option<&RelationType> {
        self.types.get(id)
    }

    /// The type that a name stands for, and whether the name is that of its inverse: `hosted` is
    /// `visited` the other way round.
    pub fn find(&self, name: &str) -> Option<(&RelationType, bool)> {
        if let Some(kind) = self.types.get(name) {
            return Some((kind, false));
        }
        let named = |kind: &&RelationType| matches!(&kind.symmetry, Symmetry::Inverse(inverse) if inverse == name);
        self.types.values().find(named).map(|kind| (kind, true))
    }

    /// Adds a type; false, and nothing changes, if one of its id is there.
    pub fn add(&mut self, kind: RelationType) -> bool {
        if self.types.contains_key(&kind.id) {
            return false;
        }
        self.types.insert(kind.id.clone(), kind);
        true
    }

    /// Adds all types of another whose ids are not there.
    pub fn join(&mut self, other: &Ontology) {
        for kind in other.iter() {
            self.add(kind.clone());
        }
    }

    /// All types, ordered by id.
    pub fn iter(&self) -> impl Iterator<Item = &RelationType> {
        self.types.values()
    }

    /// Number of types.
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }
}

fn parse_row(row: &str) -> Result<RelationType, OntologyErrorKind> {
    let cells: Vec<&str> = row.split('\t').collect();
    let &[
        id,
        label,
        tier,
        section,
        inverse,
        kind,
        subject,
        object,
        wikidata,
        plover,
        cameo,
        sign,
    ] = cells.as_slice()
    else {
        return Err(OntologyErrorKind::Columns {
            found: cells.len(),
            expected: COLUMNS,
        });
    };
    let value = |column| OntologyErrorKind::Value { column };
    let free = |cell: &str| {
        if cell == "-" {
            String::new()
        } else {
            cell.to_owned()
        }
    };
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
        return Err(value("id"));
    }
    Ok(RelationType {
        id: id.to_owned(),
        label: label.to_owned(),
        tier: match tier {
            "1" => 1,
            "2" => 2,
            _ => return Err(value("tier")),
        },
        section: section.to_owned(),
        symmetry: match inverse {
            "sym" => Symmetry::Symmetric,
            "-" => Symmetry::Directed,
            name => Symmetry::Inverse(name.to_owned()),
        },
        is_state: match kind {
            "state" => true,
            "event" => false,
            _ => return Err(value("kind")),
        },
        subject: parse_types(subject).ok_or(value("subject"))?,
        object: parse_types(object).ok_or(value("object"))?,
        wikidata: free(wikidata),
        plover: free(plover),
        cameo: free(cameo),
        sign: match sign {
            "+" => 1,
            "-" => -1,
            "0" => 0,
            _ => return Err(value("sign")),
        },
    })
}

fn parse_types(letters: &str) -> Option<Vec<EntityType>> {
    let one = |c: char| {
        EntityType::ALL
            .into_iter()
            .find(|kind| kind.letter() == Some(c))
    };
    let types: Option<Vec<_>> = letters.chars().map(one).collect();
    types.filter(|types| !types.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "met_with\tmet with\t1\tDiplomacy\tsym\tevent\tPOC\tPOC\t-\tCONSULT\t040\t+";

    #[test]
    fn rows_are_read_and_bad_ones_named() {
        let good = Ontology::parse(&format!("#! relations 1\n# note\n\n{ROW}\n")).unwrap();
        let met = good.get("met_with").unwrap();
        assert_eq!(
            (met.symmetry.clone(), met.sign, met.subject.len()),
            (Symmetry::Symmetric, 1, 3)
        );
        assert_eq!(good.find("met_with").map(|(_, back)| back), Some(false));
        let directed = ROW.replace("sym", "hosted").replace("met_with", "visited");
        let directed = Ontology::parse(&format!("#! relations 1\n{directed}\n")).unwrap();
        let found = directed
            .find("hosted")
            .map(|(kind, back)| (kind.id.as_str(), back));
        assert_eq!(
            found,
            Some(("visited", true)),
            "the inverse leads to the type"
        );
        assert_eq!(directed.find("met_with"), None);
        // name, text, line, kind
        let cases = [
            ("no header", ROW.to_owned(), 1, OntologyErrorKind::Header),
            (
                "short row",
                "#! relations 1\nmet_with\tx".to_owned(),
                2,
                OntologyErrorKind::Columns {
                    found: 2,
                    expected: COLUMNS,
                },
            ),
            (
                "bad sign",
                format!("#! relations 1\n{}", ROW.replace("\t+", "\tplus")),
                2,
                OntologyErrorKind::Value { column: "sign" },
            ),
            (
                "unknown type letter",
                format!("#! relations 1\n{}", ROW.replace("POC\tPOC", "POC\tX")),
                2,
                OntologyErrorKind::Value { column: "object" },
            ),
            (
                "same id",
                format!("#! relations 1\n{ROW}\n{ROW}"),
                3,
                OntologyErrorKind::Twice,
            ),
        ];
        for (name, text, line, kind) in cases {
            assert_eq!(
                Ontology::parse(&text),
                Err(OntologyError { line, kind }),
                "{name}"
            );
        }
    }
}
