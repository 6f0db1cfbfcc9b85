//! Trained models, compiled lexicons and rules, as bytes.

/// Table of word forms ([`MODEL.md`](../MODEL.md)).
pub static WORDS: &[u8] = include_bytes!("../models/words.bin");

/// The neural reader: tags, trees, name labels ([`MODEL.md`](../MODEL.md)).
pub static READER: &[u8] = include_bytes!("../models/reader.bin");
