//! The analysis as the product runs it, built from the files that `tieline-data` carries.

use std::error::Error;

use tieline_data::LEXICONS;
use tieline_data::rules::{RELATIONS, RULES};
use tieline_extract::{EntityResources, Pipeline, RelationResources};
use tieline_facts::Ontology;
use tieline_nlp::words::WordTable;
use tieline_nlp::{Engine, NameTagger};

/// All stages.
pub fn load_pipeline() -> Result<Pipeline, Box<dyn Error>> {
    let words = WordTable::from_bytes(tieline_data::WORDS)?;
    let names = NameTagger::from_bytes(tieline_data::NAMES, words)?;
    Ok(Pipeline {
        engine: Engine { names: Some(names) },
        entities: EntityResources::from_tables(LEXICONS)?,
        relations: RelationResources::compile(RELATIONS, RULES)?,
    })
}

/// The relation types.
pub fn load_ontology() -> Result<Ontology, Box<dyn Error>> {
    Ok(Ontology::parse(RELATIONS)?)
}
