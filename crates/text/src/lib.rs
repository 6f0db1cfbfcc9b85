//! The vocabulary of positions: what every stage of Tieline says *where* with.
//!
//! [`Span`] is a range of bytes, [`Document`] one text with its metadata, [`Parsed`] the
//! linguistic layer over it. This crate does no I/O and knows no model.

mod document;
mod labels;
mod parsed;
mod span;

pub use document::{Document, Note, NoteKind};
pub use labels::{DepRel, NameKind, UnknownLabel, Upos, Xpos};
pub use parsed::{Name, Parsed, Sentence, ShapeError, Token, Word};
pub use span::Span;
