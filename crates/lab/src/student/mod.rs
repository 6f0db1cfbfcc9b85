//! Training of the neural reader: data, forward and backward pass, optimiser.

pub mod backprop;
pub mod data;
pub mod train;
