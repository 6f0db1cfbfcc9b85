//! From the facts of all documents to the tables of nodes and edges.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use rustc_hash::FxHashMap;
use tieline_facts::{EntityType, Modality, Ontology, Polarity, RelationType, Symmetry};

use super::facts::{MODALITIES, exact};
use super::schema::DERIVED_TABLES;
use super::{decided, documents, facts, fingerprint};
use crate::copies::find_copies;
use crate::identity::{Identities, Reason};
use crate::merge::{Merged, Merger};
use crate::model::Date;

/// Changes whenever the same facts would give other nodes or edges than before.
const MERGE_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "-2");

/// What derived tables depend on beside the facts.
pub(super) fn state(ontology: &Ontology) -> String {
    let types: Vec<String> = ontology.iter().map(|kind| format!("{kind:?}")).collect();
    format!("{MERGE_VERSION} {}", fingerprint(&types))
}

/// Whether the derived tables are those of the documents.
pub(super) fn is_current(db: &Connection, state: &str) -> rusqlite::Result<bool> {
    Ok(merged(db)?.as_deref() == Some(state))
}

/// Whether the derived tables are those of the documents, whatever the relation types.
pub(super) fn is_current_for_any(db: &Connection) -> rusqlite::Result<bool> {
    let merged = merged(db)?;
    Ok(merged.is_some_and(|state| state.split(' ').next() == Some(MERGE_VERSION)))
}

fn merged(db: &Connection) -> rusqlite::Result<Option<String>> {
    db.query_row("SELECT value FROM meta WHERE key = 'merged'", [], |row| {
        row.get(0)
    })
    .optional()
}

/// For each document, the first of the near-identical copies that it is one of.
pub(super) fn copies(rows: &mut [super::DocumentRow]) -> Vec<u32> {
    let signatures: Vec<_> = rows.iter_mut().map(|row| row.signature.take()).collect();
    let mut first = find_copies(&signatures);
    // Texts too short for a signature are copies if they are the same.
    let mut same = BTreeMap::new();
    for (number, row) in (0u32..).zip(rows.iter()) {
        if signatures[number as usize].is_none() {
            first[number as usize] = *same.entry(row.hash.as_str()).or_insert(number);
        }
    }
    first
}

/// Fills the derived tables anew, inside the caller's transaction; false if there is more than a
/// graph can hold.
pub(super) fn derive(db: &Connection, ontology: &Ontology, state: &str) -> rusqlite::Result<bool> {
    for table in DERIVED_TABLES {
        db.execute_batch(&format!("DELETE FROM {table}"))?;
    }
    let mut rows = documents(db)?;
    let copies = copies(&mut rows);
    let mut merger = Merger::new(ontology, &decided::read(db)?);
    for row in &rows {
        // Decisions may speak of paths.
        merger.see(&facts::read(
            db,
            row.id,
            row.path.clone(),
            row.date.clone(),
        )?);
    }
    let mut merging = merger.decide();
    for (row, first) in rows.iter().zip(&copies) {
        merging.add(
            &facts::read(db, row.id, String::new(), row.date.clone())?,
            *first,
        );
    }
    let Ok((merged, identities)) = merging.finish() else {
        return Ok(false);
    };
    let id_of = |document: u32| rows.get(document as usize).map_or(0, |row| row.id);

    let mut insert = db.prepare("INSERT INTO copy VALUES (?1, ?2)")?;
    for (row, first) in rows.iter().zip(&copies) {
        insert.execute([row.id, id_of(*first)])?;
    }
    write_types(db, ontology, &merged)?;
    let mut insert =
        db.prepare("INSERT INTO node VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?;
    let mut insert_alias = db.prepare("INSERT INTO alias VALUES (?1, ?2, ?3)")?;
    for (node, id) in merged.nodes.iter().zip(0i64..) {
        insert.execute(params![
            id,
            node.key,
            node.name,
            node.kind.as_str(),
            node.iso,
            node.wikidata,
            node.known,
            node.n_mentions,
            node.n_documents,
            date(node.seen.map(|seen| seen.0)),
            date(node.seen.map(|seen| seen.1)),
        ])?;
        for (alias, count) in &node.aliases {
            insert_alias.execute(params![id, alias, count])?;
        }
    }
    write_identities(db, &rows, &merged, &identities)?;
    let type_ids = type_ids(db)?;
    let mut insert = db.prepare(
        "INSERT INTO edge VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
            ?15, ?16)",
    )?;
    let mut insert_source = db.prepare("INSERT INTO edge_source VALUES (?1, ?2)")?;
    let mut insert_statement = db.prepare("INSERT INTO statement VALUES (?1, ?2, ?3)")?;
    for (merged_edge, id) in merged.edges.iter().zip(0i64..) {
        let edge = &merged_edge.edge;
        let name = merged.relations.get(edge.relation.index());
        let relation = name.and_then(|relation| type_ids.get(&relation.name));
        insert.execute(params![
            id,
            edge.subject.0,
            edge.object.0,
            relation,
            edge.polarity == Polarity::Negated,
            modality_number(edge.modality),
            edge.n_statements,
            edge.n_documents,
            edge.support,
            exact(edge.confidence),
            date(edge.happened.map(|dates| dates.0)),
            date(edge.happened.map(|dates| dates.1)),
            date(edge.published.map(|dates| dates.0)),
            date(edge.published.map(|dates| dates.1)),
            date(edge.from),
            date(edge.until),
        ])?;
        for node in &merged_edge.sources {
            insert_source.execute([id, i64::from(node.0)])?;
        }
        let mut statements = merged_edge.statements.clone();
        statements.sort_unstable_by_key(|(document, seq)| (id_of(document.0), *seq));
        for (document, seq) in statements {
            insert_statement.execute([id, id_of(document.0), i64::from(seq)])?;
        }
    }
    db.execute("INSERT OR REPLACE INTO meta VALUES ('merged', ?1)", [state])?;
    Ok(true)
}

