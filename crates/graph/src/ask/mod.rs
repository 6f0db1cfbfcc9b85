//! Questions to a graph: who relates to whom, by which ways, who matters, who disagrees.

mod changes;
mod communities;
mod disputes;
mod filter;
mod paths;
mod pattern;
mod rank;
mod syntax;
#[cfg(test)]
pub(crate) mod tests;
mod times;

pub use changes::{EdgeChange, changes};
pub use communities::{communities, members};
pub use disputes::{Dispute, disputes};
pub use filter::{EdgeFilter, Scheme, when};
pub use paths::{Path, Ways, cost};
pub use pattern::{Answer, Row, answer};
pub use rank::{Neighbours, betweenness, brokerage, pagerank, ranked};
pub use syntax::{
    EdgeTest, Head, Pattern, Query, QueryError, QueryErrorKind, RelationTest, Term, Test, modality,
};
pub use times::{Balance, Moment, Period, balance, timeline};
