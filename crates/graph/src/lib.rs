//! The knowledge graph of many documents: one node for each real thing, one edge for each
//! (subject, relation, object, polarity, modality) with all its evidence; answers about it, and
//! its picture in DOT.
//!
//! ```
//! use tieline_facts::Ontology;
//! use tieline_graph::{DotOptions, KnowledgeGraph, to_dot};
//!
//! let graph = KnowledgeGraph::from_facts([], &Ontology::default());
//! assert!(to_dot(&graph, &Ontology::default(), &DotOptions::default()).starts_with("digraph"));
//! ```

mod dot;
mod fold;
mod identity;
mod model;
mod query;
mod select;

pub use dot::{DotOptions, escape, to_dot};
pub use fold::fold;
pub use model::{Edge, Evidence, KnowledgeGraph, Node};
pub use query::{Neighbour, Resolution};

pub use petgraph::graph::NodeIndex;
