//! `tieline`: reads news and shows who relates to whom.

fn main() {}
