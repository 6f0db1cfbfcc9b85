//! Why a file gave no document.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A file or folder that gave no document.
///
/// Prints the path and the kind; the cause, where there is one, is linked by
/// [`source`](Error::source).
#[derive(Debug)]
pub struct IngestError {
    path: PathBuf,
    kind: IngestErrorKind,
}

impl IngestError {
    pub(crate) fn new(path: &Path, kind: IngestErrorKind) -> IngestError {
        IngestError {
            path: path.to_owned(),
            kind,
        }
    }

    /// The path as it was given or found; `-` is standard input.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What went wrong.
    pub fn kind(&self) -> &IngestErrorKind {
        &self.kind
    }
}

/// The kind of an [`IngestError`]. New kinds may be added.
#[derive(Debug)]
#[non_exhaustive]
pub enum IngestErrorKind {
    /// The path could not be read: missing, not permitted, a broken disk.
    Io(io::Error),
    /// A folder stands where a file is expected.
    Folder,
    /// The bytes are no text.
    Binary {
        /// Name of the format, where the first bytes tell it.
        format: Option<&'static str>,
    },
    /// Text perhaps, but in no encoding that is known here.
    Encoding,
    /// More bytes than a document may have.
    TooLarge {
        /// The most that is read.
        limit: u64,
    },
}

impl fmt::Display for IngestErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IngestErrorKind::Io(_) => write!(f, "cannot be read"),
            IngestErrorKind::Folder => write!(f, "is a folder, expected a file"),
            IngestErrorKind::Binary { format: None } => write!(f, "looks binary"),
            IngestErrorKind::Binary {
                format: Some(format),
            } => write!(f, "looks binary ({format})"),
            IngestErrorKind::Encoding => {
                write!(f, "is in no known encoding, expected UTF-8")
            }
            IngestErrorKind::TooLarge { limit } => {
                write!(f, "is larger than {limit} bytes")
            }
        }
    }
}

impl fmt::Display for IngestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.kind)
    }
}

impl Error for IngestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            IngestErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}
