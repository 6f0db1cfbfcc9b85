//! Bytes of files to documents: the only home of file formats and encodings.
//!
//! [`walk`] says which files there are under some paths, [`read_path`] reads one of them,
//! [`decode`] turns bytes into a [`Document`]. Plain text today; each further format is a variant
//! of [`Format`] with its own module.

mod decode;
mod error;
mod walk;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use tieline_text::Document;

pub use decode::decode;
pub use error::{IngestError, IngestErrorKind};
pub use walk::{Walk, walk};

/// Most bytes that are read of one file: 2 GiB.
pub const MAX_BYTES: u64 = 1 << 31;

/// A kind of file that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Plain text, one document a file.
    Text,
}

impl Format {
    /// The format that the extension of a path tells, in capitals or not; `None` if unknown.
    pub fn of(path: &Path) -> Option<Format> {
        let extension = path.extension()?.to_str()?;
        ["txt", "text"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
            .then_some(Format::Text)
    }
}

/// Reads the documents of one file; `-` is standard input. A file with an unknown extension is
/// read as plain text.
///
/// The `uri` of each document is the path as given. A plain text is one document, even an empty
/// one.
///
/// # Errors
/// When the file cannot be read, is larger than [`MAX_BYTES`], or is no text; the error names the
/// path.
pub fn read_path(path: &Path) -> Result<Vec<Document>, IngestError> {
    let fail = |kind| IngestError::new(path, kind);
    let bytes = if path == Path::new("-") {
        read_limited(io::stdin().lock(), MAX_BYTES)
    } else {
        read_file(path)
    };
    let bytes = bytes.map_err(fail)?;
    let uri = path.to_string_lossy();
    match Format::of(path).unwrap_or(Format::Text) {
        Format::Text => Ok(vec![decode(&uri, bytes).map_err(fail)?]),
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, IngestErrorKind> {
    let file = File::open(path).map_err(IngestErrorKind::Io)?;
    let about = file.metadata().map_err(IngestErrorKind::Io)?;
    if about.is_dir() {
        return Err(IngestErrorKind::Folder);
    }
    if about.len() > MAX_BYTES {
        return Err(IngestErrorKind::TooLarge { limit: MAX_BYTES });
    }
    read_limited(file, MAX_BYTES)
}

/// Everything that a reader gives, unless it is more than `limit` bytes.
fn read_limited(reader: impl Read, limit: u64) -> Result<Vec<u8>, IngestErrorKind> {
    let mut bytes = Vec::new();
    let n_bytes = reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(IngestErrorKind::Io)?;
    if n_bytes as u64 > limit {
        return Err(IngestErrorKind::TooLarge { limit });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
