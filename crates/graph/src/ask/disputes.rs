//! What some say and others deny.

use tieline_facts::Polarity;

use super::{EdgeFilter, Scheme};
use crate::{EdgeId, Graph, NodeId, RelationId};

/// A relation that is affirmed and denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// One end.
    pub subject: NodeId,
    /// The relation.
    pub relation: RelationId,
    /// The other end.
    pub object: NodeId,
    /// Edges that affirm it, in their order.
    pub affirmed: Vec<EdgeId>,
    /// Edges that deny it.
    pub denied: Vec<EdgeId>,
}

/// All disputes among admitted edges, in the order of their ends. Edges are ordered by ends and
/// relation, so one pass finds them.
pub fn disputes(graph: &Graph, scheme: &Scheme, filter: &EdgeFilter) -> Vec<Dispute> {
    let mut found: Vec<Dispute> = Vec::new();
    let mut open: Option<Dispute> = None;
    let mut close = |dispute: Option<Dispute>| {
        let dispute = dispute.filter(|d| !d.affirmed.is_empty() && !d.denied.is_empty());
        found.extend(dispute);
    };
    for id in graph.edge_ids() {
        if !filter.admits(graph, scheme, id) {
            continue;
        }
        let edge = graph.edge(id);
        let same = open.as_ref().is_some_and(|d| {
            (d.subject, d.object, d.relation) == (edge.subject, edge.object, edge.relation)
        });
        if !same {
            close(open.take());
        }
        let dispute = open.get_or_insert_with(|| Dispute {
            subject: edge.subject,
            relation: edge.relation,
            object: edge.object,
            affirmed: Vec::new(),
            denied: Vec::new(),
        });
        match edge.polarity {
            Polarity::Affirmed => dispute.affirmed.push(id),
            Polarity::Negated => dispute.denied.push(id),
        }
    }
    close(open);
    found
}
