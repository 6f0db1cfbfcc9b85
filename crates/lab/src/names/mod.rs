//! The name tagger: training data, lists, training, scores.

pub mod corpus;
pub mod lists;
pub mod score;
mod train;

use std::error::Error;
use std::fs;
use std::path::Path;

use tieline_nlp::words::WordTable;

/// Trains the name tagger and writes `names.bin` into `out`.
pub fn train_names(data: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let words = WordTable::from_bytes(tieline_data::WORDS)?;
    let lists = lists::compile(data, words)?;
    let settings = train::Settings::default();
    let silver = Path::new(crate::reader::SILVER);
    let docs = if silver.exists() {
        corpus::load_silver(silver, &lists)?
    } else {
        corpus::load(data, &lists)?
    };
    let docs = train::with_headlines(docs, settings.seed);
    let tagger = train::train(&docs, words, lists, settings)?;
    let bytes = tagger.to_bytes();
    eprintln!("names: {} bytes", bytes.len());
    fs::write(out.join("names.bin"), bytes)?;
    Ok(())
}