/// Which entity of which document is which node, and why; and what came near.
fn write_identities(
    db: &Connection,
    rows: &[super::DocumentRow],
    merged: &Merged,
    identities: &Identities,
) -> rusqlite::Result<()> {
    let reason_of = |document: usize, entity: u32| {
        let reason = identities.reason(document as u32, entity);
        reason.unwrap_or_default()
    };
    let mut reasons: FxHashMap<Reason, i64> = FxHashMap::default();
    for (document, nodes) in merged.node_of.iter().enumerate() {
        let entities = 0..nodes.len() as u32;
        reasons.extend(entities.map(|entity| (reason_of(document, entity), 0)));
    }
    // Numbered in the order of what they say.
    let words = |reason: Reason| (reason.rung.as_str(), identities.words(reason));
    let ids: BTreeSet<_> = reasons.keys().map(|reason| words(*reason)).collect();
    let ids: BTreeMap<_, i64> = ids.into_iter().zip(0..).collect();
    let mut insert = db.prepare("INSERT INTO reason VALUES (?1, ?2, ?3)")?;
    for ((rung, words), id) in &ids {
        insert.execute(params![id, rung, words])?;
    }
    for (reason, id) in &mut reasons {
        *id = ids.get(&words(*reason)).copied().unwrap_or_default();
    }
    let mut insert = db.prepare("INSERT INTO identity VALUES (?1, ?2, ?3, ?4)")?;
    // In the order of the table, which is that of document numbers.
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_unstable_by_key(|at| rows[*at].id);
    for at in order {
        let nodes = merged.node_of.get(at).into_iter().flatten();
        for (node, entity) in nodes.zip(0u32..) {
            let reason = reasons.get(&reason_of(at, entity));
            insert.execute(params![rows[at].id, entity, node.0, reason])?;
        }
    }
    let mut insert = db.prepare("INSERT INTO near_miss VALUES (?1, ?2, ?3, ?4)")?;
    // In the order of the table, in which vetoes stand by their words.
    let misses = identities.all_near_misses();
    let mut misses: Vec<_> = misses
        .map(|(node, miss)| (node, miss.node, miss.veto.words(), miss.count))
        .collect();
    misses.sort_unstable();
    for (node, other, veto, count) in misses {
        insert.execute(params![node, other, veto, count])?;
    }
    decided::write_applied(db, |decision| identities.is_used(decision))
}

