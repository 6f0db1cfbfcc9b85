//! The analysis as the product runs it, built from the files that `tieline-data` carries.

use std::error::Error;

use tieline_data::LEXICONS;
use tieline_data::rules::{RELATIONS, RULES};
use tieline_extract::{EntityResources, Pipeline, RelationResources};
use tieline_facts::Ontology;
use tieline_nlp::{Engine, Models};

/// All stages.
pub fn load_pipeline() -> Result<Pipeline, Box<dyn Error>> {
    let models = Models {
        words: tieline_data::WORDS,
        reader: tieline_data::READER,
        lemmas: tieline_data::LEMMAS,
        names: tieline_data::NAMES,
    };
    Ok(Pipeline {
        engine: Engine::new(&models)?,
        entities: EntityResources::from_tables(LEXICONS)?,
        relations: RelationResources::compile(RELATIONS, RULES)?
            .with_confidence(tieline_data::CONFIDENCE)?,
    })
}

/// The relation types.
pub fn load_ontology() -> Result<Ontology, Box<dyn Error>> {
    Ok(Ontology::parse(RELATIONS)?)
}
