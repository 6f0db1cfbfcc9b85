//! Relations between entities, read off dependency trees by rules.

use tieline_facts::Relation;
use tieline_text::{Document, Note, Parsed};

use crate::EntityLayer;

/// Compiled rules and the ontology.
#[derive(Debug, Default)]
pub struct RelationResources {}

/// Finds the relations that the text states between entities of the layer, in order of evidence.
pub fn find_relations(
    _resources: &RelationResources,
    _document: &Document,
    _parsed: &Parsed,
    _entities: &EntityLayer,
) -> (Vec<Relation>, Vec<Note>) {
    (Vec::new(), Vec::new())
}
