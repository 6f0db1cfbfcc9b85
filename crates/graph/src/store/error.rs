//! What can go wrong with a graph file.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use rusqlite::ErrorCode;

use crate::model::BuildError;

/// A graph file could not be opened, read or written.
#[derive(Debug)]
pub struct StoreError {
    path: PathBuf,
    kind: StoreErrorKind,
}

/// The kind of a [`StoreError`]. New kinds may be added.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The file could not be reached.
    Io(io::Error),
    /// There is no such file.
    Missing,
    /// The file is no SQLite file, or one of another program.
    Foreign,
    /// Written by a later version of this program.
    Newer {
        /// Format version of the file.
        found: u32,
        /// Latest format version that this program knows.
        supported: u32,
    },
    /// Another process is writing to it.
    Busy,
    /// The file or its folder must not be written to.
    ReadOnly,
    /// No space is left, or the file may not grow.
    Full,
    /// The file is damaged.
    Damaged,
    /// More than a graph can hold.
    TooLarge,
    /// Anything else that SQLite reports.
    Sqlite(rusqlite::Error),
}

impl StoreError {
    pub(super) fn new(path: &Path, kind: StoreErrorKind) -> StoreError {
        StoreError {
            path: path.to_owned(),
            kind,
        }
    }

    /// Brings an error of SQLite to one of our kinds.
    pub(super) fn sqlite(path: &Path, error: rusqlite::Error) -> StoreError {
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreErrorKind::Full,
            // How a file that may not grow beyond a limit of the system is reported.
            Some(ErrorCode::SystemIoFailure) if is_write(&error) => StoreErrorKind::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                StoreErrorKind::ReadOnly
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Busy,
            Some(ErrorCode::NotADatabase) => StoreErrorKind::Foreign,
            Some(ErrorCode::DatabaseCorrupt) => StoreErrorKind::Damaged,
            _ => StoreErrorKind::Sqlite(error),
        };
        StoreError::new(path, kind)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What went wrong.
    pub fn kind(&self) -> &StoreErrorKind {
        &self.kind
    }
}

/// Whether a write failed, and not a read or a lock: `SQLITE_IOERR_WRITE`.
fn is_write(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    code == Some(10 | 3 << 8)
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        match &self.kind {
            StoreErrorKind::Io(_) => f.write_str("cannot be reached"),
            StoreErrorKind::Missing => f.write_str("there is no such graph file"),
            StoreErrorKind::Foreign => f.write_str("not a graph file of tieline"),
            StoreErrorKind::Newer { found, supported } => write!(
                f,
                "written by a newer tieline: format {found}, this program knows up to {supported}"
            ),
            StoreErrorKind::Busy => f.write_str("another tieline is writing to it"),
            StoreErrorKind::ReadOnly => {
                f.write_str("cannot be written: the file or its folder is read-only")
            }
            StoreErrorKind::Full => {
                f.write_str("no space left to write; what was finished before is kept")
            }
            StoreErrorKind::Damaged => f.write_str("the file is damaged"),
            StoreErrorKind::TooLarge => BuildError::TooLarge.fmt(f),
            StoreErrorKind::Sqlite(_) => f.write_str("SQLite reports an error"),
        }
    }
}

impl From<StoreError> for io::Error {
    fn from(error: StoreError) -> io::Error {
        io::Error::other(error)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            StoreErrorKind::Io(error) => Some(error),
            StoreErrorKind::Sqlite(error) => Some(error),
            _ => None,
        }
    }
}
