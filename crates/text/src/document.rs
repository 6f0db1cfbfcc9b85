//! One text with its metadata.

use crate::Span;

/// One document as ingested: the text that every [`Span`] of it points into.
///
/// Invariant: the text is shorter than 4 GiB, so that `u32` offsets reach every byte; `ingest`
/// enforces it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Where it came from, as given by the user: a path, `-` for standard input.
    pub uri: String,
    /// The text. Byte offsets of all later layers point here.
    pub text: String,
    /// Title from metadata, where the format has one; not a part of `text`.
    pub title: Option<String>,
    /// Publication date from metadata as ISO 8601 `YYYY-MM-DD`, where known.
    pub date: Option<String>,
    /// What `ingest` noticed: replaced bytes, removed characters.
    pub notes: Vec<Note>,
}

impl Document {
    /// A document of plain text without metadata.
    pub fn from_text(uri: impl Into<String>, text: impl Into<String>) -> Document {
        Document {
            uri: uri.into(),
            text: text.into(),
            ..Document::default()
        }
    }
}

/// Something a stage could not use, or changed, or wants a person to know. Never an error:
/// analysis of a document does not fail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// What happened; lets code branch.
    pub kind: NoteKind,
    /// Where in the text, if at one place.
    pub span: Option<Span>,
    /// One line for people; lower case, no final period.
    pub message: String,
}

impl Note {
    /// A note about the whole document.
    pub fn new(kind: NoteKind, message: impl Into<String>) -> Note {
        Note {
            kind,
            span: None,
            message: message.into(),
        }
    }

    /// A note about one place.
    pub fn at(kind: NoteKind, span: Span, message: impl Into<String>) -> Note {
        Note {
            kind,
            span: Some(span),
            message: message.into(),
        }
    }
}

/// The kind of a [`Note`]. New kinds may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoteKind {
    /// The document holds no text.
    Empty,
    /// Bytes were not valid UTF-8 and were decoded otherwise or replaced.
    Encoding,
    /// Characters that no text should hold (NUL, controls) were replaced by spaces.
    Control,
    /// The bytes do not look like text at all.
    Binary,
    /// A unit was too long for full analysis and was cut or passed over.
    TooLong,
}

impl NoteKind {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            NoteKind::Empty => "empty",
            NoteKind::Encoding => "encoding",
            NoteKind::Control => "control",
            NoteKind::Binary => "binary",
            NoteKind::TooLong => "too-long",
        }
    }
}
