//! Which entities of different documents are one thing.
//!
//! A deliberately simple rule, in a room of its own so that a fuller one can replace it:
//!
//! 1. countries by ISO code;
//! 2. everything else by type and folded name;
//! 3. a person known by one word alone joins the full name that ends in it, if there is exactly
//!    one such in all documents.

use std::collections::{BTreeMap, BTreeSet};

use tieline_facts::{Entity, EntityType};

use crate::fold;

/// The identity of a node: stable across runs and documents, and readable.
///
/// Format: `type/folded name`, or `country/xx` with the lower-case ISO code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(pub(crate) String);

impl Key {
    /// The key of an entity seen alone, without regard to other documents.
    fn of(entity: &Entity) -> Key {
        let name = match (&entity.iso, entity.kind) {
            (Some(iso), EntityType::Country) => iso.to_lowercase(),
            _ => fold(&entity.name),
        };
        // A name of nothing but marks folds to nothing; keep such apart by their writing.
        if name.is_empty() {
            return Key(format!("{}/{}", entity.kind.as_str(), entity.name));
        }
        Key(format!("{}/{name}", entity.kind.as_str()))
    }
}

/// Decides on keys once all documents have been seen.
#[derive(Debug, Default)]
pub(crate) struct Ladder {
    /// Last word of a person's full name → keys of all persons named so.
    surnames: BTreeMap<String, BTreeSet<Key>>,
}

impl Ladder {
    /// Takes note of an entity. All entities must be seen before [`Ladder::key`] is asked.
    pub(crate) fn see(&mut self, entity: &Entity) {
        if entity.kind != EntityType::Person {
            return;
        }
        let name = fold(&entity.name);
        if let Some((_, surname)) = name.rsplit_once(' ') {
            let keys = self.surnames.entry(surname.to_owned()).or_default();
            keys.insert(Key::of(entity));
        }
    }

    /// The key of the node that the entity belongs to.
    pub(crate) fn key(&self, entity: &Entity) -> Key {
        let own = Key::of(entity);
        if entity.kind != EntityType::Person {
            return own;
        }
        match self.surnames.get(&fold(&entity.name)) {
            Some(keys) if keys.len() == 1 => keys.first().cloned().unwrap_or(own),
            _ => own,
        }
    }
}
