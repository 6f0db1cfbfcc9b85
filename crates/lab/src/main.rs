//! `cargo lab`: training, compiling of seeds, evaluation.

fn main() {}
