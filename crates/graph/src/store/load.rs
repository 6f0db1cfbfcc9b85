//! From a graph file to the graph in memory; evidence stays in the file until it is asked for.

use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, Row};
use rustc_hash::FxHashMap;
use tieline_facts::{EntityType, Facts, Ontology, Polarity};

use super::facts::{MODALITIES, RELATION_COLUMNS, named, relation};
use super::{Store, StoreError, StoreErrorKind, derive, documents, facts, read_document};
use crate::identity::{Join, NearMiss, Rung, Veto};
use crate::model::{
    BuildError, Date, DocId, DocumentInfo, Edge, EdgeId, Evidence, EvidenceBook, EvidenceError,
    Graph, GraphBuilder, NewNode, NodeId, Relation, RelationId,
};

impl Store {
    /// The graph of the file. If nodes and edges are out of date (a run was killed, or another
    /// writes at this moment), they are derived again: in the file if it can be written, else in
    /// memory.
    pub fn load(mut self, ontology: &Ontology) -> Result<Graph, StoreError> {
        if !self.sql(derive::is_current_for_any)? {
            let lock = super::WriteLock::take(&self.path);
            let derived = lock.and_then(|lock| {
                self.lock = Some(lock);
                self.finish(ontology)
            });
            self.lock = None;
            match derived {
                Ok(_) => {}
                Err(error) if can_still_be_read(error.kind()) => return self.merge(ontology),
                Err(error) => return Err(error),
            }
        }
        let (builder, document_ids) = self.sql(read_tables)?;
        let document_of = document_ids.iter().zip(0..);
        let book = StoreBook {
            document_of: document_of.map(|(id, at)| (*id, DocId(at))).collect(),
            document_ids,
            db: Mutex::new(self.db),
        };
        builder.finish(Box::new(book)).map_err(|error| {
            let kind = match error {
                BuildError::TooLarge => StoreErrorKind::TooLarge,
                BuildError::Order | BuildError::Dangling => StoreErrorKind::Damaged,
            };
            StoreError::new(&self.path, kind)
        })
    }

    /// The graph of the facts, all in memory.
    fn merge(self, ontology: &Ontology) -> Result<Graph, StoreError> {
        let (ontology, decisions) = (self.joined(ontology)?, self.decisions()?);
        let (facts, copies) = self.facts()?;
        match Graph::from_copies(facts, &copies, &ontology, &decisions) {
            Ok((graph, _)) => Ok(graph),
            Err(_) => Err(StoreError::new(&self.path, StoreErrorKind::TooLarge)),
        }
    }

    /// The facts of all documents in byte order of their paths, and for each the first of the
    /// near-identical copies that it is one of: what [`Graph::from_copies`] takes.
    pub fn facts(&self) -> Result<(Vec<Facts>, Vec<u32>), StoreError> {
        self.sql(|db| {
            // One view of the file, whatever another process writes meanwhile.
            let view = db.unchecked_transaction()?;
            let mut rows = documents(db)?;
            let copies = derive::copies(&mut rows);
            let facts = rows
                .into_iter()
                .map(|row| facts::read(db, row.id, row.path, row.date))
                .collect::<rusqlite::Result<Vec<_>>>()?;
            view.commit()?;
            Ok((facts, copies))
        })
    }
}

fn can_still_be_read(kind: &StoreErrorKind) -> bool {
    use StoreErrorKind::{Busy, Full, ReadOnly};
    matches!(kind, Busy | ReadOnly | Full)
}

/// Everything but evidence, and the numbers of the documents in order of their paths.
fn read_tables(db: &Connection) -> rusqlite::Result<(GraphBuilder, Vec<i64>)> {
    let view = db.unchecked_transaction()?;
    // Types that no edge uses have no place in the graph; numbers there have no gaps.
    let mut query =
        db.prepare("SELECT id, name, symmetric FROM relation_type WHERE edges > 0 ORDER BY id")?;
    let mut rows = query.query([])?;
    let mut relations = Vec::new();
    let mut relation_ids: Vec<RelationId> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: u16 = row.get(0)?;
        relation_ids.resize(usize::from(id) + 1, RelationId(u16::MAX));
        relation_ids[usize::from(id)] = RelationId(relations.len() as u16);
        relations.push(Relation {
            name: row.get(1)?,
            symmetric: row.get(2)?,
        });
    }
    let mut builder = GraphBuilder::new(relations);
    let mut document_ids = Vec::new();
    let mut query = db.prepare("SELECT id, path, date, title FROM document ORDER BY path")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        document_ids.push(row.get(0)?);
        builder.document(DocumentInfo {
            doc: row.get(1)?,
            date: row.get(2)?,
            title: row.get(3)?,
        });
    }
    read_nodes(db, &mut builder)?;
    read_edges(db, &mut builder, &relation_ids)?;
    view.commit()?;
    Ok((builder, document_ids))
}

