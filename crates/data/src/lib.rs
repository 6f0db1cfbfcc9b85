//! Trained models, compiled lexicons and rules, as bytes.

mod lexicons;

pub use lexicons::LEXICONS;

/// Table of word forms ([`MODEL.md`](../MODEL.md)).
pub static WORDS: &[u8] = include_bytes!("../models/words.bin");

/// The neural reader: tags, trees, name labels ([`MODEL.md`](../MODEL.md)).
pub static READER: &[u8] = include_bytes!("../models/reader.bin");
pub mod rules;

/// Name tagger ([`MODEL.md`](../MODEL.md)).
pub static NAMES: &[u8] = include_bytes!("../models/names.bin");

/// Tables of lemmas ([`MODEL.md`](../MODEL.md)).
pub static LEMMAS: &[u8] = include_bytes!("../models/lemmas.bin");

/// Weights of the confidence of relations ([`MODEL.md`](../MODEL.md)).
pub static CONFIDENCE: &str = include_str!("../models/confidence.tsv");
