//! The linguistic engine: sentences, tokens, tags, lemmas, dependency trees, names.
//!
//! Inference only, on weights that are handed in as bytes; this crate opens no file and reads no
//! clock. Training lives in `lab`.

mod engine;
pub mod lemma;
pub mod model;
pub mod names;
pub mod neural;
pub mod segment;
mod table;
pub mod words;

pub use engine::{Engine, Models};
pub use model::{ModelError, Reader, Writer};
pub use names::NameTagger;
