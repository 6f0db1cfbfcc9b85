//! What is different between two graphs.

use std::collections::BTreeMap;

use tieline_facts::{Modality, Polarity};

use super::{EdgeFilter, Scheme};
use crate::{EdgeId, Graph};

/// How an edge of one graph relates to the other graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeChange {
    /// Only in the new graph.
    New(EdgeId),
    /// Only in the old graph.
    Gone(EdgeId),
    /// In both, with another number of statements: old, new.
    Changed(EdgeId, EdgeId),
}

type Key<'a> = (&'a str, &'a str, &'a str, Polarity, Modality);

fn keyed<'a>(graph: &'a Graph, scheme: &Scheme, filter: &EdgeFilter) -> BTreeMap<Key<'a>, EdgeId> {
    graph
        .edge_ids()
        .filter(|id| filter.admits(graph, scheme, *id))
        .map(|id| {
            let edge = graph.edge(id);
            let key = (
                graph.node(edge.subject).key,
                graph.relation(edge.relation).name.as_str(),
                graph.node(edge.object).key,
                edge.polarity,
                edge.modality,
            );
            (key, id)
        })
        .collect()
}

/// Everything that differs, in the order of subject, relation and object. Nodes are the same where
/// their keys are. Each graph has a scheme and a filter of its own, because numbers of relations
/// and nodes differ.
pub fn changes(
    old: (&Graph, &Scheme, &EdgeFilter),
    new: (&Graph, &Scheme, &EdgeFilter),
) -> Vec<EdgeChange> {
    let before = keyed(old.0, old.1, old.2);
    let after = keyed(new.0, new.1, new.2);
    let mut all: BTreeMap<Key<'_>, EdgeChange> = BTreeMap::new();
    for (key, id) in &before {
        match after.get(key) {
            None => {
                all.insert(*key, EdgeChange::Gone(*id));
            }
            Some(now) if old.0.edge(*id).n_statements != new.0.edge(*now).n_statements => {
                all.insert(*key, EdgeChange::Changed(*id, *now));
            }
            Some(_) => {}
        }
    }
    for (key, id) in &after {
        if !before.contains_key(key) {
            all.insert(*key, EdgeChange::New(*id));
        }
    }
    all.into_values().collect()
}
