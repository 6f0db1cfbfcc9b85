//! What a graph file holds, written so that two files that hold the same give the same text.

use std::fmt::Write as _;

use rusqlite::types::ValueRef;

use super::{Store, StoreError};

/// Name, query. Numbers that depend on the order of work (of documents, of origins) do not occur;
/// nodes, edges and relation types are numbered in order of what they are.
const QUERIES: [(&str, &str); 15] = [
    (
        "document",
        "SELECT d.path, d.hash, d.date, d.title, d.signature, o.program, o.models, o.rules
        FROM document d JOIN origin o ON o.id = d.origin ORDER BY 1",
    ),
    (
        "note",
        "SELECT d.path, n.seq, n.kind, n.start, n.end, n.message
        FROM note n JOIN document d ON d.id = n.document ORDER BY 1, 2",
    ),
    (
        "entity",
        "SELECT d.path, e.id, e.type, e.name, e.iso, e.wikidata, e.known, e.gender, e.roles
        FROM entity e JOIN document d ON d.id = e.document ORDER BY 1, 2",
    ),
    (
        "mention",
        "SELECT d.path, m.entity, m.seq, m.start, m.end, m.text, m.kind
        FROM mention m JOIN document d ON d.id = m.document ORDER BY 1, 2, 3",
    ),
    (
        "sentence",
        "SELECT d.path, s.start, s.end, s.text
        FROM sentence s JOIN document d ON d.id = s.document ORDER BY 1, 2, 3",
    ),
    (
        "relation",
        "SELECT d.path, r.seq, r.subject, r.predicate, r.object, r.polarity, r.modality, r.source,
            r.source_text, r.date, r.since, r.until, r.amount_text, r.amount_value, r.amount_unit,
            r.confidence, r.start, r.end, r.trigger_start, r.trigger_end, r.rule
        FROM relation r JOIN document d ON d.id = r.document ORDER BY 1, 2",
    ),
    (
        "copy",
        "SELECT d.path, f.path FROM copy c JOIN document d ON d.id = c.document
        JOIN document f ON f.id = c.of ORDER BY 1",
    ),
    ("node", "SELECT * FROM node ORDER BY id"),
    ("alias", "SELECT * FROM alias ORDER BY node, alias"),
    (
        "identity",
        "SELECT d.path, i.entity, i.node, r.rung, r.words
        FROM identity i JOIN document d ON d.id = i.document JOIN reason r ON r.id = i.reason
        ORDER BY 1, 2",
    ),
    (
        "near_miss",
        "SELECT * FROM near_miss ORDER BY node, other, veto",
    ),
    ("decision", "SELECT * FROM decision ORDER BY id"),
    (
        "edge",
        "SELECT e.id, e.subject, e.object, t.name, t.symmetric, e.denied, e.modality, e.statements,
            e.documents, e.support, e.confidence, e.first_event, e.last_event, e.first_published,
            e.last_published, e.since, e.until
        FROM edge e JOIN relation_type t ON t.id = e.relation ORDER BY 1",
    ),
    (
        "edge_source",
        "SELECT * FROM edge_source ORDER BY edge, node",
    ),
    (
        "statement",
        "SELECT s.edge, d.path, s.seq
        FROM statement s JOIN document d ON d.id = s.document ORDER BY 1, 2, 3",
    ),
];

impl Store {
    /// Everything that the file holds, a row a line, in an order and with numbers that do not
    /// depend on how it came to hold it. For tests and for comparing files.
    pub fn dump(&self) -> Result<String, StoreError> {
        let mut out = String::new();
        for (name, query) in QUERIES {
            self.sql(|db| {
                let mut query = db.prepare(query)?;
                let n_columns = query.column_count();
                let mut rows = query.query([])?;
                while let Some(row) = rows.next()? {
                    out.push_str(name);
                    for column in 0..n_columns {
                        let _ = match row.get_ref(column)? {
                            ValueRef::Null => write!(out, "\t-"),
                            ValueRef::Integer(n) => write!(out, "\t{n}"),
                            ValueRef::Real(x) => write!(out, "\t{x:?}"),
                            ValueRef::Text(text) => {
                                write!(out, "\t{:?}", String::from_utf8_lossy(text))
                            }
                            ValueRef::Blob(bytes) => {
                                write!(out, "\t{}", super::fingerprint([bytes]))
                            }
                        };
                    }
                    out.push('\n');
                }
                Ok(())
            })?;
        }
        Ok(out)
    }

    /// Whether SQLite finds nothing wrong with the file.
    pub fn is_sound(&self) -> Result<bool, StoreError> {
        let answer: String =
            self.sql(|db| db.query_row("PRAGMA integrity_check", [], |row| row.get(0)))?;
        Ok(answer == "ok")
    }
}
