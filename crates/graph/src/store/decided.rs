//! The user's decisions in a graph file.

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use tieline_facts::EntityType;

use super::facts::word;
use crate::identity::{Action, Decision, Decisions, Target};

/// A decision in plain values, as it stands in the file and on the wire.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Plain {
    line: u32,
    action: String,
    names: Vec<String>,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    kind: Option<EntityType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    documents: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl From<&Decision> for Plain {
    fn from(decision: &Decision) -> Plain {
        let (names, documents, value) = match &decision.action {
            Action::Merge(names) => (names.iter().collect(), None, None),
            Action::Forbid(a, b) => (vec![a, b], None, None),
            Action::Split {
                name,
                documents,
                named,
            } => (vec![name], Some(documents.clone()), Some(named.as_str())),
            Action::Rename { name, to } => (vec![name], None, Some(to.as_str())),
            Action::Retype { name, to } => (vec![name], None, Some(to.as_str())),
            Action::Alias { name, alias } => (vec![name, alias], None, None),
            Action::SameAs { name, wikidata } => (vec![name], None, Some(wikidata.as_str())),
        };
        Plain {
            line: decision.line,
            action: decision.action.as_str().to_owned(),
            kind: names.first().and_then(|name| name.kind),
            names: names.iter().map(|name| name.written.clone()).collect(),
            documents,
            value: value.map(str::to_owned),
            why: decision.why.clone(),
        }
    }
}

impl Plain {
    /// The decision; `None` if this program knows no such one.
    pub(super) fn decision(self) -> Option<Decision> {
        let names = self.names.iter();
        let names: Option<Vec<Target>> = names.map(|name| Target::new(name, self.kind)).collect();
        let names = names?;
        let one = names.first()?.clone();
        let two = || <[Target; 2]>::try_from(names.clone()).ok();
        let action = match self.action.as_str() {
            "merge" => Action::Merge(names),
            "forbid" => {
                let [a, b] = two()?;
                Action::Forbid(a, b)
            }
            "alias" => {
                let [name, alias] = two()?;
                Action::Alias { name, alias }
            }
            "split" => Action::Split {
                name: one,
                documents: self.documents?,
                named: self.value?,
            },
            "rename" => Action::Rename {
                name: one,
                to: self.value?,
            },
            "retype" => {
                let mut types = EntityType::ALL.into_iter();
                Action::Retype {
                    name: one,
                    to: types.find(|kind| Some(kind.as_str()) == self.value.as_deref())?,
                }
            }
            "same-as" => Action::SameAs {
                name: one,
                wikidata: self.value?,
            },
            _ => return None,
        };
        Some(Decision {
            line: self.line,
            action,
            why: self.why,
        })
    }
}

/// Writes decisions in place of those that are there; whether they differ.
pub(super) fn write(db: &Connection, decisions: &Decisions) -> rusqlite::Result<bool> {
    if read(db)?.is_same(decisions) {
        return Ok(false);
    }
    db.execute_batch("DELETE FROM decision")?;
    let mut insert =
        db.prepare("INSERT INTO decision VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, FALSE)")?;
    for (decision, id) in decisions.list.iter().zip(0i64..) {
        let plain = Plain::from(decision);
        insert.execute(params![
            id,
            decisions.origin,
            plain.line,
            plain.action,
            json(&plain.names),
            plain.kind.map(EntityType::as_str),
            plain.documents.as_deref().map(json),
            plain.value,
            plain.why,
        ])?;
    }
    Ok(true)
}

/// The decisions of a file, in their order.
pub(super) fn read(db: &Connection) -> rusqlite::Result<Decisions> {
    let types = EntityType::ALL.map(|kind| (kind.as_str(), kind));
    let mut query = db.prepare(
        "SELECT file, line, action, names, type, documents, value, why FROM decision ORDER BY id",
    )?;
    let mut rows = query.query([])?;
    let mut decisions = Decisions::default();
    while let Some(row) = rows.next()? {
        decisions.origin = row.get(0)?;
        let plain = Plain {
            line: row.get(1)?,
            action: row.get(2)?,
            names: list(row, 3)?.unwrap_or_default(),
            kind: word(row, 4, &types)?,
            documents: list(row, 5)?,
            value: row.get(6)?,
            why: row.get(7)?,
        };
        let decision = plain.decision().ok_or_else(|| unreadable(2))?;
        decisions.list.push(decision);
    }
    Ok(decisions)
}

fn json(list: &[String]) -> String {
    // Strings, which can all be written.
    serde_json::to_string(list).unwrap_or_default()
}

/// The strings of an array in JSON.
fn list(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Vec<String>>> {
    let text: Option<String> = row.get(column)?;
    let read = text.map(|text| serde_json::from_str(&text)).transpose();
    read.map_err(|_| unreadable(column))
}

fn unreadable(column: usize) -> rusqlite::Error {
    let message = "no decision that this program knows";
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, message.into())
}

/// Says of each decision whether it was about something.
pub(super) fn write_applied(
    db: &Connection,
    is_used: impl Fn(u32) -> bool,
) -> rusqlite::Result<()> {
    let n: u32 = db.query_row("SELECT count(*) FROM decision", [], |row| row.get(0))?;
    let mut update = db.prepare("UPDATE decision SET applied = ?2 WHERE id = ?1")?;
    for id in 0..n {
        update.execute(params![id, is_used(id)])?;
    }
    Ok(())
}

/// A line for each decision that is about nothing in the documents.
pub(super) fn notes(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let decisions = read(db)?;
    let mut query = db.prepare("SELECT applied FROM decision ORDER BY id")?;
    let applied = query.query_map([], |row| row.get(0))?;
    let applied: Vec<bool> = applied.collect::<rusqlite::Result<_>>()?;
    let unused = decisions.list.iter().zip(applied).filter(|one| !one.1);
    let notes = unused.map(|(decision, _)| decision.had_no_effect(&decisions.origin));
    Ok(notes.collect())
}
