//! Which nodes to draw when there are too many.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Edge, Graph, NodeId};

/// How much an edge counts: more with more evidence, less and less so; plain assertions count
/// double.
pub(crate) fn weight(edge: &Edge) -> f64 {
    let support = f64::from(edge.n_documents).ln_1p() + f64::from(edge.n_statements).ln_1p();
    if edge.is_fact() {
        2.0 * support
    } else {
        support
    }
}

/// The nodes to draw: those with edges; if more than `budget`, the node that matters least (sum
/// of the weights of its remaining edges, then mentions) is taken away again and again. What is
/// cut off from everything by this goes first, so what stays hangs together as far as it can.
///
/// Cost: O((nodes + edges) log nodes).
pub(crate) fn select(graph: &Graph, budget: Option<usize>) -> BTreeSet<NodeId> {
    let mut scores: BTreeMap<NodeId, f64> = BTreeMap::new();
    for edge in graph.edges() {
        for end in [edge.subject, edge.object] {
            *scores.entry(end).or_default() += weight(edge);
        }
    }
    // Scores as whole thousandths: ordered, and the same whatever order sums are taken in.
    let rank = |index: NodeId, score: f64| {
        (
            (score * 1000.0).round() as i64,
            graph.node(index).n_mentions,
            std::cmp::Reverse(index),
        )
    };
    let mut queue: BTreeSet<_> = scores
        .iter()
        .map(|(&index, &score)| rank(index, score))
        .collect();
    let mut kept: BTreeSet<NodeId> = scores.keys().copied().collect();
    while budget.is_some_and(|budget| kept.len() > budget)
        || queue.first().is_some_and(|least| least.0 <= 0)
    {
        let Some((_, _, std::cmp::Reverse(least))) = queue.pop_first() else {
            break;
        };
        kept.remove(&least);
        for step in graph.steps(least) {
            let other = step.node;
            if !kept.contains(&other) {
                continue;
            }
            if let Some(score) = scores.get_mut(&other) {
                queue.remove(&rank(other, *score));
                *score -= weight(graph.edge(step.edge));
                queue.insert(rank(other, *score));
            }
        }
    }
    kept
}