fn date(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

fn modality_number(modality: Modality) -> i64 {
    let place = MODALITIES.iter().position(|(_, one)| *one == modality);
    place.unwrap_or(0) as i64
}

/// Numbers of relation types, which are in the order of their names.
fn type_ids(db: &Connection) -> rusqlite::Result<BTreeMap<String, i64>> {
    let mut query = db.prepare("SELECT name, id FROM relation_type")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// Writes all relation types of the ontology, and those that only facts know.
fn write_types(db: &Connection, ontology: &Ontology, merged: &Merged) -> rusqlite::Result<()> {
    let mut counts = vec![0i64; merged.relations.len()];
    for merged_edge in &merged.edges {
        if let Some(count) = counts.get_mut(merged_edge.edge.relation.index()) {
            *count += 1;
        }
    }
    let names = merged
        .relations
        .iter()
        .map(|relation| relation.name.as_str());
    let counts: BTreeMap<&str, i64> = names.zip(counts).collect();
    let mut names: Vec<&str> = ontology.iter().map(|kind| kind.id.as_str()).collect();
    names.extend(counts.keys());
    names.sort_unstable();
    names.dedup();
    let mut insert = db.prepare(
        "INSERT INTO relation_type VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
            ?14, ?15)",
    )?;
    for (name, id) in names.into_iter().zip(0i64..) {
        let unknown = RelationType {
            id: name.to_owned(),
            label: name.replace('_', " "),
            tier: 0,
            section: String::new(),
            symmetry: Symmetry::Directed,
            is_state: false,
            subject: Vec::new(),
            object: Vec::new(),
            wikidata: String::new(),
            plover: String::new(),
            cameo: String::new(),
            sign: 0,
        };
        let kind = ontology.get(name).unwrap_or(&unknown);
        let inverse = match &kind.symmetry {
            Symmetry::Inverse(inverse) => Some(inverse),
            Symmetry::Symmetric | Symmetry::Directed => None,
        };
        insert.execute(params![
            id,
            name,
            kind.label,
            kind.tier,
            kind.section,
            kind.symmetry == Symmetry::Symmetric,
            inverse,
            kind.is_state,
            letters(&kind.subject),
            letters(&kind.object),
            kind.sign,
            kind.wikidata,
            kind.plover,
            kind.cameo,
            counts.get(name).copied().unwrap_or(0),
        ])?;
    }
    Ok(())
}

fn letters(types: &[EntityType]) -> String {
    types.iter().filter_map(|kind| kind.letter()).collect()
}

/// The relation types of the file, but for those that no ontology knew.
pub(super) fn relation_types(db: &Connection) -> rusqlite::Result<Vec<RelationType>> {
    let mut query = db.prepare(
        "SELECT name, label, tier, section, symmetric, inverse, state, subject, object, wikidata,
            plover, cameo, sign
        FROM relation_type WHERE tier > 0 ORDER BY name",
    )?;
    let rows = query.query_map([], |row| {
        let symmetry = match (row.get::<_, bool>(4)?, row.get::<_, Option<String>>(5)?) {
            (true, _) => Symmetry::Symmetric,
            (false, Some(inverse)) => Symmetry::Inverse(inverse),
            (false, None) => Symmetry::Directed,
        };
        let types = |column| -> rusqlite::Result<Vec<EntityType>> {
            let letters: String = row.get(column)?;
            let of = |letter| {
                EntityType::ALL
                    .into_iter()
                    .find(|kind| kind.letter() == Some(letter))
            };
            Ok(letters.chars().filter_map(of).collect())
        };
        Ok(RelationType {
            id: row.get(0)?,
            label: row.get(1)?,
            tier: row.get(2)?,
            section: row.get(3)?,
            symmetry,
            is_state: row.get(6)?,
            subject: types(7)?,
            object: types(8)?,
            wikidata: row.get(9)?,
            plover: row.get(10)?,
            cameo: row.get(11)?,
            sign: row.get(12)?,
        })
    })?;
    rows.collect()
}
