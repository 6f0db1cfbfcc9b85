//! The analysis, built once from the files that `tieline-data` carries.

use std::io;

use tieline_data::LEXICONS;
use tieline_data::rules::RELATIONS;
use tieline_extract::{EntityResources, Pipeline, RelationResources};
use tieline_facts::{OPEN_PREFIX, Ontology};
use tieline_nlp::{Engine, ModelError, Models};

use crate::analysis::{self, AnalysisArgs};

/// All stages, ready to run. An error means that a file inside the program is damaged.
pub fn load_pipeline() -> io::Result<Pipeline> {
    load_analysis(&AnalysisArgs::default())
}

/// All stages as the user wants them. An error may mean a fault in a rule file of the user's.
pub fn load_analysis(args: &AnalysisArgs) -> io::Result<Pipeline> {
    // Faults in the user's files are told before the models are unpacked.
    let known = analysis::load_known(&args.known)?;
    let mut pipeline = with_rules(analysis::load_rules(&args.rules)?)?;
    pipeline.entities.known = known;
    Ok(pipeline)
}

/// All stages with these rules.
pub fn with_rules(relations: RelationResources) -> io::Result<Pipeline> {
    let damaged = |error: ModelError| io::Error::new(io::ErrorKind::InvalidData, error);
    let models = Models {
        words: tieline_data::WORDS,
        reader: tieline_data::READER,
        lemmas: tieline_data::LEMMAS,
        names: tieline_data::NAMES,
    };
    Ok(Pipeline {
        engine: Engine::new(&models).map_err(damaged)?,
        entities: EntityResources::from_tables(LEXICONS).map_err(io::Error::other)?,
        relations,
    })
}

/// The relation types: their labels and directions.
pub fn load_ontology() -> io::Result<Ontology> {
    Ontology::parse(RELATIONS).map_err(io::Error::other)
}

/// The relation types, with those of the user's rule files.
pub fn load_types(args: &AnalysisArgs) -> io::Result<Ontology> {
    if args.rules.is_empty() {
        return load_ontology();
    }
    Ok(analysis::load_rules(&args.rules)?.ontology().clone())
}

/// The readable phrase of a relation: the ontology's label, the words of a clause of the open
/// layer in quotation marks, or the id with spaces.
pub fn label(ontology: &Ontology, predicate: &str) -> String {
    match (ontology.get(predicate), predicate.strip_prefix(OPEN_PREFIX)) {
        (Some(relation), _) => relation.label.clone(),
        (None, Some(phrase)) => format!("“{phrase}”"),
        (None, None) => predicate.replace('_', " "),
    }
}
