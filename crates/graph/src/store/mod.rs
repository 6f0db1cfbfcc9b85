//! The graph in a file: an SQLite database of the facts of documents, and of the graph that follows
//! from all of them.
//!
//! Facts of documents are the truth: each document stands for itself, so adding, replacing and
//! taking away are local, and any sequence of them ends in the same state as a fresh build. Nodes
//! and edges are derived from all documents by [`Store::finish`]; a file whose nodes and edges are
//! out of date says so, and readers then merge in memory.
//!
//! Writing is in batches, each a transaction of SQLite with a rollback journal: whatever kills the
//! process or the machine, the file holds whole documents in the order in which they came. One
//! process writes at a time; a second gets [`StoreErrorKind::Busy`] at once.

mod decided;
mod derive;
mod dump;
mod error;
mod facts;
mod load;
mod lock;
mod schema;
#[cfg(test)]
mod tests;
mod wire;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, io};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use tieline_facts::{Facts, Ontology};

use crate::copies::Signature;
use crate::identity::Decisions;
pub use error::{StoreError, StoreErrorKind};
use lock::WriteLock;
pub use schema::VERSION;
use schema::{Standing, standing, upgrade};
pub use wire::{LineError, LineWriter, WireDocument, from_line};

/// A batch is committed after so many documents or so much time, whichever comes first.
const BATCH: (u32, Duration) = (256, Duration::from_millis(400));

/// How long a reader waits while a batch is written, and a batch while somebody reads.
const PATIENCE: Duration = Duration::from_secs(30);

/// What made the facts of a document; documents made by something else are read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Name and version of the program.
    pub program: String,
    /// [`fingerprint`] of the models and lexicons.
    pub models: String,
    /// [`fingerprint`] of the relation types and rules.
    pub rules: String,
}

impl Origin {
    /// Facts of which nobody says what made them.
    pub fn elsewhere() -> Origin {
        Origin {
            program: "facts".to_owned(),
            ..Origin::default()
        }
    }
}

/// A document and what was found in it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDocument {
    /// The facts, by [`clean_path`] of the document. The open layer is not kept, unless it has been
    /// moved among the relations.
    pub facts: Facts,
    /// [`fingerprint`] of the content.
    pub hash: String,
    /// Title, where known.
    pub title: Option<String>,
    /// To find its copies; `None` where the text is too short.
    pub signature: Option<Signature>,
}

/// What became of a document that was given to [`Store::put`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It was not there.
    Added,
    /// Its content or what reads it has changed; the old facts are gone.
    Replaced,
    /// It was there, the same.
    Unchanged,
}

/// How much is in a graph file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents.
    pub documents: u64,
    /// Documents that are near-identical copies of another.
    pub copies: u64,
    /// Nodes.
    pub nodes: u64,
    /// Edges.
    pub edges: u64,
    /// Statements behind the edges.
    pub statements: u64,
}

/// The documents of a graph file as it was opened: which it holds, with which content, made by
/// what.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    documents: FxHashMap<String, (String, i64)>,
    origin: i64,
}

impl Holdings {
    /// Whether a document is there with this content, read by what the store now writes for.
    pub fn has(&self, path: &str, hash: &str) -> bool {
        let found = self.documents.get(path);
        found.is_some_and(|(own, origin)| own == hash && *origin == self.origin)
    }

    /// The content of a document, as its fingerprint.
    pub fn hash(&self, path: &str) -> Option<&str> {
        self.documents.get(path).map(|(hash, _)| hash.as_str())
    }

    /// Number of documents.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}

/// An open graph file.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    db: Connection,
    /// Number of the origin of what is written.
    origin: i64,
    /// Documents in the open transaction, and when it began.
    batch: Option<(u32, Instant)>,
    /// Held while the store may write; last, so that the file is closed before.
    lock: Option<WriteLock>,
}

impl Store {
    /// Whether the file at a path is an SQLite database, ours or not. Documents are text, so this
    /// tells graph files from documents.
    pub fn is_at(path: &Path) -> bool {
        let mut head = [0; 16];
        let read =
            fs::File::open(path).and_then(|mut file| io::Read::read_exact(&mut file, &mut head));
        read.is_ok() && head == *b"SQLite format 3\0"
    }

