//! Mentions and their entities within one document.

use tieline_text::{Document, Note, Parsed};

use crate::EntityLayer;

/// Tables that entity detection needs.
#[derive(Debug, Default)]
pub struct EntityResources {}

/// Finds mentions and groups those that refer to one thing.
pub fn find_entities(
    _resources: &EntityResources,
    _document: &Document,
    _parsed: &Parsed,
) -> (EntityLayer, Vec<Note>) {
    (EntityLayer::default(), Vec::new())
}
