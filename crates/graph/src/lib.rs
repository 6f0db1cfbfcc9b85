//! The knowledge graph of many documents: one node for each real thing, one edge for each
//! (subject, relation, object, polarity, modality) with all its evidence; answers about it, and
//! its picture in DOT.
//!
//! ```
//! use tieline_facts::Ontology;
//! use tieline_graph::{DotOptions, Graph, to_dot};
//!
//! let graph = Graph::from_facts([], &Ontology::default());
//! let dot = to_dot(&graph, &Ontology::default(), &DotOptions::default()).unwrap();
//! assert!(dot.starts_with("digraph"));
//! ```

pub mod ask;
mod copies;
pub mod draw;
pub mod export;
mod fold;
mod hostile;
pub mod identity;
mod merge;
mod model;
mod query;
pub mod store;

pub use copies::{Signature, find_copies};
pub use draw::{DotOptions, escape, escape_xml, to_dot};
pub use fold::fold;
pub use hostile::is_hostile;
pub use model::{
    BuildError, Date, DocId, DocumentInfo, Edge, EdgeId, Evidence, EvidenceBook, EvidenceError,
    Graph, GraphBuilder, MemoryBook, NameIndex, NameUse, NewNode, Node, NodeId, Relation,
    RelationId, Step, best,
};
pub use query::{Neighbour, Resolution};
