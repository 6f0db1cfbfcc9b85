//! The knowledge graph of many documents.
