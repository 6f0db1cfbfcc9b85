//! The facts of one document: to tables and back, unchanged.

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use tieline_facts::{
    Amount, Entity, EntityType, Evidence, Facts, Gender, Mention, MentionKind, Modality, Polarity,
    Relation, TriggerSpan, WireNote,
};

use super::schema::FACT_TABLES;

/// Writes everything but the row of the document itself.
pub(super) fn write(db: &Connection, document: i64, facts: &Facts) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached("INSERT INTO note VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (note, seq) in facts.notes.iter().zip(0i64..) {
        let (start, end) = (note.span.map(|s| s.0), note.span.map(|s| s.1));
        insert.execute(params![document, seq, note.kind, start, end, note.message])?;
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO entity (document, id, type, name, iso, wikidata, known, gender, roles)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let mut insert_mention =
        db.prepare_cached("INSERT INTO mention VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    // By place: an entity that claims another number is none of the wire format.
    for (entity, id) in facts.entities.iter().zip(0i64..) {
        insert.execute(params![
            document,
            id,
            entity.kind.as_str(),
            entity.name,
            entity.iso,
            entity.wikidata,
            entity.known,
            entity.gender.map(Gender::as_str),
            (!entity.roles.is_empty()).then(|| entity.roles.join("\n")),
        ])?;
        for (mention, seq) in entity.mentions.iter().zip(0i64..) {
            let kind = mention.kind.as_str();
            let (start, end, text) = (mention.start, mention.end, &mention.text);
            insert_mention.execute(params![document, id, seq, start, end, text, kind])?;
        }
    }
    let mut insert_sentence =
        db.prepare_cached("INSERT OR IGNORE INTO sentence VALUES (?1, ?2, ?3, ?4)")?;
    let mut insert = db.prepare_cached(
        "INSERT INTO relation (document, seq, subject, predicate, object, polarity, modality,
            source, source_text, date, confidence, start, end, trigger_start, trigger_end, rule,
            since, until, amount_text, amount_value, amount_unit)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
            ?19, ?20, ?21)",
    )?;
    for (relation, seq) in facts.relations.iter().zip(0i64..) {
        let Evidence {
            start,
            end,
            text,
            trigger,
        } = &relation.evidence;
        insert_sentence.execute(params![document, start, end, text])?;
        let amount = relation.amount.as_ref();
        insert.execute(params![
            document,
            seq,
            relation.subject,
            relation.predicate,
            relation.object,
            relation.polarity.as_str(),
            relation.modality.as_str(),
            relation.source,
            relation.source_text,
            relation.date,
            exact(relation.confidence),
            start,
            end,
            trigger.start,
            trigger.end,
            relation.rule,
            relation.from,
            relation.until,
            amount.map(|amount| &amount.text),
            amount.map(|amount| amount.value),
            amount.map(|amount| &amount.unit),
        ])?;
    }
    Ok(())
}

/// The number that is written as the given one is: 0.95 and not 0.949999988. Turned back it is the
/// same.
pub(super) fn exact(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::from(number))
}

/// Takes everything but the row of the document itself.
pub(super) fn delete(db: &Connection, document: i64) -> rusqlite::Result<()> {
    for table in FACT_TABLES {
        let mut delete = db.prepare_cached(&format!("DELETE FROM {table} WHERE document = ?1"))?;
        delete.execute([document])?;
    }
    Ok(())
}

