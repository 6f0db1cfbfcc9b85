//! The neural reader: one shared encoder, and heads for tags, trees and names.
//!
//! Words come in as a fixed GloVe vector (Pennington et al. 2014) beside a sum of hashed
//! embeddings of the word and its parts; two bidirectional LSTM layers read the sentence; a
//! biaffine head (Dozat & Manning 2017) scores every possible head of every word, linear heads
//! give tags and name labels.

pub mod features;
pub mod kernel;
mod network;
pub mod tree;

pub use network::{FixedVectors, KIND, Network, Parts, Reading, Scratch, Shape, VERSION};
