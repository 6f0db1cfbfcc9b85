//! The user's decisions in a graph file.

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use tieline_facts::EntityType;

use super::facts::word;
use crate::identity::{Action, Decision, Decisions, Target};

/// Writes decisions in place of those that are there; whether they differ.
pub(super) fn write(db: &Connection, decisions: &Decisions) -> rusqlite::Result<bool> {
    if read(db)?.is_same(decisions) {
        return Ok(false);
    }
    db.execute_batch("DELETE FROM decision")?;
    let mut insert =
        db.prepare("INSERT INTO decision VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, FALSE)")?;
    for (decision, id) in decisions.list.iter().zip(0i64..) {
        let row = Columns::of(&decision.action);
        let names: Vec<&str> = row.names.iter().map(|name| name.written.as_str()).collect();
        let kind = row.names.first().and_then(|name| name.kind);
        insert.execute(params![
            id,
            decisions.origin,
            decision.line,
            decision.action.as_str(),
            json(&names),
            kind.map(EntityType::as_str),
            row.documents.map(json),
            row.value,
            decision.why,
        ])?;
    }
    Ok(true)
}

/// What of an action stands in which column.
struct Columns<'a> {
    names: Vec<&'a Target>,
    documents: Option<&'a [String]>,
    value: Option<&'a str>,
}

impl<'a> Columns<'a> {
    fn of(action: &'a Action) -> Columns<'a> {
        let (names, documents, value) = match action {
            Action::Merge(names) => (names.iter().collect(), None, None),
            Action::Forbid(a, b) => (vec![a, b], None, None),
            Action::Split {
                name,
                documents,
                named,
            } => (vec![name], Some(documents.as_slice()), Some(named.as_str())),
            Action::Rename { name, to } => (vec![name], None, Some(to.as_str())),
            Action::Retype { name, to } => (vec![name], None, Some(to.as_str())),
            Action::Alias { name, alias } => (vec![name, alias], None, None),
            Action::SameAs { name, wikidata } => (vec![name], None, Some(wikidata.as_str())),
        };
        Columns {
            names,
            documents,
            value,
        }
    }
}

/// The decisions of a file, in their order.
pub(super) fn read(db: &Connection) -> rusqlite::Result<Decisions> {
    let mut query = db.prepare(
        "SELECT file, line, action, names, type, documents, value, why FROM decision ORDER BY id",
    )?;
    let mut rows = query.query([])?;
    let mut decisions = Decisions::default();
    while let Some(row) = rows.next()? {
        decisions.origin = row.get(0)?;
        decisions.list.push(Decision {
            line: row.get(1)?,
            action: action(row)?,
            why: row.get(7)?,
        });
    }
    Ok(decisions)
}

fn action(row: &Row<'_>) -> rusqlite::Result<Action> {
    let types = EntityType::ALL.map(|kind| (kind.as_str(), kind));
    let kind = word(row, 4, &types)?;
    let mut names = Vec::new();
    for name in list(row, 3)? {
        names.push(Target::new(&name, kind).ok_or_else(|| unreadable(3))?);
    }
    let value: Option<String> = row.get(6)?;
    let value = || value.clone().ok_or_else(|| unreadable(6));
    let action: String = row.get(2)?;
    let two = <[Target; 2]>::try_from(names.clone());
    let one = names.first().cloned().ok_or_else(|| unreadable(3));
    Ok(match (action.as_str(), two) {
        ("merge", _) => Action::Merge(names),
        ("forbid", Ok([a, b])) => Action::Forbid(a, b),
        ("alias", Ok([name, alias])) => Action::Alias { name, alias },
        ("split", _) => Action::Split {
            name: one?,
            documents: list(row, 5)?,
            named: value()?,
        },
        ("rename", _) => Action::Rename {
            name: one?,
            to: value()?,
        },
        ("retype", _) => Action::Retype {
            name: one?,
            to: word(row, 6, &types)?.ok_or_else(|| unreadable(6))?,
        },
        ("same-as", _) => Action::SameAs {
            name: one?,
            wikidata: value()?,
        },
        _ => return Err(unreadable(2)),
    })
}

fn json<T: serde::Serialize + ?Sized>(list: &T) -> String {
    // Strings, which can all be written.
    serde_json::to_string(list).unwrap_or_default()
}

/// The strings of an array in JSON.
fn list(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| unreadable(column))
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