fn read_nodes(db: &Connection, builder: &mut GraphBuilder) -> rusqlite::Result<()> {
    let types = EntityType::ALL.map(|kind| (kind.as_str(), kind));
    let mut query = db.prepare(
        "SELECT id, key, name, type, iso, wikidata, known, mentions, documents, first_seen,
            last_seen
        FROM node ORDER BY id",
    )?;
    let mut nodes = query.query([])?;
    // Aliases run along, in the order of nodes.
    let mut query = db.prepare("SELECT node, alias, count FROM alias ORDER BY node, alias")?;
    let mut aliases = query.query([])?;
    let mut next: Option<(i64, String, u32)> = alias(aliases.next()?)?;
    let mut own: Vec<(String, u32)> = Vec::new();
    while let Some(row) = nodes.next()? {
        let id: i64 = row.get(0)?;
        own.clear();
        while let Some((node, name, count)) = next.take_if(|next| next.0 <= id) {
            if node == id {
                own.push((name, count));
            }
            next = alias(aliases.next()?)?;
        }
        let text = |column| {
            row.get_ref(column)?
                .as_str_or_null()
                .map_err(rusqlite::Error::from)
        };
        let node = NewNode {
            key: text(1)?.unwrap_or_default(),
            name: text(2)?.unwrap_or_default(),
            kind: named(row, 3, &types)?,
            iso: text(4)?,
            wikidata: text(5)?,
            known: text(6)?,
            n_mentions: row.get(7)?,
            n_documents: row.get(8)?,
            seen: date(row, 9)?.zip(date(row, 10)?),
        };
        builder.node(
            node,
            own.iter().map(|(name, count)| (name.as_str(), *count)),
        );
    }
    Ok(())
}

fn alias(row: Option<&Row<'_>>) -> rusqlite::Result<Option<(i64, String, u32)>> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    row.map(read).transpose()
}

fn read_edges(
    db: &Connection,
    builder: &mut GraphBuilder,
    relation_ids: &[RelationId],
) -> rusqlite::Result<()> {
    let mut query = db.prepare(
        "SELECT id, subject, object, relation, denied, modality, statements, documents, support,
            confidence, first_event, last_event, first_published, last_published, since, until
        FROM edge ORDER BY id",
    )?;
    let mut edges = query.query([])?;
    let mut query = db.prepare("SELECT edge, node FROM edge_source ORDER BY edge, node")?;
    let mut sources = query.query([])?;
    let source = |row: Option<&Row<'_>>| -> rusqlite::Result<Option<(i64, u32)>> {
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    };
    let mut next = source(sources.next()?)?;
    let mut own = Vec::new();
    while let Some(row) = edges.next()? {
        let id: i64 = row.get(0)?;
        own.clear();
        while let Some((edge, node)) = next.take_if(|next| next.0 <= id) {
            if edge == id {
                own.push(NodeId(node));
            }
            next = source(sources.next()?)?;
        }
        let relation: u16 = row.get(3)?;
        let modality: u16 = row.get(5)?;
        let edge = Edge {
            subject: NodeId(row.get(1)?),
            object: NodeId(row.get(2)?),
            relation: relation_ids
                .get(usize::from(relation))
                .copied()
                .unwrap_or(RelationId(u16::MAX)),
            polarity: match row.get(4)? {
                false => Polarity::Affirmed,
                true => Polarity::Negated,
            },
            modality: MODALITIES
                .get(usize::from(modality))
                .map(|one| one.1)
                .unwrap_or_default(),
            n_statements: row.get(6)?,
            n_documents: row.get(7)?,
            support: row.get(8)?,
            confidence: row.get::<_, f64>(9)? as f32,
            happened: date(row, 10)?.zip(date(row, 11)?),
            published: date(row, 12)?.zip(date(row, 13)?),
            from: date(row, 14)?,
            until: date(row, 15)?,
        };
        builder.edge(edge, own.iter().copied());
    }
    Ok(())
}