/// The facts of a document, whose path and date are given.
pub(super) fn read(
    db: &Connection,
    document: i64,
    doc: String,
    date: Option<String>,
) -> rusqlite::Result<Facts> {
    let mut query = db.prepare_cached(
        "SELECT kind, start, end, message FROM note WHERE document = ?1 ORDER BY seq",
    )?;
    let notes = query.query_map([document], |row| {
        let span = (row.get::<_, Option<u32>>(1)?, row.get::<_, Option<u32>>(2)?);
        Ok(WireNote {
            kind: row.get(0)?,
            span: span.0.zip(span.1),
            message: row.get(3)?,
        })
    })?;
    let notes = notes.collect::<rusqlite::Result<_>>()?;
    let mut query = db.prepare_cached(
        "SELECT id, type, name, iso, wikidata, known, gender, roles
        FROM entity WHERE document = ?1 ORDER BY id",
    )?;
    let entities = query.query_map([document], |row| {
        Ok(Entity {
            id: row.get(0)?,
            kind: named(row, 1, &EntityType::ALL.map(|kind| (kind.as_str(), kind)))?,
            name: row.get(2)?,
            iso: row.get(3)?,
            wikidata: row.get(4)?,
            known: row.get(5)?,
            gender: word(row, 6, &GENDERS)?,
            roles: row
                .get::<_, Option<String>>(7)?
                .map(|roles| roles.lines().map(str::to_owned).collect())
                .unwrap_or_default(),
            mentions: Vec::new(),
        })
    })?;
    let mut entities: Vec<Entity> = entities.collect::<rusqlite::Result<_>>()?;
    let mut query = db.prepare_cached(
        "SELECT entity, start, end, text, kind FROM mention WHERE document = ?1
        ORDER BY entity, seq",
    )?;
    let mut rows = query.query([document])?;
    while let Some(row) = rows.next()? {
        let entity: u32 = row.get(0)?;
        if let Some(entity) = entities.get_mut(entity as usize) {
            entity.mentions.push(Mention {
                start: row.get(1)?,
                end: row.get(2)?,
                text: row.get(3)?,
                kind: named(row, 4, &MENTIONS)?,
            });
        }
    }
    let mut query = db.prepare_cached(&format!(
        "SELECT {RELATION_COLUMNS} FROM relation r
        JOIN sentence w ON w.document = r.document AND w.start = r.start AND w.end = r.end
        WHERE r.document = ?1 ORDER BY r.seq"
    ))?;
    let relations = query.query_map([document], relation)?;
    Ok(Facts {
        doc,
        date,
        entities,
        relations: relations.collect::<rusqlite::Result<_>>()?,
        open: Vec::new(),
        notes,
    })
}

/// What [`relation`] reads, of a row `r` and its sentence `w`.
pub(super) const RELATION_COLUMNS: &str = "r.subject, r.predicate, r.object, r.polarity,
    r.modality, r.source, r.source_text, r.date, r.confidence, r.start, r.end, r.trigger_start,
    r.trigger_end, r.rule, w.text, r.since, r.until, r.amount_text, r.amount_value, r.amount_unit";

/// A statement from the first columns of a row.
pub(super) fn relation(row: &Row<'_>) -> rusqlite::Result<Relation> {
    let amount = (row.get(17)?, row.get(18)?, row.get(19)?);
    let amount = match amount {
        (Some(text), Some(value), Some(unit)) => Some(Amount { text, value, unit }),
        _ => None,
    };
    Ok(Relation {
        subject: row.get(0)?,
        predicate: row.get(1)?,
        object: row.get(2)?,
        polarity: named(row, 3, &POLARITIES)?,
        modality: named(row, 4, &MODALITIES)?,
        source: row.get(5)?,
        source_text: row.get(6)?,
        date: row.get(7)?,
        from: row.get(15)?,
        until: row.get(16)?,
        amount,
        confidence: row.get::<_, f64>(8)? as f32,
        evidence: Evidence {
            start: row.get(9)?,
            end: row.get(10)?,
            text: row.get(14)?,
            trigger: TriggerSpan {
                start: row.get(11)?,
                end: row.get(12)?,
            },
        },
        rule: row.get(13)?,
    })
}

const GENDERS: [(&str, Gender); 2] = [
    ("masculine", Gender::Masculine),
    ("feminine", Gender::Feminine),
];

const MENTIONS: [(&str, MentionKind); 4] = [
    ("name", MentionKind::Name),
    ("demonym", MentionKind::Demonym),
    ("nominal", MentionKind::Nominal),
    ("pronoun", MentionKind::Pronoun),
];

const POLARITIES: [(&str, Polarity); 2] = [
    ("affirmed", Polarity::Affirmed),
    ("negated", Polarity::Negated),
];

/// All modalities by the number that stands for them in `edge`.
pub(super) const MODALITIES: [(&str, Modality); 5] = [
    ("asserted", Modality::Asserted),
    ("planned", Modality::Planned),
    ("possible", Modality::Possible),
    ("alleged", Modality::Alleged),
    ("former", Modality::Former),
];

/// What the word of a column stands for; `None` for an empty one.
pub(super) fn word<T: Copy>(
    row: &Row<'_>,
    column: usize,
    table: &[(&str, T)],
) -> rusqlite::Result<Option<T>> {
    let cell = row.get_ref(column)?;
    let Some(text) = cell.as_str_or_null()? else {
        return Ok(None);
    };
    match table.iter().find(|(name, _)| *name == text) {
        Some((_, value)) => Ok(Some(*value)),
        None => Err(unknown_word(column, text)),
    }
}

/// What the word of a column stands for.
pub(super) fn named<T: Copy>(
    row: &Row<'_>,
    column: usize,
    table: &[(&str, T)],
) -> rusqlite::Result<T> {
    word(row, column, table)?.ok_or_else(|| unknown_word(column, ""))
}

fn unknown_word(column: usize, text: &str) -> rusqlite::Error {
    let message = format!("no such word here: {text:?}");
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, message.into())
}
