//! The tables of a graph file, as the steps that made them; `docs/formats.md` describes them.
//!
//! A new file goes through all steps, an older one through those that it lacks, so both end alike.
//! A step that has been released is never changed; a new format is one more step.

use rusqlite::Connection;

/// `PRAGMA application_id` of graph files: "Tiel".
pub(super) const APPLICATION: i32 = 0x5469_656C;

/// Latest version of the format of graph files (`PRAGMA user_version`).
pub const VERSION: u32 = 3;

const STEPS: [&str; VERSION as usize] = [V1, V2, V3];

/// Version 1: the facts of documents.
const V1: &str = "
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE origin (
    id INTEGER PRIMARY KEY,
    program TEXT NOT NULL,
    models TEXT NOT NULL,
    rules TEXT NOT NULL,
    UNIQUE (program, models, rules)
) STRICT;

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,
    date TEXT,
    origin INTEGER NOT NULL REFERENCES origin
) STRICT;

CREATE TABLE note (
    document INTEGER NOT NULL REFERENCES document,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    start INTEGER,
    end INTEGER,
    message TEXT NOT NULL,
    PRIMARY KEY (document, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE entity (
    document INTEGER NOT NULL REFERENCES document,
    id INTEGER NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    iso TEXT,
    wikidata TEXT,
    PRIMARY KEY (document, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mention (
    document INTEGER NOT NULL REFERENCES document,
    entity INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (document, entity, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE sentence (
    document INTEGER NOT NULL REFERENCES document,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document, start, end)
) STRICT, WITHOUT ROWID;

CREATE TABLE relation (
    document INTEGER NOT NULL REFERENCES document,
    seq INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    predicate TEXT NOT NULL,
    object INTEGER NOT NULL,
    polarity TEXT NOT NULL,
    modality TEXT NOT NULL,
    source INTEGER,
    source_text TEXT,
    date TEXT,
    confidence REAL NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    trigger_start INTEGER NOT NULL,
    trigger_end INTEGER NOT NULL,
    rule TEXT,
    PRIMARY KEY (document, seq)
) STRICT, WITHOUT ROWID;
";

/// Version 2: more is kept of documents, entities and relations, and what follows from all
/// documents together is kept too.
const V2: &str = "
ALTER TABLE document ADD COLUMN title TEXT;
ALTER TABLE document ADD COLUMN signature BLOB;
ALTER TABLE entity ADD COLUMN known TEXT;
ALTER TABLE entity ADD COLUMN gender TEXT;
ALTER TABLE entity ADD COLUMN roles TEXT;
ALTER TABLE relation ADD COLUMN since TEXT;
ALTER TABLE relation ADD COLUMN until TEXT;
ALTER TABLE relation ADD COLUMN amount_text TEXT;
ALTER TABLE relation ADD COLUMN amount_value REAL;
ALTER TABLE relation ADD COLUMN amount_unit TEXT;

CREATE TABLE relation_type (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    tier INTEGER NOT NULL,
    section TEXT NOT NULL,
    symmetric INTEGER NOT NULL,
    inverse TEXT,
    state INTEGER NOT NULL,
    subject TEXT NOT NULL,
    object TEXT NOT NULL,
    sign INTEGER NOT NULL,
    wikidata TEXT NOT NULL,
    plover TEXT NOT NULL,
    cameo TEXT NOT NULL,
    edges INTEGER NOT NULL
) STRICT;

CREATE TABLE node (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    iso TEXT,
    wikidata TEXT,
    known TEXT,
    mentions INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    first_seen TEXT,
    last_seen TEXT
) STRICT;

CREATE TABLE alias (
    node INTEGER NOT NULL REFERENCES node,
    alias TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (node, alias)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity (
    document INTEGER NOT NULL REFERENCES document,
    entity INTEGER NOT NULL,
    node INTEGER NOT NULL REFERENCES node,
    PRIMARY KEY (document, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE copy (
    document INTEGER PRIMARY KEY REFERENCES document,
    of INTEGER NOT NULL REFERENCES document
) STRICT;

CREATE TABLE edge (
    id INTEGER PRIMARY KEY,
    subject INTEGER NOT NULL REFERENCES node,
    object INTEGER NOT NULL REFERENCES node,
    relation INTEGER NOT NULL REFERENCES relation_type,
    denied INTEGER NOT NULL,
    modality INTEGER NOT NULL,
    statements INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    support INTEGER NOT NULL,
    confidence REAL NOT NULL,
    first_event TEXT,
    last_event TEXT,
    first_published TEXT,
    last_published TEXT,
    since TEXT,
    until TEXT
) STRICT;
CREATE INDEX edge_object ON edge (object);
CREATE INDEX edge_subject ON edge (subject);

CREATE TABLE edge_source (
    edge INTEGER NOT NULL REFERENCES edge,
    node INTEGER NOT NULL REFERENCES node,
    PRIMARY KEY (edge, node)
) STRICT, WITHOUT ROWID;

CREATE TABLE statement (
    edge INTEGER NOT NULL REFERENCES edge,
    document INTEGER NOT NULL REFERENCES document,
    seq INTEGER NOT NULL,
    PRIMARY KEY (edge, document, seq)
) STRICT, WITHOUT ROWID;

CREATE VIEW entities AS
SELECT key, name, type, iso, wikidata, known, mentions, documents, first_seen, last_seen
FROM node;

CREATE VIEW edges AS
SELECT e.id AS edge, s.name AS subject, t.label AS relation, o.name AS object,
    CASE e.denied WHEN 0 THEN 'affirmed' ELSE 'negated' END AS polarity,
    CASE e.modality WHEN 0 THEN 'asserted' WHEN 1 THEN 'planned' WHEN 2 THEN 'possible'
        WHEN 3 THEN 'alleged' ELSE 'former' END AS modality,
    e.statements, e.documents, e.support, e.confidence, e.first_event, e.last_event,
    e.first_published, e.last_published, e.since, e.until,
    s.key AS subject_key, t.name AS relation_name, o.key AS object_key
FROM edge e
JOIN node s ON s.id = e.subject
JOIN node o ON o.id = e.object
JOIN relation_type t ON t.id = e.relation;

CREATE VIEW evidence AS
SELECT st.edge, s.name AS subject, t.label AS relation, o.name AS object, r.polarity, r.modality,
    w.text AS sentence,
    CAST(substr(CAST(w.text AS BLOB), r.trigger_start - r.start + 1,
        r.trigger_end - r.trigger_start) AS TEXT) AS trigger_words,
    n.name AS source, r.source_text, r.date, r.since, r.until, r.amount_text AS amount,
    d.path, d.title, d.date AS published, r.start, r.end, r.confidence, r.rule
FROM statement st
JOIN edge e ON e.id = st.edge
JOIN node s ON s.id = e.subject
JOIN node o ON o.id = e.object
JOIN relation_type t ON t.id = e.relation
JOIN relation r ON r.document = st.document AND r.seq = st.seq
JOIN sentence w ON w.document = r.document AND w.start = r.start AND w.end = r.end
JOIN document d ON d.id = st.document
LEFT JOIN identity i ON i.document = r.document AND i.entity = r.source
LEFT JOIN node n ON n.id = i.node;
";

/// Version 3: the user's decisions, why entities of documents became one node, and what came near.
const V3: &str = "
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    action TEXT NOT NULL,
    names TEXT NOT NULL,
    type TEXT,
    documents TEXT,
    value TEXT,
    why TEXT,
    applied INTEGER NOT NULL
) STRICT;

CREATE TABLE reason (
    id INTEGER PRIMARY KEY,
    rung TEXT NOT NULL,
    words TEXT NOT NULL,
    UNIQUE (rung, words)
) STRICT;

ALTER TABLE identity ADD COLUMN reason INTEGER NOT NULL DEFAULT 0;

CREATE TABLE near_miss (
    node INTEGER NOT NULL REFERENCES node,
    other INTEGER NOT NULL REFERENCES node,
    veto TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (node, other, veto)
) STRICT, WITHOUT ROWID;

CREATE VIEW merges AS
SELECT n.key, n.name, d.path, i.entity, e.name AS called, r.rung, r.words AS reason
FROM identity i
JOIN node n ON n.id = i.node
JOIN document d ON d.id = i.document
JOIN entity e ON e.document = i.document AND e.id = i.entity
JOIN reason r ON r.id = i.reason;

CREATE VIEW near_misses AS
SELECT n.key, n.name, o.key AS other_key, o.name AS other, m.veto, m.count
FROM near_miss m
JOIN node n ON n.id = m.node
JOIN node o ON o.id = m.other;
";

/// The tables that hold the facts of one document, by its number.
pub(super) const FACT_TABLES: [&str; 5] = ["note", "entity", "mention", "sentence", "relation"];

/// The tables that follow from all documents together, in an order in which they may be emptied.
pub(super) const DERIVED_TABLES: [&str; 10] = [
    "statement",
    "near_miss",
    "edge_source",
    "edge",
    "alias",
    "identity",
    "reason",
    "node",
    "copy",
    "relation_type",
];

/// Whether a file is one of ours.
pub(super) enum Standing {
    /// Nothing is in it.
    Empty,
    /// A graph file of this format version.
    Ours(u32),
    /// A file of another program.
    Foreign,
}

pub(super) fn standing(connection: &Connection) -> rusqlite::Result<Standing> {
    let number = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    Ok(if application == i64::from(APPLICATION) {
        Standing::Ours(u32::try_from(version).unwrap_or(u32::MAX))
    } else if application == 0 && version == 0 && tables == 0 {
        Standing::Empty
    } else {
        Standing::Foreign
    })
}

/// Takes the steps that a file of format version `from` (0: an empty one) lacks, all or none.
pub(super) fn upgrade(connection: &Connection, from: u32) -> rusqlite::Result<()> {
    let steps: String = STEPS.into_iter().skip(from as usize).collect();
    let script = format!(
        "BEGIN IMMEDIATE;{steps}
        PRAGMA application_id = {APPLICATION};
        PRAGMA user_version = {VERSION};
        DELETE FROM meta WHERE key = 'merged';
        COMMIT;"
    );
    let done = connection.execute_batch(&script);
    if done.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    done
}