fn date(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Date>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    Ok(text.and_then(Date::parse))
}

/// Evidence in the file.
#[derive(Debug)]
struct StoreBook {
    db: Mutex<Connection>,
    /// Number in the file, by document.
    document_ids: Vec<i64>,
    document_of: FxHashMap<i64, DocId>,
}

impl StoreBook {
    fn query<T>(
        &self,
        run: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, EvidenceError> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        run(&db).map_err(|error| EvidenceError(Box::new(error)))
    }
}

impl EvidenceBook for StoreBook {
    fn evidence(&self, edge: EdgeId) -> Result<Vec<Evidence>, EvidenceError> {
        let mut statements = self.query(|db| {
            let mut query = db.prepare_cached(&format!(
                "SELECT {RELATION_COLUMNS}, s.document, i.node, s.seq FROM statement s
                JOIN relation r ON r.document = s.document AND r.seq = s.seq
                JOIN sentence w ON w.document = r.document AND w.start = r.start AND w.end = r.end
                LEFT JOIN identity i ON i.document = r.document AND i.entity = r.source
                WHERE s.edge = ?1"
            ))?;
            let rows = query.query_map([edge.0], |row| {
                let statement = relation(row)?;
                let document: i64 = row.get(20)?;
                let source: Option<u32> = row.get(21)?;
                let seq: i64 = row.get(22)?;
                let document = self.document_of.get(&document).copied();
                let document = document.unwrap_or(DocId(u32::MAX));
                let evidence = Evidence::new(statement, document, source.map(NodeId));
                Ok((document, seq, evidence))
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?;
        statements.sort_by_key(|(document, seq, _)| (*document, *seq));
        // A document that has come since the graph was loaded has no number in it.
        statements.retain(|(document, ..)| document.index() < self.document_ids.len());
        Ok(statements
            .into_iter()
            .map(|(.., evidence)| evidence)
            .collect())
    }

    fn node_of(&self, document: DocId, entity: u32) -> Result<Option<NodeId>, EvidenceError> {
        let Some(id) = self.document_ids.get(document.index()) else {
            return Ok(None);
        };
        self.query(|db| {
            let mut query =
                db.prepare_cached("SELECT node FROM identity WHERE document = ?1 AND entity = ?2")?;
            let node: Option<u32> = query
                .query_row([*id, i64::from(entity)], |row| row.get(0))
                .optional()?;
            Ok(node.map(NodeId))
        })
    }

    fn facts(&self, document: DocId) -> Result<Option<Facts>, EvidenceError> {
        let Some(id) = self.document_ids.get(document.index()) else {
            return Ok(None);
        };
        let found = self.query(|db| read_document(db, *id))?;
        Ok(found.map(|(document, _)| document.facts))
    }

    fn joins(&self, node: NodeId) -> Result<Vec<Join>, EvidenceError> {
        let rungs = Rung::ALL.map(|rung| (rung.as_str(), rung));
        let mut joins = self.query(|db| {
            let mut query = db.prepare_cached(
                "SELECT i.document, i.entity, e.name, r.rung, r.words
                FROM identity i
                JOIN entity e ON e.document = i.document AND e.id = i.entity
                JOIN reason r ON r.id = i.reason
                WHERE i.node = ?1",
            )?;
            let rows = query.query_map([node.0], |row| {
                let document = self.document_of.get(&row.get(0)?).copied();
                Ok(Join {
                    document: document.unwrap_or(DocId(u32::MAX)).0,
                    entity: row.get(1)?,
                    name: row.get(2)?,
                    rung: named(row, 3, &rungs)?,
                    reason: row.get(4)?,
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?;
        joins.sort_by_key(|join| (join.document, join.entity));
        joins.retain(|join| (join.document as usize) < self.document_ids.len());
        Ok(joins)
    }

    fn near_misses(&self, node: NodeId) -> Result<Vec<NearMiss>, EvidenceError> {
        let vetoes = Veto::ALL.map(|veto| (veto.words(), veto));
        let mut misses = self.query(|db| {
            let mut query =
                db.prepare_cached("SELECT other, veto, count FROM near_miss WHERE node = ?1")?;
            let rows = query.query_map([node.0], |row| {
                Ok(NearMiss {
                    node: row.get(0)?,
                    veto: named(row, 1, &vetoes)?,
                    count: row.get(2)?,
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?;
        misses.sort_by_key(|miss| (miss.node, miss.veto));
        Ok(misses)
    }
}