    /// Opens a file to read it. An older format is brought to the present one first, in the file.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        let fail = |kind| StoreError::new(path, kind);
        match fs::metadata(path) {
            Ok(about) if about.is_file() => {}
            Ok(_) => return Err(fail(StoreErrorKind::Foreign)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(fail(StoreErrorKind::Missing));
            }
            Err(error) => return Err(fail(StoreErrorKind::Io(error))),
        }
        let mut store = Store::connect(path, OpenFlags::empty())?;
        match store.sql(standing)? {
            Standing::Ours(VERSION) => {}
            Standing::Ours(older) if older < VERSION => {
                store.lock = Some(WriteLock::take(path)?);
                store.sql(|db| upgrade(db, older))?;
                store.lock = None;
            }
            Standing::Ours(found) => return Err(newer(path, found)),
            Standing::Empty | Standing::Foreign => return Err(fail(StoreErrorKind::Foreign)),
        }
        Ok(store)
    }

    /// Opens a file to add documents that `origin` read; makes it if there is none.
    ///
    /// # Errors
    /// [`StoreErrorKind::Busy`] if another process writes to it.
    pub fn open_to_write(path: &Path, origin: &Origin) -> Result<Store, StoreError> {
        let mut store = Store::connect_to_write(path, OpenFlags::SQLITE_OPEN_CREATE)?;
        store.write_for(origin)?;
        Ok(store)
    }

    /// From now on what is put was read by `origin`.
    pub fn write_for(&mut self, origin: &Origin) -> Result<(), StoreError> {
        let values = params![origin.program, origin.models, origin.rules];
        let find = |store: &Store| {
            store.sql(|db| {
                let mut find = db.prepare_cached(
                    "SELECT id FROM origin WHERE program = ?1 AND models = ?2 AND rules = ?3",
                )?;
                find.query_row(values, |row| row.get(0)).optional()
            })
        };
        self.origin = match find(self)? {
            Some(id) => id,
            None => {
                // Not in a batch, with which it might be undone.
                self.commit()?;
                self.sql(|db| {
                    db.execute(
                        "INSERT INTO origin (program, models, rules) VALUES (?1, ?2, ?3)",
                        values,
                    )
                })?;
                find(self)?.unwrap_or_default()
            }
        };
        Ok(())
    }

    /// Opens a file that is there, to take documents away.
    ///
    /// # Errors
    /// [`StoreErrorKind::Busy`] if another process writes to it.
    pub fn open_to_change(path: &Path) -> Result<Store, StoreError> {
        drop(Store::open(path)?);
        Store::connect_to_write(path, OpenFlags::empty())
    }

    fn connect_to_write(path: &Path, more: OpenFlags) -> Result<Store, StoreError> {
        let lock = WriteLock::take(path)?;
        let mut store = Store::connect(path, more)?;
        store.lock = Some(lock);
        store.sql(|db| db.pragma_update(None, "cache_size", -65_536))?;
        match store.sql(standing)? {
            Standing::Ours(VERSION) => {}
            Standing::Ours(older) if older < VERSION => store.sql(|db| upgrade(db, older))?,
            Standing::Ours(found) => return Err(newer(path, found)),
            Standing::Empty => store.sql(|db| upgrade(db, 0))?,
            Standing::Foreign => return Err(StoreError::new(path, StoreErrorKind::Foreign)),
        }
        Ok(store)
    }

    fn connect(path: &Path, more: OpenFlags) -> Result<Store, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
        let fail = |error| StoreError::sqlite(path, error);
        let db = match Connection::open_with_flags(path, flags) {
            // A file that may be read only.
            Err(_) if more.is_empty() => Connection::open_with_flags(
                path,
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            ),
            other => other,
        };
        let db = db.map_err(fail)?;
        db.busy_timeout(PATIENCE).map_err(fail)?;
        // Derived tables may speak of documents that are gone until they are derived again.
        db.pragma_update(None, "foreign_keys", false)
            .map_err(fail)?;
        // Plans do not depend on the values asked for; else every question is planned anew.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(fail)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Store {
            path: path.to_owned(),
            db,
            origin: 0,
            batch: None,
            lock: None,
        })
    }

    fn sql<T>(
        &self,
        run: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        run(&self.db).map_err(|error| StoreError::sqlite(&self.path, error))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which documents the file holds.
    pub fn holdings(&self) -> Result<Holdings, StoreError> {
        let documents = self.sql(|db| {
            let mut query = db.prepare("SELECT path, hash, origin FROM document")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
            rows.collect()
        })?;
        Ok(Holdings {
            documents,
            origin: self.origin,
        })
    }

    /// Adds a document, or replaces the one of this path if content or origin differ.
    ///
    /// It is safe on disk when [`Store::commit`] or a later call has ended its batch.
    pub fn put(&mut self, document: &NewDocument) -> Result<Put, StoreError> {
        self.put_if(document, |_, _| Ok(true))
    }

    /// As [`Store::put`], but the document is replaced, too, if anything else in it differs: facts
    /// that come from elsewhere may have been edited.
    pub fn put_exactly(&mut self, document: &NewDocument) -> Result<Put, StoreError> {
        self.put_if(document, |db, id| {
            Ok(read_document(db, id)?.is_some_and(|(own, _)| own == *document))
        })
    }

    /// Puts a document unless one of its path, content and origin is there and is the `same`.
    fn put_if(
        &mut self,
        document: &NewDocument,
        same: impl FnOnce(&Connection, i64) -> rusqlite::Result<bool>,
    ) -> Result<Put, StoreError> {
        let origin = self.origin;
        let facts = &document.facts;
        self.change(|db| {
            let mut find =
                db.prepare_cached("SELECT id, hash, origin FROM document WHERE path = ?1")?;
            let found: Option<(i64, String, i64)> = find
                .query_row([&facts.doc], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()?;
            let put = match found {
                Some((id, hash, made_by))
                    if hash == document.hash && made_by == origin && same(db, id)? =>
                {
                    return Ok(Put::Unchanged);
                }
                Some((id, ..)) => {
                    delete(db, id)?;
                    Put::Replaced
                }
                None => Put::Added,
            };
            mark_stale(db)?;
            let mut insert = db.prepare_cached(
                "INSERT INTO document (path, hash, date, origin, title, signature)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let signature = document.signature.as_ref().map(Signature::to_bytes);
            let (hash, title) = (&document.hash, &document.title);
            insert.execute(params![
                facts.doc, hash, facts.date, origin, title, signature
            ])?;
            facts::write(db, db.last_insert_rowid(), facts)?;
            Ok(put)
        })
    }

    /// Hands every document to `take`, with what read it, in byte order of paths.
    ///
    /// # Errors
    /// What the file reports, and what `take` returns.
    pub fn for_each_document<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(NewDocument, Origin) -> Result<(), E>,
    ) -> Result<(), E> {
        // One view of the file, whatever another process writes meanwhile.
        let view = self.db.unchecked_transaction();
        let view = view.map_err(|error| StoreError::sqlite(&self.path, error))?;
        let ids: Vec<i64> = self.sql(|db| {
            let mut query = db.prepare("SELECT id FROM document ORDER BY path")?;
            let rows = query.query_map([], |row| row.get(0))?;
            rows.collect()
        })?;
        for id in ids {
            if let Some((document, origin)) = self.sql(|db| read_document(db, id))? {
                take(document, origin)?;
            }
        }
        drop(view);
        Ok(())
    }

    /// Takes away the document of a path, or all documents below a folder; the number taken.
    pub fn remove(&mut self, path: &str) -> Result<usize, StoreError> {
        let path = clean_path(path);
        self.change(|db| {
            // Everything that starts with the folder stands between "folder/" and "folder0": '0'
            // is the character after '/'.
            let mut find = db.prepare_cached(
                "SELECT id FROM document
                WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0')",
            )?;
            let found: Vec<i64> = find
                .query_map([&path], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            if !found.is_empty() {
                mark_stale(db)?;
            }
            for id in &found {
                delete(db, *id)?;
            }
            Ok(found.len())
        })
    }

    /// Runs a change in the batch, and ends the batch if it is large or old. A change that fails
    /// leaves the file as it was before the batch.
    fn change<T>(
        &mut self,
        run: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        if self.batch.is_none() {
            self.sql(|db| db.execute_batch("BEGIN IMMEDIATE"))?;
        }
        let (n, since) = self.batch.unwrap_or((0, Instant::now()));
        self.batch = Some((n + 1, since));
        match self.sql(run) {
            Ok(done) => {
                if BATCH.0 <= n + 1 || BATCH.1 <= since.elapsed() {
                    self.commit()?;
                }
                Ok(done)
            }
            Err(error) => {
                self.roll_back();
                Err(error)
            }
        }
    }

    /// Ends the batch: what was put is safe on disk.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        if self.batch.take().is_some()
            && let Err(error) = self.sql(|db| db.execute_batch("COMMIT"))
        {
            self.roll_back();
            return Err(error);
        }
        Ok(())
    }

    fn roll_back(&mut self) {
        self.batch = None;
        // SQLite has done so by itself after some errors.
        if !self.db.is_autocommit() {
            let _ = self.db.execute_batch("ROLLBACK");
        }
    }

    /// Derives nodes and edges from all documents, unless they are up to date; whether there was
    /// anything to do. `ontology` holds the relation types that the documents were read with; types
    /// of which the file alone knows are kept.
    pub fn finish(&mut self, ontology: &Ontology) -> Result<bool, StoreError> {
        self.commit()?;
        let ontology = self.joined(ontology)?;
        let state = derive::state(&ontology);
        if self.sql(|db| derive::is_current(db, &state))? {
            return Ok(false);
        }
        let done = self
            .sql(|db| db.execute_batch("BEGIN IMMEDIATE"))
            .and_then(|()| self.sql(|db| derive::derive(db, &ontology, &state)))
            .and_then(|fits| match fits {
                true => Ok(()),
                false => Err(StoreError::new(&self.path, StoreErrorKind::TooLarge)),
            })
            .and_then(|()| self.sql(|db| db.execute_batch("COMMIT")));
        if let Err(error) = done {
            self.roll_back();
            return Err(error);
        }
        Ok(true)
    }

    /// The user's decisions that the graph of the file obeys.
    pub fn decisions(&self) -> Result<Decisions, StoreError> {
        self.sql(decided::read)
    }

    /// From now on the graph of the file obeys these decisions, and no others.
    pub fn decide(&mut self, decisions: &Decisions) -> Result<(), StoreError> {
        self.change(|db| {
            if decided::write(db, decisions)? {
                mark_stale(db)?;
            }
            Ok(())
        })
    }

    /// What is to be told to the user as of the last [`Store::finish`]: decisions that are about
    /// nothing in the documents.
    pub fn notes(&self) -> Result<Vec<String>, StoreError> {
        self.sql(decided::notes)
    }

    /// The relation types given, and those of the file that are not among them.
    pub fn joined(&self, ontology: &Ontology) -> Result<Ontology, StoreError> {
        let mut joined = ontology.clone();
        for kind in self.sql(derive::relation_types)? {
            joined.add(kind);
        }
        Ok(joined)
    }

    /// How much is in the file; nodes, edges and copies as of the last [`Store::finish`].
    pub fn counts(&self) -> Result<Counts, StoreError> {
        self.sql(|db| {
            let count = |of: &str| {
                let query = format!("SELECT count(*) FROM {of}");
                db.query_row(&query, [], |row| row.get::<_, i64>(0))
                    .map(i64::unsigned_abs)
            };
            Ok(Counts {
                documents: count("document")?,
                copies: count("copy WHERE document <> of")?,
                nodes: count("node")?,
                edges: count("edge")?,
                statements: count("statement")?,
            })
        })
    }
}

/// Takes a document and its facts away.
fn delete(db: &Connection, id: i64) -> rusqlite::Result<()> {
    facts::delete(db, id)?;
    let mut delete = db.prepare_cached("DELETE FROM document WHERE id = ?1")?;
    delete.execute([id])?;
    Ok(())
}

/// Says that nodes and edges are not those of the documents.
fn mark_stale(db: &Connection) -> rusqlite::Result<()> {
    let mut delete = db.prepare_cached("DELETE FROM meta WHERE key = 'merged'")?;
    delete.execute([])?;
    Ok(())
}

fn newer(path: &Path, found: u32) -> StoreError {
    let supported = VERSION;
    StoreError::new(path, StoreErrorKind::Newer { found, supported })
}

/// A document as it was put, and what read it; `None` if there is none of this number.
fn read_document(db: &Connection, id: i64) -> rusqlite::Result<Option<(NewDocument, Origin)>> {
    let mut find = db.prepare_cached(
        "SELECT d.path, d.date, d.hash, d.title, d.signature, o.program, o.models, o.rules
        FROM document d JOIN origin o ON o.id = d.origin WHERE d.id = ?1",
    )?;
    let found = find.query_row([id], |row| {
        let signature: Option<Vec<u8>> = row.get(4)?;
        let document = NewDocument {
            facts: facts::read(db, id, row.get(0)?, row.get(1)?)?,
            hash: row.get(2)?,
            title: row.get(3)?,
            signature: signature.as_deref().and_then(Signature::from_bytes),
        };
        let origin = Origin {
            program: row.get(5)?,
            models: row.get(6)?,
            rules: row.get(7)?,
        };
        Ok((document, origin))
    });
    found.optional()
}

/// The row of a document.
struct DocumentRow {
    id: i64,
    path: String,
    date: Option<String>,
    hash: String,
    signature: Option<Signature>,
}

/// All documents, in byte order of their paths.
fn documents(db: &Connection) -> rusqlite::Result<Vec<DocumentRow>> {
    let mut query =
        db.prepare("SELECT id, path, date, hash, signature FROM document ORDER BY path")?;
    let rows = query.query_map([], |row| {
        let signature: Option<Vec<u8>> = row.get(4)?;
        Ok(DocumentRow {
            id: row.get(0)?,
            path: row.get(1)?,
            date: row.get(2)?,
            hash: row.get(3)?,
            signature: signature.as_deref().and_then(Signature::from_bytes),
        })
    })?;
    rows.collect()
}

/// A path without the parts that change nothing, so that one file has one path: `./a//b` is
/// `a/b`. Links and `..` stay as they are.
///
/// ```
/// assert_eq!(tieline_graph::store::clean_path("./news//a.txt"), "news/a.txt");
/// assert_eq!(tieline_graph::store::clean_path("/news/./a.txt"), "/news/a.txt");
/// assert_eq!(tieline_graph::store::clean_path("news/"), "news");
/// ```
pub fn clean_path(path: &str) -> String {
    let parts = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".");
    let joined = parts.collect::<Vec<_>>().join("/");
    match (path.starts_with('/'), joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// 128 bits that tell contents apart, as 32 hexadecimal digits. Not for secrets: who wants to can
/// find two contents with one fingerprint.
///
/// ```
/// use tieline_graph::store::fingerprint;
///
/// assert_eq!(fingerprint(["ab", "c"]), fingerprint(["ab", "c"]));
/// assert_ne!(fingerprint(["ab", "c"]), fingerprint(["a", "bc"]));
/// ```
pub fn fingerprint<'a>(parts: impl IntoIterator<Item = impl AsRef<[u8]> + 'a>) -> String {
    let (mut a, mut b) = (0x243F_6A88_85A3_08D3u64, 0x1319_8A2E_0370_7344u64);
    let mut take = |word: u64| {
        a = (a ^ word)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(29);
        b = (b.rotate_left(31) ^ word).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        b ^= b >> 32;
    };
    for part in parts {
        let part = part.as_ref();
        let chunks = part.chunks_exact(8);
        let rest = chunks.remainder();
        for chunk in chunks {
            take(chunk.try_into().map_or(0, u64::from_le_bytes));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        take(u64::from_le_bytes(last));
        take(part.len() as u64);
    }
    let finish = |mut x: u64| {
        x = (x ^ (x >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
        x = (x ^ (x >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
        x ^ (x >> 33)
    };
    let (x, y) = (finish(a ^ b.rotate_left(17)), finish(b.wrapping_add(a)));
    format!("{x:016x}{y:016x}")
}
